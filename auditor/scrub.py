"""What no sentence, log or traceback may carry: secrets that this process has read, and whatever looks like one."""

from __future__ import annotations

import re

HIDDEN = "(hidden)"
_SHORTEST = 8
"""Letters of the shortest secret that is looked for: to take a common word out of a sentence would tell it."""
_secrets: set[str] = set()

_PEM = re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL)
_URL = re.compile(r"(https?://)(?:[^\s/@'\"<>]*@)?([^\s/?#'\"<>,;)]+)([/?#][^\s'\"<>]*)?", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)
_NAMED = re.compile(
    r"""(?P<name>(?:access_|refresh_|id_)?token|(?:client_)?(?:secret|assertion)|api_?key|private_key|pass(?:word|wd|phrase)|sig(?:nature)?)
    (?P<between>["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s&,;'"})]+)""",
    re.IGNORECASE | re.VERBOSE,
)
# Tokens and keys: long, with a digit, and unlike a word, a path or a message's number in a sentence of ours.
_LONG = re.compile(r"(?<![\w/\\.-])(?=[\w+/=~.-]*\d)(?=[\w+/=~.-]*[A-Za-z])[A-Za-z0-9+=~_-][\w+=~.-]{31,}")


def hide(secret: str) -> None:
    """From now on this never leaves the process in a sentence, a log or a traceback."""
    for one in {secret, secret.strip(), *secret.split("\n")}:
        if len(one.strip()) >= _SHORTEST and not one.startswith("-----"):
            _secrets.add(one)


def without_secrets(sentence: str) -> str:
    """A sentence of ours without any secret that was read."""
    for one in sorted(_secrets, key=len, reverse=True):
        sentence = sentence.replace(one, HIDDEN)
    return sentence


def scrubbed(text: str) -> str:
    """Any text without secrets: those that were read, what looks like one, and all of a web address but its host."""
    text = _PEM.sub(HIDDEN, without_secrets(text))
    text = _URL.sub(_host, text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _NAMED.sub(rf"\g<name>\g<between>{HIDDEN}", text)
    return _LONG.sub(HIDDEN, text)


def _host(found: re.Match[str]) -> str:
    more = "/…" if found[3] and found[3] != "/" else found[3] or ""
    return found[1] + found[2] + more

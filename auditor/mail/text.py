"""Bytes to text as a reader sees it: character sets, line ends, format=flowed, files written into the text."""

from __future__ import annotations

import binascii
import codecs
import re
from dataclasses import dataclass

# Senders' names for a character set, and what the bytes turn out to be.
_ALIASES = {
    "": "ascii",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    # Every mail program since Outlook 97 writes Windows quotes under this name, and browsers read them so
    # (WHATWG Encoding Standard, 'windows-1252' labels).
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "cp-1252": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-big5": "big5",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
}
# Codecs of Python's that are no character sets of mail.
_REFUSED = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"})
_LATIN = frozenset({"iso-8859-1", "latin1", "latin-1", "iso8859-1"})
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(data: bytes, label: str = "") -> tuple[str, str]:
    """The text of `data`, and a sentence when its declared character set was not the right one ('' when it was).

    Tried in order: what is declared, UTF-8, Windows-1252, and that with U+FFFD for what is left.
    Never raises; never returns a lone surrogate.
    """
    name = _ALIASES.get(label) or _codec(label)
    if name == "ascii":
        if data.isascii():
            return data.decode("ascii"), ""
    elif name == "cp1252":
        if data.isascii():
            return data.decode("ascii"), ""
        note = f"the text is Windows-1252, not {label}" if label in _LATIN and _WINDOWS.search(data) else ""
        return _western(data, note)
    elif name:
        text = _strict(data, name)
        if text is not None:
            return text, ""
    return _guess(data, label, name)


def _codec(label: str) -> str:
    """Python's name for a character set; '' when there is none that mail may use."""
    clean = label.strip().strip("\"'").lower()
    if clean in _ALIASES:
        return _ALIASES[clean]
    try:
        info = codecs.lookup(clean)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name.replace("-", "_") not in _REFUSED else ""


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
    if name == "utf-8":
        return text.removeprefix("\ufeff")
    return _SURROGATE.sub("\ufffd", text)


def _guess(data: bytes, label: str, name: str) -> tuple[str, str]:
    said = f"the character set '{label}'" if label else "no character set"
    text = _strict(data, "utf-8")
    if text is not None:
        return text, f"{said} was declared; the text is UTF-8" if label or not data.isascii() else ""
    # A mostly right UTF-8 text with a few bad bytes (cut in the middle of a letter) stays UTF-8.
    if name in ("utf-8", "ascii") and len(_MULTIBYTE.findall(data)) > data.decode("utf-8", "replace").count("\ufffd"):
        return data.decode("utf-8", "replace"), "some bytes are not the UTF-8 the rest is; they show as \ufffd"
    if name and name not in ("utf-8", "ascii"):
        text = _SURROGATE.sub("\ufffd", data.decode(name, "replace"))
        if text.count("\ufffd") * 20 < len(text):
            return text, f"some bytes do not belong to {said}; they show as \ufffd"
    return _western(data, f"{said} was declared; the text was read as Windows-1252")


def _western(data: bytes, note: str) -> tuple[str, str]:
    try:
        return data.decode("cp1252"), note
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), note or "some bytes are no letters; they show as \ufffd"


def tidy(text: str) -> str:
    """`text` with line ends as one newline and NUL made visible as U+FFFD."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd") if "\0" in text else text


def unflow(text: str, delsp: bool) -> str:
    """`format=flowed` text with its soft line breaks undone, quote marks kept (RFC 3676 4)."""
    out: list[str] = []
    run: list[str] = []
    depth = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        level = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if run and (level != depth or bare == "-- "):
            _close(out, run, depth)
        depth = level
        soft = bare.endswith(" ") and bare != "-- "
        run.append(bare[:-1] if soft and delsp else bare)
        if not soft:
            _close(out, run, depth)
    if run:
        _close(out, run, depth)
    return "\n".join(out)


def _close(out: list[str], run: list[str], depth: int) -> None:
    paragraph = "".join(run)
    out.append(f"{'>' * depth} {paragraph}".rstrip() if depth and paragraph else ">" * depth + paragraph)
    run.clear()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that an old mail program wrote into the text."""

    name: str
    content: bytes


_UU = re.compile(r"^begin (?:[0-7]{3,4}) ([^\n]{1,255})\n((?:[!-`][ -`]*\n)+?)(?:[` ]?\n)?end[ \t]*$", re.MULTILINE)


def unenclose(text: str) -> tuple[str, list[Enclosed]]:
    """`text` without its uuencoded files, and those files; what does not decode stays in the text."""
    found: list[Enclosed] = []

    def cut(match: re.Match[str]) -> str:
        try:
            content = b"".join(binascii.a2b_uu(line.rstrip()) for line in match[2].split("\n") if line)
        except (binascii.Error, ValueError):
            return match[0]
        found.append(Enclosed(match[1].strip(), content))
        return ""

    return _UU.sub(cut, text), found

"""Header blocks: names and values as they stand, encoded words (RFC 2047), parameters (RFC 2045, 2231).

Reads what real mail holds: raw 8-bit bytes, folded lines, missing colons, a `From ` line left by an mbox.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from auditor.mail.message import Defect
from auditor.mail.text import decode

Headers = Mapping[str, list[str]]
"""Lower-case name to every value, in order, unfolded, not yet decoded; only headers that the auditor reads."""

_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_NAME = re.compile(r"[!-9;-~]+")
_FOLD = re.compile(r"\n[ \t]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_PARAM = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_CACHED = 300


@dataclass(frozen=True, slots=True)
class Block:
    """A header block and where the body after it begins."""

    headers: Headers
    body: int
    defects: tuple[Defect, ...] = ()


def read_block(raw: bytes, start: int, end: int, limit: int) -> Block:
    """The header block at `start`; at most `limit` bytes of it are read."""
    stop, body = _blank_line(raw, start, end)
    block = raw[start : min(stop, start + limit)]
    headers = _plainly(block)
    return _by_line(block, start, body) if headers is None else Block(headers, body)


def _blank_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the headers stop and where the body begins."""
    if raw.startswith(b"\n", start):
        return start, start + 1
    if raw.startswith(b"\r\n", start):
        return start, start + 2
    found = raw.find(b"\n\n", start, end)
    # Where line ends are CRLF the search above runs to the end of the message; a bound keeps it to the headers.
    if raw.find(b"\r", start, found if found >= 0 else end) >= 0:
        crlf = raw.find(b"\n\r\n", start, found if found >= 0 else end)
        if crlf >= 0:
            return crlf + 1, crlf + 3
    return (found + 1, found + 2) if found >= 0 else (end, end)


def _plainly(block: bytes) -> dict[str, list[str]] | None:
    """The headers of a block with nothing wrong in it; None when it has to be read line by line."""
    text = block.decode("ascii") if block.isascii() else _eight_bit(block)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.startswith((" ", "\t", "From ", ">From ")):
        return None
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    headers: dict[str, list[str]] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        key = _KEYS.get(name)
        if key is None or not colon:
            if not line:
                continue
            key = _key(name) if colon else None
            if key is None:
                return None
        if key:
            if key in headers:
                headers[key].append(value.strip())
            else:
                headers[key] = [value.strip()]
    return headers


_READ = frozenset(
    [
        "auto-submitted",
        "bcc",
        "cc",
        "content-class",
        "content-disposition",
        "content-id",
        "content-transfer-encoding",
        "content-type",
        "date",
        "feedback-id",
        "from",
        "in-reply-to",
        "list-id",
        "list-unsubscribe",
        "message-id",
        "precedence",
        "references",
        "reply-to",
        "sender",
        "return-path",
        "subject",
        "to",
        "x-auto-response-suppress",
        "x-autorespond",
        "x-autoreply",
        "x-autoreply-from",
        "x-council-auditor",
        "x-failed-recipients",
    ]
)
_KEYS: dict[str, str] = {}
"""Header names as written, to the key they are kept under; '' for those that nothing reads."""
_MOST_KEYS = 5_000


def _key(name: str) -> str | None:
    """The key for a name met for the first time; None when it is no header's name."""
    bare = name.rstrip(" \t")
    if not _NAME.fullmatch(bare):
        return None
    key = bare.lower() if bare.lower() in _READ else ""
    if len(_KEYS) < _MOST_KEYS:
        _KEYS[name] = key
    return key


def _eight_bit(block: bytes) -> str:
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(decode(line, "utf-8")[0] for line in block.split(b"\n"))


def _by_line(block: bytes, start: int, body: int) -> Block:
    """A damaged block: lines that are no headers are passed over while headers follow, and are body otherwise."""
    kept: list[bytes] = []
    defects: list[Defect] = []
    lines = block.splitlines(keepends=True)
    at = start
    for i, line in enumerate(lines):
        if (line[:1] in b" \t" and kept) or _LINE.match(line):
            kept.append(line)
        elif line.startswith((b"From ", b">From ")) and not kept:
            pass
        elif not line.startswith(b"--") and _headers_follow(lines, i):
            defects.append(Defect("header", "a line among the headers is no header and was passed over"))
        elif line.strip():
            defects.append(Defect("header", "the blank line between headers and text is missing"))
            body = at
            break
        at += len(line)
    return Block(_plainly(b"".join(kept).lstrip(b" \t")) or {}, body, tuple(dict.fromkeys(defects)))


_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender"
    rb"|in-reply-to|references|x-[a-z0-9-]+|delivered-to|importance|thread-[a-z]+)[ \t]*:",
    re.IGNORECASE,
)


def _headers_follow(lines: list[bytes], i: int) -> bool:
    for line in lines[i + 1 : i + 4]:
        if line[:1] not in b" \t":
            return bool(_KNOWN.match(line))
    return False


def decoded(value: str) -> str:
    """A header's text for a person: encoded words read, control characters made one space."""
    if "=?" in value:
        value = _words(value)
    return value if value.isprintable() else _CONTROL.sub(" ", value).strip()


def _words(value: str) -> str:
    """Encoded words decoded, neighbours in one character set joined first: letters are cut between words."""
    out: list[str] = []
    held: list[bytes] = []
    charset, open_base64, at = "", "", 0
    while match := _WORD.search(value, at):
        end = value.find("?=", match.end())
        if end < 0:
            break
        between = value[at : match.start()]
        label = match[1].partition("*")[0].lower()
        if held and (label != charset or not (between.isspace() or not between)):
            out.append(decode(b"".join(held), charset)[0])
            held.clear()
            out.append("" if between.isspace() else between)
        elif not held:
            out.append(between)
        charset = label
        letters = value[match.end() : end]
        if held and open_base64 and match[2] in "bB":
            # Some programs cut base64 anywhere, not at the end of a group of four.
            letters = open_base64 + letters
            held.pop()
        held.append(_word(match[2], letters))
        open_base64 = letters if match[2] in "bB" and len(letters) % 4 else ""
        at = end + 2
    out.append(decode(b"".join(held), charset)[0])
    out.append(value[at:])
    return "".join(out)


def _word(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return unbase64(data)[0]
    return binascii.a2b_qp(data, header=True)


def unbase64(data: bytes) -> tuple[bytes, bool]:
    """What base64 `data` holds, and whether all of it decoded; everything that can be read is kept."""
    padding = data.find(b"=")
    if padding >= 0 and _NOT_BASE64.sub(b"", data[padding:]):
        # Padding before the end: several stretches were put together, and the decoder stops after the first.
        return b"".join(_stretch(piece)[0] for piece in data.split(b"=") if piece), False
    return _stretch(data)


def _stretch(data: bytes) -> tuple[bytes, bool]:
    try:
        return binascii.a2b_base64(data), True
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", data)
        spare = len(letters) % 4
        letters = letters[:-1] if spare == 1 else letters + b"=" * (-spare % 4)
        return binascii.a2b_base64(letters), False


@dataclass(frozen=True, slots=True)
class Value:
    """A structured value: `text/plain; charset=utf-8`."""

    word: str
    """Lower case; empty when there is none."""
    params: Mapping[str, str]
    """Lower-case names; continuations joined, percent signs and character sets decoded (RFC 2231)."""


def structured(value: str) -> Value:
    """A Content-Type or Content-Disposition value, taken apart."""
    return _cached(value) if len(value) < _CACHED else _structured(value)


def _structured(value: str) -> Value:
    word = value.partition(";")[0].strip().lower()
    if ";" not in value:
        return Value(word, {})
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, text in _PARAM.findall(value):
        key = name.lower()
        text = (
            _ESCAPED.sub(r"\1", text[1:-1]) if text[:1] == '"' and text[-1:] == '"' and len(text) > 1 else text.strip()
        )
        base, star, number = key.partition("*")
        if star:
            digits = number.rstrip("*")
            order = int(digits) if digits.isdecimal() and len(digits) < 6 else 0
            pieces.setdefault(base, {}).setdefault(order, (text, key.endswith("*")))
        else:
            plain.setdefault(key, text)
    return Value(word, plain | {base: _joined(parts) for base, parts in pieces.items()})


_cached = lru_cache(maxsize=1024)(_structured)


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    data: list[bytes] = []
    for i, order in enumerate(sorted(parts)):
        text, extended = parts[order]
        if extended and i == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data.append(unquote_to_bytes(text) if extended else text.encode("utf-8", "replace"))
    return decode(b"".join(data), charset.lower() or "utf-8")[0]

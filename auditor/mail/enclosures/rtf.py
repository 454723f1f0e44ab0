"""Rich text (RTF 1.9): its words, and objects put into it."""

from __future__ import annotations

import re

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.compound import native
from auditor.mail.enclosures.look import acts, inside
from auditor.mail.message import Risk

_MOST = 5_000_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SILENT = frozenset(
    b"""fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping listtable listoverridetable
    datastore generator latentstyles rsidtbl xmlnstbl fldinst datafield filetbl revtbl mmathPr nonshppict panose
    bkmkstart bkmkend field_instruction wgrffmtfilter pnseclvl listtext""".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"cell": "\t", b"tab": "\t"}
_SIGNS = {
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
}
_DATA = re.compile(rb"\\objdata\b([0-9a-fA-F\s{}\\*]{16,})")
_DEPTH = 1_000


def read(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """The text as it is read, without fonts, pictures and instructions to fields."""
    _objects(data, seen, budget)
    if len(data) > _MOST:
        seen.unread = f"text past its first {_MOST:,} bytes"
    seen.say(["".join(_words(data[:_MOST]))], budget)


def _words(data: bytes) -> list[str]:
    out: list[str] = []
    silent, stack = False, list[tuple[bool, int]]()
    skip, after = 1, 0
    starred = False
    for token in _TOKEN.finditer(data):
        word, number, code, sign, brace, plain = token.groups()
        if brace == b"{":
            if len(stack) < _DEPTH:
                stack.append((silent, skip))
            starred = False
        elif brace == b"}":
            silent, skip = stack.pop() if stack else (False, 1)
        elif word is not None:
            if word in _SILENT or starred:
                silent = True
            starred = False
            if word == b"uc":
                skip = int(number or 1)
            elif word == b"u" and number and not silent:
                out.append(chr(int(number) % 0x10000))
                after = skip
            elif word == b"bin":
                silent = True
            elif not silent and (word in _BREAKS or word in _SIGNS):
                out.append(_BREAKS.get(word) or _SIGNS[word])
        elif sign == b"*":
            starred = True
        elif not silent:
            said = _said(code, sign, plain)
            cut = min(after, len(said))
            out.append(said[cut:])
            after -= cut
    return [
        re.sub(
            "[\ud800-\udfff]+",
            lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"),
            "".join(out),
        )
    ]


def _said(code: bytes | None, sign: bytes | None, plain: bytes | None) -> str:
    if code is not None:
        return bytes([int(code, 16)]).decode("cp1252", "replace")
    if sign is not None:
        return {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}.get(sign, "")
    return (plain or b"").decode("cp1252", "replace")


def _objects(data: bytes, seen: Look, budget: Budget) -> None:
    """Files put into the text: a program among them is opened, an equation of the old sort is a known way in."""
    for found in _DATA.finditer(data):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", found[1])
        budget.take(len(digits) // 2)
        content = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
        if b"equation.3" in content[:64].lower():
            seen.add(Risk.ACTIVE, "carries an object of a kind that is used to break into Word")
        at = content.find(b"Package\x00")
        if 0 <= at < 64:
            label, file = native(_package(content, at))
            if file[:2] == b"MZ" or acts(label):
                inside(label or "an object", file, seen, budget)
    if rb"\objupdate" in data:
        seen.add(Risk.ACTIVE, "carries an object that acts when the text is opened")


def _package(content: bytes, at: int) -> bytes:
    """The bytes of an object as they would stand in a stream of their own (MS-OLEDS 2.2.5)."""
    body = content[at + 8 :]
    for _ in range(2):
        body = body[4 + int.from_bytes(body[:4], "little") :]
    return body

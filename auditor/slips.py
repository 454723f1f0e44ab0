"""Where schedule.toml is no TOML: which line, and what was most likely meant, in words for whoever edits the file.

The library speaks of its grammar ('Expected newline or end of document'); only the place is taken from what it says.
"""

from __future__ import annotations

import re

_AT = re.compile(r"\(at line (\d+)")
_SECRET = re.compile(r"\b(?:key|secret|certificate|\w*password|smtp\w*|webhook|url)\b", re.IGNORECASE)
_CURLY = re.compile("[“”„‘’]")
_HEADER = re.compile(r"\[+\s*([\w.-]*)")
_PAIR = re.compile(r"([\w.\"-]+)\s*=\s*(.*)")
_DAY = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}\b")
_REMARK = re.compile(r"\s+#[^\"']*$")
_DAYS = ("users_informed_on", "from", "until", "secret_expires", "adopted", "review")
_SHOWN = 60


def slip(text: str, said: str) -> str:
    """'line 7 (role = clerk) cannot be read: text must …', from the file's text and what the library said of it.

    What may be a secret is not repeated.
    """
    lines = text.split("\n")
    number = _line(lines, said)
    written = lines[number - 1].strip() if lines else ""
    return f"line {number} ({_shown(written)}) cannot be read: {_cause(written, said)}"


def _line(lines: list[str], said: str) -> int:
    """The line's number, from 1. What the end of the file was missed at is the last line with anything on it."""
    found = _AT.search(said)
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    number = min(int(found[1]), last) if found else last
    if 'Expected "\'"' in said:
        # Where no other ' follows, the end of the file is blamed.
        number = max((n for n, line in enumerate(lines, 1) if "'" in line), default=number)
    if "Unclosed" in said and "[" not in lines[number - 1]:
        # The list was begun further up; what follows it is blamed.
        begun = (n for n in range(number, 0, -1) if lines[n - 1].count("[") > lines[n - 1].count("]"))
        number = next(begun, number)
    return number


def _shown(line: str) -> str:
    secret = _SECRET.search(line)
    seen = "".join(one if one.isprintable() else " " for one in (line[: secret.end()] if secret else line))
    seen = seen if secret else _REMARK.sub("", seen)
    return f"{seen[:_SHOWN]} …" if secret or len(seen) > _SHOWN else seen


def _cause(line: str, said: str) -> str:
    if _CURLY.search(line):
        return 'quotes must be the straight ones ("), as a plain text editor writes them'
    if header := _HEADER.match(line):
        return _of_header(line, header[1])
    pair = _PAIR.match(line)
    if pair is None:
        return _of_no_pair(line)
    if "\\" in line:
        return 'a Windows path is written with / instead of a backslash, as in root = "C:/audit/mail"'
    return _of_value(pair[1], _REMARK.sub("", pair[2]), said)


_SEVERAL = {
    "people": ("name", "role", "title", "mailbox", "phone", "private", "may_bind", "chair", "from", "until"),
    "sources": ("kind", "root", "folders", "mailboxes", "tenant", "client_id", "certificate", "secret", "key"),
}
"""Keys of tables that may stand several times."""


def _of_header(line: str, name: str) -> str:
    if line.count("[") != line.count("]") or not name:
        return "a table's name stands in brackets, as in [council], and each person's and source's in two, as in [[people]]"
    if name in ("people", "sources"):
        return f"there may be several of them, so each begins with [[{name}]], in two brackets, the first one too"
    return f"[{name}] stands in the file already; put its keys together under one of them"


def _of_no_pair(line: str) -> str:
    if line.startswith(('"', "'", "]", ",")):
        return "a list stands in [ ], with each entry in quotes and a comma between two"
    return 'a line has a key, an equals sign and a value, as in name = "Ann Marsh"; a remark begins with #'


def _of_value(key: str, value: str, said: str) -> str:
    if "overwrite" in said:
        again = next((f", or begin a second one with [[{name}]]" for name, keys in _SEVERAL.items() if key in keys), "")
        return f"'{key}' stands twice in this table; take one out{again}"
    if not value or value.startswith("#"):
        return "there is no value after the equals sign; write one, or take the line out"
    if _DAY.match(value) or (key in _DAYS and not value.startswith(('"', "'"))):
        return "a day is written as 2026-09-01, year first, without quotes"
    if value.startswith(("[", "{")):
        return "a list stands in [ ], with each entry in quotes and a comma between two"
    if re.match(r"(true|false)\b", value, re.IGNORECASE):
        return "true and false are written small, alone and without quotes"
    if value.startswith(('"', "'")):
        return f"text begins and ends with {value[0]} and has none inside, and only a remark with # may follow it"
    if (
        value[0].isdigit()
        or _SECRET.search(key)
        or not (value.isprintable() and re.fullmatch(r"[^\"'\\]{1,40}", value))
    ):
        return 'text, a telephone number too, must stand in quotes, as in phone = "01632 960001"'
    return f'text must stand in quotes, as in {key} = "{value}"'

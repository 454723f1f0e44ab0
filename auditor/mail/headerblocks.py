"""Recognises another message's header lines in a body: Outlook's, Gmail's, Apple's, Lotus Notes', a phone's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.mail.bodylines import BLANKS, Lines, openings
from auditor.mail.mailwords import BARE_DIVIDER, DATE, DIVIDER, LABELS, TIME, Label

_MOST_BLANK = 6
LONGEST_LIST = 250
"""Lines that one block may run to: a council's whole address list wraps to fewer."""
_LABEL_WIDTH, _LONGEST_WORDS = 28, 44
_PREFIXES = BLANKS + ">|"
_MARKS = frozenset(">|")
_STARS = BLANKS + "*_>|:"
_CORE = frozenset({Label.FROM, Label.DATE, Label.TO, Label.CC, Label.SUBJECT})
_RULE = re.compile(r"[-_=*~–—]{3,}$")
# A booking form or a timetable: 'From: 9.30 am', 'From: Monday', 'From: £40', 'From: 5 March'.
_NO_PERSON = re.compile(
    r"(?:\d{1,2}([.:]\d\d)?\s?(?:[ap]\.?m|noon|hrs|o'clock|h)?\b(?!\S*@)|[£$€]|noon\b|midday\b|midnight\b|dawn\b"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|half past|\d{1,2}(?:st|nd|rd|th)\b|$)",
    re.IGNORECASE,
)
_LOTUS_DATE = re.compile(
    r"(?:^|\s|on\s)\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\s+(?:at\s+)?\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?(?:\s+[A-Z]{2,4}\d?)?$"
)
_LOTUS_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp][Mm])?(?:\s+[A-Z]{2,4})?$")
_LOTUS_NAME = re.compile(r"/\w{1,20}@\w{1,30}(?![\w.])")
_LOTUS_ASIDE = re.compile(r"(?:sent by|please respond to|on behalf of|extension|phone)\b", re.IGNORECASE)
# Notes 8 puts 'Jane Smith ---05/03/2024 10:15:31---Dear all, …' above its header lines.
_LOTUS_TEASER = re.compile(r".{0,120}-{3}\s?\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4} \d{1,2}:\d\d")


@dataclass(frozen=True, slots=True)
class Block:
    """Another message's header lines, half-open in lines, with the divider above them."""

    first: int
    end: int
    forward: bool
    """The words themselves say that a message is forwarded on."""
    confidence: float


def label_of(bare: str) -> tuple[Label, str] | None:
    """What header a line names, and its value; None for any other line."""
    colon = bare.find(":", 0, _LABEL_WIDTH)
    if colon < 0:
        colon = bare.find("：", 0, _LABEL_WIDTH)
        if colon < 0:
            return None
    word = bare[:colon]
    label = LABELS.get(word) or LABELS.get(word.strip(_STARS).lower())
    return None if label is None else (label, bare[colon + 1 :].strip(" \t*_\xa0|"))


def divider_of(bare: str) -> bool | None:
    """Whether a dashed line announces a forwarded message (True) or an original one (False); None for neither."""
    found = DIVIDER.match(bare)
    return None if found is None else found["forwarded"] is not None


def bare_divider_of(bare: str) -> bool | None:
    """As `divider_of`, for the words without dashes ('Begin forwarded message:')."""
    found = BARE_DIVIDER.match(bare) if len(bare) < _LONGEST_WORDS else None
    return None if found is None else found["forwarded"] is not None


def divided(lines: Lines, at: int) -> Block | None:
    """The block that a dashed line such as '-----Original Message-----' opens at `at`."""
    bare = _core(lines, at)
    forward = divider_of(bare)
    end = at + 1
    if forward is None and bare[:1] in "-_=*" and "orward" in bare and at + 1 < len(lines):
        # Notes' 'Forwarded by … on 01/06/2000 10:21 AM ----' wraps before the date or the last dashes.
        forward, end = divider_of(f"{bare} {_core(lines, at + 1)}"), at + 2
    if forward is None:
        return None
    return Block(at, _headers_end(lines, end), forward, 0.99)


def begun(lines: Lines, at: int) -> Block | None:
    """The block that 'Begin forwarded message:' opens at `at`; header lines must follow."""
    forward = bare_divider_of(_core(lines, at))
    if forward is None:
        return None
    below = next(openings(lines, at + 1, 1), None)
    if below is None or label_of(_core(lines, below)) is None:
        return None
    return Block(at, _headers_end(lines, below), forward, 0.99)


def block_at(lines: Lines, at: int, floor: int) -> Block | None:
    """The block of header lines whose first label stands at `at`; nothing above `floor` is claimed."""
    held, end = _headers(lines, at)
    core = _CORE & held.keys()
    if len(core) < 2 or next(iter(held)) is Label.OTHER:
        return None
    if Label.FROM in held and not _NO_PERSON.match(held[Label.FROM]) and _convincing(held, len(core)):
        return Block(_top(lines, at, floor), end, False, 0.97 if len(core) > 2 else 0.85)
    if Label.TO in held and (Label.SUBJECT in held or Label.CC in held):
        head = _lotus_head(lines, at, floor)
        if head is not None:
            return Block(head, end, False, 0.95)
        if len(core) > 2 and _LOTUS_NAME.search(held[Label.TO]):
            return Block(at, end, False, 0.85)
    return None


def _convincing(held: dict[Label, str], kinds: int) -> bool:
    """Whether these lines are a mail program's, not a memo's, a timetable's or a booking form's."""
    author = held[Label.FROM]
    dated = held.get(Label.DATE, "") or author
    addressed = any("@" in held.get(label, "") for label in (Label.FROM, Label.TO, Label.CC))
    if kinds == 2:
        return "@" in author and bool(TIME.search(dated) and DATE.search(dated.replace("=2C", ",")))
    return addressed or (Label.SUBJECT in held and TIME.search(dated) is not None)


def _core(lines: Lines, at: int) -> str:
    bare = lines.bare[at]
    return bare.lstrip(_PREFIXES) if bare[:1] in _MARKS else bare


def _headers(lines: Lines, first: int) -> tuple[dict[Label, str], int]:
    """The header lines from `first` on, each label once, and the line after the last."""
    held: dict[Label, str] = {}
    label, end, blank = Label.OTHER, first, 0
    for at in range(first, min(len(lines), first + LONGEST_LIST)):
        bare = _core(lines, at)
        if not bare:
            blank += 1
            if blank > (1 if Label.SUBJECT in held and Label.FROM in held else _MOST_BLANK):
                break
            continue
        named = label_of(bare)
        if named is None:
            if blank or not _continues(lines, at, label):
                break
            held[label] = f"{held.get(label, '')} {bare}"[:400]
        else:
            label, value = named
            if label in held and label is not Label.OTHER and label is not Label.CC:
                break
            held[label] = value
        blank, end = 0, at + 1
    return held, end


def _continues(lines: Lines, at: int, label: Label) -> bool:
    """Whether a line without a label goes on with the header line above it."""
    above, line = lines.bare[at - 1], lines.text[at]
    if (
        above.endswith((",", ";", "<"))
        or line[:1] in " \t"
        or (label is Label.FROM and _LOTUS_DATE.match(line.strip()))
    ):
        return True
    if label in (Label.TO, Label.CC):
        return len(above) >= 60 or any(mark in line for mark in "@;/")
    return at + 1 < len(lines) and label_of(_core(lines, at + 1)) is not None


def _headers_end(lines: Lines, first: int) -> int:
    below = next(openings(lines, first, 1), None)
    if below is None or label_of(_core(lines, below)) is None:
        return first
    return max(first, _headers(lines, below)[1])


def _top(lines: Lines, at: int, floor: int) -> int:
    """Where the block begins when lesser labels, a rule, bare divider words or Notes' teaser stand above it."""
    while at > floor and (label_of(_core(lines, at - 1)) or ("",))[0] is Label.OTHER:
        at -= 1
    for _ in range(2):
        above = lines.filled_above(at, floor)
        if above is None:
            return at
        bare = _core(lines, above)
        teaser = "---" in bare and _LOTUS_TEASER.match(bare)
        if not (teaser or _RULE.match(bare) or bare_divider_of(bare) is not None):
            return at
        at = above
    return at


def _lotus_head(lines: Lines, at: int, floor: int) -> int | None:
    """Where the name above Notes' 'To:' stands, its date between them; None when there is no such head."""
    above = lines.filled_above(at, floor)
    for _ in range(4):
        if above is None:
            return None
        bare = _core(lines, above)
        if _LOTUS_DATE.search(bare) and len(bare) < 160:
            return _lotus_name(lines, above, floor, bare)
        if _LOTUS_TIME.match(bare):
            return _lotus_wrapped(lines, above, floor)
        if len(bare) > 120:
            return None
        above = lines.filled_above(above, floor, 3)
    return None


def _lotus_name(lines: Lines, at: int, floor: int, bare: str) -> int:
    if not bare[0].isdigit():
        above = lines.filled_above(at, floor, 1)
        return at if above is None or not bare.startswith(("on ", "<")) else above
    above = lines.filled_above(at, floor, 2)
    while above is not None and _LOTUS_ASIDE.match(_core(lines, above)):
        at, above = above, lines.filled_above(above, floor, 2)
    if above is None or len(_core(lines, above)) > 100 or _core(lines, above).endswith((".", "!", "?", ",")):
        return at
    return above


def _lotus_wrapped(lines: Lines, at: int, floor: int) -> int | None:
    above = lines.filled_above(at, floor, 1)
    if above is None or not _LOTUS_DATE.search(f"{_core(lines, above)} {_core(lines, at)}"):
        return None
    return above

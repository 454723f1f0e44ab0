"""What stands below the history of a mail answered at its top: a signature, a list's or a gateway's footer.

A mail program may put the sender's signature there, and so may the other's. Nothing in the
text tells which, so such lines stay with the history, in a segment of their own and at the
confidence `BELOW`: whoever knows the sender's agreed signature can claim them. A mail program's
list of the files that came along is nobody's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from auditor.mail.bodylines import Lines
from auditor.mail.history import Stretch
from auditor.mail.message import Segment, Zone
from auditor.values import replace

BELOW = 0.5
_MOST_LINES = 16
_OPENS = re.compile(
    r"--\s*$|-- |_{2,}\s*$|[-_=*~]{3,}\s*$|to unsubscribe\b|view this message in context|(?:cell|mobile|mob|tel|phone|fax|t|m)\s?[:.]\s*[\d(+]",
    re.IGNORECASE | re.MULTILINE,
)
_DASHES = re.compile(r"^-- ?$", re.MULTILINE)
_FROM = re.compile(r"^\W*From:.*$", re.MULTILINE)
_MOST_BELOW = 40
"""Lines that signature and waiver take at most."""
_LIST = re.compile(r"\bunsubscribe\b|mailing[- ]list", re.IGNORECASE)
_WAIVER = re.compile(
    r"confidential|intended (?:recipient|only|solely)|disclaimer|in error|addressee|views expressed|privileged",
    re.IGNORECASE,
)


_FILE = re.compile(
    r"(?:- |<<\s?|\(see attached file:\s*|attachment: )[^<>\n]{1,200}\.(?:csv|docx?|eml|gif|html?|ics|jpe?g|mdb|msg|od[st]|pdf"
    r"|png|pptx?|rtf|tiff?|txt|vcf|wpd|xlsx?|zip)\s?(?:>>|\))?$",
    re.IGNORECASE,
)


def below_history(found: list[Stretch], lines: Lines, *, above: bool) -> list[Stretch]:
    """The closing matter below the last of `found`, when own words stand `above` the first and nowhere else.

    A mailing list's footer is nobody's own, whatever stands above.
    """
    end = found[-1].end
    if lines.empty(end, len(lines)):
        return []
    if any(not lines.empty(a.end, b.first) for a, b in pairwise(found)):
        return []
    top = lines.filled(end, len(lines))
    words = [lines.bare[at] for at in range(end, len(lines)) if lines.bare[at]]
    if len(words) <= _MOST_LINES and all(map(_FILE.match, words)):
        return [Stretch(found[-1].zone, end, len(lines), found[-1].confidence)]
    if top is None or not _OPENS.match(words[0]) or len(words) > _MOST_LINES or any(map(_WAIVER.search, words)):
        return []
    if not above and not any(map(_LIST.search, words)):
        return []
    return [Stretch(found[-1].zone if found[-1].zone is Zone.FORWARDED else Zone.QUOTED, end, len(lines), BELOW)]


def claimed(
    text: str, segments: Sequence[Segment], theirs: Callable[[str], bool], signed: Callable[[str], bool], name: str
) -> tuple[Segment, ...]:
    """The segments with closing matter below the history made OWN when it is the sender's.

    `theirs` knows its words; below a forwarded message, which nothing parts from it, it must be `signed` as agreed.
    """
    if len(segments) < 2 or segments[-1].zone is Zone.OWN:
        return tuple(segments)
    last = segments[-1]
    if last.zone is Zone.FORWARDED and last.confidence != BELOW:
        return _below_forwarded(text, segments, signed, name)
    if last.confidence != BELOW:
        return tuple(segments)
    words = text[last.start : last.end]
    if not _OPENS.match(words.lstrip()) or not theirs(words):
        return tuple(segments)
    return (*segments[:-1], replace(last, zone=Zone.OWN, confidence=0.8))


def _below_forwarded(
    text: str, segments: Sequence[Segment], signed: Callable[[str], bool], name: str
) -> tuple[Segment, ...]:
    """Gmail puts the sender's signature there. Where the sender wrote what is forwarded, it is the signature of that."""
    last = segments[-1]
    dashes = [found.start() for found in _DASHES.finditer(text, last.start, last.end)]
    if not dashes or text.count("\n", dashes[-1], last.end) > _MOST_BELOW or not signed(text[dashes[-1] : last.end]):
        return tuple(segments)
    if any(name.lower() in found[0].lower() for found in _FROM.finditer(text, last.start, last.end)):
        return tuple(segments)
    own = Segment(Zone.OWN, dashes[-1], last.end, 0.8)
    return (*segments[:-1], replace(last, end=dashes[-1]), own)

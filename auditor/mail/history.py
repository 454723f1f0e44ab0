"""Finds, in a body's lines, the stretches that are another message's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from auditor.mail.bodylines import BLANKS, SURE, Lines, openings, unquoted
from auditor.mail.headerblocks import Block, begun, block_at, divided, label_of
from auditor.mail.intros import WRAPS, Intro, intro_at, may_end, quoted_below
from auditor.mail.mailwords import END_OF_HISTORY, FORWARD_SUBJECT, REPLY_SUBJECT
from auditor.mail.message import Zone

TRIES = 1000
"""False alarms after which a body is no letter: what is left of it is not looked at."""
STRETCHES = 5000
"""And as many quotations are no letter either."""
_RULE_MARKS = frozenset("-_=*~–—#")
_FIRSTS, _LASTS = _RULE_MARKS | {">"}, frozenset(":>-*_)：")
# '> 50 people came'. Mailbox files put '>' before a line that begins with 'From '.
_NO_QUOTATION = re.compile(r">\s?[\d£$€]")
_FULL_LINE = 70
_WIDE_LINE = 80
_LONGEST_WRAP = 12
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ")", "]", '"', "”", "'")


class Subject(Enum):
    """What the subject says a message is."""

    REPLY = "Re:"
    FORWARD = "Fw:"
    PLAIN = ""

    @classmethod
    def of(cls, subject: str) -> Subject:
        """Read from the prefix that mail programs put first."""
        if ":" not in subject and "(" not in subject and "：" not in subject:
            return cls.PLAIN
        if REPLY_SUBJECT.match(subject):
            return cls.REPLY
        return cls.FORWARD if FORWARD_SUBJECT.match(subject) else cls.PLAIN


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of another's words, half-open."""

    zone: Zone
    first: int
    end: int
    confidence: float


@dataclass(slots=True)
class Walk:
    """One reading of a body from its first line to its last."""

    lines: Lines
    subject: Subject
    divider: int | None = None
    """The line where the HTML says that history begins."""
    arrows: bool = False
    """A '>' before a single line is likelier an arrow: HTML marks its quotations otherwise."""
    floor: int = 0
    """The first line that no stretch has claimed yet."""
    own: bool = False
    """Words of the sender's own stand above `floor`."""
    introduced: bool = False
    """A stretch has been found, so what is quoted further down needs no introduction."""
    mere: int = 0
    """The line after a run of lines that look quoted and are the sender's own."""
    tired: bool = False
    """Too many false alarms: the rest was not looked at."""

    def stretches(self) -> Iterator[Stretch]:
        """Every stretch in order, none overlapping."""
        at = tries = many = 0
        bares, marked = self.lines.bare, self.lines.marked
        while at < len(bares):
            bare = bares[at]
            if _tempts(bare) or at == self.divider or (marked is not None and marked[at]):
                found = self._stretch(at, bare)
                if found is not None:
                    yield found
                    self._pass(found)
                    at = found.end
                else:
                    tries += ":" in bare or may_end(bare)
                    at += 1
                many += found is not None
                if tries > TRIES or many > STRETCHES:
                    self.tired = True
                    return
            else:
                at += 1

    def _pass(self, found: Stretch) -> None:
        self.own = self.own or not self.lines.empty(self.floor, found.first)
        self.floor, self.introduced = found.end, True

    def _stretch(self, at: int, bare: str) -> Stretch | None:
        if at == self.divider and (found := self._divided(at)) is not None:
            return found
        if not bare:
            return None
        if self.lines.quoted(at):
            intro = self._broken_off(at, bare)
            found = self._run(at) if intro is None else self._introduced(intro)
            if found is not None or bare[0] == ">":
                return found
        return self._announced(at, bare)

    def _broken_off(self, at: int, bare: str) -> Intro | None:
        """An introduction whose last line begins with the '>' of its address, or GroupWise's '>>> … >>>'."""
        if bare.startswith(">>> ") or (len(bare) < 30 and at > self.floor and may_end(bare)):
            return intro_at(self.lines, at, at if bare.startswith(">>> ") else self.floor)
        return None

    def _announced(self, at: int, bare: str) -> Stretch | None:
        """The stretch that a divider, a block of header lines or an introduction opens at `at`."""
        block: Block | None = None
        if bare[0] in _RULE_MARKS:
            block = divided(self.lines, at)
        if block is None and label_of(bare) is not None:
            block = block_at(self.lines, at, self.floor)
        if block is None and bare.endswith((":", "：")):
            block = begun(self.lines, at)
        if block is not None:
            return self._blocked(block)
        intro = intro_at(self.lines, at, self.floor)
        return None if intro is None else self._introduced(intro)

    def _run(self, at: int) -> Stretch | None:
        """Quoted lines with nothing above them that says whose they are."""
        sure = self.lines.marked is not None and self.lines.marked[at] == SURE
        prefixed = self.lines.bare[at].startswith(">")
        if at < self.mere or not (sure or prefixed or self.introduced):
            return None
        end = _run_end(self.lines, at)
        if prefixed and not self.introduced and self._mere_marks(at, end):
            self.mere = end
            return None
        opens = _opening(self.lines, at)
        forwards = self.subject is Subject.FORWARD or (opens is not None and opens.forward)
        zone = Zone.FORWARDED if forwards else Zone.QUOTED
        if sure or opens is not None or self.introduced:
            return Stretch(zone, at, end, 0.97)
        return Stretch(zone, at, end, 0.7 if self.subject is Subject.PLAIN else 0.85)

    def _mere_marks(self, first: int, end: int) -> bool:
        """Whether the only lines that look quoted are the sender's own."""
        quoted = [bare for at in range(first, end) if (bare := self.lines.bare[at])[:1] == ">"]
        if all(bare.startswith(">From ") or not bare.strip("> ") for bare in quoted):
            return True
        return len(quoted) == 1 and (self.arrows or _NO_QUOTATION.match(quoted[0]) is not None)

    def _forwards(self, block: Block) -> bool:
        return block.forward or self.subject is Subject.FORWARD

    def _blocked(self, block: Block) -> Stretch:
        forward = self._forwards(block)
        sure = block.confidence
        if not forward and self.subject is Subject.PLAIN:
            sure = min(sure, 0.9)
        below = self.lines.filled(block.end)
        if below is not None and self.lines.quoted(below):
            end, sure = _run_end(self.lines, below), min(sure, 0.9)
        else:
            end = _marked_end(self.lines, block.end)
        return Stretch(Zone.FORWARDED if forward else Zone.QUOTED, block.first, end, sure)

    def _introduced(self, intro: Intro) -> Stretch:
        lines = self.lines
        if lines.filled(intro.end) is None:
            return Stretch(Zone.QUOTED, intro.first, intro.end, intro.confidence)
        below = quoted_below(lines, intro.end)
        if below is not None:
            return Stretch(Zone.QUOTED, intro.first, _run_end(lines, below), intro.confidence)
        if not self.own and lines.empty(self.floor, intro.first) and not self.introduced:
            # Written below the introduction without a mark between: own words are rather kept than lost.
            return Stretch(Zone.QUOTED, intro.first, intro.end, 0.4)
        sure = intro.confidence if lines.marked is None else 0.7
        return Stretch(Zone.QUOTED, intro.first, len(lines), sure)

    def _divided(self, at: int) -> Stretch | None:
        """History as the HTML says, when the words there bear it out or own words stand above."""
        for line in openings(self.lines, at, 3):
            found = self._announced(line, self.lines.bare[line])
            if found is not None:
                return Stretch(found.zone, min(at, found.first), found.end, found.confidence)
        if not self.own and self.lines.empty(self.floor, at):
            return None
        zone = Zone.FORWARDED if self.subject is Subject.FORWARD else Zone.QUOTED
        return Stretch(zone, at, len(self.lines), 0.7)


def _tempts(bare: str) -> bool:
    """A cheap look at what a line could open."""
    return bare != "" and (bare[0] in _FIRSTS or ":" in bare[:28] or bare[-1] in _LASTS or may_end(bare))


def opens_message(lines: Lines, first: int) -> bool:
    """Whether another message's header lines or an introduction stand at the beginning of a quotation."""
    if _opening(lines, first) is not None:
        return True
    top = next(openings(lines, first, 1), None)
    found = (intro_at(lines, at, first) for at in openings(lines, first, WRAPS))
    return any(intro is not None and intro.first == top for intro in found)


def _opening(lines: Lines, first: int) -> Block | None:
    """The block that a quotation begins with, a rule above it passed over."""
    for at in openings(lines, first, 2):
        bare = unquoted(lines.bare[at])
        block = divided(lines, at) if bare[0] in _RULE_MARKS else None
        if block is None and label_of(bare) is not None:
            block = block_at(lines, at, first)
        if block is None and bare.endswith((":", "：")):
            block = begun(lines, at)
        if block is not None or bare[-1] not in _RULE_MARKS:
            return block
    return None


def _run_end(lines: Lines, first: int) -> int:
    """The line after the last of a run of quoted lines, blank and wrapped ones between them included."""
    bares, barred, plain = lines.bare, not lines.quoted(first), lines.marked is None
    at = end = first + 1
    while at < len(bares):
        bare = bares[at]
        if not bare:
            at += 1
        elif bare[0] == "|" if barred else (plain and bare[0] == ">" != bare[-1]) or lines.quoted(at):
            at = end = at + 1
        elif at == end and (wrapped := _wrapped_end(lines, at)):
            at = end = wrapped
        else:
            break
    return end


def _wrapped_end(lines: Lines, at: int) -> int:
    """The line after the words at `at` that a mail program broke off the quoted line above; 0 when there are none."""
    above, bare = lines.bare[at - 1], lines.bare[at]
    if not above.startswith(">"):
        return 0
    last_word, first_word = above.rsplit(None, 1)[-1], bare.split(None, 1)[0]
    if "://" in last_word and " " not in bare:
        return at + 1
    end = at + 1
    while end < min(len(lines), at + _LONGEST_WRAP) and lines.bare[end] and not lines.quoted(end):
        end += 1
    between, alone = end < len(lines) and lines.quoted(end), end == at + 1
    if between and alone and above[1:].lstrip(BLANKS).startswith(">") and len(above) > 47 and len(bare) < 41:
        return end
    if above.endswith(_SENTENCE_ENDS):
        return 0
    # A line is broken where its next word no longer fits; a reply begins after a line that ended by itself.
    tight, lower = len(above) + 1 + len(first_word) >= _FULL_LINE, bare[0].islower()
    wide = len(above) >= _WIDE_LINE and (lower or (len(above) <= 100 and not alone and len(bare) >= 60))
    broken = (
        (tight or (lower and len(above) >= 50)) if between else tight and alone and lower and len(bare) < _FULL_LINE
    )
    return end if broken or wide else 0


def _marked_end(lines: Lines, first: int) -> int:
    """Where a line says that the other message ends; else the end of the body."""
    for bare in lines.bare[first:]:
        first += 1
        if "nd" in bare and bare[0] in _RULE_MARKS and END_OF_HISTORY.match(bare):
            return first
    return len(lines)

"""Takes the closing off the sender's own words: signature and waiver become parts of their own.

The agreed wordings are found word for word wherever they stand in the sender's own part; what only resembles them,
and anybody else's signature or disclaimer, is known by its form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Protocol

from auditor.mail import disclaimer, footlines, signoff
from auditor.mail.below import claimed
from auditor.mail.message import Body, Link, Segment, Zone
from auditor.mail.wording import Closing, Template, plain, words

_EXACT, _LIKE, _FORM = 1.0, 0.9, 0.75
"""How sure a closing is: word for word, resembling, or by its form alone."""
_SHINGLE = 3
_LIKENESS = 0.5
"""The share of a stretch's three-word runs that makes it an agreed wording's likeness."""
_FEW = 8
_LETTER = 12_000
"""Characters from either end in which a likeness is looked for."""


class Agreed(Protocol):
    """Whatever knows what may stand under the sender's mail."""

    @property
    def closing(self) -> Closing:
        """The agreed wordings, compiled."""
        ...


def close(body: Body, segments: Sequence[Segment], agreed: Agreed) -> tuple[Segment, ...]:
    """The segments with OWN refined into OWN, SIGNATURE and WAIVER; all others as they are.

    `segments` is what `segments.split` says of `body`. Whole lines, contiguous, in order, as before.
    Never raises; the time is linear in the length of the sender's own words.
    """
    closing = agreed.closing
    segments = claimed(
        body.text,
        segments,
        lambda matter: _speaks(matter, closing),
        lambda matter: any(one.spots(plain(matter)) for one in closing.signatures),
        closing.name,
    )
    sheets = {n: _Sheet(body.text, one) for n, one in enumerate(segments) if one.zone is Zone.OWN}
    if not sheets:
        return tuple(segments)
    pages = list(sheets.values())
    signed = [_exact(page, closing.signatures, Zone.SIGNATURE) for page in pages]
    _waivers(pages, closing)
    _linked(pages, body.links, closing)
    _signature(pages, closing, signed)
    found: list[Segment] = []
    for n, one in enumerate(segments):
        found += sheets[n].segments() if n in sheets else (one,)
    return tuple(found)


def _speaks(matter: str, closing: Closing) -> bool:
    """Whether closing matter names the sender, or shares three words running with an agreed wording."""
    shown = plain(matter)
    said = words(shown)
    runs = set(zip(said, said[1:], said[2:], strict=False))
    named = bool(closing.name) and closing.name.lower() in shown
    return named or any(not runs.isdisjoint(one.shingles) for one in (*closing.signatures, *closing.waivers))


class _Sheet:
    """The lines of one stretch of own words, and what each is."""

    def __init__(self, text: str, segment: Segment) -> None:
        self.segment = segment
        self.text = text[segment.start : segment.end]
        self.plain = plain(self.text)
        self.lines = self.plain.split("\n")
        self.untaken = self.plain
        """The plain text without the agreed wording that was found in it last."""
        self.zones: dict[int, tuple[Zone, float]] = {}

    def rows(self, start: int, end: int) -> range:
        """The lines from one offset of the plain text to another."""
        first = self.plain.count("\n", 0, start)
        return range(first, first + self.plain.count("\n", start, end) + 1)

    def rows_of_text(self, at: int) -> range:
        """The line at an offset of the stretch."""
        row = self.text.count("\n", 0, at)
        return range(row, row + 1)

    def mark(self, rows: range, zone: Zone, confidence: float) -> None:
        """Says what lines are; what was said first stands."""
        for n in rows:
            self.zones.setdefault(n, (zone, confidence))

    def open(self) -> list[str | None]:
        """The lines that are nothing yet; None for the others."""
        lines: list[str | None] = [*self.lines]
        for n in self.zones:
            lines[n] = None
        return lines

    def lines_but(self, zone: Zone) -> list[str | None]:
        """All lines; None for those that are `zone`."""
        lines: list[str | None] = [*self.lines]
        for n, (what, _) in self.zones.items():
            if what is zone:
                lines[n] = None
        return lines

    def spaced(self, stop: int) -> bool:
        """Whether the paragraphs above a line are parted by blank ones."""
        return any(not line or line.isspace() for line in self.lines[:stop])

    def segments(self) -> Sequence[Segment]:
        """The stretch again, in whole lines; a blank line goes with the line above it."""
        if not self.zones:
            return (self.segment,)
        lines = self.text.split("\n")
        own = (Zone.OWN, 1.0)
        cuts: list[tuple[tuple[Zone, float], int]] = [(own, 0)]
        follows = 0
        for n in sorted(self.zones):
            if n > follows:
                first = _first_said(lines, follows, n)
                if first is not None:
                    cuts.append((own, first if follows else 0))
            if cuts[-1][0] != self.zones[n]:
                cuts.append((self.zones[n], n))
            follows = n + 1
        first = _first_said(lines, follows, len(lines))
        if first is not None:
            cuts.append((own, first))
        return self._pieces(cuts, [*accumulate(map(len, lines), initial=self.segment.start)])

    def _pieces(self, cuts: Sequence[tuple[tuple[Zone, float], int]], lengths: Sequence[int]) -> list[Segment]:
        """The stretch cut before certain lines; `lengths` says what comes before each, newlines not counted."""
        found: list[Segment] = []
        stop, sure = self.segment.end, self.segment.confidence
        for (zone, confidence), first in reversed(cuts):
            start = lengths[first] + first
            if start < stop:
                found.append(Segment(zone, start, stop, min(sure, confidence)))
                stop = start
        return found[::-1]


def _first_said(lines: Sequence[str], start: int, stop: int) -> int | None:
    """The first of some lines that is not blank."""
    for n in range(start, stop):
        if lines[n] and not lines[n].isspace():
            return n
    return None


def _waivers(pages: Sequence[_Sheet], closing: Closing) -> None:
    exact = sum(_exact(page, closing.waivers, Zone.WAIVER) for page in pages)
    for page in pages:
        if closing.link and closing.shown_link in page.plain:
            at = page.plain.find(closing.shown_link)
            page.mark(page.rows(at, at + len(closing.shown_link)), Zone.WAIVER, _EXACT)
        if not exact and closing.resembled(page.plain):
            _likeness(page, closing)
        if disclaimer.hinted(page.untaken):
            for rows in disclaimer.find([line or "" for line in page.open()]):
                page.mark(rows, Zone.WAIVER, _FORM)


def _linked(pages: Sequence[_Sheet], links: Sequence[Link], closing: Closing) -> None:
    """The lines with a link that leads to the agreed waiver."""
    for link in links if closing.link else ():
        if closing.leads(link.target):
            for page in pages:
                at = link.at - page.segment.start
                if 0 <= at < len(page.text):
                    page.mark(page.rows_of_text(at), Zone.WAIVER, _EXACT)


def _exact(page: _Sheet, wordings: Iterable[Template], zone: Zone) -> int:
    """Marks the agreed wordings that stand there word for word; how many."""
    count = 0
    for wording in wordings:
        for start, end in wording.spots(page.plain):
            rows = page.rows(start, end)
            if rows.start not in page.zones and _most_of(page, rows, end - start):
                page.mark(rows, zone, _EXACT)
                page.untaken = page.plain[:start] + page.plain[end:]
                count += 1
    return count


def _most_of(page: _Sheet, rows: range, length: int) -> bool:
    """Whether a wording is most of the lines it stands on: a whole letter run into one line stays the sender's own."""
    return sum(map(len, page.lines[rows.start : rows.stop])) + len(rows) <= 2 * length


def _likeness(page: _Sheet, closing: Closing) -> None:
    """Marks what resembles an agreed waiver: cut, reworded, another council's."""
    agreed = closing.waiver_shingles
    if not agreed or len(page.plain) > 2 * _LETTER:
        return
    said: list[str] = []
    owner: list[int] = []
    for n, line in enumerate(page.lines):
        if line and n not in page.zones:
            found = words(line)
            said += found
            owner += [n] * len(found)
    hits = [n for n, shingle in enumerate(zip(said, said[1:], said[2:], strict=False)) if shingle in agreed]
    for run in _runs(hits):
        rows = range(owner[run[0]], owner[run[-1] + _SHINGLE - 1] + 1)
        on_rows = sum(owner[run[0]] <= n <= rows[-1] for n in owner)
        if len(run) >= _FEW and len(run) >= _LIKENESS * (on_rows - _SHINGLE + 1):
            page.mark(rows, Zone.WAIVER, _LIKE)


def _runs(hits: Sequence[int]) -> list[list[int]]:
    """Hits that follow one another closely."""
    found: list[list[int]] = []
    for hit in hits:
        if found and hit - found[-1][-1] <= 25:
            found[-1].append(hit)
        else:
            found.append([hit])
    return found


def _signature(pages: Sequence[_Sheet], closing: Closing, signed: Sequence[int]) -> None:
    for page, found in zip(pages, signed, strict=True):
        if found:
            _widen(page, closing)
    if not any(signed):
        ends = pages if len(pages) < 3 else (pages[0], pages[-1])
        any(_other_signature(page, closing) for page in reversed(ends))
    for page in pages:
        _device_lines(page)


def _widen(page: _Sheet, closing: Closing) -> None:
    """Takes in the lines that were added to an agreed signature, wherever it stands."""
    rows = sorted(n for n, (zone, _) in page.zones.items() if zone is Zone.SIGNATURE)
    for found in signoff.clusters(rows):
        wider = signoff.stretch(page.lines_but(Zone.WAIVER), found, closing.name.lower(), page.spaced(found.start))
        page.mark(wider, Zone.SIGNATURE, _LIKE)


def _other_signature(page: _Sheet, closing: Closing) -> bool:
    lines = page.open()
    found = signoff.near(lines, closing) if closing.named(page.plain) else None
    if found:
        found = signoff.stretch(lines, found, closing.name.lower(), page.spaced(found.start))
        page.mark(found, Zone.SIGNATURE, _LIKE)
        return True
    for stop in [n for n, line in enumerate([*lines, None]) if line is None][::-1]:
        found = signoff.block(lines[:stop], closing.name.lower())
        if found:
            page.mark(found, Zone.SIGNATURE, _FORM)
            return True
    return False


def _device_lines(page: _Sheet) -> None:
    said, lines, zones = 0, page.lines, page.zones
    for n in range(len(lines) - 1, -1, -1):
        if lines[n] and n not in zones:
            said += 1
            if footlines.device(lines[n]):
                page.mark(range(n, n + 1), Zone.SIGNATURE, _EXACT)
        if said == signoff.TAIL:
            return

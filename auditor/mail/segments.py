"""Splits a body into the sender's own words, what is quoted and what is forwarded on.

Words that a sender merely quotes are never charged to the sender. When splitting would
leave none of the sender's own words by mistake, they are rather kept, and the confidence
says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from auditor.mail.below import BELOW, below_history
from auditor.mail.bodylines import SURE, UNSURE, Lines
from auditor.mail.history import Stretch, Subject, Walk, opens_message
from auditor.mail.mailwords import TRACE
from auditor.mail.message import Body, Hint, Mark, Part, Parts, Segment, View, Zone

_ABOVE = 10
"""Lines of a block or an introduction that may stand above the first that `TRACE` knows."""
_MOST_MARKS = 500
_UNLIKE = 0.8
"""Two views that share fewer of their words than this were not written as one letter."""


def split(body: Body, subject: str = "") -> tuple[Segment, ...]:
    """Whose words each line is: OWN, QUOTED or FORWARDED.

    The segments are whole lines, contiguous, half-open, in order, and cover `body.text`;
    there are none when it is empty. Signature and waiver are still in OWN. Never raises;
    the time is linear in the body's length.
    """
    text = body.text
    if not text:
        return ()
    doubt = 1.0 if body.agreement >= _UNLIKE else 0.6
    cut = 0 if body.marks else _first_trace(text)
    if cut is None:
        return (Segment(Zone.OWN, 0, len(text), doubt),)
    above = bool(cut) and not text[:cut].isspace()
    lines = Lines.of(text[cut:])
    divider = _read_marks(body.marks, lines) if body.marks else None
    kind = Subject.of(subject)
    arrows = body.view is View.HTML and kind is Subject.PLAIN
    walk = Walk(lines, kind, divider, arrows, own=above)
    found = list(walk.stretches())
    if walk.tired:
        doubt = min(doubt, 0.5)
    if not found and kind is Subject.REPLY and lines.marked is not None:
        found = _unintroduced(lines)
    if found and lines.marked is None:
        found += below_history(found, lines, above=above or not lines.empty(0, found[0].first))
    return tuple(_segments(_cuts(found, lines, above=above), lines, cut, len(text), doubt))


def _first_trace(text: str) -> int | None:
    """Where to begin to look for another's words: a few lines above their first trace. None when there is none.

    Most mail has none and is done at once.
    """
    begun = TRACE.search(f"\n{text}\n")
    if begun is None:
        return None
    cut = begun.start()
    for _ in range(_ABOVE):
        cut = text.rfind("\n", 0, cut) if cut > 0 else -1
    return cut + 1


def _read_marks(marks: tuple[Mark, ...], lines: Lines) -> int | None:
    """Notes which lines the HTML calls quoted, and returns the line where it says that history begins."""
    divider: int | None = None
    lines.marked = bytearray(len(lines))
    starts = lines.starts()
    quotes: list[tuple[int, int]] = []
    for mark in marks:
        first, end = bisect_right(starts, mark.start) - 1, min(bisect_left(starts, mark.end), len(lines))
        if mark.hint is Hint.HISTORY:
            divider = first if divider is None else min(divider, first)
        elif mark.hint is Hint.QUOTE and first < end:
            quotes.append((first, end))
            lines.marked[first:end] = bytes([UNSURE]) * (end - first)
    for first, end in quotes[:_MOST_MARKS]:
        if opens_message(lines, first):
            lines.marked[first:end] = bytes([SURE]) * (end - first)
    return divider


def _unintroduced(lines: Lines) -> list[Stretch]:
    """A reply's block quotations that nothing introduces, as long as words of its own stand outside them."""
    marked = lines.marked or bytearray()
    if all(marked[at] or not lines.bare[at] for at in range(len(lines))):
        return []
    found: list[Stretch] = []
    at = 0
    while (first := marked.find(UNSURE, at)) >= 0:
        end = marked.find(0, first)
        at = len(marked) if end < 0 else end
        found.append(Stretch(Zone.QUOTED, first, at, 0.6))
    return found


def _cuts(found: list[Stretch], lines: Lines, *, above: bool) -> list[tuple[Zone, int, float]]:
    """Each run's zone, first line and confidence; blank lines alone are nobody's and join what is above them."""
    cuts: list[tuple[Zone, int, float]] = []
    at, sure = 0, 1.0
    for stretch in found:
        if (above and not cuts) or not lines.empty(at, stretch.first):
            cuts.append((Zone.OWN, at, min(sure, stretch.confidence)))
        cuts.append((stretch.zone, stretch.first, stretch.confidence))
        at, sure = stretch.end, stretch.confidence
    if not cuts or not lines.empty(at, len(lines)):
        cuts.append((Zone.OWN, at, sure))
    return cuts


def _segments(
    cuts: list[tuple[Zone, int, float]], lines: Lines, cut: int, length: int, doubt: float
) -> Iterator[Segment]:
    """The runs as stretches of the text, from its beginning to its `length`, whose lines begin at `cut`."""
    merged = _merged(cuts)
    start, at = 0, 0
    for n, (zone, _, sure) in enumerate(merged):
        if n + 1 == len(merged):
            end = length
        else:
            cut += lines.length(at, merged[n + 1][1])
            at, end = merged[n + 1][1], cut
        if start < end:
            yield Segment(zone, start, end, min(sure, doubt))
        start = end


def _merged(cuts: list[tuple[Zone, int, float]]) -> list[tuple[Zone, int, float]]:
    merged: list[tuple[Zone, int, float]] = []
    for zone, first, sure in cuts:
        if merged and merged[-1][0] is zone and sure != BELOW:
            merged[-1] = (zone, merged[-1][1], min(merged[-1][2], sure))
        else:
            merged.append((zone, first, sure))
    return merged


def assemble(text: str, segments: tuple[Segment, ...]) -> Parts:
    """The five parts of the body `text` whose segments these are, in reading order."""
    of: dict[Zone, list[Segment]] = {}
    for one in segments:
        of.setdefault(one.zone, []).append(one)
    own, signature, waiver, quoted, forwarded = (_part(text, of[zone]) if zone in of else _NOTHING for zone in _ZONES)
    return Parts(own, signature, waiver, quoted, forwarded)


_ZONES = tuple(Zone)
_NOTHING = Part("", (), 1.0)


def _part(text: str, segments: list[Segment]) -> Part:
    if len(segments) == 1:
        one = segments[0]
        return Part(text[one.start : one.end], (one,), one.confidence)
    said = "".join([text[s.start : s.end] + "\n" * join for s, join in _joined(text, segments)])
    return Part(said, tuple(segments), min([s.confidence for s in segments]))


def _joined(text: str, segments: list[Segment]) -> list[tuple[Segment, bool]]:
    """Each segment, and whether a newline must be put after it before the next."""
    last = len(segments) - 1
    return [(s, n < last and not text.endswith("\n", s.start, s.end)) for n, s in enumerate(segments)]


def spans_in_body(part: Part, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where `part.text[start:end]` stands in the body: one half-open span for each segment that it touches."""
    spans: list[tuple[int, int]] = []
    at = 0
    for segment in part.segments:
        length = segment.end - segment.start
        first, last = max(start, at), min(end, at + length)
        if first < last or (start == end and at <= start <= at + length and not spans):
            spans.append((segment.start + first - at, segment.start + last - at))
        at += length
        at += at < len(part.text) and part.text[at : at + 1] == "\n" and not part.text.endswith("\n", 0, at)
    return tuple(spans)

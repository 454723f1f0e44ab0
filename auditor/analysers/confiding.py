"""What the confidential rules have in common: which parts they read, and who receives it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import attrgetter

from auditor.analysers.audience import outside
from auditor.analysers.base import Case
from auditor.analysers.prose import prose
from auditor.mail.message import Kind

CLAUSES = ("E5", "M2")


def leaves(case: Case) -> bool:
    """Whether a letter goes to anybody outside the Council. A member's private account is no outsider's."""
    if not _latest or _latest[0][0] is not case:
        _latest[:] = [(case, case.mail.kind is Kind.ORDINARY and bool(outside(case.policy, case.mail.recipients)))]
    return _latest[0][1]


def readable(case: Case) -> Iterator[tuple[str, str]]:
    """The parts that may disclose something, with their text: what the sender wrote, and what the sender sent on."""
    for part in ("own", "forwarded"):
        if text := case.text(part):
            yield part, text


_latest: list[tuple[Case, bool]] = []
"""The latest answer: every rule of the family asks of the same case in turn."""


def enclosed(case: Case) -> Iterator[tuple[str, str]]:
    """The files with text, and as much of each as is read."""
    for part, text in case.enclosures():
        yield part, text[:_READ]


_READ = 200_000
"""Characters; what a file discloses it discloses on its first sixty pages."""


def sentence_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that a stretch stands in, from the first one's start to the last one's end."""
    sentences = prose(text).sentences
    first = bisect_right(sentences, start, key=attrgetter("end"))
    last = bisect_left(sentences, end, first, key=attrgetter("start"))
    hit = sentences[first:last]
    return (min(start, hit[0].start), max(end, hit[-1].end)) if hit else (start, end)


def around(text: str, start: int, end: int, limit: int = 200) -> tuple[int, int]:
    """The sentences that a stretch stands in where an excerpt holds them, the stretch itself otherwise."""
    first, last = sentence_of(text, start, end)
    return (first, last) if last - first <= limit else (start, end)


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches in order, those that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 2:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined

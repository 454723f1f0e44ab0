"""The store's mail proved: every piece hashed, read again where a hostile one can be ended, and compared with what is kept.

Nothing of a message comes back from the child: figures, hashes, and the sums of words that the index must have.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from auditor.errors import StoreError
from auditor.pipeline.guard import NOBODY, Deaths, Guard
from auditor.pipeline.reader import reader_version
from auditor.store.interface import Proving, Store
from auditor.store.records import Piece
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.store.records import Reading

STRETCH = 500
"""Pieces that are proved together."""
NAMED = 5
"""Spoilt messages that are named at most."""


class Stretch(Value, frozen=True):
    """Pieces by their numbers, both included."""

    first: int
    last: int


class Looked(Value, frozen=True):
    """What looking at a stretch came to."""

    pieces: int = 0
    spoilt: tuple[str, ...] = ()
    """Names of pieces whose bytes are not what they were."""
    readings: int = 0
    other: tuple[str, ...] = ()
    """Names of pieces of which the reading kept is not what reading them gives."""
    what: tuple[str, ...] = ()
    """What differs, once for each time."""
    earlier: int = 0
    """Readings that differ and were made by an earlier version."""
    unread: int = 0
    """Readings that could not be made again: the message was too much for the reader this time."""
    sums: tuple[tuple[int, int, bool], ...] = ()
    """Holdings, the sums of words that the index must have for them, and whether an earlier version wrote them."""


class Rereading:
    """Hashes and reads again: `guard.Work` on stretches.

    Args:
        open_store: opens the store to be proved; called once, in the child.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self.open_store = open_store
        self._store: Store | None = None
        self._proving: Proving | None = None

    def do(self, page: Stretch, deaths: Deaths, at: Callable[[int], None]) -> Looked:
        """Each piece of the stretch."""
        if self._store is None or self._proving is None:
            self._store = self.open_store()
            self._proving = self._store.proving(reader_version())
        tally = _Tally(self._proving)
        for piece in self._proving.pieces(page.first, page.last):
            number = piece.number - page.first
            at(number)
            tally.add(piece, len(deaths.get(number, ())))
        at(NOBODY)
        return tally.looked()


class _Tally:
    """What is found while a stretch is gone through."""

    def __init__(self, proving: Proving) -> None:
        self._proving = proving
        self._figures: Counter[str] = Counter()
        self._spoilt: list[str] = []
        self._other: list[str] = []
        self._what: list[str] = []
        self._sums: list[tuple[int, int, bool]] = []

    def looked(self) -> Looked:
        figures = self._figures
        return Looked(
            figures["pieces"], tuple(self._spoilt), figures["readings"], tuple(self._other), tuple(self._what),
            figures["earlier"], figures["unread"], tuple(self._sums),
        )  # fmt: skip

    def add(self, piece: Piece, deaths: int) -> None:
        """One piece; `deaths` is how many children have ended at it."""
        self._figures["pieces"] += 1
        if not piece.sound:
            self._spoilt.append(piece.sha256)
        if piece.spoilt:
            self._other.append(piece.sha256)
            self._what.append("the reading, which cannot be unpacked")
        if piece.packed is None or piece.raw is None:
            return
        self._figures["readings"] += 1
        made = _made_again(piece, deaths)
        if made is None:
            self._figures["unread"] += 1
            return
        self._compare(piece, made)

    def _compare(self, piece: Piece, made: dict[int, Reading]) -> None:
        same = piece.packed in {reading.packed for reading in made.values()}
        if not same and piece.earlier:
            self._figures["earlier"] += 1
            return
        differs = self._proving.unlike(piece, {kept.holding: made[kept.holding] for kept in piece.kept})
        if not same:
            differs.append("the reading")
        if differs:
            self._other.append(piece.sha256)
            self._what += differs
        with suppress(StoreError):  # a row that cannot be read has been told of
            for holding in [kept.holding for kept in piece.kept]:
                self._sums.append((holding, self._proving.words(holding, made[holding]), piece.earlier))


def _made_again(piece: Piece, deaths: int) -> dict[int, Reading] | None:
    """A piece's readings by holding, as a night would make them; None where it cannot be read this time."""
    from auditor.mail.limits import DEFAULT, UNOPENED
    from auditor.pipeline.rereading import read_again

    made: dict[int, Reading] | None = None
    for limits in (DEFAULT, UNOPENED)[deaths:]:
        with suppress(Exception):  # whatever a library throws at hostile mail: it is counted as not read again
            again = read_again(piece, limits)
            if piece.packed in {reading.packed for reading in again.values()}:
                return again
            made = made or again
    return made


class Result(Value, frozen=True):
    """What proving all mail came to."""

    looked: Looked
    index_checked: int
    index_wrong: int
    """Holdings for which the index has other words than their messages."""
    index_earlier: int
    """The same, where an earlier version wrote them."""
    strangers: int
    """How many the index has words for and are no holdings."""


def prove(
    store: Store, guard: Guard, index: bool = True, progress: Callable[[int], None] = lambda _done: None
) -> Result:
    """All of it.

    Raises:
        StoreError: the file cannot be read to its end.
    """
    look, work = store.proving(reader_version()), Rereading(store.opener())
    total, wanted = Looked(), _Wanted()
    for stretch in stretches(look.last()):
        guard.submit(work, stretch)
        found: Looked = guard.answer()
        wanted.add(found)
        total = together(total, found)
        progress(total.pieces)
    return Result(total, *(wanted.compared(look) if index else (0, 0, 0, 0)))


def hashed(store: Store, first: int, last: int) -> Looked:
    """Pieces by their numbers, both included: only whether the bytes are what they were. Nothing is read again."""
    pieces, spoilt = 0, []
    for piece in store.proving(reader_version()).pieces(first, last, bytes_only=True):
        pieces += 1
        if not piece.sound:
            spoilt.append(piece.sha256)
    return Looked(pieces, tuple(spoilt))


def stretches(last: int) -> Iterator[Stretch]:
    """All pieces up to the last."""
    return (Stretch(first, min(first + STRETCH - 1, last)) for first in range(1, last + 1, STRETCH))


def together(one: Looked, other: Looked) -> Looked:
    """Both; the sums are left out, and names beyond those that are told."""
    return Looked(
        one.pieces + other.pieces,
        one.spoilt + other.spoilt,
        one.readings + other.readings,
        one.other + other.other,
        one.what + other.what,
        one.earlier + other.earlier,
        one.unread + other.unread,
    )


class _Wanted:
    """What the index must have; in arrays, for there may be a million messages."""

    def __init__(self) -> None:
        self._holdings, self._sums, self._earlier = array("q"), array("Q"), array("b")

    def add(self, found: Looked) -> None:
        """A stretch's."""
        for holding, words, earlier in found.sums:
            self._holdings.append(holding)
            self._sums.append(words)
            self._earlier.append(earlier)

    def compared(self, look: Proving) -> tuple[int, int, int, int]:
        """How many were compared, how many of them differ, how many that an earlier version wrote, and strangers."""
        ids, has, strangers = look.index()
        wrong, at = [0, 0], 0
        order = sorted(range(len(self._holdings)), key=self._holdings.__getitem__)
        for place in order:
            while at < len(ids) and ids[at] < self._holdings[place]:
                at += 1
            there = at < len(ids) and ids[at] == self._holdings[place]
            wrong[self._earlier[place]] += not there or has[at] != self._sums[place]
        return len(order), wrong[0], wrong[1], strangers

"""Exceptions: what was chosen of them is read back, and they keep out of a workbook what need not be listed again.

The Clerk's come of the Clerk's workbooks alone, the Chair's of the Chair's: neither can adopt or end the other's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli.workplace import user
from auditor.mail.message import Address
from auditor.values import Value, replace

if TYPE_CHECKING:
    from auditor.cli.deciding import Looked
    from auditor.config import Config
    from auditor.store.decisions import Book
    from auditor.store.interface import Store
    from auditor.store.records import FindingRow
    from reports.choices import Choices
    from reports.exceptions import Exceptions
    from reports.report import Reader


class Choosing(Value, frozen=True):
    """What one workbook says of exceptions, and what became of it."""

    choices: Choices
    changed: int = 0
    """Of how many it says something else than when it was read before."""
    strange: tuple[str, ...] = ()
    """Names in it that nothing has that is proposed or was ever adopted."""

    def questions(self, file: str) -> Iterator[str]:
        """What whoever chooses in it is asked, a sentence each."""
        from reports.words import counted, listed

        yield from (f"{file}: {trouble}" for trouble in self.choices.trouble)
        for words, where in self.choices.odd:
            yield (
                f"{file}, sheet {where.sheet}, row {where.row:,}: '{words}' is none of the choices there are; choose one from "
                "the list in that cell and save."
            )
        for first, *others in self.choices.twice:
            also = listed([f"{other.row:,}" for other in others])
            yield (
                f"{file}, sheet {first.sheet}, row {first.row:,}: the same exception stands in row {also} as well and says "
                "something else there; make them the same, or delete all but one."
            )
        lost = len(self.choices.nameless)
        lost += sum(one.exception in self.strange and one.choice is not None for one in self.choices.rows)
        if lost:
            yield (
                f"{file}: {counted(lost, 'choice')} on exceptions could not be taken, because the column Exception is empty "
                "there or names none that may be adopted any more; see the sheet Exceptions of the newest workbook."
            )

    @property
    def facts(self) -> dict[str, int]:
        """'Adopt' → how many, of each choice there is; and how many are new or changed."""
        from auditor.store.exceptions import Choice

        said = Counter(one.choice for one in self.choices.rows if one.exception not in self.strange)
        return {choice.lower(): said[choice] for choice in Choice} | {"changed": self.changed}

    def told(self) -> str:
        """'; of exceptions 2 adopted, 1 ended'; empty where nothing is chosen."""
        facts = self.facts
        words = {"adopt": "adopted", "leave": "left", "keep": "kept", "end": "ended"}
        said = [f"{facts[choice]:,} {word}" for choice, word in words.items() if facts[choice]]
        return f"; of exceptions {', '.join(said)}" if said else ""


def is_chairs(config: Config, path: Path) -> bool:
    """Whether a workbook is for the Chair."""
    # By whatever way the path leads there: 'out/../out/chair' is the Chair's as well.
    return config.within(config.schedule.reports.chair_folder).resolve() in path.resolve().parents


def taken(
    config: Config, store: Store, books: Sequence[Looked], book_of: Callable[[Looked], Book], now: datetime
) -> tuple[Looked, ...]:
    """Takes what workbooks say of exceptions into the store, once all their decisions are in it."""
    if not any(book.choosing.choices.rows for book in books):
        return tuple(books)
    known = _known(config, store, now)
    return tuple(replace(book, choosing=_taken(config, store, book, book_of, known, now)) for book in books)


def _taken(
    config: Config,
    store: Store,
    book: Looked,
    book_of: Callable[[Looked], Book],
    known: Mapping[bool, set[str]],
    now: datetime,
) -> Choosing:
    from auditor.store.exceptions import Choice, Pick
    from reports.exceptions import until
    from reports.week import local_day

    choices = book.choosing.choices
    mine = [one for one in choices.rows if one.exception in known[book.chairs]]
    if not mine:
        return Choosing(choices, 0, tuple(one.exception for one in choices.rows))
    read = book_of(book)
    last = until(local_day(read.saved), config.schedule.policy.review)
    said = [Pick(one.exception, one.choice, last if one.choice is Choice.ADOPT else None, book.chairs) for one in mine]
    strange = {one.exception for one in choices.rows} - {one.exception for one in mine}
    return Choosing(choices, store.choose(read, said, user(), now), tuple(sorted(strange)))


def _known(config: Config, store: Store, now: datetime) -> dict[bool, set[str]]:
    """What may be chosen of, by whether it is the Chair's: what decisions carry, and what was chosen of before."""
    from reports.report import Reader

    known: dict[bool, set[str]] = {False: set(), True: set()}
    for reader, found in standing(config, store, now).items():
        known[reader is Reader.CHAIR] |= {line.name for line in found.lines if line.founded}
    for pick in store.choices():
        known[pick.chairs].add(pick.exception)
    return known


def standing(config: Config, store: Store, now: datetime) -> dict[Reader, Exceptions]:
    """How each reader's exceptions stand, by all of history."""
    from reports.exceptions import exceptions, touched
    from reports.report import Reader
    from reports.week import local_day

    decided, picks = store.decisions(), store.choices()
    rows: dict[Reader, list[tuple[FindingRow, str]]] = {reader: [] for reader in Reader}
    for row in touched(store.findings(), decided, {one.finding for one in store.hidden()}) if decided else ():
        reader, person = _whose(config, row)
        rows[reader].append((row, person))
    home = config.path.absolute().parent
    chairs_books = {book for book in {one.book for one in decided.values()} if is_chairs(config, home / book)}
    return {
        reader: exceptions(
            rows[reader],
            {name: one for name, one in decided.items() if (one.book in chairs_books) is chairs},
            [pick for pick in picks if pick.chairs is chairs],
            reader,
            local_day(now),
        )
        for reader, chairs in ((Reader.CLERK, False), (Reader.CHAIR, True))
    }


def _whose(config: Config, row: FindingRow) -> tuple[Reader, str]:
    """Who is told of a finding, and who had the sender's address on the day."""
    from reports.report import Reader, on_clerk
    from reports.week import sent_day

    day = sent_day(row.sent)
    person = config.policy.person(Address("", row.sender), day)
    return Reader.CHAIR if on_clerk(row, day, config.policy) else Reader.CLERK, person.name if person else ""


def sifted(
    config: Config, store: Store, rows: Sequence[FindingRow], label: str, now: datetime
) -> tuple[list[FindingRow], dict[Reader, Exceptions]]:
    """The findings that the workbook of `label` lists, of those that it could, and what it tells of exceptions."""
    from reports.exceptions import divided, name, scope, with_hidden
    from reports.report import Reader

    stand, before = standing(config, store, now), store.hidden()
    names: dict[str, str | None] = {}
    in_force = frozenset[str]().union(*(found.in_force for found in stand.values()))
    for row in rows if in_force else ():
        if row.reported is None:
            reader, person = _whose(config, row)
            about = scope(row, person)
            names[row.id] = name(about, reader) if about else None
    listed, away = divided(rows, names, in_force, {one.finding: one for one in before}, label)
    own: dict[Reader, list[tuple[FindingRow, str]]] = {reader: [] for reader in Reader}
    for row, known in away:
        own[_whose(config, row)[0]].append((row, known))
    return listed, {reader: with_hidden(found, own[reader], before, label) for reader, found in stand.items()}


def hidden_in(store: Store, label: str) -> set[str]:
    """The findings that the workbook of this label has hidden."""
    return {one.finding for one in store.hidden() if one.label == label}

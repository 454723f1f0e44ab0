"""What the clerk and the Chair have decided in their workbooks: read back into the store, and what there is to ask them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli import sampling
from auditor.cli.sampling import Looking
from auditor.cli.workplace import chair_password_if_any, user
from auditor.store.decisions import Book, Change
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.decisions import Conflict, Decided
    from auditor.store.interface import Store
    from auditor.store.samples import Looked as Said
    from reports.decisions import Read, Where
    from reports.report import Decisions, Reader


BACKLOG = "backlog"
"""The label of what the very first run found in old mail."""


NAMED = "audit"
"""In the name of every workbook that was written here, and of copies of it."""


class Looked(Value, frozen=True):
    """One workbook that was looked into."""

    path: Path
    name: str
    """As `Book.name`."""
    chairs: bool
    """Whether it is for the Chair: what is asked about it is the Chair's to read."""
    read: Read
    change: Change
    looking: Looking
    """What it says of its sample."""

    def questions(self) -> Iterator[str]:
        """What whoever decides in it is asked, a sentence each."""
        from reports.words import counted, listed

        if self.read.trouble:
            yield self.read.trouble
        for odd in self.read.unknown:
            yield (
                f"{self._row(odd.where)}: '{odd.words}' is none of the decisions there are; choose one from the list in that "
                "cell and save."
            )
        for one in self.read.twice:
            first, *others = one.rows
            also = listed([f"{other.where.row:,}" for other in others])
            yield (
                f"{self._row(first.where)}: the same finding stands in row {also} as well and says something else there; make "
                "them the same, or delete all but one."
            )
        strange = set(self.change.unknown)
        rows = (row.said for row in self.read.rows)
        lost = len(self.read.nameless) + sum(
            said.finding in strange and bool(said.decision or said.note) for said in rows
        )
        if lost:
            yield (
                f"{self.path.name}: {counted(lost, 'decision')} could not be taken, because the column Finding is empty there or "
                "names nothing that is held; decide in a copy of the workbook where that column is as it was."
            )
        yield from self.looking.questions(self.path.name)

    def _row(self, where: Where) -> str:
        return f"{self.path.name}, sheet {where.sheet}, row {where.row:,}"


class ReadBack(Value, frozen=True):
    """All workbooks, and where they differ."""

    books: tuple[Looked, ...]
    conflicts: tuple[Conflict, ...]
    of_samples: tuple[tuple[Said, ...], ...] = ()
    """The same of sampled messages: what each workbook says of one, newest first."""


def workbooks(config: Config) -> tuple[Path, ...]:
    """Those in the folders of [reports], by name: the clerk's, then the Chair's."""
    places = config.schedule.reports
    folders = dict.fromkeys((config.within(places.folder), config.within(places.chair_folder)))
    return tuple(
        book
        for folder in folders
        for book in sorted(folder.glob("*.xlsx"))
        if not book.name.startswith(("~$", ".")) and book.is_file()
    )


def read_back(config: Config, store: Store, now: datetime, files: Sequence[Path] | None = None) -> ReadBack:
    """Takes what workbooks say into the store; those in the folders where no files are given. None is written to."""
    from reports.decisions import read
    from reports.looks import Looks, Reading

    password, books = chair_password_if_any(config), []
    for path in workbooks(config) if files is None else files:
        if files is None and _as_written(path, password):
            continue
        reading = Reading()
        found = read(path, password, reading)
        if files is None and found.trouble and not found.rows and NAMED not in path.name.casefold():
            continue  # somebody's other spreadsheet
        name = _name(config, path)
        odd = {one.finding for one in found.unknown}  # what was decided of these before stands
        said = [row.said for row in found.rows if row.said.finding not in odd]
        change = store.decide(_book(name, path, now), said, user(), now) if said else Change()
        chairs = _chairs(config, path)
        looks = Looks() if found.trouble and not found.rows else reading.looks  # a file is whole or says nothing
        looking = sampling.taken(store, looks, chairs, partial(_book, name, path, now), now)
        books.append(Looked(path, name, chairs, found, change, looking))
    there = {_name(config, path) for path in (*workbooks(config), *(files or ()))}
    return ReadBack(tuple(books), tuple(store.conflicts(there)), tuple(store.look_conflicts(there)))


def _chairs(config: Config, path: Path) -> bool:
    return config.within(config.schedule.reports.chair_folder).absolute() in path.absolute().parents


def _as_written(path: Path, password: str | None) -> bool:
    """Whether nobody has saved it since the auditor wrote it."""
    from reports import place
    from reports.sealed import Locked

    try:
        return place.untouched(path, password)
    except Locked:
        return False


def _name(config: Config, path: Path) -> str:
    whole, home = path.absolute(), config.path.absolute().parent
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else whole.as_posix()


def _book(name: str, path: Path, now: datetime) -> Book:
    content = path.read_bytes()
    # A computer whose clock runs ahead must not have the last word for ever.
    saved = min(datetime.fromtimestamp(path.stat().st_mtime, UTC), now)
    return Book(name, saved, sha256(content).hexdigest())


def differing(found: ReadBack) -> Iterator[tuple[bool, str]]:
    """Each conflict: whether it is the Chair's, and "Copy.xlsx (row 6) says 'Breach' and Audit 2026-W46.xlsx (row 9) …"."""
    from reports.words import listed

    rows = {(book.name, row.said.finding): row.where for book in found.books for row in book.read.rows}
    chairs = {book.name for book in found.books if book.chairs}
    for conflict in found.conflicts:
        places = [_place(one, rows.get((one.book, one.finding))) for one in conflict.sayings]
        if len({one.decision for one in conflict.sayings}) > 1:
            pairs = zip(places, conflict.sayings, strict=True)
            told = f"{listed([f'{place} says {_words(one)}' for place, one in pairs])} of the same finding"
        else:
            told = f"{listed(places)} have different notes on the same finding"
        own = any(one.book in chairs for one in conflict.sayings)
        yield own, f"{told}. The first of these was saved last, and counts: make the other the same."


def _place(one: Decided, where: Where | None) -> str:
    name = Path(one.book).name
    return f"{name} (row {where.row:,})" if where else name


def _words(one: Decided) -> str:
    return f"'{one.decision}'" if one.decision else "nothing"


def stand(config: Config, store: Store, found: ReadBack, listed: Sequence[str], label: str) -> dict[Reader, Decisions]:
    """How decisions stand, for the workbook of `label`, which lists these findings.

    Args:
        listed: identities.
    """
    from reports.report import Decisions, Reader, on_clerk
    from reports.week import sent_day

    decided = store.decisions()
    done: Counter[Reader] = Counter()
    waiting: dict[Reader, Counter[str]] = {reader: Counter() for reader in Reader}
    for row in store.findings():
        if row.reported is None or row.reported == label:
            continue
        reader = Reader.CHAIR if on_clerk(row, sent_day(row.sent), config.policy) else Reader.CLERK
        known = decided.get(row.id)
        if known is not None and known.decision is not None:
            done[reader] += 1
        else:
            waiting[reader][row.reported] += 1
    standing = {one: decided[one] for one in listed if one in decided}
    asked = _asked(found)
    return {
        reader: Decisions(
            standing,
            done[reader],
            newest_first(waiting[reader]),
            asked[reader],
        )
        for reader in Reader
    }


def newest_first(waiting: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """'Audit 2026-W46' → how many, by the labels of workbooks; the backlog, which was the first, last."""
    weeks = sorted(waiting.items(), key=lambda item: (item[0] != BACKLOG, item[0]), reverse=True)
    return tuple((f"Audit {label}", many) for label, many in weeks)


def _asked(found: ReadBack) -> dict[Reader, tuple[str, ...]]:
    """Each is asked about their own workbooks."""
    from reports.report import Reader

    asked = [(book.chairs, sentence) for book in found.books for sentence in book.questions()]
    asked += [*differing(found), *sampling.differing(found.books, found.of_samples)]
    return {
        reader: tuple(sentence for chairs, sentence in asked if chairs == (reader is Reader.CHAIR)) for reader in Reader
    }

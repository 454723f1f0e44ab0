"""What the clerk and the Chair have decided in their workbooks: read back into the store, and what there is to ask them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli import sampling
from auditor.cli.excepting import Choosing, is_chairs, taken
from auditor.cli.sampling import Looking
from auditor.cli.workplace import chair_password_if_any, user
from auditor.store.decisions import Book, Change, Decision
from auditor.values import Value, replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.decisions import Conflict, Decided
    from auditor.store.decisions import Said as Saying
    from auditor.store.interface import Store
    from auditor.store.samples import Looked as Said
    from reports.decisions import Read, Row, Where
    from reports.opened import Opened
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
    choosing: Choosing
    """What it says of exceptions."""
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
                "names nothing that this workbook decides; decide in a copy of the workbook where that column is as it was."
            )
        yield from self.choosing.questions(self.path.name)
        yield from self.looking.questions(self.path.name)

    def _row(self, where: Where) -> str:
        return f"{self.path.name}, sheet {where.sheet}, row {where.row:,}"


class ReadBack(Value, frozen=True):
    """All workbooks, and where they differ: of an incident, where its first finding does."""

    books: tuple[Looked, ...]
    conflicts: tuple[Conflict, ...]
    of_samples: tuple[tuple[Said, ...], ...] = ()
    """The same of sampled messages: what each workbook says of one, newest first."""
    chairs: frozenset[str] = frozenset()
    """The Chair's of those that differ or were looked into, by name: others than were looked into now may differ."""


def workbooks(config: Config) -> tuple[Path, ...]:
    """Those in the folders of [reports], by name: the clerk's, those she saved where they were delivered, then the Chair's."""
    from auditor.cli.delivering import copies_folder

    places = config.schedule.reports
    clerks, chairs = config.within(places.folder), config.within(places.chair_folder)
    folders = dict.fromkeys((clerks, copies_folder(config), chairs))
    return tuple(
        book
        for folder in folders
        for book in sorted(folder.glob("*.xlsx"))
        if not book.name.startswith(("~$", ".")) and book.is_file()
    )


def read_back(config: Config, store: Store, now: datetime, files: Sequence[Path] | None = None) -> ReadBack:
    """Takes what workbooks say into the store; those in the folders where no files are given. None is written to."""
    from reports import choices, looks
    from reports.decisions import read

    password, books = chair_password_if_any(config), []
    for path in workbooks(config) if files is None else files:
        if files is None and _as_written(path, password):
            continue
        chosen, seen = choices.Reading(), looks.Reading()
        found = read(path, password, _each(chosen, seen))
        if files is None and found.trouble and not found.rows and NAMED not in path.name.casefold():
            continue  # somebody's other spreadsheet
        name, chairs = _name(config, path), is_chairs(config, path)
        found = replace(found, rows=tuple(_as_it_was(store, name, row) for row in found.rows))
        odd = {one.finding for one in found.unknown}  # what was decided of these before stands
        said = [row.said for row in found.rows if row.said.finding not in odd]
        theirs = _not_for(config, store, chairs, said)
        mine = [one for one in said if one.finding not in theirs]
        change = store.decide(_book(name, path, now), mine, user(), now) if mine else Change()
        strange = [one for one in said if one.finding in theirs and not _is_kept(store, name, one)]
        change = replace(change, unknown=(*change.unknown, *(one.finding for one in strange)))
        nothing = bool(found.trouble) and not found.rows  # a file is whole or says nothing
        sample = looks.Looks() if nothing else seen.looks
        looking = sampling.taken(store, sample, chairs, partial(_book, name, path, now), now)
        choosing = Choosing(choices.Choices() if nothing else chosen.choices)
        books.append(Looked(path, name, chairs, found, change, choosing, looking))
    present = {_name(config, path): path for path in (*workbooks(config), *(files or ()))}
    there = present.keys()
    theirs_too = frozenset(name for name, path in present.items() if is_chairs(config, path))
    whole = taken(config, store, books, lambda book: _book(book.name, book.path, now), now)
    return ReadBack(whole, _told_once(books, store.conflicts(there)), tuple(store.look_conflicts(there)), theirs_too)


def _as_it_was(store: Store, book: str, row: Row) -> Row:
    """With the decision that stays: what this workbook said last of the finding; where it has said nothing, what stands."""
    if not row.stays:
        return row
    finding = row.said.finding
    before = _before(store, book, finding) or [*store.decisions([finding]).values()]
    return replace(row, said=replace(row.said, decision=before[-1].decision if before else None))


def _before(store: Store, book: str, finding: str) -> list[Decided]:
    """All that a workbook has said of a finding, oldest first."""
    return [one for one in store.decision_history(finding) if one.book == book]


def _is_kept(store: Store, book: str, said: Saying) -> bool:
    """Whether this was taken from this workbook: then the finding was its reader's, by the people as they stood there then."""
    return any(
        (one.decision, one.note) == (said.decision, said.note) for one in _before(store, book, said.finding)[-1:]
    )


def _not_for(config: Config, store: Store, chairs: bool, said: Sequence[Saying]) -> frozenset[str]:
    """Those of these findings that are the other reader's to decide, withdrawn ones too: they may be made again."""
    from reports.report import on_clerk
    from reports.week import sent_day

    found = store.whose([one.finding for one in said])
    return frozenset(one.finding for one in found if on_clerk(one, sent_day(one.sent), config.policy) is not chairs)


def _each(*readings: Callable[[Opened], None]) -> Callable[[Opened], None]:
    """Reads an open workbook with all of them."""

    def read(book: Opened) -> None:
        for reading in readings:
            reading(book)

    return read


def _told_once(books: Sequence[Looked], conflicts: Sequence[Conflict]) -> tuple[Conflict, ...]:
    """Without those that follow from another one, on the first finding of the same incident."""
    leads: dict[str, set[str]] = {}
    for row in (row for book in books for row in book.read.rows if row.lead):
        leads.setdefault(row.said.finding, set()).add(row.lead)
    differ = {conflict.finding: leads.get(conflict.finding, set()) for conflict in conflicts}
    told: set[str] = set()
    # What is first in one workbook may follow in another: one of them is told all the same.
    for finding in sorted(differ, key=lambda finding: bool(differ[finding] & differ.keys())):
        if not differ[finding] & told:
            told.add(finding)
    return tuple(conflict for conflict in conflicts if conflict.finding in told)


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
    for conflict in found.conflicts:
        places = [_place(one, rows.get((one.book, one.finding))) for one in conflict.sayings]
        if len({one.decision for one in conflict.sayings}) > 1:
            pairs = zip(places, conflict.sayings, strict=True)
            told = f"{listed([f'{place} says {_words(one)}' for place, one in pairs])} of the same finding"
        else:
            told = f"{listed(places)} have different notes on the same finding"
        own = any(one.book in found.chairs for one in conflict.sayings)
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
    breaches: dict[Reader, dict[tuple[str, str], datetime]] = {reader: {} for reader in Reader}
    right: dict[Reader, Counter[str]] = {reader: Counter() for reader in Reader}
    wrong: dict[Reader, Counter[str]] = {reader: Counter() for reader in Reader}
    for row in store.findings():
        reader = Reader.CHAIR if on_clerk(row, sent_day(row.sent), config.policy) else Reader.CLERK
        known = decided.get(row.id)
        said = known.decision if known is not None else None
        if said is Decision.NO_BREACH:
            wrong[reader][row.finding.rule] += 1
        elif said in (Decision.BREACH, Decision.PERMITTED):
            right[reader][row.finding.rule] += 1
        if row.reported is None or row.reported == label:
            continue
        if said is None:
            waiting[reader][row.reported] += 1
            continue
        done[reader] += 1
        if said is Decision.BREACH and row.sent is not None:
            key = row.sender, row.finding.rule
            breaches[reader][key] = min(row.sent, breaches[reader].get(key, row.sent))
    standing = {one: decided[one] for one in listed if one in decided}
    asked = _asked(found)
    return {
        reader: Decisions(
            standing,
            done[reader],
            newest_first(waiting[reader]),
            asked[reader],
            breaches[reader],
            {rule: (right[reader][rule], both) for rule, both in (right[reader] + wrong[reader]).items()},
        )
        for reader in Reader
    }


def waiting(config: Config, store: Store) -> dict[str, int]:
    """How many findings of each of the clerk's workbooks wait for a decision, by label."""
    from reports.report import on_clerk
    from reports.week import sent_day

    decided = {name for name, one in store.decisions().items() if one.decision}
    many = Counter[str]()
    for row in store.findings():
        if row.reported is not None and row.id not in decided and not on_clerk(row, sent_day(row.sent), config.policy):
            many[row.reported] += 1
    return dict(sorted(many.items()))


def newest_first(waiting: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """'Audit 2026-W46' → how many, by the labels of workbooks; the backlog, which was the first, last."""
    weeks = sorted(waiting.items(), key=lambda item: (item[0] != BACKLOG, item[0]), reverse=True)
    return tuple((f"Audit {label}", many) for label, many in weeks)


def _asked(found: ReadBack) -> dict[Reader, tuple[str, ...]]:
    """Each is asked about their own workbooks."""
    from reports.report import Reader

    asked = [(book.chairs, sentence) for book in found.books for sentence in book.questions()]
    asked += [*differing(found), *sampling.differing(found.chairs, found.of_samples)]
    return {
        reader: tuple(sentence for chairs, sentence in asked if chairs == (reader is Reader.CHAIR)) for reader in Reader
    }

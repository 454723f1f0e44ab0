"""Drafts of notes to people, beside the week's workbook: on what the clerk has decided to be a breach, each told once.

Nothing is sent. What was told stands in the audit trail, as the identities of findings and the SHA-256 of each draft: so
nothing is told twice though the drafts are deleted, and a draft that somebody has edited is known from one that nobody has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from errno import EEXIST
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import whole
from auditor.cli.policy_text import policy_text
from auditor.cli.trailing import recorded
from auditor.mail.message import Address
from auditor.policy import Person, Role
from auditor.store.decisions import Decision
from auditor.store.trail import Deed
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.drafts.coaching import Matter
    from auditor.findings import Rule
    from auditor.store.interface import Store
    from auditor.store.records import FindingRow
    from reports.week import Period

LARGEST = 1_000_000
"""Bytes of a file that is looked at; no draft comes near it."""
_TRIES = 99
_NOT_IN_A_NAME = '<>:"/\\|?*'
_NAME_LENGTH = 80


class Notes(Value, frozen=True):
    """What a writing came to."""

    said: tuple[str, ...] = ()
    """A sentence for each draft written."""
    standing: tuple[str, ...] = ()
    """For the workbook: a sentence for each draft in the week's folder, whenever it was written."""
    line: str = ""
    """For whoever runs the program; empty where none was written."""
    trouble: str = ""
    """Why not all could be written, and what to do."""


class _Told(Value, frozen=True):
    """What earlier notes told, by the trail."""

    findings: Mapping[str, int]
    """By identity: the number of the entry that told it first."""
    drafts: Mapping[str, tuple[str, ...]]
    """By the SHA-256 of a draft as it was written: what it is about."""


class _Note(Value, frozen=True):
    """One person's findings."""

    person: Person
    rows: tuple[FindingRow, ...]


def write_notes(config: Config, store: Store, period: Period, now: datetime) -> Notes:
    """Writes the drafts that are due into 'Notes 2026-W47' in the folder of [reports].

    They are about findings that stand as breaches, on people in post, that no note has told; never about the clerk, and
    never about what lies in the Chair's workbook. A draft that nobody has edited loses what is no breach any more; one that
    somebody has is left as it is.
    """
    return _Desk(config, store, now).write(period)


class _Desk:
    def __init__(self, config: Config, store: Store, now: datetime) -> None:
        from reports.week import local_day

        self._config = config
        self._store = store
        self._now = now
        self._today = local_day(now)
        self._folder = config.within(config.schedule.reports.folder)
        self._clerk = next(
            (one for one in config.policy.people if one.role is Role.CLERK and one.in_post(self._today)), None
        )
        self._breaches = {name: one for name, one in store.decisions().items() if one.decision is Decision.BREACH}
        self._told = _told(store)
        self._adopted = policy_text(config)
        self._made: dict[str, list[str]] = {}
        self._withdrawn: list[str] = []
        self._said: list[str] = []

    def write(self, period: Period) -> Notes:
        if self._clerk is None:
            return Notes()
        folder = self._folder / f"Notes {period.label}"
        try:
            self._work(self._clerk, folder)
        except OSError:
            self._said.clear()
            trouble = self._again(self._clerk, folder)
        else:
            trouble = ""
        if self._made or self._withdrawn:
            about = {"week": period.label, "notes": self._made, "withdrawn": self._withdrawn}
            recorded(self._store, Deed.NOTED, about, self._now)
        return Notes(tuple(self._said), tuple(_standing(folder)), self._line(folder), trouble)

    def _work(self, clerk: Person, folder: Path) -> None:
        self._mend(clerk)
        for note in self._due():
            self._put(clerk, note, folder)

    def _again(self, clerk: Person, folder: Path) -> str:
        """A second time, for a disk that refused once; why that came to nothing either. What was made stands."""
        try:
            self._work(clerk, folder)
        except OSError as error:
            return (
                f"The notes to people could not be written into '{folder}' ({error.strerror or type(error).__name__}): see that "
                "this user may write there and that no draft is open, then run 'auditor report'."
            )
        return ""

    def _line(self, folder: Path) -> str:
        from auditor.cli.run import shown
        from reports.words import counted

        if not self._said:
            return ""
        many = len(self._said)
        return (
            f"Notes: {counted(many, 'draft')} about what was marked 'Breach' {'is' if many == 1 else 'are'} in "
            f"{shown(self._config, folder)}. Nothing was sent: read, change, then send or delete each."
        )

    def _due(self) -> list[_Note]:
        """What no note has told, by person in the order of schedule.toml."""
        people: dict[Person, list[FindingRow]] = {}
        untold = sorted(self._breaches.keys() - self._told.findings.keys())
        for row in (self._rows[name] for name in untold if name in self._rows):
            if person := self._person(row):
                people.setdefault(person, []).append(row)
        return [_Note(one, tuple(people[one])) for one in self._config.policy.people if one in people]

    @cached_property
    def _rows(self) -> dict[str, FindingRow]:
        """Findings in force that are breaches, each by one of its copies; read once, and only where it is asked for."""
        return {row.id: row for row in reversed(self._store.findings()) if row.id in self._breaches}

    def _person(self, row: FindingRow) -> Person | None:
        """To whom a note on a finding goes; None where it goes to nobody."""
        from auditor.drafts.coaching import about_the_holder
        from reports.report import on_clerk
        from reports.week import sent_day

        policy, day = self._config.policy, sent_day(row.sent)
        if on_clerk(row, day, policy):
            return None
        author = policy.person(Address("", row.mailbox if about_the_holder(row.finding.rule) else row.sender), day)
        if author is None or author.role is Role.CLERK:
            return None
        return next((one for one in policy.people if self._is_now(one, author)), None)

    def _is_now(self, person: Person, author: Person) -> bool:
        """Whether somebody who is in post, and is not the clerk, is whoever is spoken of."""
        clerk = self._clerk
        same = (person.name, person.mailbox) == (author.name, author.mailbox) and person.in_post(self._today)
        return same and clerk is not None and clerk.mailbox != person.mailbox and clerk.name != person.name

    def _mend(self, clerk: Person) -> None:
        """Drafts that nobody has edited, whichever week's: what is no breach any more, or was purged, is taken out."""
        for path, findings in self._untouched():
            rows = [self._rows[name] for name in findings if name in self._rows]
            person = next(filter(None, map(self._person, rows)), None)
            rows = [row for row in rows if person and self._person(row) == person]
            gone = sorted(set(findings) - {row.id for row in rows})
            if gone and person:
                note = _Note(person, tuple(rows))
                self._keep(self._written(clerk, note), note, path)
            elif gone:
                path.unlink()
            self._withdrawn += gone

    def _untouched(self) -> Iterator[tuple[Path, tuple[str, ...]]]:
        for path in sorted(self._folder.glob("Notes */*.eml")) if self._told.drafts else ():
            if path.is_file() and path.stat().st_size <= LARGEST:
                findings = self._told.drafts.get(sha256(path.read_bytes()).hexdigest())
                if findings:
                    yield path, findings

    def _put(self, clerk: Person, note: _Note, folder: Path) -> None:
        """Under the person's name, or beside what stands there already."""
        from reports.words import counted

        made = self._written(clerk, note)
        for path in _names(folder, note.person.name):
            if path.exists() and (path.stat().st_size != len(made) or path.read_bytes() != made):
                continue  # what is the same was written by a run that was cut short
            self._keep(made, note, path)
            self._said.append(
                f"A note to {note.person.name} about {counted(len(note.rows), 'finding')} that you marked 'Breach' is in "
                f"'{folder.name}/{path.name}': read it, change it as you like, then send or delete it."
            )
            return
        raise FileExistsError(EEXIST, f"{_TRIES} notes to the same person are there already")

    def _keep(self, made: bytes, note: _Note, path: Path) -> None:
        whole.put(path, made)
        self._made[sha256(made).hexdigest()] = [row.id for row in note.rows]

    def _written(self, clerk: Person, note: _Note) -> bytes:
        """The draft: as much of the messages is repeated in it as lets it keep to the policy itself."""
        from auditor.drafts.coaching import Candour, letter
        from auditor.pipeline.scanning import Examined, examine

        policy, matters = self._config.policy, list(self._matters(note))
        confirmed = max(self._breaches[row.id].at for row in note.rows)
        made = b""
        for candour in sorted(Candour, reverse=True):
            made = letter(policy, self._adopted, clerk, note.person, matters, confirmed, candour)
            found = examine(policy, made)
            if isinstance(found, Examined) and not found.findings:
                break
        return made

    def _matters(self, note: _Note) -> Iterator[Matter]:
        """A rule's findings together, the gravest first; of each message one."""
        from auditor.analysers import ANALYSERS
        from auditor.drafts.coaching import Matter, Place
        from reports.week import sent_day

        rules = {rule.name: rule for analyser in ANALYSERS for rule in analyser.rules}
        before = self._told_before(note)
        found: dict[str, list[FindingRow]] = {}
        for row in sorted(note.rows, key=lambda row: (-row.finding.severity.rank, row.finding.rule)):
            found.setdefault(row.finding.rule, []).append(row)
        for name, rows in found.items():
            rows.sort(key=lambda row: (sent_day(row.sent) or date.max, row.message_id or row.sha256, row.id))
            messages = {row.message_id or row.sha256: row for row in reversed(rows)}
            places = [
                Place(sent_day(row.sent), row.subject, row.finding.excerpt) for row in reversed(messages.values())
            ]
            yield Matter(name, *_named(rules.get(name), name), tuple(places), again=name in before)

    def _told_before(self, note: _Note) -> set[str]:
        """Rules of which an earlier note to the same person told what still stands."""
        told = self._told.findings
        at = min((told[row.id] for row in note.rows if row.id in told), default=None)
        earlier = [name for name, number in told.items() if (at is None or number < at) and name in self._rows]
        rows = [self._rows[name] for name in earlier]
        return {row.finding.rule for row in rows if self._person(row) == note.person}


def _standing(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.eml")):
        yield f"'{folder.name}/{path.name}': read it, change it as you like, then send or delete it."


def _named(rule: Rule | None, name: str) -> tuple[str, tuple[str, ...]]:
    """Title and clauses; a rule that this program no longer has is called by its name."""
    return (rule.title, rule.clauses) if rule else (name, ())


def _told(store: Store) -> _Told:
    """By the trail; what somebody has spoilt there tells nothing."""
    from reports.evidence import said

    findings: dict[str, int] = {}
    drafts: dict[str, tuple[str, ...]] = {}
    for entry in store.trail():
        if entry.deed != Deed.NOTED:
            continue
        about = said(entry)
        notes, withdrawn = about.get("notes"), about.get("withdrawn")
        for draft, names in notes.items() if isinstance(notes, dict) else ():
            drafts[draft] = _names_in(names)
            for name in drafts[draft]:
                findings.setdefault(name, entry.number)
        for name in _names_in(withdrawn):
            findings.pop(name, None)
    return _Told(findings, drafts)


def _names_in(said: object) -> tuple[str, ...]:
    return tuple(one for one in said if isinstance(one, str)) if isinstance(said, list) else ()


def _names(folder: Path, person: str) -> Iterator[Path]:
    """'Note to Tom Bell.eml', 'Note to Tom Bell (2).eml' …"""
    plain = "".join(" " if letter in _NOT_IN_A_NAME or not letter.isprintable() else letter for letter in person)
    stem = f"Note to {' '.join(plain.split())[:_NAME_LENGTH]}".rstrip(". ")
    yield folder / f"{stem}.eml"
    for number in range(2, _TRIES + 1):
        yield folder / f"{stem} ({number}).eml"

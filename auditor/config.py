"""schedule.toml: read once, refused with every mistake at once, frozen afterwards."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditor.errors import ConfigError
from auditor.policy import BLANKS, Policy, Wording
from auditor.schedule import AnySource, FilesSource, GoogleSource, MicrosoftSource, Schedule
from auditor.slips import slip
from auditor.tables import Mistakes, Place, table

__all__ = ["AnySource", "Config", "FilesSource", "GoogleSource", "MicrosoftSource", "Schedule", "load"]

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_BLANK = re.compile(r"\{(\w*)\}")


class Config:
    """A checked configuration and the folder its relative paths start at."""

    def __init__(self, path: Path, schedule: Schedule, policy: Policy, prints: Mapping[str, str]) -> None:
        self.path = path
        self.schedule = schedule
        self.policy = policy
        self.prints = prints
        """Of each table of the file and each file of the policy, as they were read: sixteen digits of SHA-256."""

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self.path.parent

    def within(self, relative: str) -> Path:
        """A path of the file, made absolute."""
        return self.folder / relative

    def mailboxes(self, source: AnySource) -> tuple[str, ...]:
        """The mailboxes of one source: those it names, else every person's, each once, in the file's order."""
        named = source.mailboxes if source.mailboxes is not None else [p.mailbox for p in self.schedule.people]
        return tuple(dict.fromkeys(named))


def load(path: Path) -> Config:
    """Reads and checks a configuration.

    Raises:
        ConfigError: with one sentence for every mistake found: file, key and reason.
    """
    document = _read(path)
    problems: list[str] = []
    schedule: Schedule | None = None
    try:
        schedule = table(Schedule)(document)
    except Mistakes as mistakes:
        problems += [f"{path.name}: {_place(place, document)}: {what}." for place, what in mistakes.found]
    # What does not go together and the templates are looked at even when a table is wrong: one reading shows everything.
    sentences = [*_contradictions(document), *_crowded(document), *_undeliverable(document)]
    problems += [f"{path.name}: {sentence}" for sentence in sentences]
    policy = document.get("policy", {}) if isinstance(document.get("policy", {}), dict) else {}
    wordings = {
        key: _wordings(path, key, policy[key], problems) if key in policy else _default_wordings(path, key, problems)
        for key in ("signatures", "waivers")
    }
    if problems or schedule is None:
        raise ConfigError(problems)
    return Config(path, schedule, _policy(schedule, wordings), dict(_prints(path.parent, document, schedule)))


def _prints(folder: Path, document: dict[str, Any], schedule: Schedule) -> Iterator[tuple[str, str]]:
    for name, content in document.items():
        yield f"[{name}]", _digest(repr(content).encode())
    given = schedule.policy
    named = {
        f"{place}/{file.name}": file
        for place in (given.signatures, given.waivers)
        for file in sorted((folder / place).glob("*"))
    }
    if given.document:
        named[given.document] = folder / given.document
    for name, file in named.items():
        with suppress(OSError):  # no file, or none that can be read: whoever needs it says so
            yield name, _digest(file.read_bytes())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _read(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(
            [f"{path} does not exist: run 'auditor init' to write one, or name it with --config PATH."]
        ) from None
    except OSError as error:
        raise ConfigError([f"{path} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError:
        raise ConfigError([f"{path} is not UTF-8 text: save it as UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path.name}: {slip(text, str(error))}."]) from None
    except (RecursionError, ValueError):  # what is TOML, and more than Python reads
        said = "it holds lists inside lists too deep to be read, or a number of thousands of digits; take that out."
        raise ConfigError([f"{path.name}: {said}"]) from None


def _default_wordings(path: Path, key: str, problems: list[str]) -> tuple[Wording, ...]:
    """The default folder's wordings; none when nobody named the folder and it is not there."""
    return _wordings(path, key, f"policy/{key}", problems) if (path.parent / "policy" / key).is_dir() else ()


def _wordings(path: Path, key: str, value: object, problems: list[str]) -> tuple[Wording, ...]:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return ()  # the table's own check has said so
    folder = path.parent / value
    where = f"{path.name}: [policy] {key}"
    try:
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".txt")
    except OSError:
        problems.append(f"{where}: the folder {folder} cannot be read; put one agreed wording a file there.")
        return ()
    if not files:
        problems.append(f"{where}: the folder {folder} holds no .txt file; put one agreed wording a file there.")
    found = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig").strip("\r\n")
        except (OSError, UnicodeDecodeError):
            problems.append(f"{where}: {file} cannot be read as UTF-8 text.")
            continue
        if not text.strip():
            problems.append(f"{where}: {file} is empty.")
        problems += [
            f"{where}: {file} has the unknown blank {{{blank}}}; there are {', '.join('{' + b + '}' for b in BLANKS)}."
            for blank in sorted(set(_BLANK.findall(text)) - set(BLANKS))
        ]
        found.append(Wording(file.stem, text))
    return tuple(found)


def _contradictions(document: dict[str, Any]) -> list[str]:
    """What does not go together among several sources, as far as they can be made out."""
    rows = document.get("sources")
    if not isinstance(rows, list) or len(rows) < 2:
        return []
    sentences = []
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            continue  # the table's own check has said so
        where = f"[[sources]] {number}, mailboxes:"
        if "mailboxes" not in row:
            sentences.append(f"{where} is required when several sources stand side by side.")
        for mailbox in _addresses(row.get("mailboxes")):
            other = first.setdefault((str(row.get("kind")), mailbox), number)
            if other != number:
                # A mailbox has one list of what is held of it for each kind: what one folder lacks would have gone.
                sentences.append(
                    f"{where} {mailbox} stands in [[sources]] {other} already, and each would take the other's mail "
                    "for removed; name it in one of them, with both folders under one root, or give one of the two "
                    "another mailbox name."
                )
    return sentences


def _crowded(document: dict[str, Any]) -> Iterator[str]:
    """Who shares a mailbox with somebody on the same days, as far as it can be made out."""
    rows = document.get("people")
    holders: dict[str, list[tuple[int, str, date, date]]] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
        mailbox = next(iter(_addresses([row.get("mailbox")])), "") if isinstance(row, dict) else ""
        days = _in_post(row) if mailbox else None
        if days is None:
            continue  # the table's own check has said so
        since, until = days
        others = holders.setdefault(mailbox, [])
        if other := next((one for one in others if one[2] <= until and since <= one[3]), None):
            # A message has one sender: of two at once, the first would answer for what the other wrote.
            yield (
                f"[[people]] {number} ({row.get('name')}), mailbox: {mailbox} is held by [[people]] {other[0]} "
                f"({other[1]}) on the same days; set 'until' for the one who left and 'from', a day later, for the one "
                "who followed, or give each a mailbox."
            )
        others.append((number, str(row.get("name")), since, until))


_SIGNS_IN = {"onedrive": "microsoft365", "sharepoint": "microsoft365", "drive": "google"}
"""By whose `[[sources]]` table the auditor signs in where a workbook is delivered."""


def _undeliverable(document: dict[str, Any]) -> Iterator[str]:
    """What `[reports] deliver` wants and other tables do not give, as far as it can be made out."""
    reports = _table_of(document.get("reports"))
    asked = reports.get("deliver")
    names = [name for name in asked if isinstance(name, str)] if isinstance(asked, list) else []
    kinds = {_table_of(row).get("kind") for row in _list_of(document.get("sources"))}
    for name in dict.fromkeys(names):
        kind = _SIGNS_IN.get(name)
        if kind and kind not in kinds and not (name == "drive" and "key" in _table_of(reports.get("drive"))):
            other = ", or a key in [reports.drive]" if name == "drive" else ""
            yield (
                f"[reports] deliver: '{name}' needs a [[sources]] table with kind = \"{kind}\", which says how to sign "
                f"in{other}."
            )
    if "mail" not in names:
        return
    clerks = {
        mailbox
        for row in _list_of(document.get("people"))
        if _table_of(row).get("role") == "clerk"
        for mailbox in _addresses([_table_of(row).get("mailbox")])
    }
    for one in _addresses(_table_of(reports.get("mail")).get("to")):
        if one not in clerks:
            yield (
                f"[reports] mail, to: {one} is not the mailbox of a Clerk in [[people]]; the workbook tells of other "
                "people's mail, so it is sent to the Clerk alone."
            )
    notify = _table_of(document.get("notify"))
    if not notify.get("mail") or not (notify.get("smtp") or notify.get("through")):
        yield (
            "[reports] deliver: 'mail' needs mail, and smtp or through, in [notify], which say from whom and how mail is sent."
        )
    for one in _addresses(notify.get("mail"))[:1]:
        if one not in clerks:
            yield (
                f"[notify] mail: 'mail' in [reports] deliver sends from the first address, {one}, and what cannot be delivered "
                "comes back there; put a mailbox of the Clerk first."
            )


def _table_of(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list_of(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _in_post(row: dict[str, Any]) -> tuple[date, date] | None:
    """A person's first and last day as they were written; None where they are no days, or the wrong way round."""
    days = row.get("from", date.min), row.get("until", date.max)
    if any(not isinstance(day, date) or isinstance(day, datetime) for day in days) or days[1] < days[0]:
        return None
    return days


def _addresses(mailboxes: object) -> list[str]:
    """The addresses in a list as it was written, each once."""
    given = mailboxes if isinstance(mailboxes, list) else []
    return list(dict.fromkeys(one.strip().lower() for one in given if isinstance(one, str)))


def _policy(schedule: Schedule, wordings: dict[str, tuple[Wording, ...]]) -> Policy:
    given = schedule.policy
    return Policy(
        council=schedule.council.name,
        domains=schedule.council.domains,
        people=tuple(p.person() for p in schedule.people),
        signatures=wordings["signatures"],
        waivers=wordings["waivers"],
        signature_stamped_by=given.stamped_by.signature,
        waiver_stamped_by=given.stamped_by.waiver,
        waiver_link=given.waiver_link,
        trusted_senders=given.trusted_senders,
        known_correspondents=given.known_correspondents,
        mass_recipients=(given.mass_recipients[0], given.mass_recipients[1]),
        private_subjects=given.private_subjects,
        private_recipients=given.private_recipients,
        rules=given.rules or {},
        timezone=schedule.council.timezone,
        retention_months=given.retention_months,
    )


def _place(place: Place, document: dict[str, Any]) -> str:
    """'[[people]] 3 (Ann Marsh), role' from ('people', 2, 'role')."""
    head, *rest = place
    if head in ("people", "sources") and rest and isinstance(rest[0], int):
        row = document[str(head)][rest[0]]
        name = row.get("name") or row.get("kind") if isinstance(row, dict) else None
        return ", ".join([f"[[{head}]] {rest[0] + 1}" + (f" ({name})" if name else ""), *map(_step, rest[1:])])
    return f"[{head}] " + ", ".join(map(_step, rest)) if rest else f"[{head}]"


def _step(one: str | int) -> str:
    """A key, or which entry of a list, as people count."""
    if isinstance(one, str):
        return one
    return f"the {_ORDINALS[one]}" if one < len(_ORDINALS) else f"number {one + 1}"

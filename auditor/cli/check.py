"""`auditor check`: proves, before the first night, that everything a night needs is there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.jsonl import line
from auditor.cli.workplace import duties, loaded, open_the_store, refuse_unavailable, store_path
from auditor.errors import AuditorError, ConfigError

if TYPE_CHECKING:
    from auditor.cli import Settings
    from auditor.config import AnySource, Config
    from auditor.pipeline.night import Duty
    from auditor.policy import Person
    from connectors.notices import Way

DISK_WANTED = 2 << 30
"""Bytes that should be free where the store lies."""
NARROW = {
    "sent": "what people sent is not read, so the rules cannot be put to it",
    "inbox": "the FOI search will not find received mail",
    "deleted": "'record-deleted' and 'record-unsaved-attachment' cannot be judged, and deleted mail is not searched",
    "archive": "archived mail is not searched",
}
"""What is lost when a folder is not chosen."""
_EMPTY = (
    "No message is there: where there should be mail, look whether it lies in this mailbox's folder, and which "
    "folders [[sources]] chooses."
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing proved, or not."""

    check: str
    subject: str
    ok: bool
    detail: str
    mend: str = ""
    """What to do; empty when nothing need be done. With `ok` it is advice."""


@click.command(epilog="Example: auditor check --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--send", is_flag=True, help="Also send one test notice by each way that [notify] names.")
@click.pass_context
def check(ctx: click.Context, as_json: bool, send: bool) -> int:
    """Prove that the configuration, the store, the disk, the clock, every mailbox and every way of telling people work.
    Changes nothing in a mailbox."""
    checks = list(_checks(ctx, send))
    ok = all(c.ok for c in checks)
    if as_json:
        click.echo(line({"ok": ok, "checks": [asdict(c) for c in checks]}))
    else:
        for c in checks:
            mark = ("advice" if c.mend else "ok") if c.ok else "FAULT"
            said = c.detail.removeprefix(f"{c.subject}: ")  # a mistake names its file itself
            said = f"{said.removesuffix('.')}. {c.mend}" if c.mend else said
            click.echo(f"{mark:7} {c.check} {c.subject}: {said}")
        click.echo("All is ready." if ok else "Not ready: mend what is marked FAULT, then run 'auditor check' again.")
    if any(c.check == "configuration" and not c.ok for c in checks):
        return ConfigError.exit_status
    return 0 if ok else 1


def _checks(ctx: click.Context, send: bool) -> Iterator[Check]:
    from reports.words import counted

    settings: Settings = ctx.obj
    try:
        config = loaded(ctx)
        refuse_unavailable(config)
        store, sources = store_path(config), duties(config)
    except ConfigError as error:
        for problem in error.problems:
            yield Check("configuration", settings.config.name, False, problem, "Mend it and run 'auditor check' again.")
        return
    people = counted(len(config.policy.people), "person", "people")
    yield Check("configuration", settings.config.name, True, f"{people}, no mistakes found.")
    yield from _examples(config)
    yield from _clerkless(config)
    yield from _policy(config)
    yield _tried("store", str(store), lambda: _store(config), "Mend it before the next night.")
    yield _disk(config)
    yield from _backup(config)
    yield from _rights(config)
    yield from _reports(config)
    yield _clock()
    for table, duty in zip(config.schedule.sources, sources, strict=True):
        proofs = list(duty.source.proofs())
        for proof in proofs:
            yield Check(proof.check, proof.subject, proof.ok, proof.said, proof.mend)
        yield from _mailboxes(duty, config, {proof.said for proof in proofs if not proof.ok})
        yield from _narrowness(table)
    yield from _unwatched(config)
    yield from _unclaimed(config)
    yield from _still_told(config)
    yield from _policy_text(config)
    yield from _notices(config, send)
    yield from _deliveries(config)
    yield from _later(config)


def _examples(config: Config) -> Iterator[Check]:
    """What still stands as `auditor init` wrote it."""
    from auditor.sample import starter_schedule

    template, council, policy = starter_schedule(), config.schedule.council, config.policy
    name, domains = template["council"]["name"], template["council"]["domains"]
    if council.name == name:
        yield Check(
            "template", "[council] name", True, f"'{name}' is an example.", "Write the Council's own name there."
        )
    for one in council.domains:
        if one in domains:
            yield Check(
                "template", "[council] domains", True, f"{one} is an example.", "Write the Council's own there."
            )
    yield from _invented(config, template["people"])
    for what, agreed in (("signatures", policy.signatures), ("waivers", policy.waivers)):
        for wording in agreed:
            if name in wording.text:
                said = f"It speaks of '{name}', as the template does."
                yield Check(
                    "template", f"{what} {wording.name}", True, said, "Write what the Council has agreed there."
                )


def _invented(config: Config, examples: Sequence[dict[str, str]]) -> Iterator[Check]:
    """People of the template: mail would be judged against somebody who is not there."""
    from reports.words import listed

    for number, person in enumerate(config.policy.people, 1):
        given = {"name": person.name, "mailbox": person.mailbox, "phone": person.phone}
        same = [key for key, value in given.items() if value and value in {one.get(key) for one in examples}]
        said = f"The {listed(same)} {'is an example' if len(same) == 1 else 'are examples'}"
        subject = f"[[people]] {number} ({person.name})"
        if same == ["phone"]:
            yield Check("template", subject, True, f"{said}.", "Write the number that stands in the signature there.")
        elif same:
            said += ", so mail would be judged against an invented person."
            yield Check("template", subject, False, said, "Write a real person's there, or take the table out.")


def _clerkless(config: Config) -> Iterator[Check]:
    from auditor.policy import Role

    if not any(person.role is Role.CLERK for person in config.policy.people):
        said = "Nobody has this role, so nobody's findings are kept apart for the Chair."
        yield Check("people", "clerk", True, said, 'Set role = "clerk" for the Parish Clerk in [[people]].')


def _policy(config: Config) -> Iterator[Check]:
    from reports.week import day_words

    policy = config.policy
    for what, agreed in (("signatures", policy.signatures), ("waivers", policy.waivers)):
        if agreed:
            yield Check("policy", what, True, f"{len(agreed)} agreed: {', '.join(w.name for w in agreed)}.")
        else:
            yield Check("policy", what, False, "None is agreed.", f"Put one agreed wording a file in policy/{what}.")
    informed = config.schedule.council.users_informed_on
    if informed is None:
        yield Check(
            "policy",
            "users_informed_on",
            True,
            "It is not recorded that members and staff were told of monitoring.",
            "The law asks that all reasonable efforts are made to tell them: tell them, then set the day in [council].",
        )
    else:
        yield Check("policy", "users_informed_on", True, f"Members and staff were told on {day_words(informed)}.")


def _policy_text(config: Config) -> Iterator[Check]:
    """Whether the adopted text can be read, and what of it is recognised."""
    from auditor.cli.policy_text import policy_text
    from reports.words import counted

    document = config.schedule.policy.document
    if document is None:
        return
    text = policy_text(config)
    subject = "[policy] document"
    if text is None:
        yield Check(
            "policy", subject, True, f"{document} is not there, or still as 'auditor init' wrote it.",
            "Put the text of the adopted policy there: then the workbook says what looks after each paragraph.",
        )  # fmt: skip
        return
    unknown = sum(not one.known for one in text.paragraphs)
    said = f"{counted(len(text.paragraphs), 'paragraph')} read, {unknown} not recognised; SHA-256 {text.sha256}."
    mend = "Put the clause's mark, such as (E3), behind a paragraph that is one of the clauses." if unknown else ""
    yield Check("policy", subject, True, said, mend)


def _later(config: Config) -> Iterator[Check]:
    """What the configuration may say already, and this version does nothing about."""
    schedule = config.schedule
    asked = {
        "[engine] kind": schedule.engine.kind != "local",
        "[engine] scheduler": schedule.engine.scheduler is not None,
    }
    for subject in (name for name, set_here in asked.items() if set_here):
        yield Check("configuration", subject, True, "This version does not act on it yet.", "It may stay as it is.")


def _deliveries(config: Config) -> Iterator[Check]:
    """Whether workbooks can be delivered, by each way that is named; nothing is left there."""
    from auditor.cli.delivering import TITLES, asked

    reports = config.schedule.reports
    for name in asked(config):
        proof = partial(_would_deliver, name, config)
        yield _tried(
            "delivery", TITLES[name], proof, "Until then no workbook is delivered there; each is in its folder."
        )
    if asked(config):
        yield Check("delivery", "the Chair's workbook", True, "It is never delivered: it stays in chair_folder.")
    for name in TITLES:
        if getattr(reports, name) is not None and name not in reports.deliver:
            said = "There is a table for it, and nothing is delivered there."
            yield Check("delivery", TITLES[name], True, said, f"Name '{name}' in deliver, or take the table out.")


def _would_deliver(name: str, config: Config) -> str:
    from auditor.cli.delivering import made

    return made(name, config, None, datetime.now(UTC)).prove()


def _notices(config: Config, send: bool) -> Iterator[Check]:
    """Whether people can be told of trouble, by each way that is named."""
    from auditor.cli.ways import addressees, ways

    notify = config.schedule.notify
    if notify is None:
        return
    to = addressees(config)
    tried = ways(to)
    if notify.mail and not (notify.smtp or notify.through):
        said = "Nobody is told by mail: it is not said how mail is to be sent."
        yield Check("notices", "mail", True, said, "Set smtp or through in [notify].")
    elif not tried:
        yield Check(
            "notices", "[notify]", True, "Nobody is told of trouble.", "Set mail and smtp, or webhook, in [notify]."
        )
    for way in tried:
        proof = _tried("notices", way.name, way.prove, "Until then nobody is told of trouble this way.")
        yield proof
        if send and proof.ok:
            yield _tried(
                "notices",
                way.name,
                partial(_sent, way, config),
                "Until then not everybody is told of trouble this way.",
            )


def _sent(way: Way, config: Config) -> str:
    from auditor.cli.notices import send_test
    from auditor.cli.ways import addressees

    with open_the_store(config) as store:
        send_test(way, addressees(config), datetime.now(UTC), store)
    return "A test was sent: look whether it has come."


def _store(config: Config) -> str:
    from sqlcipher3 import dbapi2

    with open_the_store(config) as store:
        facts = store.facts()
    return f"{facts.messages:,} messages, {facts.bytes:,} bytes, SQLite {dbapi2.sqlite_version}."


def _disk(config: Config) -> Check:
    from auditor.cli.room import disk, size

    now = datetime.now(UTC)
    try:
        with open_the_store(config, read_only=True) as store:
            room = disk(config, store, now)
    except AuditorError:
        room = disk(config, None, now)  # it is not there yet, or its own check has said why not
    free, needed, months = room["free"] or 0, room["needed"] or 0, room["months_left"]
    ok = free >= max(DISK_WANTED, needed)
    said = f"{size(free)} free; the next night needs about {size(needed)}."
    if months is not None:
        said += f" At the pace of the last nights there is room for about {months:,} months."
    mend = "" if ok else "Make room: nothing is lost when the disk is full, but nothing more is collected."
    folder = store_path(config).parent
    return Check("disk", str(folder if folder.exists() else config.folder), ok, said, mend)


def _backup(config: Config) -> Iterator[Check]:
    """Whether backups can be written, and whether they would outlive the disk that holds the store."""
    from auditor.cli.backup import place, same_disk

    if config.schedule.backup is None:
        yield Check("backup", "[backup]", True, "No backups are made.", "Set [backup] folder, best on another disk.")
        return
    tried = _writable("[backup] folder", place(config), "backup")
    if tried.ok and same_disk(config):
        said = "It lies on the disk that holds the store, so one fault may take both."
        tried = Check("backup", tried.subject, True, said, "Set [backup] folder to another disk where there is one.")
    yield tried


def _rights(config: Config) -> Iterator[Check]:
    from auditor.cli.rights import open_to_others

    for one in open_to_others(config):
        yield Check("rights", str(one.path), True, one.said, one.mend)


def _clock() -> Check:
    from auditor.pipeline.due import possible
    from reports.week import moment_words

    now = datetime.now(UTC)
    ok = possible(now)
    return Check("clock", "this computer", ok, f"It says {moment_words(now)}.", "" if ok else "Set the clock.")


def _reports(config: Config) -> Iterator[Check]:
    from auditor.policy import Role

    places = config.schedule.reports
    for key, folder in (("folder", places.folder), ("chair_folder", places.chair_folder)):
        yield _writable(key, config.within(folder))
    if any(person.role is Role.CLERK for person in config.policy.people):
        yield _password(config)


def _password(config: Config) -> Check:
    """Whether the Chair's workbook will be encrypted."""
    from auditor.cli.workplace import chair_password

    subject = f"{config.path.name}: [reports] chair_password"
    try:
        if chair_password(config):
            return Check("password", subject, True, "The Chair's workbook opens with the Chair's password alone.")
    except ConfigError as error:
        return Check("password", subject, False, str(error), "Until then no workbook is written for the Chair.")
    said = "The Chair's workbook is not encrypted: anybody who can open its folder can read it."
    return Check("password", subject, True, said, "Set [reports] chair_password to a place that keeps a password.")


def _writable(key: str, folder: Path, what: str = "workbook") -> Check:
    """Whether workbooks can be put into a folder, or the folder made where it is not there yet."""
    check = "backup" if what == "backup" else "reports"
    there = folder
    try:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        with tempfile.TemporaryFile(dir=there):
            pass  # it is gone when it is closed
    except OSError as error:
        said = f"No {what} can be written there ({there}: {error.strerror or error})."
        return Check(check, str(folder), False, said, f"Give this user the right to write there, or set {key}.")
    return Check(check, str(folder), True, "It can be written to." if there == folder else "It can be made.")


def _mailboxes(duty: Duty, config: Config, said_already: Collection[str]) -> Iterator[Check]:
    today = config.policy.day(datetime.now(UTC))
    for mailbox in duty.source.mailboxes:
        try:
            seen = duty.source.probe(mailbox)
            yield Check("mailbox", mailbox, True, seen.said, _EMPTY if seen.empty else "")
        except (AuditorError, OSError) as error:
            if config.policy.vacant(mailbox, today):
                said = "It is closed: everyone who held it has left. What was collected of it is kept."
                yield Check("mailbox", mailbox, True, said)
            elif str(error) in said_already:
                said = "It cannot be read, for the same reason as the sign-in."
                yield Check("mailbox", mailbox, False, said, "Mend the sign-in first.")
            else:
                yield Check("mailbox", mailbox, False, str(error), "Mend it; the others go on.")


def _narrowness(table: AnySource) -> Iterator[Check]:
    lost = [why for folder, why in NARROW.items() if "all" not in table.folders and folder not in table.folders]
    if lost:
        yield Check(
            "folders",
            table.kind,
            True,
            f"Only {', '.join(table.folders)} is read: {'; '.join(lost)}.",
            'folders = ["all"] reads everything a person sees.',
        )


def _unwatched(config: Config) -> Iterator[Check]:
    """Whose mailbox nobody named: forgotten, or left out on purpose."""
    from auditor.cli import standing
    from reports.words import listed

    if left := standing.unwatched(config, datetime.now(UTC)):
        said = f"No source reads {listed(left)}, so what these people send is not seen."
        yield Check("people", "mailboxes", True, said, "Name them in [[sources]] mailboxes where they are to be read.")


def _unclaimed(config: Config) -> Iterator[Check]:
    """Mail that lies among the mailboxes and is nobody's: a mailbox forgotten, or a slip in its name."""
    from auditor.schedule import FilesSource

    tables = config.schedule.sources
    known = tuple(mailbox for table in tables for mailbox in config.mailboxes(table))
    for root in dict.fromkeys(config.within(table.root) for table in tables if isinstance(table, FilesSource)):
        try:
            names = sorted(path.name for path in root.iterdir())
        except OSError:
            continue  # its mailboxes' own checks have said so
        for name in names:
            if "@" in name and not name.startswith(".") and not name.casefold().startswith(known):
                said = f"It lies in {root} and nobody configured it, so it is not read."
                yield Check("unclaimed", name, True, said, "Add its person, or name it in [[sources]] mailboxes.")


def _still_told(config: Config) -> Iterator[Check]:
    """Who has left and is told all the same when something needs a person. A mailbox that was handed on is its new holder's."""
    notify, people = config.schedule.notify, config.policy.people
    today = config.policy.day(datetime.now(UTC))
    if notify is None or today is None:
        return
    held = {address for person in people if not _left(person, today) for address in (person.mailbox, *person.private)}
    for address in dict.fromkeys(notify.mail):
        leavers = [one for one in people if _left(one, today) and address in (one.mailbox, *one.private)]
        if leavers and address not in held:
            last = max(leavers, key=lambda one: one.until or today)
            said = f"{last.name} left on {last.until}, and is still told when something needs a person."
            mend = "Put the address of whoever followed into 'mail' in [notify]."
            yield Check("notify", address, True, said, mend)


def _left(person: Person, today: date) -> bool:
    return person.until is not None and person.until < today


def _tried(name: str, subject: str, proof: Callable[[], str], mend: str) -> Check:
    try:
        return Check(name, subject, True, proof())
    except (AuditorError, OSError) as error:
        return Check(name, subject, False, str(error), mend)

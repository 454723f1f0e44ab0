"""What needs a person, told from how the auditor fares: one function a cause, one sentence a need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from auditor.cli.health import EARLY, Box, Health, Need
from auditor.cli.heartbeat import NAME, RESTART
from auditor.store.records import MailboxStatus

if TYPE_CHECKING:
    from auditor.config import Config

LATE = timedelta(hours=3)
"""After the nightly moment, a run that has not begun is overdue."""
OLD_GAP = timedelta(days=7)
OLD_BACKUP = 2
FEW_MONTHS = 3
_SHORT = (MailboxStatus.FAILED, MailboxStatus.PARTIAL)
_NAMED = 3
"""So many mailboxes are named that share one trouble."""
_TOLD_ELSEWHERE = ("informed", "mailbox ", "gaps", "run ", "overdue", "interrupted")
"""How the names of needs begin that the workbook has its own words for."""

REASON = "Run 'auditor status' for the reason and 'auditor check' for what to mend."
"""Said where the reason itself is not."""

Cause = Callable[["Config", Health], Iterator[Need]]


def needs(config: Config, found: Health) -> Iterator[Need]:
    """All that needs a person, pressing things first. Before the first run of all, nothing is pressing."""
    all_of_it = [need for cause in CAUSES for need in cause(config, found)]
    if not found.runs:
        yield from (Need(need.sentence, need.names) for need in all_of_it)
        return
    yield from sorted(all_of_it, key=lambda need: not need.pressing)


def for_the_workbook(found: Health) -> tuple[str, ...]:
    """Those that a workbook does not tell by itself; a night makes its first backup after its workbooks."""
    wants = [need for need in found.wants if need.pressing or need.names != ("backup",)]
    return tuple(need.sentence for need in wants if not need.names[0].startswith(_TOLD_ELSEWHERE))


def _overdue(_config: Config, found: Health) -> Iterator[Need]:
    if _is_overdue(found):
        yield Need(
            f"No run has begun since the one of {_day(found.runs[0].started)}: look whether the computer was on and what "
            "starts the auditor each night, then run 'auditor run'.",
            ("overdue",),
            True,
        )


def _is_overdue(found: Health) -> bool:
    late = bool(found.runs) and found.now - found.due >= LATE and found.runs[0].started < found.due - EARLY
    return late and found.running is None


def _interrupted(_config: Config, found: Health) -> Iterator[Need]:
    last = found.last_run
    if left := [number for number in found.interrupted if last is None or number > last.id]:
        them = f"Run number {left[0]} was" if len(left) == 1 else f"The last {len(left)} runs were"
        yield Need(
            f"{them} interrupted: nothing is lost, and 'auditor run' goes on from there.", ("interrupted",), True
        )


def _mailboxes(_config: Config, found: Health) -> Iterator[Need]:
    """Those that were not read in full; what keeps several of one source out alike is told once."""
    for boxes in alike([box for box in found.boxes if _short(found, box)]):
        longest = max((box.nights_since for box in boxes if box.nights_since is not None), default=None)
        yield Need(
            f"{named(boxes)}: {_since(longest, boxes)}. {_why(boxes)}",
            tuple(f"mailbox {box.account.mailbox}" for box in boxes),
            True,
        )


def _short(found: Health, box: Box) -> bool:
    if box.account.status in _SHORT:
        return True
    # When no run begins at all that is one need, and not one more for each mailbox.
    return box.account.status is MailboxStatus.COMPLETE and (box.nights_since or 0) >= 2 and not _is_overdue(found)


def alike(boxes: Sequence[Box]) -> list[list[Box]]:
    """Mailboxes of one source of which the same is to be said, together."""
    groups: dict[tuple[str, str], list[Box]] = {}
    for box in boxes:
        account = box.account
        groups.setdefault((account.source, (account.error or "").replace(account.mailbox, "")), []).append(box)
    return list(groups.values())


def named(boxes: list[Box]) -> str:
    """'a', 'a, b, c', '17 mailboxes (a, b and 15 more)'."""
    names = [box.account.mailbox for box in boxes]
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{len(names)} mailboxes ({', '.join(names[: _NAMED - 1])} and {len(names) - _NAMED + 1} more)"


def _since(longest: int | None, boxes: list[Box]) -> str:
    if longest is None:
        return "never read in full"
    if not longest or any(box.nights_since is None for box in boxes):
        return "not read in full"
    latest = min(box.account.last_complete for box in boxes if box.account.last_complete)
    return f"not read in full since {_day(latest)} ({longest} night{'' if longest == 1 else 's'})"


def _why(boxes: list[Box]) -> str:
    """The reason where the words are the program's own; a path may hold a subject, and stays where the store is."""
    account = boxes[0].account
    if account.error and account.source != "files":
        return account.error
    return REASON


def _last_run(_config: Config, found: Health) -> Iterator[Need]:
    last = found.last_run
    if last is None or last.ok is not False:
        return
    new = [gap for gap in found.gaps if gap.since >= last.started]
    if new:
        them = "message" if len(new) == 1 else "messages"
        yield Need(
            f"{len(new):,} {them} could not be read in run number {last.id}: run 'auditor report' and see the sheet "
            "'Not read' of the workbook.",
            (f"gaps of run {last.id}",),
            True,
        )
    elif not any(_short(found, box) for box in found.boxes):
        yield Need(
            f"Run number {last.id} did not end well: run 'auditor run' by hand and do what it says.",
            ("run not well",),
            True,
        )


def _old_gaps(_config: Config, found: Health) -> Iterator[Need]:
    if old := [gap for gap in found.gaps if found.now - gap.since > OLD_GAP]:
        them = "message has" if len(old) == 1 else "messages have"
        yield Need(
            f"{len(old):,} {them} not been readable for more than {OLD_GAP.days} nights: read them in the mailbox itself; "
            "the sheet 'Not read' of the workbook lists them.",
            ("gaps of long standing",),
        )


def _disk(_config: Config, found: Health) -> Iterator[Need]:
    disk = found.disk
    if disk.free < disk.needed:
        yield Need(
            f"The disk is nearly full: {disk.free / 1e9:.1f} GB are free and {disk.needed / 1e9:.1f} GB are needed; make "
            "room. Nothing is lost, but when it is full nothing more is collected.",
            ("disk full",),
            True,
        )
    elif disk.months_left is not None and disk.months_left < FEW_MONTHS:
        months = max(1, round(disk.months_left))
        yield Need(
            f"The disk will be full in about {months} month{'' if months == 1 else 's'}: make room in time.",
            ("disk fills",),
        )


def _expiries(_config: Config, found: Health) -> Iterator[Need]:
    for one in found.expiries:
        if (stage := one.stage) is None:
            continue
        kind = one.what.partition(" ")[0]
        day = f"{one.on.day} {one.on:%B %Y}"
        if one.days < 0:
            said = f"The {one.what} expired on {day}: make a new {kind} at once, because no mailbox can be read without it."
        else:
            left = "today" if not one.days else f"in {one.days} day{'' if one.days == 1 else 's'}, on {day}"
            said = f"The {one.what} expires {left}: make a new {kind} {'before that day' if one.days else 'at once'}."
        yield Need(
            f"{said} docs/setup-microsoft365.md, Each year, has the steps.", (f"{one.what} {stage}",), one.days <= 7
        )


def _backups(_config: Config, found: Health) -> Iterator[Need]:
    kept = found.backups
    if kept is None or not found.runs:  # before the first run there is nothing to back up
        return
    if kept.age_days is None:
        begun = min(run.started for run in found.runs)
        late = found.now - begun > timedelta(days=OLD_BACKUP)
        yield Need("No backup has been made yet: run 'auditor backup'.", ("backup",), late)
    elif kept.age_days > OLD_BACKUP:
        yield Need(
            f"The newest backup is {kept.age_days} days old: run 'auditor backup', and look whether its disk is there and has "
            "room.",
            ("backup",),
            True,
        )


def _trail(_config: Config, found: Health) -> Iterator[Need]:
    if found.disputed:
        yield Need(
            f"The audit trail does not agree with what was noted beside the store (entry {found.disputed.length:,}): somebody "
            "has changed it or put an older store in its place; run 'auditor verify', keep all files, and tell whoever "
            "answers for the auditor.",
            ("trail",),
            True,
        )


def _index(_config: Config, found: Health) -> Iterator[Need]:
    if (lag := found.index_lag) > 0 and found.running is None:
        yield Need(
            f"A search does not find {lag:,} of the messages that are kept: run 'auditor run', and if that does not help, "
            "'auditor verify'.",
            ("index",),
        )


def _serve(config: Config, found: Health) -> Iterator[Need]:
    beat = found.beat
    if beat is None:
        return
    if not beat.alive(found.now):
        yield Need(
            f"'auditor serve' has given no sign of life since {_moment(beat.at)}: start it again, or delete {NAME} beside the "
            "store if the nights are started in another way now.",
            ("serve",),
        )
    elif beat.state == RESTART:
        yield Need(
            f"{config.path.name} names another place for the store than when 'auditor serve' was started, and the nights go on "
            "in the old one: stop 'auditor serve', move the store there if it is to be kept, and start it again.",
            ("serve elsewhere",),
            True,
        )


def _informed(config: Config, _found: Health) -> Iterator[Need]:
    if config.schedule.council.users_informed_on is None:
        yield Need(
            "It is not recorded that members and staff were told of monitoring: tell them, then set the day in [council].",
            ("informed",),
        )


def _review(config: Config, found: Health) -> Iterator[Need]:
    from reports.week import local_day

    day = config.schedule.policy.review
    if day and day < local_day(found.now):
        yield Need(
            f"The policy was to be reviewed by {day.day} {day:%B %Y}: have the Council review it, then set the new day as "
            "review in [policy].",
            ("review",),
        )


def _notices(config: Config, _found: Health) -> Iterator[Need]:
    from auditor.cli.notices import last

    for way, memory in last(config).items():
        if memory.failed:
            yield Need(f"The last notice by {way} did not go out. {memory.failed}", (f"notice {way}",))
        elif memory.short:
            yield Need(f"The last notice by {way} did not reach everybody. {memory.short}", (f"short {way}",))


def _deliveries(config: Config, _found: Health) -> Iterator[Need]:
    from auditor.cli.delivering import needs as undelivered

    yield from (Need(sentence, (name,)) for name, sentence in undelivered(config))


def _day(moment: datetime) -> str:
    from reports.week import local

    there = local(moment)
    return f"{there:%A} {there.day} {there:%B}"


def _moment(moment: datetime) -> str:
    from reports.week import moment_words

    return moment_words(moment)


CAUSES: tuple[Cause, ...] = (
    _overdue, _interrupted, _mailboxes, _last_run, _trail, _disk, _expiries, _backups, _serve, _index, _old_gaps, _notices,
    _deliveries, _informed, _review,
)  # fmt: skip
"""In the order in which they are told, the pressing ones of each first."""

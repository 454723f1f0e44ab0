"""What a night does before it begins and after it has ended, besides the night itself: one line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from auditor import log
from auditor.cli.backup import nightly
from auditor.cli.retaining import remark, weekly
from auditor.cli.rights import closed
from auditor.cli.room import refuse_without_room
from auditor.cli.trailing import configuration_recorded, run_recorded
from auditor.cli.weekly_proof import prove_weekly
from auditor.errors import AuditorError, ConfigError, SourceError, plainly
from auditor.pipeline.due import AHEAD, possible
from auditor.values import replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store


def before(config: Config, store: Store, now: datetime) -> list[str]:
    """Before the first mailbox is asked for anything: a sentence for what needs a person and keeps no night from its work.

    Raises:
        AuditorError: there is no point in beginning.
    """
    refuse_without_clock(now)
    closed(config)
    refuse_without_room(config, store)
    if changed := configuration_recorded(config, store, now):
        tables = [name for name in changed if name.startswith("[")]
        log.event("configuration changed", tables=tables, files=len(changed) - len(tables))
    return list(_put_back(store, now))


def refuse_without_clock(now: datetime) -> None:
    """By a clock that was never set, nobody can tell what is new, what is due, or what is old.

    Raises:
        AuditorError: it is such a one.
    """
    from reports.week import moment_words

    if not possible(now):
        said = f"This computer's clock says that it is {moment_words(now)}, which cannot be"
        raise AuditorError(f"{said}: set the clock, then run 'auditor run'. Nothing was done, and nothing is lost.")


def _put_back(store: Store, now: datetime) -> Iterator[str]:
    """A clock that was wrong, once or now, keeps no night from its work; but nobody may rely on the days it wrote down."""
    from reports.week import moment_words

    ended = max((run.ended for run in store.runs(7) if run.ended), default=now)
    if ended - now > AHEAD:
        yield (
            f"This computer's clock says that it is {moment_words(now)}, and that the last run ended on "
            f"{moment_words(ended)}: it was wrong then, or is now. Set the clock; nothing is lost."
        )


Clock = Callable[[], datetime]
"""UTC."""
Step = Callable[["Config", "Store", "NightResult", Clock], Iterator[str]]
"""Does its work by the night's clock, and yields a sentence for each thing that needs a person."""


def _tell(config: Config, store: Store, result: NightResult, now: Clock) -> Iterator[str]:
    if config.schedule.notify:
        from auditor.cli.notices import tell_the_night

        yield from tell_the_night(config, store, result, now())


def _chair(config: Config, _store: Store, result: NightResult, _now: Clock) -> Iterator[str]:
    """Every night, and not only when a workbook is due: what is on the clerk waits while the password cannot be had."""
    from auditor.cli.workplace import chair_password

    try:
        chair_password(config)
    except ConfigError as error:
        if not any(str(error) in said for said in result.troubles):
            yield f"{error} Until then no workbook is written for the Chair."


def _deliver(config: Config, store: Store, _result: NightResult, now: Clock) -> Iterator[str]:
    """Every night, for what could not be delivered or fetched waits for the next."""
    if config.schedule.reports.deliver:
        from auditor.cli.delivering import deliver, fetch_back

        fetch_back(config, store, now(), again=True)
        yield from deliver(config, store, now())


STEPS: tuple[Step, ...] = (prove_weekly, nightly, weekly, _chair, _deliver, _tell)
"""In this order; telling people stays the last."""

REMARKS: tuple[Callable[[Config, Store, NightResult], Iterator[str]], ...] = (remark,)
"""Each yields a sentence for each thing that is worth saying and needs nobody."""


def after(config: Config, store: Store, result: NightResult, now: Clock, early: Sequence[str] = ()) -> list[str]:
    """After the night, when its workbook is written: what needs a person, with what was so before it (`early`). A step's
    trouble keeps no other from its work, and the steps after it are told of it (`NightResult.troubles`)."""
    run_recorded(store, result, now())
    _logged(result)
    troubles = list(early)
    for step in STEPS:
        so_far = replace(result, ok=result.ok and not troubles, troubles=(*result.troubles, *troubles))
        try:
            troubles.extend(step(config, store, so_far, now))
        except Exception as error:  # noqa: BLE001  (people must be told of it by the last step, whatever it is)
            log.failed(error)
            troubles.append(plainly(error))
    return troubles


def _logged(result: NightResult) -> None:
    """Each mailbox's outcome, and the run's."""
    for box in result.mailboxes:
        log.event(
            "mailbox",
            run=result.run,
            mailbox=box.mailbox,
            source=box.source,
            status=str(box.status),
            new=box.new,
            removed=box.removed,
            analysed=box.analysed,
            findings=box.findings,
            requests=box.requests,
            gaps=box.gaps,
            sentence=SourceError(box.error) if box.error else None,
        )
    seconds = (result.ended - result.started).total_seconds()
    log.event(
        "run ended",
        run=result.run,
        ok=result.ok,
        seconds=seconds,
        mailboxes=len(result.mailboxes),
        workbooks=len(result.workbooks),
    )


def remarks(config: Config, store: Store, result: NightResult) -> tuple[str, ...]:
    """After the steps: what a night says besides. One that cannot tell is no reason for trouble."""
    said: list[str] = []
    for one in REMARKS:
        with suppress(AuditorError, OSError):
            said.extend(one(config, store, result))
    return tuple(said)

"""What a night does before it begins and after it has ended, besides the night itself: one line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from auditor.pipeline.due import AHEAD
from auditor.values import replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store


def before(config: Config, store: Store, now: datetime) -> None:
    """Before the first mailbox is asked for anything.

    Raises:
        AuditorError: there is no point in beginning.
    """
    closed(config)
    refuse_without_room(config, store)
    if changed := configuration_recorded(config, store, now):
        tables = [name for name in changed if name.startswith("[")]
        log.event("configuration changed", tables=tables, files=len(changed) - len(tables))


Clock = Callable[[], datetime]
"""UTC."""
Step = Callable[["Config", "Store", "NightResult", Clock], Iterator[str]]
"""Does its work by the night's clock, and yields a sentence for each thing that needs a person."""


def _tell(config: Config, store: Store, result: NightResult, now: Clock) -> Iterator[str]:
    if config.schedule.notify:
        from auditor.cli.notices import tell_the_night

        yield from tell_the_night(config, store, result, now())


def _clock(_config: Config, store: Store, result: NightResult, _now: Clock) -> Iterator[str]:
    """A clock that was wrong, once or now, keeps no night from its work; but nobody may rely on the days it wrote down."""
    from reports.week import moment_words

    others = [run.ended for run in store.runs(7) if run.ended and run.id != result.run]
    if others and max(others) - result.ended > AHEAD:
        yield (
            f"This computer's clock says that it is {moment_words(result.ended)}, and that the last run ended on "
            f"{moment_words(max(others))}: it was wrong then, or is now. Set the clock; nothing is lost."
        )


def _chair(config: Config, _store: Store, result: NightResult, _now: Clock) -> Iterator[str]:
    """Every night, and not only when a workbook is due: what is on the clerk waits while the password cannot be had."""
    from auditor.cli.workplace import chair_password

    try:
        chair_password(config)
    except ConfigError as error:
        if not any(str(error) in said for said in result.troubles):
            yield f"{error} Until then no workbook is written for the Chair."


STEPS: tuple[Step, ...] = (_clock, prove_weekly, nightly, weekly, _chair, _tell)
"""In this order; telling people stays the last."""

REMARKS: tuple[Callable[[Config, Store, NightResult], Iterator[str]], ...] = (remark,)
"""Each yields a sentence for each thing that is worth saying and needs nobody."""


def after(config: Config, store: Store, result: NightResult, now: Clock) -> list[str]:
    """After the night, when its workbook is written: what needs a person. A step's trouble keeps no other from its work, and
    the steps after it are told of it (`NightResult.troubles`)."""
    run_recorded(store, result, now())
    _logged(result)
    troubles: list[str] = []
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

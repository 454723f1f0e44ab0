"""What a night does before it begins and after it has ended, besides the night itself: one line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from auditor import log
from auditor.cli.trailing import configuration_recorded, run_recorded
from auditor.errors import AuditorError, SourceError

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store


def before(config: Config, store: Store) -> None:
    """Before the first mailbox is asked for anything.

    Raises:
        AuditorError: there is no point in beginning.
    """
    if changed := configuration_recorded(config, store):
        tables = [name for name in changed if name.startswith("[")]
        log.event("configuration changed", tables=tables, files=len(changed) - len(tables))


Step = Callable[["Config", "Store", "NightResult"], Iterator[str]]
"""Does its work, and yields a sentence for each thing that needs a person."""

STEPS: tuple[Step, ...] = ()


def after(config: Config, store: Store, result: NightResult) -> list[str]:
    """After the night, when its workbook is written: what needs a person. A step's trouble keeps no other from its work."""
    run_recorded(store, result)
    _logged(result)
    troubles: list[str] = []
    for step in STEPS:
        try:
            troubles.extend(step(config, store, result))
        except AuditorError as error:
            log.failed(error)
            troubles.append(str(error))
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

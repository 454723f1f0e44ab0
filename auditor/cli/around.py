"""What a night does before it begins and after it has ended, besides the night itself: one line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from auditor.cli.retaining import remark, weekly
from auditor.cli.trailing import configuration_recorded, run_recorded
from auditor.errors import AuditorError

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store


def before(config: Config, store: Store) -> None:
    """Before the first mailbox is asked for anything.

    Raises:
        AuditorError: there is no point in beginning.
    """
    configuration_recorded(config, store)


Step = Callable[["Config", "Store", "NightResult"], Iterator[str]]
"""Does its work, and yields a sentence for each thing that needs a person."""

STEPS: tuple[Step, ...] = (weekly,)

REMARKS: tuple[Step, ...] = (remark,)
"""Each yields a sentence for each thing that is worth saying and needs nobody."""


def after(config: Config, store: Store, result: NightResult) -> list[str]:
    """After the night, when its workbook is written: what needs a person. A step's trouble keeps no other from its work."""
    run_recorded(store, result)
    troubles: list[str] = []
    for step in STEPS:
        try:
            troubles.extend(step(config, store, result))
        except AuditorError as error:
            troubles.append(str(error))
    return troubles


def remarks(config: Config, store: Store, result: NightResult) -> tuple[str, ...]:
    """After the steps: what a night says besides. One that cannot tell is no reason for trouble."""
    said: list[str] = []
    for one in REMARKS:
        with suppress(AuditorError):
            said.extend(one(config, store, result))
    return tuple(said)

"""Where mail comes from. A connector knows its provider and the core's `Source`, and no other connector."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from auditor.config import Config, FilesSource, MicrosoftSource
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Source
from auditor.policy import LONDON


def _files(table: FilesSource, config: Config) -> Source:
    from connectors.files import Files

    return Files(config.within(table.root), config.mailboxes(table), tuple(table.folders))


def _microsoft(table: MicrosoftSource, config: Config) -> Source:
    from connectors.graph import Account, Graph

    account = Account(
        tenant=table.tenant,
        client_id=table.client_id,
        certificate=table.certificate,
        secret=table.secret,
        secret_expires=table.secret_expires,
        authority=table.authority,
        endpoint=table.endpoint.rstrip("/"),
        roots=_roots(table.ca_bundle, config),
        folder=config.folder,
    )
    return Graph(
        account,
        config.mailboxes(table),
        table.folders,
        patience=table.patience,
        clock=_clock(),
        today=lambda: datetime.now(LONDON).date(),
        outside=_outside(table, config),
    )


def _outside(table: MicrosoftSource, config: Config) -> tuple[str, ...]:
    """Mailboxes that must be refused: those named, else those of people whose mailbox this source does not read."""
    if table.outside:
        return table.outside
    read = {mailbox for one in config.schedule.sources for mailbox in config.mailboxes(one)}
    return tuple(one.mailbox for one in config.schedule.people if one.mailbox not in read)[:1]


def _roots(ca_bundle: str | None, config: Config) -> Path | None:
    return config.within(ca_bundle) if ca_bundle else None


def _clock() -> Clock:
    return Clock(time.monotonic, time.sleep)


CONNECTORS: Mapping[str, Callable[..., Source]] = {"files": _files, "microsoft365": _microsoft}
"""By the `kind` of a `[[sources]]` table: makes the source from that table and the whole configuration."""

"""Where mail comes from. A connector knows its provider and the core's `Source`, and no other connector."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.config import Config, FilesSource, MicrosoftSource
from auditor.errors import ConfigError
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Source
from auditor.policy import LONDON
from auditor.schedule import GoogleSource
from auditor.spool import Spool

if TYPE_CHECKING:
    from connectors import gmail, graph


def _files(table: FilesSource, config: Config) -> Source:
    from connectors.files import Files

    return Files(config.within(table.root), config.mailboxes(table), tuple(table.folders))


def _microsoft(table: MicrosoftSource, config: Config) -> Source:
    from connectors.graph import Graph

    return Graph(
        microsoft_account(table, config.path),
        config.mailboxes(table),
        table.folders,
        patience=table.patience,
        clock=_clock(),
        today=_today,
        outside=_outside(table, config),
        spool=_spool(config),
    )


def microsoft_account(table: MicrosoftSource, path: Path) -> graph.Account:
    """Who signs in; `path` is that of schedule.toml.

    Raises:
        ConfigError: `ca_bundle` cannot be read, or holds no certificate.
    """
    from connectors.graph import Account

    return Account(
        tenant=table.tenant,
        client_id=table.client_id,
        certificate=table.certificate,
        secret=table.secret,
        secret_expires=table.secret_expires,
        authority=table.authority,
        endpoint=table.endpoint.rstrip("/"),
        roots=_roots(table.ca_bundle, path),
        folder=path.parent,
    )


def google_account(table: GoogleSource, path: Path) -> gmail.Account:
    """Who signs in. See `microsoft_account`."""
    from connectors.gmail import Account

    return Account(table.key, table.endpoint.rstrip("/"), _roots(table.ca_bundle, path), path.parent)


def _google(table: GoogleSource, config: Config) -> Source:
    from connectors.gmail import Gmail

    account = google_account(table, config.path)
    mailboxes = config.mailboxes(table)
    return Gmail(
        account, mailboxes, table.folders, patience=table.patience, clock=_clock(), today=_today, spool=_spool(config)
    )


def _spool(config: Config) -> Spool:
    """Beside the store: as well guarded, and on a disk with room for mail."""
    url = config.schedule.store.url
    store = config.within(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else config.within("data/store")
    return Spool(store.parent / "incoming")


def _today() -> date:
    return datetime.now(LONDON).date()


def _outside(table: MicrosoftSource, config: Config) -> tuple[str, ...]:
    """Mailboxes that must be refused: those named, else those of people whose mailbox this source does not read."""
    if table.outside:
        return table.outside
    read = {mailbox for one in config.schedule.sources for mailbox in config.mailboxes(one)}
    return tuple(one.mailbox for one in config.schedule.people if one.mailbox not in read)[:1]


def _roots(ca_bundle: str | None, schedule: Path) -> Path | None:
    """The file of trusted certificates.

    Raises:
        ConfigError: it cannot be read, or holds none.
    """
    if not ca_bundle:
        return None
    path = schedule.parent / ca_bundle
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        said = f"{path} holds no certificate in PEM form"
    except OSError as error:
        said = f"{path} cannot be read ({error.strerror})"
    else:
        return path
    raise ConfigError([f"{schedule.name}: [[sources]], ca_bundle: {said}; put the file there, or take the key out."])


def _clock() -> Clock:
    return Clock(time.monotonic, time.sleep)


CONNECTORS: Mapping[str, Callable[..., Source]] = {"files": _files, "microsoft365": _microsoft, "google": _google}
"""By the `kind` of a `[[sources]]` table: makes the source from that table and the whole configuration."""

"""When the certificates and secrets that the auditor signs in with come to their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from auditor.errors import ConfigError
from auditor.schedule import MicrosoftSource
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config

WARNED = (1, 7, 14, 30)
"""Days before the end; it is said anew at each."""


class Expiry(Value, frozen=True):
    """Something that ends."""

    what: str
    """'certificate of microsoft365'; with its number where there are several such sources."""
    on: date
    days: int
    """Until then; below zero when it has ended."""

    @property
    def stage(self) -> int | None:
        """The least of `WARNED` that is reached; -1 when it has ended, None while there is time."""
        if self.days < 0:
            return -1
        return next((stage for stage in WARNED if self.days <= stage), None)


def expiries(config: Config, today: date) -> tuple[Expiry, ...]:
    """Of every source of which it is known, in the file's order."""
    return tuple(Expiry(what, on, (on - today).days) for what, on in _ends(config))


def _ends(config: Config) -> Iterator[tuple[str, date]]:
    tables = [table for table in config.schedule.sources if isinstance(table, MicrosoftSource)]
    for number, table in enumerate(tables, 1):
        of = f"of {table.kind}" + (f" {number}" if len(tables) > 1 else "")
        if table.certificate is not None:
            if on := _certificate_ends(table, config):
                yield f"certificate {of}", on
        elif table.secret_expires is not None:
            yield f"secret {of}", table.secret_expires


def _certificate_ends(table: MicrosoftSource, config: Config) -> date | None:
    from connectors.certificates import ends

    try:
        return ends(table.certificate.read(config.folder)) if table.certificate else None
    except ConfigError:
        return None  # the sign-in says so, mailbox by mailbox

"""Where mail comes from. A connector knows its provider and the core's `Source`, and no other connector."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.config import Config, FilesSource
from auditor.pipeline.source import Source


def _files(table: FilesSource, config: Config) -> Source:
    from connectors.files import Files

    return Files(config.within(table.root), config.mailboxes(table), tuple(table.folders))


CONNECTORS: Mapping[str, Callable[..., Source]] = {"files": _files}
"""By the `kind` of a `[[sources]]` table: makes the source from that table and the whole configuration."""

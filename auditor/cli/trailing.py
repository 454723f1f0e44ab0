"""What the commands write into the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditor.cli.workplace import user
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store
    from auditor.store.trail import Head


def recorded(store: Store, deed: Deed, about: Mapping[str, object]) -> Head:
    """An entry of this moment, by whoever runs the program."""
    return store.record(deed, user(), datetime.now(UTC), about)


def configuration_recorded(config: Config, store: Store) -> list[str]:
    """Notes what changed in the configuration since the trail last knew it; the names of those tables and files."""
    now = dict(_fingerprints(config))
    last = store.last_deed(Deed.CONFIGURED)
    before = last.said.get("files") if last else {}
    known = before if isinstance(before, dict) else {}
    changed = sorted(name for name in now.keys() | known.keys() if now.get(name) != known.get(name))
    if changed:
        recorded(store, Deed.CONFIGURED, {"changed": changed, "files": now})
    return changed if last else []


def run_recorded(store: Store, result: NightResult) -> None:
    """Notes how a run went, in figures."""
    boxes = result.mailboxes
    about = {
        "run": result.run,
        "ok": result.ok,
        "mailboxes": len(boxes),
        "new": sum(box.new for box in boxes),
        "removed": sum(box.removed for box in boxes),
        "findings": sum(box.findings for box in boxes),
        "gaps": sum(box.gaps for box in boxes),
        "bytes": store.facts().bytes,
    }
    recorded(store, Deed.RUN, about)


def _fingerprints(config: Config) -> Iterator[tuple[str, str]]:
    """Of each table of schedule.toml and each file of the policy: sixteen digits of SHA-256."""
    import tomllib

    for name, table in tomllib.loads(config.path.read_text(encoding="utf-8-sig")).items():
        yield f"[{name}]", _digest(repr(table).encode())
    given = config.schedule.policy
    for folder in (given.signatures, given.waivers):
        for file in sorted(config.within(folder).glob("*")):
            if file.is_file():
                yield f"{folder}/{file.name}", _digest(file.read_bytes())
    if given.document and config.within(given.document).is_file():
        yield given.document, _digest(config.within(given.document).read_bytes())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]

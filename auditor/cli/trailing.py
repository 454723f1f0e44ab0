"""What the commands write into the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditor.cli.workplace import user
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store
    from auditor.store.trail import Head


def recorded(store: Store, deed: Deed, about: Mapping[str, object], at: datetime | None = None) -> Head:
    """An entry by whoever runs the program, of this moment by the computer's clock when `at` (UTC) is not given."""
    return store.record(deed, user(), at or datetime.now(UTC), about)


def configuration_recorded(config: Config, store: Store, at: datetime | None = None) -> list[str]:
    """Notes what changed in the configuration since the trail last knew it; the names of those tables and files."""
    now = dict(config.prints)
    last = store.last_deed(Deed.CONFIGURED)
    before = last.said.get("files") if last else {}
    known = before if isinstance(before, dict) else {}
    changed = sorted(name for name in now.keys() | known.keys() if now.get(name) != known.get(name))
    if changed:
        recorded(store, Deed.CONFIGURED, {"changed": changed, "files": now}, at)
    return changed if last else []


def run_recorded(store: Store, result: NightResult, at: datetime) -> None:
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
    recorded(store, Deed.RUN, about, at)

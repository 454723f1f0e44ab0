"""The adopted policy's text, as `[policy] document` names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.adopted import Adopted
    from auditor.config import Config


def policy_text(config: Config) -> Adopted | None:
    """The text; None where there is none, where it cannot be read, and where it is still what `auditor init` wrote."""
    from auditor.adopted import adopted
    from auditor.sample import starter_policy

    document = config.schedule.policy.document
    if document is None:
        return None
    try:
        raw = config.within(document).read_bytes()
    except OSError:
        return None
    return None if not raw.strip() or raw.split() == starter_policy().split() else adopted(raw)

"""This computer's clock beside a provider's: both refuse a sign-in that seems to come from another time."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.pipeline.source import Proof

_TOLERATED, _REFUSED = 60.0, 300.0
"""Seconds: from the first on it is said, from the second on providers refuse."""


def clock_proof(whose: str, ahead: float | None) -> Iterator[Proof]:
    """How the two differ; nothing where the provider did not say its time."""
    if ahead is None:
        return
    off = abs(ahead)
    way = "behind" if ahead > 0 else "ahead of"
    if off < _TOLERATED:
        yield Proof("clock", whose, True, f"This computer's clock agrees with {whose}'s.")
        return
    said = f"This computer's clock is {round(off / 60)} minutes {way} {whose}'s."
    yield Proof("clock", whose, off < _REFUSED, said, "Set the clock, and have it set itself from the network.")

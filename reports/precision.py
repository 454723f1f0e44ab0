"""How often a rule was right, as whoever reads the workbook decided."""

from __future__ import annotations

from math import sqrt

FEWEST = 10
"""Decisions that a share is worth naming for."""
_Z = 1.959964
"""Of the 95 % interval."""


def interval(right: int, decided: int) -> tuple[float, float]:
    """Between which shares the true one lies, 95 times in 100 (E. B. Wilson, 1927)."""
    if not decided:
        return 0.0, 1.0
    share, spread = right / decided, _Z * _Z / decided
    middle = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / decided + spread / decided / 4)
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def in_words(right: int, judged: int, fewest: int = FEWEST, how: str = "decided") -> str:
    """'18 of 20 (90%)', and between which shares the true one very likely lies."""
    if not judged:
        return "none yet"
    if judged < fewest:
        return f"{right:,} of {judged:,}; too few {how} yet"
    low, high = (round(100 * end) for end in interval(right, judged))
    return f"{right:,} of {judged:,} ({round(100 * right / judged)}%)\nvery likely {low}% to {high}%"

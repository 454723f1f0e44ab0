"""Right, wrong and missed, and how sure a share of so few is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 2_000
SEED = 20261125
"""The bootstrap draws the same samples every time."""
Interval = tuple[float, float]
Share = Callable[["Counts"], float]


@dataclass(frozen=True, slots=True)
class Counts:
    """Faults found, wrong findings, faults missed, and what was rightly left alone."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn)

    @property
    def n(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    @property
    def precision(self) -> float:
        return self.tp / max(self.tp + self.fp, 1)

    @property
    def recall(self) -> float:
        return self.tp / max(self.tp + self.fn, 1)

    @property
    def f1(self) -> float:
        return 2 * self.tp / max(2 * self.tp + self.fp + self.fn, 1)

    @property
    def accuracy(self) -> float:
        return (self.tp + self.tn) / max(self.n, 1)

    @property
    def alarms(self) -> float:
        """The share of what is clean that was flagged."""
        return self.fp / max(self.fp + self.tn, 1)


def count(truth: bool, found: bool) -> Counts:
    """One row."""
    return Counts(truth and found, found and not truth, truth and not found, not truth and not found)


def total(counts: Sequence[Counts]) -> Counts:
    """All together."""
    return sum(counts, Counts())


def wilson(hits: int, n: int, z: float = 1.96) -> Interval:
    """The 95 % interval of a share (Wilson 1927)."""
    if n == 0:
        return (0.0, 1.0)
    share, square = hits / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    return (max(0.0, middle - half), min(1.0, middle + half))


def bootstrap(units: Sequence[Counts], share: Share) -> Interval:
    """The 95 % interval of a figure when whole units (rows, messages, templates) are drawn again with replacement."""
    if not units:
        return (0.0, 1.0)
    table = np.array([(one.tp, one.fp, one.fn, one.tn) for one in units], dtype=np.int64)
    drawn = np.random.default_rng(SEED).multinomial(len(units), np.full(len(units), 1 / len(units)), ROUNDS) @ table
    values = sorted(share(Counts(*map(int, row))) for row in drawn)
    return (values[int(ROUNDS * 0.025)], values[int(ROUNDS * 0.975)])


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """How far two readers agree beyond chance (Cohen 1960); 1 when they agree on everything."""
    if not pairs:
        return 0.0
    n = len(pairs)
    agreed = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)

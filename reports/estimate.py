"""What the rules miss, estimated from the messages of samples that somebody looked at; never more certain than they allow.

The interval is Clopper and Pearson's (Biometrika 26, 1934): exact, so at least 95 of 100 such intervals hold the true
share. Messages are drawn without putting any back, which makes it wider than need be and never too narrow; what was
itself looked at is known, and bounds it besides. The weeks are counted as one: where the rules miss more in a week of
much mail than in one of little, that is not seen, and the workbook says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, exp, floor, fsum, lgamma, log, log1p

from auditor.store.samples import SIZE, SampleTally
from reports.words import counted

WEEKS = 13
"""A quarter."""
CERTAINTY = 0.95
FEW = 100
"""Fewer messages looked at leave much open."""
FEW_WORDS = " That is little to go by: every further message that is looked at makes it surer."
_SPARE = 1e-9
"""What floats may be out by."""
_HALVINGS = 60
"""To the last digits of a float."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of the messages in which no rule found anything, how many are amiss."""

    weeks: int
    """Of whose samples at least one message was looked at."""
    looked: int
    missed: int
    unflagged: int
    """The messages of those weeks that were checked and have no finding."""
    low: float
    """The least share that is likely."""
    high: float

    @property
    def fewest(self) -> int:
        """Messages: the least that is likely."""
        return ceil(self.low * self.unflagged - _SPARE)

    @property
    def most(self) -> int:
        """Messages: the most that is likely."""
        return floor(self.high * self.unflagged + _SPARE)

    @property
    def words(self) -> tuple[str, ...]:
        """In plain words: what was seen, what it comes to, and how far that can be trusted."""
        if not self.looked:
            said = "so it is not known how much the rules miss."
            return (f"Nobody has looked at a sample of the last {WEEKS} weeks yet, {said}",)
        were = "was" if self.looked == 1 else "were"
        seen = f"something was missed in {self.missed:,}" if self.missed else "nothing was amiss"
        said = (
            f"Of the samples of the last {WEEKS} weeks {counted(self.looked, 'message')} {were} looked at, and {seen}."
        )
        weeks = "that week" if self.weeks == 1 else f"those {self.weeks} weeks"
        if self.looked == self.unflagged:
            return (f"{said} There are no other messages without a finding in {weeks}.",)
        return said, self._all(f"messages without a finding in {weeks}"), self._trust

    def _all(self, messages: str) -> str:
        high, of = _hundred(self.high, ceil), f"{self.unflagged:,} {messages}"
        if not self.missed:
            return f"Even so, up to {high} in 100 could still be amiss: up to {self.most:,} of the {of}."
        share = f"That is {_hundred(self.missed / self.looked, round)} in 100. " if self.looked >= SIZE else ""
        return (
            f"{share}Of all, it is likely to be between {_hundred(self.low, floor)} and {high} in 100: between "
            f"{self.fewest:,} and {self.most:,} of the {of}."
        )

    @property
    def _trust(self) -> str:
        said = "This is right at least 95 times out of 100"
        if self.weeks > 1:
            said += ", if the rules miss as much in a busy week as in a quiet one"
        return f"{said}.{FEW_WORDS if self.looked < FEW else ''}"


NOTHING = Estimate(0, 0, 0, 0, 0.0, 1.0)


def estimate(sample_tallies: Iterable[SampleTally]) -> Estimate:
    """From the samples of some weeks; those that nobody has looked at say nothing, of their mail neither."""
    seen = [one for one in sample_tallies if one.looked]
    if not seen:
        return NOTHING
    looked, missed = sum(one.looked for one in seen), sum(one.missed for one in seen)
    unflagged = sum(max(one.unflagged, one.looked) for one in seen)
    low, high = interval(missed, looked)
    # What was looked at is known.
    low, high = max(low, missed / unflagged), min(high, (unflagged - looked + missed) / unflagged)
    return Estimate(len(seen), looked, missed, unflagged, low, high)


def interval(found: int, of: int, certainty: float = CERTAINTY) -> tuple[float, float]:
    """The exact interval (Clopper-Pearson) of a share of which `found` were seen in `of` drawn; (0, 1) of none drawn."""
    tail = (1 - certainty) / 2
    # With a larger share, few become less likely and many more so.
    low = 0.0 if found == 0 else _where(lambda share: _at_most(of - found, of, 1 - share) < tail)
    high = 1.0 if found == of else _where(lambda share: _at_most(found, of, share) > tail)
    return low, high


def _where(before: Callable[[float], bool]) -> float:
    """The share up to which it is true."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if before(middle) else (low, middle)
    return (low + high) / 2


def _at_most(found: int, of: int, share: float) -> float:
    """How likely so many or fewer are (the binomial sum); `share` lies between 0 and 1."""
    if not 0 < share < 1:
        return 1.0 if share <= 0 or found >= of else 0.0
    ways = lgamma(of + 1)
    return fsum(
        exp(ways - lgamma(n + 1) - lgamma(of - n + 1) + n * log(share) + (of - n) * log1p(-share))
        for n in range(found + 1)
    )


def _hundred(share: float, rounded: Callable[[float], int]) -> str:
    """A share as so many in 100, in tenths where it is small."""
    tenths = 1 if share >= 0.1 else 10
    number = share * 100 * tenths
    near = round(number)
    return f"{(near if abs(number - near) < _SPARE else rounded(number)) / tenths:g}"

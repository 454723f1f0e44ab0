"""What the rules miss: the interval beside known values and by drawing from mail of which everything is known."""

from __future__ import annotations

import random
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.store.samples import SampleTally
from reports.estimate import FEW_WORDS, NOTHING, Estimate, estimate, interval

# scipy.stats.binomtest(found, of).proportion_ci(0.95, "exact") of SciPy 1.17
KNOWN = [
    (0, 20, 0.0, 0.1684335),
    (1, 20, 0.0012651, 0.2487328),
    (10, 20, 0.2719578, 0.7280422),
    (20, 20, 0.8315665, 1.0),
    (8, 10, 0.4439045, 0.9747893),
    (10, 100, 0.0490047, 0.1762226),
    (0, 260, 0.0, 0.0140878),
    (13, 1000, 0.0069396, 0.0221278),
    (0, 0, 0.0, 1.0),
]


@pytest.mark.parametrize(("found", "of", "low", "high"), KNOWN)
def test_beside_known_values(found: int, of: int, low: float, high: float) -> None:
    assert interval(found, of) == pytest.approx((low, high), abs=1e-7)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 150).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_each_end_is_where_the_binomial_leaves_a_fortieth(drawn: tuple[int, int]) -> None:
    found, of = drawn
    low, high = interval(found, of)
    assert 0 <= low <= found / of <= high <= 1

    def chance(numbers: range, share: float) -> float:
        return sum(comb(of, n) * share**n * (1 - share) ** (of - n) for n in numbers)

    if found:
        assert chance(range(found, of + 1), low) == pytest.approx(0.025, rel=1e-6)
    if found < of:
        assert chance(range(found + 1), high) == pytest.approx(0.025, rel=1e-6)
    mirrored = interval(of - found, of)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("share", [0.01, 0.08, 0.5])
def test_it_holds_the_truth_as_often_as_it_says(share: float) -> None:
    """Three weeks of mail, of which a known part is amiss, and twenty drawn of each without putting any back."""
    chance = random.Random(20261122)
    weeks, drawn, tries = (60, 60, 60), 20, 600
    made: dict[int, Estimate] = {}
    held = 0
    for _ in range(tries):
        mail = [[chance.random() < share for _ in range(many)] for many in weeks]
        sample_tallies = [
            SampleTally(str(n), len(week), drawn, sum(chance.sample(week, drawn))) for n, week in enumerate(mail)
        ]
        missed = sum(one.missed for one in sample_tallies)
        made[missed] = made.get(missed) or estimate(sample_tallies)
        held += made[missed].fewest <= sum(map(sum, mail)) <= made[missed].most
    assert held / tries >= 0.95


def test_what_was_looked_at_is_known() -> None:
    made = estimate([SampleTally("a", 30, 20, 3)])
    assert made.fewest >= 3
    assert made.most <= 30 - 17
    whole = estimate([SampleTally("a", 7, 7, 2)])
    assert (whole.fewest, whole.most) == (2, 2)
    assert " ".join(whole.words) == (
        "Of the samples of the last 13 weeks 7 messages were looked at, and something was missed in 2. There are no "
        "other messages without a finding in that week."
    )


def test_weeks_nobody_looked_at_say_nothing() -> None:
    assert estimate([SampleTally("a", 500, 0, 0)]) == estimate([]) == NOTHING
    assert "not known" in "".join(NOTHING.words)
    assert estimate([SampleTally("a", 500, 0, 0), SampleTally("b", 90, 20, 0)]) == estimate(
        [SampleTally("b", 90, 20, 0)]
    )


def test_nothing_amiss_is_not_called_clean() -> None:
    *said, trust = estimate([SampleTally("a", 372, 20, 0)]).words
    assert " ".join(said) == (
        "Of the samples of the last 13 weeks 20 messages were looked at, and nothing was amiss. Even so, up to 17 in 100 "
        "could still be amiss: up to 62 of the 372 messages without a finding in that week."
    )
    assert trust == f"This is right at least 95 times out of 100.{FEW_WORDS}"


def test_a_quarter_in_plain_words() -> None:
    *said, trust = estimate([SampleTally(str(n), 300, 20, n == 3) for n in range(13)]).words
    assert " ".join(said).endswith(
        "something was missed in 1. That is 0.4 in 100. Of all, it is likely to be between 0 and 2.2 in 100: between 1 and 82 "
        "of the 3,900 messages without a finding in those 13 weeks."
    )
    assert trust == (
        "This is right at least 95 times out of 100, if the rules miss as much in a busy week as in a quiet one."
    )


def test_of_very_few_no_share_is_given() -> None:
    *said, _ = estimate([SampleTally("a", 372, 1, 1)]).words
    assert " ".join(said) == (
        "Of the samples of the last 13 weeks 1 message was looked at, and something was missed in 1. Of all, it is likely to "
        "be between 2.5 and 100 in 100: between 10 and 372 of the 372 messages without a finding in that week."
    )

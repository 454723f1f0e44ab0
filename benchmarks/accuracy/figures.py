"""A measure with its interval, what is asked of it, and what others reach; as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.accuracy.counting import Counts, Interval, bootstrap, wilson

LEAST, MOST, REPORT = "at least", "at most", "report"


@dataclass(slots=True)
class Figure:
    """One row of the table."""

    set: str
    measure: str
    value: float
    n: int
    interval: Interval | None = None
    sense: str = REPORT
    bar: float | None = None
    others: dict[str, float] = field(default_factory=dict)
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def reached(self) -> bool | None:
        """Whether the value is what is asked; None where nothing is."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.sense == LEAST else self.value <= self.bar

    def json(self) -> dict[str, object]:
        """As a JSON object."""
        return {**asdict(self), "reached": self.reached}


@dataclass(frozen=True, slots=True)
class Missing:
    """A set or a peer that was not there."""

    set: str
    what: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One row that was judged otherwise than it is labelled."""

    set: str
    id: str
    kind: str
    """'missed' or 'flagged wrongly'."""
    rules: str
    text: str
    """Shown on the screen only, and only when asked."""


def share(set_: str, measure: str, hits: int, n: int, sense: str = REPORT, bar: float | None = None) -> Figure:
    """A share of n."""
    return Figure(set_, measure, hits / max(n, 1), n, wilson(hits, n), sense, bar)


def f1(set_: str, measure: str, units: Sequence[Counts], bar: float | None = None) -> Figure:
    """An F1 whose interval draws the units again."""
    counts = sum(units, Counts())
    figure = Figure(
        set_, measure, counts.f1, len(units), bootstrap(units, lambda c: c.f1), LEAST if bar else REPORT, bar
    )
    figure.detail = {
        "tp": counts.tp,
        "fp": counts.fp,
        "fn": counts.fn,
        "tn": counts.tn,
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
    }
    return figure


def table(figures: Iterable[Figure]) -> str:
    """For the terminal."""
    lines = [f"{'set':22} {'measure':46} {'value':>7} {'95 %':>14} {'n':>6}  {'asked':12} others"]
    last = ""
    for one in figures:
        interval = f"{one.interval[0]:.3f} {one.interval[1]:.3f}" if one.interval else ""
        asked = (
            ""
            if one.bar is None
            else f"{'>=' if one.sense == LEAST else '<='} {one.bar:.3f} {'' if one.reached else 'NO'}"
        )
        others = "; ".join(f"{name} {value:.3f}" for name, value in one.others.items())
        name = one.set if one.set != last else ""
        last = one.set
        lines.append(
            f"{name:22} {one.measure:46} {one.value:7.3f} {interval:>14} {one.n:6}  {asked:12} {others}".rstrip()
        )
    return "\n".join(lines)

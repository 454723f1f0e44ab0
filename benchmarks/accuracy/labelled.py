"""Council mail labelled rule by rule, counted as a fair reader means it.

`expect` must be found. Of each group of `either` one must be found, and the group counts under its first rule. `allow`
is never counted. A rule of `at_most` is allowed up to that severity, and wrong above it. In a message that is `inside`
an obligation is not counted at `info`, and is wrong above it. Anything else that is found is wrong. Rules that need a
folder's history are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.policy import RULE_NAMES
from benchmarks.accuracy.counting import Counts, bootstrap, total, wilson
from benchmarks.accuracy.figures import LEAST, Figure, Mistake, f1
from benchmarks.accuracy.product import RANKS, Severities

HISTORY = frozenset({"record-deleted", "record-unsaved-attachment"})
FAMILIES = {"recipients": "recipient", "reply": "recipient"}


def family(rule: str) -> str:
    first = rule.partition("-")[0]
    return FAMILIES.get(first, first)


@dataclass(frozen=True, slots=True)
class Label:
    """What a reader says of a message."""

    id: str
    expect: tuple[str, ...]
    allow: tuple[str, ...]
    either: tuple[tuple[str, ...], ...]
    at_most: dict[str, str]
    inside: bool
    near: tuple[str, ...]
    why: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> Label:
        return cls(
            id=row.get("id") or row["source"],
            expect=tuple(row["expect"]),
            allow=tuple(row.get("allow", ())),
            either=tuple(tuple(group) for group in row.get("either", ()) if group),
            at_most=dict(row.get("at_most") or {}),
            inside=bool(row.get("inside")),
            near=tuple(row.get("near", ())),
            why=row.get("why", ""),
        )

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """What must be found: one of each."""
        return (*((rule,) for rule in dict.fromkeys(self.expect)), *self.either)

    @property
    def caps(self) -> dict[str, str]:
        inside = {rule: "info" for rule in RULE_NAMES if family(rule) == "obligation"} if self.inside else {}
        return {**self.at_most, **inside}

    def wrong(self, found: Severities) -> list[str]:
        """What was found that should not have been."""
        caps = self.caps
        free = {*self.expect, *self.allow, *caps, *(rule for group in self.either for rule in group)}
        return [
            rule
            for rule, severity in found.items()
            if rule not in free or (rule in caps and RANKS.index(severity) > RANKS.index(caps[rule]))
        ]


@dataclass(slots=True)
class Score:
    """How a set of labelled messages was judged."""

    messages: list[Counts] = field(default_factory=list)
    """All rules together, one a message."""
    by_rule: dict[str, Counts] = field(default_factory=dict)
    obligations: list[Counts] = field(default_factory=list)
    """Messages that bind or direct, caught by any of the three rules."""
    right: dict[str, int] = field(default_factory=dict)
    """Findings of a rule that a label asks for; in a group of `either`, each rule found counts for itself."""
    clean: list[bool] = field(default_factory=list)
    """Of the messages without fault, which were flagged."""
    mistakes: list[Mistake] = field(default_factory=list)

    def family(self, name: str) -> Counts:
        return total([counts for rule, counts in self.by_rule.items() if family(rule) == name])


def score(set_: str, labels: Sequence[Label], found: Sequence[Severities]) -> Score:
    """Labels and findings, message by message."""
    made = Score(by_rule={rule: Counts() for rule in RULE_NAMES if rule not in HISTORY})
    for label, all_ in zip(labels, found, strict=True):
        seen = {rule: severity for rule, severity in all_.items() if rule not in HISTORY}
        each: list[tuple[str, Counts]] = []
        for group in label.groups:
            hit = [rule for rule in group if rule in seen]
            each.append((group[0], Counts(tp=1) if hit else Counts(fn=1)))
            for rule in hit:
                made.right[rule] = made.right.get(rule, 0) + 1
            if not hit:
                made.mistakes.append(Mistake(set_, label.id, "missed", "|".join(group), label.why))
        wrong = label.wrong(seen)
        for rule in wrong:
            each.append((rule, Counts(fp=1)))
            near = " (near miss)" if rule in label.near else ""
            made.mistakes.append(Mistake(set_, label.id, "flagged wrongly", rule, label.why + near))
        for rule, counts in each:
            made.by_rule[rule] = made.by_rule.get(rule, Counts()) + counts
        made.messages.append(total([counts for _, counts in each]))
        made.obligations.append(_binding(label, seen, wrong))
        if not label.groups:
            made.clean.append(bool(wrong))
    return made


def _binding(label: Label, seen: Severities, wrong: list[str]) -> Counts:
    must = any(family(rule) == "obligation" for group in label.groups for rule in group)
    hit = any(family(rule) == "obligation" for rule in seen)
    if must:
        return Counts(tp=1) if hit else Counts(fn=1)
    return Counts(fp=1) if any(family(rule) == "obligation" for rule in wrong) else Counts(tn=1)


def figures(set_: str, made: Score, bars: dict[str, float]) -> Iterator[Figure]:
    """The rows of the table; families and rules below the first three."""
    micro = f1(set_, "micro F1 over all rules", made.messages, bars.get("micro"))
    micro.detail["rules"] = {
        rule: [counts.tp, counts.fp, counts.fn] for rule, counts in made.by_rule.items() if counts.n
    }
    yield micro
    obligations = total(made.obligations)
    for name, share in (("precision", lambda c: c.precision), ("recall", lambda c: c.recall)):
        yield Figure(
            set_,
            f"obligations {name}, by message",
            share(obligations),
            len(made.obligations),
            bootstrap(made.obligations, share),
            LEAST if "obligations" in bars else "report",
            bars.get("obligations"),
        )
    flagged = sum(made.clean)
    yield Figure(
        set_,
        "messages without fault flagged",
        flagged / max(len(made.clean), 1),
        len(made.clean),
        wilson(flagged, len(made.clean)),
    )
    for name in dict.fromkeys(map(family, made.by_rule)):
        counts = made.family(name)
        if counts.n:
            yield Figure(
                set_,
                f"  F1 {name}: {counts.tp} found, {counts.fp} wrong, {counts.fn} missed",
                counts.f1,
                counts.tp + counts.fn,
            )


def per_rule(made: Score) -> str:
    """Rule by rule, for a reader."""
    lines = [f"{'rule':32} {'P':>6} {'R':>6} {'F1':>6} {'tp':>4} {'fp':>4} {'fn':>4}"]
    for rule, c in made.by_rule.items():
        if c.n:
            lines.append(f"{rule:32} {c.precision:6.3f} {c.recall:6.3f} {c.f1:6.3f} {c.tp:4} {c.fp:4} {c.fn:4}")
    return "\n".join(lines)

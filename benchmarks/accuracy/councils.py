"""Labelled council mail, and sentences of business mail that bind or direct."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from auditor.mail.parse import parse
from auditor.sample import FORMAL, build
from benchmarks.accuracy import council as written
from benchmarks.accuracy.baselines import KEYWORDS, OBLIGATION, keywords
from benchmarks.accuracy.bench import Absent, Bench
from benchmarks.accuracy.counting import Counts, count, total
from benchmarks.accuracy.figures import Figure, f1
from benchmarks.accuracy.labelled import Label, Score, figures, score
from benchmarks.accuracy.product import Auditor, Severities

SAMPLE_DAY = date(2026, 11, 22)
BARS = {"micro": 0.88, "obligations": 0.88}


def parish(bench: Bench) -> Iterator[Figure]:
    """The labelled messages of an invented council, through the command itself."""
    labels = bench.rows("parish/labels.jsonl")
    folder = bench.data / "parish/mail"
    if not folder.is_dir():
        raise Absent("parish/mail")
    seen = bench.auditor.scan(folder)
    names = [row["source"].rsplit("/", 1)[-1] for row in labels]
    yield from _measured(
        bench,
        "parish",
        [Label.of(row) for row in labels],
        [seen[name] for name in names],
        [(folder / name).read_bytes() for name in names],
    )


def council(bench: Bench) -> Iterator[Figure]:
    """A labelled set of our own, through the command itself."""
    rows = written.rows(bench.council)
    if not rows:
        raise Absent(f"{bench.council}/*.jsonl")
    with tempfile.TemporaryDirectory() as place:
        auditor = Auditor.of(written.schedule(bench.council, Path(place)))
        letters = [written.message(row, auditor.policy) for row in rows]
        seen = auditor.scan_all(letters)
    yield from _measured(bench, "council", [Label.of(row) for row in rows], seen, letters)


def sample(bench: Bench) -> Iterator[Figure]:
    """The council of `auditor demo`: signature and waiver faults, known from how each message was written."""
    with tempfile.TemporaryDirectory() as place:
        facts = build(Path(place), SAMPLE_DAY)
        lines = Auditor.of(facts.schedule).lines(facts.folder / "mail")
    seen = {
        (row["message_id"] or "").strip("<>"): {
            f["rule"]: f["severity"] for f in row["findings"] if f["rule"] in FORMAL
        }
        for _, row in lines
    }
    letters = [one for one in facts.messages if one.inside and one.message_id in seen]
    labels = [
        Label(
            id=one.path,
            expect=tuple(sorted(one.faults & FORMAL)),
            allow=(),
            either=tuple(tuple(sorted(group)) for group in one.either if group & FORMAL),
            at_most={},
            inside=False,
            near=(),
            why=one.form,
        )
        for one in letters
    ]
    made = score("sample", labels, [seen[one.message_id] for one in letters])
    bench.mistakes += made.mistakes
    bench.measured["sample"] = _counted(made)
    yield f1("sample", "F1 signature and waiver, auditor demo", made.messages)


def _measured(
    bench: Bench, set_: str, labels: Sequence[Label], found: Sequence[Severities], letters: Sequence[bytes]
) -> Iterator[Figure]:
    made = score(set_, labels, found)
    bench.mistakes += made.mistakes
    bench.scores[set_] = made
    bench.measured[set_] = _counted(made)
    naive = score(set_, labels, [dict.fromkeys(keywords(parse(raw).body.text), "medium") for raw in letters])
    for n, figure in enumerate(figures(set_, made, BARS)):
        obligations = total(naive.obligations)
        if n < 3:
            figure.others["keywords"] = (total(naive.messages).f1, obligations.precision, obligations.recall)[n]
        yield figure
    unasked = [rule for rule in KEYWORDS if rule not in made.by_rule]
    assert not unasked, unasked


def _counted(made: Score) -> dict[str, Counts]:
    """Findings that a label asks for are right; those that a fair reader may leave are not counted."""
    return {
        rule: Counts(tp=made.right.get(rule, 0), fp=counts.fp, fn=counts.fn)
        for rule, counts in made.by_rule.items()
        if counts.n or rule in made.right
    }


def enron_obligation(bench: Bench) -> Iterator[Figure]:
    """Sentences that bind or direct; the labels do not look at who is inside, so this is told and not asked."""
    rows = [row for row in bench.rows("enron_obligation/dev/sentences.jsonl") if row["flag"] is not None]
    truth = [bool(row["flag"]) for row in rows]
    found = [bench.auditor.flags(row["text"], "obligation-") for row in rows]
    figure = f1("enron_obligation", "F1 binding or instruction", bench.judged("enron_obligation", rows, truth, found))
    naive = [OBLIGATION.search(row["text"]) is not None for row in rows]
    figure.others["one regular expression"] = total([count(t, h) for t, h in zip(truth, naive, strict=True)]).f1
    yield figure

"""Offensive mail: what is found of it, and what innocent is taken for it."""

from __future__ import annotations

import statistics
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.accuracy.bench import Bench
from benchmarks.accuracy.counting import Counts, bootstrap, count, total
from benchmarks.accuracy.figures import LEAST, MOST, REPORT, Figure, f1, share

PEERS = ("better-profanity", "alt-profanity-check")
SLOW = 60
"""Documents that the slow peer is asked about."""
FOLDS = 5


def enron_offence(bench: Bench) -> Iterator[Figure]:
    """Real business mail with a word of a lexicon in it."""
    rows = bench.rows("enron_offence/dev/sentences.jsonl")
    texts = [row["text"] for row in rows]
    rules = [[rule for rule in bench.auditor.row(text) if rule.startswith("offensive-")] for text in texts]
    found = [bool(one) for one in rules]
    clear = [n for n, row in enumerate(rows) if row["label"] in ("offensive", "clean")]
    bench.judged(
        "enron_offence",
        [rows[n] for n in clear],
        [rows[n]["label"] == "offensive" for n in clear],
        [found[n] for n in clear],
    )
    figures = [
        _flagged("enron_offence", "offensive found", rows, found, "offensive", LEAST, 0.90),
        _flagged("enron_offence", "clean flagged", rows, found, "clean", MOST, 0.06),
        _flagged("enron_offence", "informal flagged", rows, found, "informal", REPORT, None),
    ]
    for name in PEERS:
        answers = bench.peers.ask(name, texts)
        for figure, label in zip(figures, ("offensive", "clean", "informal"), strict=True):
            if answers is not None:
                figure.others[name] = _flagged("", "", rows, answers, label, REPORT, None).value
    # The labels say that a sentence offends, not by which rule: so findings are counted, not faults.
    counted: dict[str, Counts] = defaultdict(Counts)
    for n in clear:
        for rule in rules[n]:
            counted[rule] += Counts(tp=1) if rows[n]["label"] == "offensive" else Counts(fp=1)
    bench.measured["enron_offence"] = dict(counted)
    yield from figures


def _flagged(
    set_: str,
    measure: str,
    rows: Sequence[dict[str, Any]],
    found: Sequence[bool],
    label: str,
    sense: str,
    bar: float | None,
) -> Figure:
    of = [hit for row, hit in zip(rows, found, strict=True) if row["label"] == label]
    return share(set_, measure, sum(of), len(of), sense, bar)


def hatecheck(bench: Bench) -> Iterator[Figure]:
    """Functional tests, by `offensive-discriminatory` alone. A template is drawn, or left out, whole."""
    rows = bench.rows("hatecheck/dev/cases.jsonl.gz")
    truth = [bool(row["hateful"]) for row in rows]
    found = ["offensive-discriminatory" in bench.auditor.row(row["text"]) for row in rows]
    each = bench.judged("hatecheck", rows, truth, found)
    templates: dict[str, list[Counts]] = defaultdict(list)
    innocent: dict[str, list[Counts]] = defaultdict(list)
    kinds: dict[str, list[Counts]] = defaultdict(list)
    for row, one in zip(rows, each, strict=True):
        template = str(row["ref_templ_id"] or row["templ_id"])
        templates[template].append(one)
        if not row["hateful"]:
            innocent[template].append(one)
        kinds[row["functionality"]].append(one)
    peers = {name: answers for name in PEERS if (answers := bench.peers.ask(name, [row["text"] for row in rows]))}
    for measure, units, bar in (("accuracy over all", templates, 0.76), ("accuracy over non-hateful", innocent, 0.60)):
        sums = [total(cases) for cases in units.values()]
        made = total(sums)
        figure = Figure("hatecheck", measure, made.accuracy, made.n, bootstrap(sums, lambda c: c.accuracy), LEAST, bar)
        folds = [
            total([total(units[t]) for t in units if zlib.crc32(t.encode()) % FOLDS == f]).accuracy
            for f in range(FOLDS)
        ]
        figure.detail = {
            "folds by template": [round(one, 4) for one in folds],
            "deviation": round(statistics.stdev(folds), 4),
        }
        figure.others["always hateful"] = sum(truth) / len(truth) if measure.endswith("all") else 0.0
        for name, answers in peers.items():
            of = [hit is true for true, hit in zip(truth, answers, strict=True) if measure.endswith("all") or not true]
            figure.others[name] = sum(of) / len(of)
        yield figure
    for kind in sorted(kinds):
        made = total(kinds[kind])
        yield share("hatecheck", f"  {kind}", made.tp + made.tn, made.n)


def davidson(bench: Bench) -> Iterator[Figure]:
    rows = bench.rows("davidson/dev/tweets.jsonl.gz")
    yield _posts(bench, "davidson", rows, [row["label"] != "neither" for row in rows])


def olid(bench: Bench) -> Iterator[Figure]:
    rows = bench.rows("olid/dev/tweets.jsonl.gz")
    yield _posts(bench, "olid", rows, [row["a"] == "OFF" for row in rows])


def ethos(bench: Bench) -> Iterator[Figure]:
    rows = bench.rows("ethos/dev/comments.jsonl")
    yield _posts(bench, "ethos", rows, [row["is_hate"] >= 0.5 for row in rows])


def _posts(bench: Bench, set_: str, rows: Sequence[dict[str, Any]], truth: Sequence[bool]) -> Figure:
    found = [bench.auditor.flags(row["text"], "offensive-") for row in rows]
    figure = f1(set_, "F1 offensive or hateful", bench.judged(set_, rows, truth, found))
    for name in PEERS:
        answers = bench.peers.ask(name, [row["text"] for row in rows])
        if answers is not None:
            figure.others[name] = total([count(t, a) for t, a in zip(truth, answers, strict=True)]).f1
    return figure


def scunthorpe(bench: Bench) -> Iterator[Figure]:
    """Innocent names and words."""
    rows = bench.rows("scunthorpe/dev/innocent.jsonl")
    texts = [f"The next meeting will be held at {row['text']} on Tuesday." for row in rows]
    found = [bench.auditor.flags(text, "offensive-") for text in texts]
    bench.judged("scunthorpe", rows, [False] * len(rows), found)
    yield _beside(bench, share("scunthorpe", "innocent names flagged", sum(found), len(rows), MOST, 0.0), texts)


def lexicons(bench: Bench) -> Iterator[Figure]:
    """Spelling variants of strong words."""
    rows = [r for r in bench.rows("lexicons/dev/surge_profanity.jsonl") if r["severity_name"] in ("Strong", "Severe")]
    texts = [f"He is a {row['text']}, I tell you." for row in rows]
    found = [bench.auditor.flags(text, "offensive-") for text in texts]
    bench.judged("lexicons", rows, [True] * len(rows), found)
    yield _beside(bench, share("lexicons", "variants found in a sentence", sum(found), len(rows), LEAST, 0.90), texts)


def _beside(bench: Bench, figure: Figure, texts: Sequence[str]) -> Figure:
    for name in PEERS:
        answers = bench.peers.ask(name, texts)
        if answers is not None:
            figure.others[name] = sum(answers) / len(answers)
    return figure


def uk_parish_minutes(bench: Bench) -> Iterator[Figure]:
    """Minutes that offend nobody; every finding is for a reader to reject, so all are counted as wrong here."""
    rows = bench.rows("uk_parish_minutes/dev/docs.jsonl.gz")
    texts = [row["text"][:6000] for row in rows]
    seen = [bench.auditor.row(text) for text in texts]
    found = [any(rule.startswith("offensive-") for rule in rules) for rules in seen]
    bench.judged("uk_parish_minutes", rows, [False] * len(rows), found, "title")
    figure = share("uk_parish_minutes", "documents with an offensive finding", sum(found), len(rows), MOST, 0.01)
    answers = bench.peers.ask(PEERS[1], texts)
    if answers is not None:
        figure.others[PEERS[1]] = sum(answers) / len(answers)
    some = bench.peers.ask(PEERS[0], [text[:4000] for text in texts[:SLOW]])
    if some is not None:
        figure.others[f"{PEERS[0]}, first {SLOW}"] = sum(some) / len(some)
    yield figure
    rules = sorted({rule for one in seen for rule in one if not rule.startswith(("signature-", "waiver-"))})
    for rule in rules:
        yield share("uk_parish_minutes", f"  documents with {rule}", sum(rule in one for one in seen), len(rows))


def politeness(bench: Bench) -> Iterator[Figure]:
    """Requests to strangers, rated by readers: whether the tone rule is likelier where readers found a request impolite."""
    rows = bench.rows("politeness/dev/requests.jsonl.gz")
    found = ["language-unbusinesslike" in bench.auditor.row(row["text"]) for row in rows]
    for quartile in ("impolite", "middle", "polite"):
        of = [hit for row, hit in zip(rows, found, strict=True) if row["quartile"] == quartile]
        yield share("politeness", f"{quartile} requests flagged for tone", sum(of), len(of))

"""Confidential matter: identifiers, passwords, and mail that only speaks of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy.baselines import CREDENTIAL, NUMBERS
from benchmarks.accuracy.bench import Bench
from benchmarks.accuracy.counting import Counts, count, total
from benchmarks.accuracy.figures import REPORT, Figure, f1, share

OWN = Path(__file__).with_name("credentials.jsonl")
IDENTIFIERS = (
    "IBAN",
    "UK_SORTCODE_ACCOUNT",
    "UK_NINO",
    "UK_NHS",
    "UK_UTR",
    "UK_PASSPORT",
    "UK_DRIVING_LICENCE",
    "CREDIT_CARD",
)
REACHED = ("PHONE", "EMAIL")
SPANS = {"CREDIT_CARD", "IBAN_CODE", "PHONE_NUMBER"}
NEITHER = {"STREET_ADDRESS", "NRP", "US_SSN", "US_DRIVER_LICENSE", "ZIP_CODE", "AGE"}
"""Personal by one reading and not by another; a row with nothing else is not counted."""
BORN = re.compile(r"\b(?:born|birth|d\.?o\.?b)\b", re.IGNORECASE)
CREDENTIALS, BANK, PERSONAL = "confidential-credentials", "confidential-financial", "confidential-personal-data"


def pii(bench: Bench) -> Iterator[Figure]:
    """Identifiers in vectors and in sentences, tokens, and passwords in prose."""
    yield from _vectors(bench)
    yield from _sentences(bench)
    yield from _tokens(bench)
    yield from _prose(bench)


def _vectors(bench: Bench) -> Iterator[Figure]:
    rows = [row for row in bench.rows("pii/dev/id_vectors.jsonl") if re.search(r"\w", row["text"])]
    rows = [row for row in rows if not (row["expected_count"] and re.fullmatch(r"[\W_]*", row["text"]))]
    for measure, kinds, bar in (
        ("id vectors F1: rules.md's identifiers", IDENTIFIERS, 0.95),
        ("id vectors F1: with telephone and e-mail", IDENTIFIERS + REACHED, None),
    ):
        yield _f1(
            bench, "pii", measure, [r for r in rows if r["entity"] in kinds], lambda row: row["expected_count"] > 0, bar
        )
    for kind in (*IDENTIFIERS, *REACHED):
        of = [row for row in rows if row["entity"] == kind]
        figure = _f1(bench, "pii", f"  {kind}", of, lambda row: row["expected_count"] > 0, None, note=False)
        yield figure


def _sentences(bench: Bench) -> Iterator[Figure]:
    rows = bench.rows("pii/dev/synthetic_sentences.jsonl.gz")
    for row in rows:
        row["kinds"] = {span["type"] for span in row["spans"]}
        row["named"] = bool(row["kinds"] & SPANS) or ("DATE_TIME" in row["kinds"] and bool(BORN.search(row["text"])))
    clear = [row for row in rows if row["named"] or not row["kinds"] & (NEITHER | {"EMAIL_ADDRESS"})]
    yield _f1(bench, "pii", "sentences F1: cards, IBAN, telephone, birth", clear, lambda row: row["named"], 0.90)
    mail = [row for row in rows if row["named"] or not row["kinds"] & NEITHER]
    yield _f1(
        bench,
        "pii",
        "sentences F1: with e-mail addresses",
        mail,
        lambda row: row["named"] or "EMAIL_ADDRESS" in row["kinds"],
        None,
        note=False,
    )
    for kind in (*sorted(SPANS), "EMAIL_ADDRESS", "DATE_TIME"):
        of = [row for row in rows if kind in row["kinds"] and (kind != "DATE_TIME" or BORN.search(row["text"]))]
        yield share(
            "pii",
            f"  sentences with {kind} found",
            sum(bench.auditor.flags(r["text"], "confidential-") for r in of),
            len(of),
        )


def _tokens(bench: Bench) -> Iterator[Figure]:
    rows = [row for row in bench.rows("pii/dev/secrets.jsonl") if not row["kind"].startswith("ip_")]
    figure = _f1(bench, "pii", "tokens F1 (secrets, without IP addresses)", rows, lambda row: row["is_secret"], None)
    answers = bench.peers.ask("detect-secrets", [row["text"] for row in rows])
    if answers is not None:
        figure.others["detect-secrets"] = total(
            [count(r["is_secret"], a) for r, a in zip(rows, answers, strict=True)]
        ).f1
    yield figure


def _prose(bench: Bench) -> Iterator[Figure]:
    rows = [json.loads(line) for line in OWN.read_text("utf-8").splitlines() if line]
    truth = [row["flagged"] for row in rows]
    found = [CREDENTIALS in bench.auditor.row(row["text"]) for row in rows]
    figure = f1("pii", "prose credentials F1 (our own)", bench.judged("pii", rows, truth, found), 0.90)
    texts = [row["text"] for row in rows]
    figure.others["one regular expression"] = total(
        [count(t, CREDENTIAL.search(text) is not None) for t, text in zip(truth, texts, strict=True)]
    ).f1
    answers = bench.peers.ask("detect-secrets", texts)
    if answers is not None:
        figure.others["detect-secrets"] = total([count(t, a) for t, a in zip(truth, answers, strict=True)]).f1
    yield figure


def _f1(
    bench: Bench,
    set_: str,
    measure: str,
    rows: Sequence[dict[str, Any]],
    truth: Any,
    bar: float | None,
    *,
    note: bool = True,
) -> Figure:
    truths = [bool(truth(row)) for row in rows]
    found = [bench.auditor.flags(row["text"], "confidential-") for row in rows]
    each = (
        bench.judged(set_, rows, truths, found) if note else [count(t, f) for t, f in zip(truths, found, strict=True)]
    )
    figure = f1(set_, measure, each, bar)
    if not measure.startswith(" "):
        hits = [NUMBERS.search(row["text"]) is not None for row in rows]
        figure.others["regular expressions"] = total([count(t, h) for t, h in zip(truths, hits, strict=True)]).f1
        answers = bench.peers.ask("presidio-analyzer", [row["text"] for row in rows])
        if answers is not None:
            figure.others["presidio-analyzer"] = total([count(t, a) for t, a in zip(truths, answers, strict=True)]).f1
    return figure


def enron_confidential(bench: Bench) -> Iterator[Figure]:
    """Disclosure or mere mention in real mail, without dial-in codes and rows that a reader could not decide."""
    all_ = bench.rows("enron_confidential/dev/snippets.jsonl")
    rows = [row for row in all_ if row["label"] not in ("conference_code", "ambiguous")]
    rules = [bench.auditor.row(row["snippet"]) for row in rows]
    truth = [row["label"] != "none" for row in rows]
    found = [any(rule.startswith("confidential-") for rule in one) for one in rules]
    figure = f1(
        "enron_confidential", "F1 disclosed", bench.judged("enron_confidential", rows, truth, found, "snippet"), 0.80
    )
    naive = [CREDENTIAL.search(row["snippet"]) is not None for row in rows]
    figure.others["one regular expression"] = total([count(t, h) for t, h in zip(truth, naive, strict=True)]).f1
    yield figure
    codes = [row for row in all_ if row["label"] == "conference_code"]
    hits = sum(bench.auditor.flags(row["snippet"], "confidential-") for row in codes)
    yield share("enron_confidential", "dial-in codes flagged", hits, len(codes), REPORT)
    counted = {rule: Counts() for rule in (CREDENTIALS, BANK, PERSONAL)}
    for row, one in zip(rows, rules, strict=True):
        owed = {"credential": CREDENTIALS, "bank_or_card": BANK, "government_id": PERSONAL}.get(row["label"], "")
        for rule in counted:
            # A password beside a telephone number is rightly found twice, and is labelled once.
            if rule == owed or not owed:
                counted[rule] += count(rule == owed, rule in one)
    bench.measured["enron_confidential"] = counted

"""What the rules cost: `python -m benchmarks.analysers DATA [--messages N] [--hostile]`, DATA holding `enron_sent`.

All analysers together over real mail, from cases made beforehand and from bytes, in processor seconds; beside a naive
chain in the same run (the standard library's modern policy, BeautifulSoup, the same patterns with `re` one after
another, difflib against the agreed wordings); what each analyser costs; the worst single message. With `--hostile`, ten
kilobytes built against each pattern, each word table and each sort of run, by analyser.
"""

from __future__ import annotations

import argparse
import difflib
import email
import email.policy
import gc
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case
from auditor.analysers.examples import examples
from auditor.analysers.patterns import Pattern
from auditor.analysers.prose import prose
from auditor.policy import Policy
from benchmarks import corpus, hostile

ROUNDS = 3
NAIVE = 150
"""Messages that the naive chain is given: it takes its time."""
LIMIT = 0.050
"""Seconds that ten hostile kilobytes may take a rule."""


def sources(council: Policy) -> list[str]:
    """Every pattern of the rules, as it is compiled: each is made when it is first asked, so all examples are judged."""
    for rule in (rule for analyser in ANALYSERS for rule in analyser.rules):
        for example in examples(rule.name):
            head = f"From: someone@{council.domains[0]}\nTo: a@else.example\nSubject: {example.subject or 'Bench'}\n\n"
            made = corpus.case(council, (head + example.body).encode())
            if made is not None:
                judge(made)
    return sorted({one.source for one in gc.get_objects() if isinstance(one, Pattern)})


def judge(case: Case) -> int:
    """All findings of all analysers, counted."""
    return sum(1 for analyser in ANALYSERS for _ in analyser.check(case))


def least(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Processor seconds of the best round."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def speed(letters: Sequence[bytes], council: Policy) -> dict[str, float]:
    """Messages a processor second, with and without reading them."""
    cases = [made for raw in letters if (made := corpus.case(council, raw)) is not None]
    for case in cases[:200]:
        judge(case)
    prepared = len(cases) / least(lambda: [judge(case) for case in cases])

    def whole() -> None:
        for raw in letters:
            made = corpus.case(council, raw)
            if made is not None:
                judge(made)

    from_bytes = len(letters) / least(whole)
    known = sources(council)
    chain = naive(council, known)
    some = letters[:: max(1, len(letters) // NAIVE)][:NAIVE]
    theirs = len(some) / least(lambda: [chain(raw) for raw in some], rounds=1)
    print(f"{len(cases):,} messages, {len(known)} patterns of RE2")
    print(f"all analysers, cases made beforehand: {prepared:9,.0f} messages a second (asked: 1,500)")
    print(f"the same from bytes:                  {from_bytes:9,.0f} messages a second")
    print(f"naive chain from bytes, {len(some)} messages:  {theirs:9,.1f} messages a second")
    print(f"ours from bytes is {from_bytes / theirs:,.0f} times as fast (asked: 30)")
    worst(cases)
    each(cases)
    return {"prepared": prepared, "from bytes": from_bytes, "naive": theirs, "ratio": from_bytes / theirs}


def naive(council: Policy, known: Sequence[str]) -> Callable[[bytes], int]:
    """What an afternoon makes of the same task."""
    try:
        from bs4 import BeautifulSoup
    except ImportError:
        raise SystemExit("beautifulsoup4 is missing: the naive chain cannot be measured.") from None
    compiled = []
    refused = 0
    for source in known:
        try:
            compiled.append(re.compile(source))
        except re.error:
            refused += 1
    if refused:
        print(f"{refused} patterns are RE2's alone and were left out of the naive chain")
    wordings = [one.text for one in (*council.signatures, *council.waivers)]

    def chain(raw: bytes) -> int:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        try:
            body = mail.get_body(("html", "plain"))
            text = BeautifulSoup(body.get_content() if body else "", "html.parser").get_text()
        except (LookupError, ValueError, AttributeError):
            return 0
        plain = text.lower()
        hits = sum(1 for one in compiled if one.search(plain))
        tail = text[-1500:]
        return hits + sum(difflib.SequenceMatcher(None, tail, one).ratio() > 0.8 for one in wordings)

    return chain


def worst(cases: Sequence[Case]) -> None:
    """The message that takes longest."""
    slowest, size = 0.0, 0
    for case in cases:
        begun = time.process_time()
        judge(case)
        spent = time.process_time() - begun
        if spent > slowest:
            begun = time.process_time()
            judge(case)  # once more: it was the message, or the machine
            again = min(spent, time.process_time() - begun)
            slowest, size = (again, len(case.mail.body.text)) if again > slowest else (slowest, size)
    print(f"worst single message: {slowest * 1000:.1f} ms for {size:,} characters (asked: under 1,000)")


def each(cases: Sequence[Case]) -> None:
    """Microseconds a message, by analyser; the words of a text are read once, and counted apart."""
    spent: Counter[str] = Counter()
    found: Counter[str] = Counter()
    clock = time.perf_counter_ns
    for case in cases:
        begun = clock()
        _ = prose(case.text("own")).words
        spent["(the words)"] += clock() - begun
        for analyser in ANALYSERS:
            begun = clock()
            hits = sum(1 for _ in analyser.check(case))
            spent[type(analyser).__name__] += clock() - begun
            found[type(analyser).__name__] += hits
    print(f"\n{'analyser':24} {'µs a message':>12} {'findings':>9}")
    for name, nanoseconds in spent.items():
        print(f"{name:24} {nanoseconds / 1000 / len(cases):12.1f} {found[name] or '':>9}")
    print(f"{'all':24} {spent.total() / 1000 / len(cases):12.1f}")


def under_fire(council: Policy) -> list[tuple[float, str, str]]:
    """The slowest answers to ten hostile kilobytes: (seconds, analyser, text)."""
    sender = f"someone@{council.domains[0]}"
    head = f"From: {sender}\nTo: a@else.example\nSubject: Bench\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    answers = []
    texts = [*hostile.texts(sources(council))]
    gc.collect()
    gc.disable()  # a collection takes longer than most answers, and is no rule's doing
    for what, text in texts:
        made = corpus.case(council, (head + text + "\n").encode())
        if made is None:
            continue
        for analyser in ANALYSERS:
            prose.cache_clear()
            begun = time.process_time()
            for _ in analyser.check(made):
                pass
            answers.append((time.process_time() - begun, type(analyser).__name__, what))
    gc.enable()
    answers.sort(reverse=True)
    slow = [one for one in answers if one[0] > LIMIT]
    print(
        f"\nhostile texts of {hostile.SIZE:,} characters: {len(answers):,} answers, {len(slow)} over {LIMIT * 1000:.0f} ms"
    )
    for seconds, name, what in answers[:25]:
        print(f"{seconds * 1000:8.1f} ms  {name:20} {what}")
    return answers[:25]


def main() -> None:
    """Reads the command line and prints the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("data", type=Path)
    asked.add_argument("--messages", type=int, default=0, help="at most so many; all unless given")
    asked.add_argument("--hostile", action="store_true")
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    letters = [raw for path in corpus.mailboxes(given.data) for raw in corpus.messages(path)]
    if given.messages:
        letters = letters[:: max(1, len(letters) // given.messages)][: given.messages]
    council = corpus.policy(letters)
    figures: dict[str, object] = dict(speed(letters, council))
    if given.hostile:
        figures["hostile"] = under_fire(council)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Findings on real mail, read by hand: draws a sample for a reader, and counts what two readings said of it.

    python -m benchmarks.accuracy.review DATA [--pass N] [--unread] [--rule RULE] [--blank FILE]

DATA holds `enron_sent`. Whoever sends from the domain that most mail there comes from is judged as a councillor of a
council of that domain; other domains are outside. Drawn are 200 findings of high or critical severity, obligations left
out (there is no clerk), one a rule and message. Which, depends on message and rule alone, so that verdicts stand when
other findings come and go. Texts are printed for the reader and kept nowhere.

Verdicts stand in `verdicts.jsonl`, a line each: message_id, rule, pass (1 or 2), verdict (right or wrong), reason. No
text of anybody's mail. `--blank` writes such lines, the verdict empty, for what a pass has not read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.findings import Finding
from auditor.pipeline.judging import identified
from benchmarks import corpus
from benchmarks.accuracy.bench import Absent, Bench
from benchmarks.accuracy.counting import Counts, kappa, wilson
from benchmarks.accuracy.figures import LEAST, Figure, share

VERDICTS = Path(__file__).with_name("verdicts.jsonl")
SIZE = 200
SEED = "2026-11-25"
SEVERE = ("high", "critical")
LEFT_OUT = "obligation-"
AROUND = 300
"""Characters of the part shown before and after a finding."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding of the sample."""

    mailbox: str
    message_id: str
    finding: Finding
    shown: str
    """What the reader needs to decide; never kept."""

    @property
    def key(self) -> tuple[str, str]:
        return self.message_id, self.finding.rule

    @property
    def lot(self) -> str:
        """Its place in the draw."""
        return hashlib.sha256("\x1f".join((SEED, *self.key)).encode()).hexdigest()


def sample(data: Path, size: int = SIZE) -> tuple[list[Drawn], int]:
    """The findings drawn, and of how many."""
    boxes = {path.name.removesuffix(".mbox.gz"): list(corpus.messages(path)) for path in corpus.mailboxes(data)}
    council = corpus.policy([raw for letters in boxes.values() for raw in letters])
    found: dict[tuple[str, str], Drawn] = {}
    for mailbox, letters in boxes.items():
        for raw in letters:
            made = corpus.case(council, raw)
            if made is None:
                continue
            for _, finding in identified(made):
                if finding.severity in SEVERE and not finding.rule.startswith(LEFT_OUT):
                    one = Drawn(mailbox, made.mail.message_id, finding, _shown(made, finding))
                    found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: one.lot)[:size], len(found)


def _shown(case: corpus.Case, finding: Finding) -> str:
    mail = case.mail
    to = ", ".join(address.email for address in mail.recipients[:6])
    lines = [f"to {to}{' …' if len(mail.recipients) > 6 else ''}", f"subject {mail.subject}", f"part {finding.part}"]
    if finding.part in ("own", "forwarded", "quoted", "signature", "waiver"):
        text = case.text(finding.part)
        before, after = text[max(0, finding.start - AROUND) : finding.start], text[finding.end : finding.end + AROUND]
        lines.append(f"{before}>>>{text[finding.start : finding.end]}<<<{after}")
    else:
        lines.append(finding.excerpt)
    return "\n".join(lines)


# --- verdicts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reading said of a finding."""

    message_id: str
    rule: str
    reading: int
    right: bool
    reason: str


def verdicts(path: Path = VERDICTS) -> list[Verdict]:
    """The verdicts that are given. Raises ValueError for a line that is none."""
    if not path.is_file():
        return []
    made = []
    for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        row = json.loads(line) if line.strip() else None
        if row is None or not row.get("verdict"):
            continue
        if row["verdict"] not in ("right", "wrong") or row["pass"] not in (1, 2) or not row.get("reason"):
            raise ValueError(f"{path.name}, line {n}: 'pass' is 1 or 2, 'verdict' is right or wrong, and has a reason.")
        made.append(Verdict(row["message_id"], row["rule"], row["pass"], row["verdict"] == "right", row["reason"]))
    return made


@dataclass(frozen=True, slots=True)
class Reading:
    """A sample with what both passes said of it."""

    drawn: int
    first: dict[tuple[str, str], bool]
    second: dict[tuple[str, str], bool]

    @property
    def both(self) -> list[tuple[tuple[str, str], bool, bool]]:
        """What both passes have read."""
        return [(key, said, self.second[key]) for key, said in self.first.items() if key in self.second]


def read(keys: Sequence[tuple[str, str]], given: Sequence[Verdict]) -> Reading:
    """The verdicts on a sample."""
    said = {(one.reading, one.message_id, one.rule): one.right for one in given}
    first, second = ({key: said[n, *key] for key in keys if (n, *key) in said} for n in (1, 2))
    return Reading(len(keys), first, second)


def figures(reading: Reading) -> Iterator[Figure]:
    """Precision as both passes have it, by each, and their agreement."""
    both = reading.both
    right = sum(a and b for _, a, b in both)
    figure = share("enron_sent", "precision, high and critical (right in both passes)", right, len(both), LEAST, 0.80)
    figure.detail = {"drawn": reading.drawn, "not read twice": reading.drawn - len(both)}
    yield figure
    for name, said in (("first", reading.first), ("second", reading.second)):
        yield share("enron_sent", f"  precision, {name} pass", sum(said.values()), len(said))
    same = sum(a == b for _, a, b in both)
    yield Figure("enron_sent", "  passes agree", same / max(len(both), 1), len(both), wilson(same, len(both)))
    yield Figure("enron_sent", "  agreement beyond chance (kappa)", kappa([(a, b) for _, a, b in both]), len(both))
    rules: dict[str, list[bool]] = {}
    for (_, rule), a, b in both:
        rules.setdefault(rule, []).append(a and b)
    for rule in sorted(rules):
        yield share("enron_sent", f"  precision {rule}", sum(rules[rule]), len(rules[rule]))


def precision(bench: Bench) -> Iterator[Figure]:
    """What readers said of the sample as it is drawn from today's findings."""
    if not (bench.data / "enron_sent/dev").is_dir():
        raise Absent("enron_sent/dev")
    drawn, of = sample(bench.data)
    reading = read([one.key for one in drawn], verdicts())
    counted: dict[str, Counts] = {}
    for (_, rule), a, b in reading.both:
        counted[rule] = counted.get(rule, Counts()) + (Counts(tp=1) if a and b else Counts(fp=1))
    bench.measured["review"] = counted
    yield Figure("enron_sent", "high and critical findings, obligations left out", of, of)
    yield from figures(reading)


def main() -> None:
    """Reads the command line and prints the sample for a reader."""
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy.review",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("data", type=Path)
    asked.add_argument("--pass", dest="reading", type=int, choices=(1, 2), default=1)
    asked.add_argument("--unread", action="store_true", help="only what this pass has not read")
    asked.add_argument("--rule", help="only this rule")
    asked.add_argument("--size", type=int, default=SIZE)
    asked.add_argument("--blank", type=Path, help="write verdict lines to be filled in there")
    given = asked.parse_args()
    drawn, of = sample(given.data, given.size)
    done = {(one.message_id, one.rule) for one in verdicts() if one.reading == given.reading}
    chosen = [one for one in drawn if given.rule in (None, one.finding.rule) and not (given.unread and one.key in done)]
    for n, one in enumerate(chosen, 1):
        print(f"\n=== {n} {one.message_id} {one.finding.rule} ({one.finding.severity}, mailbox {one.mailbox})")
        print(f"reason {one.finding.reason}")
        print(textwrap.indent(one.shown, "  | "))
    print(f"\n{len(chosen)} shown; {len(drawn)} drawn of {of}:", dict(Counter(one.finding.rule for one in drawn)))
    if given.blank:
        rows = [
            {"message_id": one.message_id, "rule": one.finding.rule, "pass": given.reading, "verdict": "", "reason": ""}
            for one in chosen
            if one.key not in done
        ]
        given.blank.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    main()

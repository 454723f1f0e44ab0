"""Measures the rules on labelled mail and beside other programs, in one run:

    python -m benchmarks.accuracy DATA [--only SET ...] [--council FOLDER] [--peers PYTHON] [--json FILE]
                                       [--mistakes] [--texts] [--write-measured]

DATA holds the sets, one folder each; what is not there is said and left out. PYTHON is an interpreter that has
better-profanity, alt-profanity-check, presidio-analyzer and detect-secrets; the auditor's own need not have them.
Every row is put to the product as a letter from a councillor to one address outside, labelled council mail as it is
through `auditor scan`. Shares have Wilson's interval, F1 and what is drawn by template a bootstrap's.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.accuracy import councils, disclosure, enclosures, measured, offence, review
from benchmarks.accuracy.bench import Absent, Bench
from benchmarks.accuracy.figures import Figure, Missing, table
from benchmarks.accuracy.labelled import per_rule
from benchmarks.accuracy.peers import Peers
from benchmarks.accuracy.product import Auditor

Measure = Callable[[Bench], Iterator[Figure]]


def elsewhere(module: str, name: str) -> Measure:
    """A set that lives in a module of its own, which may not be there."""

    def measure(bench: Bench) -> Iterator[Figure]:
        try:
            found: Measure = getattr(importlib.import_module(f"benchmarks.accuracy.{module}"), name)
        except (ImportError, AttributeError) as error:
            raise Absent(f"benchmarks/accuracy/{module}.py: {error}") from None
        yield from found(bench)

    return measure


SETS: dict[str, Measure] = {
    "parish": councils.parish,
    "council": councils.council,
    "sample": councils.sample,
    "enron_obligation": councils.enron_obligation,
    "enron_offence": offence.enron_offence,
    "hatecheck": offence.hatecheck,
    "davidson": offence.davidson,
    "olid": offence.olid,
    "ethos": offence.ethos,
    "scunthorpe": offence.scunthorpe,
    "lexicons": offence.lexicons,
    "uk_parish_minutes": offence.uk_parish_minutes,
    "politeness": offence.politeness,
    "pii": disclosure.pii,
    "enron_confidential": disclosure.enron_confidential,
    "wrong_recipient_sim": elsewhere("recipients", "wrong_recipient_sim"),
    "look_alikes": elsewhere("recipients", "look_alikes"),
    "attachments": enclosures.attachments,
    "phishing_meta": enclosures.phishing_meta,
    "enron_sent": review.precision,
}


def main() -> None:
    """Reads the command line and measures."""
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("data", type=Path)
    asked.add_argument("--only", action="append", choices=[*SETS], help="measure this set; may be repeated")
    asked.add_argument(
        "--council", type=Path, default=Path(__file__).parents[1] / "council", help="our own labelled mail"
    )
    asked.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the peers")
    asked.add_argument("--json", type=Path, help="write all figures there")
    asked.add_argument("--mistakes", action="store_true", help="list what was judged otherwise than it is labelled")
    asked.add_argument("--texts", action="store_true", help="… with its text; for the screen alone")
    asked.add_argument("--write-measured", action="store_true", help="write auditor/analysers/measured.toml")
    given = asked.parse_args()
    schedule = given.data / "parish/schedule.toml"
    if not schedule.is_file():
        raise SystemExit(f"{schedule} is missing: its council is whom every row is put to; nothing was measured.")
    bench = Bench(given.data, given.council.resolve(), Auditor.of(schedule), Peers(given.peers))
    figures = list(_figures(bench, given.only or [*SETS]))
    print(table(figures))
    for set_, score in bench.scores.items():
        print(f"\n{set_}, rule by rule\n{per_rule(score)}")
    bench.missing += [Missing(name, why) for name, why in bench.peers.missing.items()]
    for one in bench.missing:
        print(f"missing: {one.set}: {one.what}")
    if given.mistakes or given.texts:
        for slip in bench.mistakes:
            shown = f"  {' '.join(slip.text.split())[:300]}" if given.texts else ""
            print(f"{slip.set} {slip.kind}: {slip.id} {slip.rules}{shown}")
    if given.json:
        document = {
            "figures": [one.json() for one in figures],
            "missing": [[one.set, one.what] for one in bench.missing],
            "mistakes": [[slip.set, slip.id, slip.kind, slip.rules] for slip in bench.mistakes],
        }
        given.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if given.write_measured:
        lacking = [name for name in measured.SOURCES if name not in bench.measured]
        if lacking:
            raise SystemExit(f"measured.toml is as it was: {', '.join(lacking)} were not measured in this run.")
        measured.PLACE.write_text(measured.written(bench.measured), encoding="utf-8", newline="\n")
        print(f"wrote {measured.PLACE}")


def _figures(bench: Bench, names: list[str]) -> Iterator[Figure]:
    for name in names:
        begun = time.perf_counter()
        try:
            yield from SETS[name](bench)
        except Absent as absent:
            bench.missing.append(Missing(name, f"{absent} is not there; not measured"))
        else:
            print(f"{name}: {time.perf_counter() - begun:.1f} s", flush=True)


if __name__ == "__main__":
    main()

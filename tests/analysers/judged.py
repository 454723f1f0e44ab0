"""All examples judged in a process of their own, under watch: `python judged.py [SEED]` prints what was found.

Judged twice, the second time in an order shuffled by SEED. Nothing may reach for the network or another program; once
the words are read, nothing may be opened either.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable

import test_examples

from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case
from auditor.findings import Finding, identity

OUTWARD = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.", "http.", "ftplib.")
WRITING = ("os.remove", "os.rename", "os.mkdir", "shutil.")
watched = {"network": False, "files": False}


def watch(event: str, given: tuple[object, ...]) -> None:
    if watched["network"] and event.startswith((*OUTWARD, *WRITING)):
        raise AssertionError(f"an analyser does {event} {given}")
    if watched["files"] and event == "open":
        raise AssertionError(f"an analyser opens {given[0]}")


def cases() -> list[Case]:
    """The case of each example, as the tests make it."""
    kept: list[Case] = []

    def keep(case: Case) -> list[Finding]:
        kept.append(case)
        return []

    test_examples.findings = keep
    for _, example in test_examples.SHOWN:
        test_examples._found(example)
    return kept


def judge(order: Iterable[int], made: list[Case]) -> dict[int, list[str]]:
    found = {}
    for n in order:
        case = made[n]
        hits = [one for analyser in ANALYSERS for one in analyser.check(case)]
        found[n] = [repr((identity(one, case.mail.message_id), one)) for one in hits]
    return dict(sorted(found.items()))


def main() -> None:
    sys.addaudithook(watch)
    made = cases()
    watched["network"] = True
    first = judge(range(len(made)), made)
    watched["files"] = True
    order = list(range(len(made)))
    random.Random(sys.argv[1]).shuffle(order)
    second = judge(order, made)
    watched.update(network=False, files=False)
    if first != second:
        raise AssertionError("the second run found something else")
    sys.stdout.write(json.dumps(first))


if __name__ == "__main__":
    main()

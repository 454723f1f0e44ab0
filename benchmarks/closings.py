"""How well signatures and waivers are known: `python benchmarks/closings.py DATA`, DATA holding `disclaimers` and `parish`.

Disclaimers: each row under three ordinary lines of letter, as a councillor's message; found when `parts.waiver` holds
anything. The cues are weighted by hand and not fitted; what is tuned is the weight that is enough, so that is chosen on
four folds and counted on the fifth, rows of one template kept together. Parish: the labelled mail, signature and waiver
rules alone.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
import zlib
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from pathlib import Path

from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case
from auditor.mail import disclaimer
from auditor.mail.closing import close
from auditor.mail.parse import parse
from auditor.mail.segments import assemble, split
from auditor.mail.wording import plain
from auditor.policy import Person, Policy, Role, Wording

LETTER = (
    "Dear Mrs Hale,\n\nThank you for your letter about the footpath gate.\nI have asked the Clerk to put it on the agenda."
    "\nYou are welcome to come and speak to it.\n\n"
)
FOLDS = 5
WEIGHTS = (2.0, 2.5, 3.0, 3.5, 4.0)
NAIVE = re.compile(
    r"(intended (only|solely)|intended recipient|addressee|received (this|it)[^.]{0,40} in error|confidential[^.]{0,40}privileged)",
    re.IGNORECASE,
)


def policy(folder: Path) -> Policy:
    """The council of the parish set."""
    table = tomllib.loads((folder / "schedule.toml").read_text("utf-8"))
    people = tuple(
        Person(one["name"], Role(one["role"]), one["title"], one["mailbox"], private=tuple(one.get("private", ())))
        for one in table["people"]
    )

    def wordings(kind: str) -> tuple[Wording, ...]:
        return tuple(
            Wording(p.stem, p.read_text("utf-8").strip()) for p in sorted((folder / "policy" / kind).glob("*.txt"))
        )

    council = table["council"]
    return Policy(council["name"], tuple(council["domains"]), people, wordings("signatures"), wordings("waivers"))


def case(council: Policy, raw: bytes) -> Case | None:
    """The case that a message's bytes make; None for a stranger's."""
    mail = parse(raw)
    sender = council.person(mail.sender, council.day(mail.sent))
    if sender is None:
        return None
    agreed = council.agreed(sender)
    parts = assemble(mail.body.text, close(mail.body, split(mail.body, mail.subject), agreed))
    return Case(mail, parts, sender, agreed, council)


def message(body: str) -> bytes:
    """A councillor's letter to one address outside."""
    mail = EmailMessage()
    mail["From"] = "cllr.farooqi@littlemarlbrook-pc.gov.uk"
    mail["To"] = "someone@homemail.example"
    mail["Subject"] = "Footpath gate"
    mail["Date"] = "Mon, 02 Nov 2026 09:14:00 +0000"
    mail.set_content(body, charset="utf-8")
    return mail.as_bytes()


def score(pairs: Iterable[tuple[bool, bool]]) -> tuple[int, int, int, float]:
    """True positives, false positives, false negatives and F1 of (truth, found) pairs."""
    seen = list(pairs)
    tp, fp, fn = sum(t and f for t, f in seen), sum(f and not t for t, f in seen), sum(t and not f for t, f in seen)
    return tp, fp, fn, 2 * tp / max(2 * tp + fp + fn, 1)


def disclaimers(data: Path, council: Policy) -> None:
    """Prints the disclaimer table."""
    rows = [json.loads(line) for line in (data / "disclaimers/dev/paragraphs.jsonl").read_text("utf-8").splitlines()]
    truth = [row["label"] != "not_disclaimer" for row in rows]
    cases = [case(council, message(LETTER + row["text"])) for row in rows]
    whole = [bool(made and made.parts.waiver.text.strip()) for made in cases]
    weights = [max(map(disclaimer.weigh, plain(row["text"]).split("\n\n"))) for row in rows]
    folds = [zlib.crc32(" ".join(re.findall(r"[a-z]+", row["text"].lower())[:6]).encode()) % FOLDS for row in rows]
    naive = [NAIVE.search(row["text"]) is not None for row in rows]
    print(f"\nDisclaimer recognised, {len(rows)} paragraphs, {len(rows) - sum(truth)} of them near misses")
    print(f"{'':42} {'F1':>6} {'tp':>4} {'fp':>4} {'fn':>4}  near misses flagged")
    for name, found in (
        ("parts.waiver", whole),
        ("paragraph alone, weight by cross-validation", _held_out(truth, weights, folds)),
        ("peer: one regular expression", naive),
    ):
        tp, fp, fn, f1 = score(zip(truth, found, strict=True))
        print(f"{name:42} {f1:6.3f} {tp:4} {fp:4} {fn:4}  {fp / (len(truth) - sum(truth)):.1%}")
    for row, one, found in zip(rows, truth, whole, strict=True):
        if one is not found:
            print(f"   {'missed' if one else 'flagged wrongly'}: {row['id']}")


def _held_out(truth: Sequence[bool], weights: Sequence[float], folds: Sequence[int]) -> list[bool]:
    """Each row judged by the weight that was best on the other folds."""
    chosen = {
        fold: max(
            WEIGHTS,
            key=lambda enough: score(
                (t, w >= enough) for t, w, f in zip(truth, weights, folds, strict=True) if f != fold
            )[3],
        )
        for fold in range(FOLDS)
    }
    return [weight >= chosen[fold] for weight, fold in zip(weights, folds, strict=True)]


def parish(data: Path, council: Policy) -> None:
    """Prints the signature and waiver rules on the labelled parish mail."""
    folder = data / "parish"
    tallies: dict[str, list[int]] = {
        rule.name: [0, 0, 0] for analyser in ANALYSERS for rule in analyser.rules if _closing(rule.name)
    }
    wrong: list[str] = []
    spent = 0.0
    labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines()]
    for label in labels:
        name = label["source"].rsplit("/", 1)[-1]
        made = case(council, (folder / "mail" / name).read_bytes())
        begun = time.process_time()
        found = {f.rule for analyser in ANALYSERS[:2] for f in analyser.check(made)} if made else set()
        spent += time.process_time() - begun
        _tally(label, found, tallies, wrong)
    print(f"\nParish, {len(labels)} messages")
    print(f"{'':24} {'F1':>6} {'tp':>4} {'fp':>4} {'fn':>4}")
    for family in ("signature", "waiver"):
        of = [t for rule, t in tallies.items() if rule.startswith(family)]
        tp, fp, fn = (sum(column) for column in zip(*of, strict=True))
        for rule, (a, b, c) in tallies.items():
            if rule.startswith(family):
                print(f"  {rule:22} {2 * a / max(2 * a + b + c, 1):6.3f} {a:4} {b:4} {c:4}")
        print(f"family {family:17} {2 * tp / max(2 * tp + fp + fn, 1):6.3f} {tp:4} {fp:4} {fn:4}")
    print(*wrong, sep="\n")


def _closing(rule: str) -> bool:
    return rule.startswith(("signature-", "waiver-"))


def _tally(label: dict[str, list[str]], found: set[str], tallies: dict[str, list[int]], wrong: list[str]) -> None:
    either = [group for group in label.get("either", []) if any(map(_closing, group))]  # type: ignore[arg-type]
    free = {*label["expect"], *label["allow"], *(rule for group in either for rule in group)}
    wanted = [[rule] for rule in label["expect"] if _closing(rule)] + [list(group) for group in either]
    for group in wanted:
        hit = any(rule in found for rule in group)
        tallies[group[0]][0 if hit else 2] += 1
        wrong += [] if hit else [f"   missed: {label['source']} {'|'.join(group)}"]
    for rule in sorted(found - free):
        if _closing(rule):
            tallies[rule][1] += 1
            wrong.append(f"   flagged wrongly: {label['source']} {rule}")


def speed(council: Policy) -> None:
    """Prints what close and the two analysers cost on typical mail, least of five rounds, processor time."""
    sender = next(one for one in council.people if one.role is Role.COUNCILLOR)
    agreed = council.agreed(sender)
    signature, waiver = (
        one.text.replace("{phone}", "01632 960127") for one in (agreed.signatures[0], agreed.waivers[-1])
    )
    letter = LETTER * 6
    kinds = {
        "agreed, as it is": f"{letter}\n{signature}\n\n{waiver}\n",
        "agreed, wrapped": f"{letter}\n{signature}\n\n{re.sub('(.{50,68}) ', chr(92) + '1' + chr(10), waiver)}\n",
        "neither": f"{letter}\nRegards\n",
        "waiver altered": f"{letter}\n{signature}\n\n{waiver[:200]}\n",
        "another's disclaimer": f"{letter}\n{signature}\n\nThis mail is confidential and intended solely for the addressee.\n",
    }
    print(f"\n{'microseconds a message':24} {'close':>7} {'rules':>7}")
    for name, body in kinds.items():
        mail = parse(message(body).replace(b"cllr.farooqi@", sender.mailbox.partition("@")[0].encode() + b"@"))
        segments = split(mail.body, mail.subject)
        made = Case(mail, assemble(mail.body.text, close(mail.body, segments, agreed)), sender, agreed, council)
        closing = _least(lambda mail=mail, segments=segments: close(mail.body, segments, agreed))  # type: ignore[misc]
        judging = _least(lambda made=made: [list(analyser.check(made)) for analyser in ANALYSERS[:2]])  # type: ignore[misc]
        print(f"{name:24} {closing:7.1f} {judging:7.1f}")


def _least(work: object, rounds: int = 5, times: int = 200) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        for _ in range(times):
            work()  # type: ignore[operator]
        best = min(best, (time.process_time() - begun) / times)
    return best * 1e6


def main() -> None:
    """Reads the data folder's name and prints the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    data: Path = asked.parse_args().data
    lacking = [
        name for name in ("parish/schedule.toml", "disclaimers/dev/paragraphs.jsonl") if not (data / name).is_file()
    ]
    if lacking:
        raise SystemExit(f"Missing in {data}: {', '.join(lacking)}; nothing was measured.")
    council = policy(data / "parish")
    disclaimers(data, council)
    parish(data, council)
    speed(council)


if __name__ == "__main__":
    main()

"""Real and broken mail, every message accounted for: collected = parsed + gaps, none silently empty, none slow.

    python benchmarks/robustness.py DATA

DATA holds the sets mime_fixtures, spamassassin and enron_sent. Beside our parser stand a walk over the standard
library's tree (compat32) and its modern policy with `get_body`; one processor, best of three rounds.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import gzip
import html
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.mail.message import Mail
from auditor.mail.parse import over_limits, parse

SLOW = 20.0
ROUNDS = 3
_MARKUP = re.compile(r"(?s)<(style|script|head|title)\b.*?</\1>|<!--.*?-->|<[^>]*>")


def fixtures(data: Path) -> Iterator[bytes]:
    with tarfile.open(data / "mime_fixtures/dev/messages.tar.gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                yield stream.read()


def mbox(path: Path) -> Iterator[bytes]:
    for i, part in enumerate(gzip.decompress(path.read_bytes()).split(b"\n\nFrom ")):
        yield (part.removeprefix(b"From ") if i == 0 else part).partition(b"\n")[2]


def boxes(data: Path, name: str) -> Iterator[bytes]:
    for path in sorted((data / name / "dev").glob("*.mbox.gz")):
        yield from mbox(path)


SETS: dict[str, Callable[[Path], Iterator[bytes]]] = {
    "mime_fixtures": fixtures,
    "spamassassin": lambda data: boxes(data, "spamassassin"),
    "enron_sent": lambda data: boxes(data, "enron_sent"),
}


@dataclass
class Account:
    collected: int = 0
    parsed: int = 0
    gaps: int = 0
    crashed: int = 0
    slow: int = 0
    worst: float = 0.0
    blank: int = 0
    """Nothing was found, and the standard library finds no text either."""
    silent: int = 0
    """Nothing was found where there is text."""
    defects: Counter[str] = field(default_factory=Counter)
    unread: int = 0


def found(mail: Mail) -> bool:
    return bool(mail.body.text.strip() or mail.body.hidden.strip() or mail.attachments or mail.unread or mail.attached)


def has_text(raw: bytes) -> bool:
    """Whether the standard library finds any readable text."""
    try:
        for part in email.message_from_bytes(raw).walk():
            if part.is_multipart():
                continue
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            text = payload.decode("latin-1")
            if part.get_content_type() == "text/html":
                text = html.unescape(_MARKUP.sub(" ", text)).replace("\xa0", " ")
            if text.strip():
                return True
    except Exception as fault:  # noqa: BLE001 - any failure of the witness is said
        print(f"  the standard library failed where it was the witness: {type(fault).__name__}")
    return False


def account(messages: list[bytes]) -> Account:
    tally = Account(collected=len(messages))
    for raw in messages:
        began = time.perf_counter()
        try:
            mail = parse(raw)
        except Exception:  # noqa: BLE001 - a crash is what is counted
            tally.crashed += 1
            continue
        took = time.perf_counter() - began
        tally.worst = max(tally.worst, took)
        tally.slow += took > SLOW
        if over_limits(mail):
            tally.gaps += 1
        else:
            tally.parsed += 1
        tally.unread += bool(mail.unread)
        tally.defects.update({defect.code for defect in mail.defects})
        if not found(mail):
            if has_text(raw) and not any(defect.code == "picture" for defect in mail.defects):
                tally.silent += 1
            else:
                tally.blank += 1
    return tally


def compat32(raw: bytes) -> object:
    message = email.message_from_bytes(raw)
    texts = [
        (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]
    return message["From"], message["To"], message["Subject"], message["Date"], texts


def modern(raw: bytes) -> object:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    return message["From"], message["To"], message["Subject"], message["Date"], text


def speed(read: Callable[[bytes], object], messages: list[bytes], rounds: int) -> tuple[float, int]:
    """Messages a processor second, and how many raised."""
    best, raised = float("inf"), 0
    for _ in range(rounds):
        raised = 0
        began = time.process_time()
        for raw in messages:
            try:
                read(raw)
            except Exception:  # noqa: BLE001 - as above
                raised += 1
        best = min(best, time.process_time() - began)
    return len(messages) / best, raised


def report(name: str, messages: list[bytes]) -> bool:
    tally = account(messages)
    ours, _ = speed(parse, messages, ROUNDS)
    walk, walk_raised = speed(compat32, messages, 1)
    sample = messages[:: max(1, len(messages) // 2_000)]
    policy, policy_raised = speed(modern, sample, 1)
    accounted = tally.collected == tally.parsed + tally.gaps and not tally.crashed
    print(
        f"{name:14} {tally.collected:>9,} {tally.parsed:>8,} {tally.gaps:>5} {tally.crashed:>7} {tally.slow:>6}"
        f" {tally.worst * 1000:>9.1f} {tally.silent:>6} {tally.blank:>6} {tally.unread:>7}"
        f" {ours:>9,.0f} {walk:>9,.0f} {policy:>9,.0f}  {walk_raised}/{policy_raised}"
    )
    print("   defects: " + (", ".join(f"{code} {n}" for code, n in tally.defects.most_common()) or "none"))
    return accounted and not tally.slow and not tally.silent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    print(
        f"{'set':14} {'collected':>9} {'parsed':>8} {'gaps':>5} {'crashed':>7} {'>20 s':>6} {'worst ms':>9}"
        f" {'silent':>6} {'blank':>6} {'unread':>7} {'ours/s':>9} {'compat32':>9} {'policy':>9}  raised"
    )
    good = True
    for name, read in SETS.items():
        if not (data / name).is_dir():
            print(f"{name:14} is missing under {data}: not measured")
            good = False
            continue
        good = report(name, list(read(data))) and good
    print("\nEvery message accounted for." if good else "\nNot every message is accounted for.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

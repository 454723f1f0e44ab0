"""How fast the store finds, takes in, and how small it is, beside its peers on the same letters.

    python benchmarks/store.py [--messages 200000] [--seed 1] [--key] [DATA]

Letters are generated from a seed: a Zipf vocabulary, 24 mailboxes, five years, in no order of date. Every engine gets
the same terms, is asked the same questions, and must count the same hits. DATA is a folder with `enron_sent/`: size on
disk per byte of text and processor time per message are then measured on that mail, read as the product reads it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from store_peers import Asked, Letter, Peer, PlainFts5, Postgres, Tantivy

from auditor.store.interface import Store
from auditor.store.records import Arrival, Batch, Query, Reading, Terms
from auditor.store.sqlite import open_store

KEY = "00112233445566778899aabbccddeeff" * 2
BOXES = [f"box{number:02}@thorrington.example.org" for number in range(24)]
FIRST = datetime(2021, 1, 1, tzinfo=UTC)
DAYS = 5 * 365
PAGE = 1000
ASKED = 40


def vocabulary(chance: random.Random) -> list[str]:
    """30,000 words that no stemmer changes, the commonest first."""
    heads, middles, ends = (
        ["b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "st", "t", "v", "w"],
        ["a", "e", "i", "o", "u"],
        ["k", "m", "n", "p", "rt", "x", "z"],
    )
    words: dict[str, None] = {}
    while len(words) < 30_000:
        syllables = [chance.choice(heads) + chance.choice(middles) for _ in range(chance.choice((1, 2, 2, 3)))]
        words["".join(syllables) + chance.choice(ends)] = None
    return list(words)


def letters(count: int, seed: int, words: list[str]) -> Iterator[Letter]:
    """The same letters for the same seed."""
    chance = random.Random(seed)
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(1, len(words) + 1)))
    for number in range(1, count + 1):
        sent = int((FIRST + timedelta(seconds=chance.randrange(DAYS * 86_400))).timestamp())
        picked = chance.choices(words, cum_weights=weights, k=chance.randrange(40, 260))
        yield Letter(number, chance.choice(BOXES), sent, " ".join(picked[:5]), " ".join(picked[5:]))


def arrival(letter: Letter) -> Arrival:
    """A letter as the store takes it."""
    raw = f"From: {letter.mailbox}\r\nSubject: {letter.subject}\r\nX: {letter.number}\r\n\r\n{letter.body}".encode()
    reading = Reading(
        packed=letter.body.encode(),
        message_id=f"{letter.number}@x",
        in_reply_to="",
        sent=datetime.fromtimestamp(letter.sent, UTC),
        sender=letter.mailbox,
        subject=letter.subject,
        attachments=0,
        terms=Terms("", "", "", letter.subject, letter.body, ""),
        text_size=len(letter.body),
    )
    return Arrival(str(letter.number), "", ("sent",), hashlib.sha256(raw).hexdigest(), raw, reading)


def pages(items: Iterable[Arrival], size: int = PAGE) -> Iterator[tuple[Arrival, ...]]:
    """Arrivals in pages."""
    waiting = iter(items)
    while page := tuple(islice(waiting, size)):
        yield page


class Ours:
    """The store, as a peer."""

    def __init__(self, folder: Path, key: str | None) -> None:
        self.name = "this store" + (", encrypted" if key else "")
        self.store = open_store(f"sqlite:///{folder / 'ours.db'}", key=key)

    def fill(self, letters: Iterable[Letter]) -> None:
        run = self.store.begin_run(FIRST, "bench")
        sorted_by_box: dict[str, list[Arrival]] = {}
        for letter in letters:
            box = sorted_by_box.setdefault(letter.mailbox, [])
            box.append(arrival(letter))
            if len(box) == PAGE:
                self.store.commit(Batch("files", letter.mailbox, run, tuple(box)))
                box.clear()
        for mailbox, rest in sorted_by_box.items():
            self.store.commit(Batch("files", mailbox, run, tuple(rest)))
        self.store.end_run(run, FIRST, True, [])

    def _query(self, asked: Asked) -> Query:
        if asked.mailbox is None:
            return Query((asked.word,))
        since, until = (datetime.fromtimestamp(moment, UTC).date() for moment in (asked.since, asked.until))
        return Query((asked.word,), asked.mailbox, since, until - timedelta(days=1))

    def newest(self, asked: Asked) -> list[int]:
        return [int(hit.message_id[:-2]) for hit in self.store.search(self._query(asked))]

    def count(self, asked: Asked) -> int:
        return self.store.count(self._query(asked))


def winter(day: date) -> int:
    """Midnight in London in winter, in seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def questions(words: list[str], chance: random.Random) -> dict[str, list[Asked]]:
    """Common words alone, and with a mailbox and a winter quarter."""
    common = words[8 : 8 + ASKED]
    filtered = [
        Asked(word, chance.choice(BOXES), winter(date(year, 1, 5)), winter(date(year, 3, 20)))
        for word, year in zip(common, [2021, 2022, 2023, 2024, 2025] * ASKED, strict=False)
    ]
    return {"common": [Asked(word) for word in common], "filtered": filtered}


def p50(ask: Callable[[Asked], object], asked: list[Asked]) -> float:
    """Milliseconds, the middle of all questions asked three times, after one round to warm up."""
    took = []
    for round_ in range(4):
        for one in asked:
            start = time.perf_counter()
            ask(one)
            if round_:
                took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def latency(count: int, seed: int, key: bool) -> None:
    """The table of latencies."""
    words = vocabulary(random.Random(seed))
    asked = questions(words, random.Random(seed))
    expected: list[int] | None = None
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engines: list[Callable[[], Peer]] = [lambda: Ours(folder, None)]
        if key:
            (folder / "sealed").mkdir()
            engines.append(lambda: Ours(folder / "sealed", KEY))
        engines += [lambda: PlainFts5(folder), lambda: Tantivy(folder), lambda: Postgres(folder)]
        for engine in engines:
            try:
                peer = engine()
            except ImportError as error:
                print(f"({error.name} is not installed: left out)", file=sys.stderr)
                continue
            cpu, wall = time.process_time(), time.perf_counter()
            peer.fill(letters(count, seed, words))
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            counts = [peer.count(one) for one in asked["common"] + asked["filtered"]]
            expected = expected or counts
            rows.append(
                (
                    peer.name, f"{cpu:.1f}/{wall:.1f}", f"{p50(peer.newest, asked['common']):.2f}",
                    f"{p50(peer.newest, asked['filtered']):.2f}", f"{p50(peer.count, asked['common']):.2f}",
                    f"{p50(peer.count, asked['filtered']):.2f}", "equal" if counts == expected else "DIFFERENT",
                )
            )  # fmt: skip
    assert expected
    hits = statistics.median(expected[:ASKED]), statistics.median(expected[ASKED:])
    print(f"\n{count:,} generated letters, {len(BOXES)} mailboxes, 5 years; p50 in ms, warm, in one process;")
    print(f"hits (middle): common word {hits[0]:,.0f}, with mailbox and dates {hits[1]:,.0f}\n")
    table(("engine", "fill CPU/wall s", "newest 50", "+box+dates", "count", "count+box+dates", "hits"), rows)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Prints columns that stand under each other."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def real_mail(folder: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Each mailbox of an `enron_sent` folder and its messages."""
    for file in sorted(folder.glob("*/*.mbox.gz")):
        with gzip.open(file) as lines:
            parts = re.split(rb"(?:^|\n)From [^\n]*\n", lines.read())[1:]
        yield file.name.partition(".")[0], [re.sub(rb"(?m)^>(>*From )", rb"\1", part) for part in parts]


def read_mail(folder: Path) -> tuple[list[tuple[str, tuple[Arrival, ...]]], int]:
    """Pages of real mail, read as the product reads it, and the bytes of text in it."""
    from auditor.pipeline.tasks import Arrived, PrivateRules, arriving
    from auditor.policy import Policy

    task = arriving(PrivateRules(), Policy("Benchmark", ("council.example",), ()))
    found, text = [], 0
    for mailbox, messages in real_mail(folder):
        name = hashlib.sha256(mailbox.encode()).hexdigest()
        arrivals = []
        for number, (raw, made) in enumerate(
            zip(
                messages, task.do([(raw, mailbox, ("sent",), ()) for raw in messages], {}, lambda _n: None), strict=True
            )
        ):
            if isinstance(made, Arrived):
                digest = hashlib.sha256(raw).hexdigest()
                arrivals.append(
                    Arrival(
                        f"{name}#{number}", digest[:16], ("sent",), digest, raw, made.reading, None, None, made.alone
                    )
                )
                text += made.reading.text_size
        found += [(mailbox, page) for page in pages(arrivals)]
    return found, text


def size_and_ingest(folder: Path, key: bool) -> None:
    """The table of sizes."""
    found, text = read_mail(folder)
    count = sum(len(page) for _, page in found)
    print(f"\n{folder.name}: {count:,} messages, {text / 1e6:.1f} MB of text a reader sees, {len(found)} pages\n")
    everything = [arrival for _, page in found for arrival in page]
    thousands = [("all", page) for page in pages(everything)]
    cases = [("as a night keeps it", found, None), ("one mailbox", thousands, None)]
    if key:
        cases.append(("one mailbox, encrypted", thousands, KEY))
    rows, checked = [], tuple[str, ...]()
    for name, given, secret in cases:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "auditor.db"
            store = open_store(f"sqlite:///{path}", key=secret)
            cpu = time.process_time()
            take_in(store, given)
            cpu = time.process_time() - cpu
            store.close()
            if found is given:
                checked = proved(path, count)
            size = sum(file.stat().st_size for file in Path(place).iterdir())
            rows.append((name, f"{cpu / count * 1e6:.0f}", f"{size / 1e6:.1f}", f"{size / text:.2f}"))
    table(("commit", "CPU µs/message", "MB on disk", "bytes/byte of text"), rows)
    print()
    table(("verify", "messages/s", "wrong", "peak MB of the parent"), [checked])


def proved(path: Path, count: int) -> tuple[str, ...]:
    """All of a store hashed, read again in the guarded child, and its index compared."""
    import resource

    from auditor.pipeline.guard import Guard
    from auditor.pipeline.proving import prove

    with open_store(f"sqlite:///{path}", read_only=True) as store, Guard() as guard:
        start = time.perf_counter()
        result = prove(store, guard)
        took = time.perf_counter() - start
    wrong = len(result.looked.spoilt) + len(result.looked.other) + result.index_wrong + result.strangers
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        "everything",
        f"{count / took:,.0f}",
        str(wrong + result.looked.earlier + result.looked.unread),
        f"{peak:,.0f}",
    )


def take_in(store: Store, given: Iterable[tuple[str, tuple[Arrival, ...]]]) -> None:
    """Keeps page after page, as many at once as a night does."""
    from auditor.pipeline.intake import MESSAGES
    from auditor.pipeline.reader import reader_version

    run, waiting = store.begin_run(FIRST, "bench"), list[Batch]()
    store.read_by(reader_version())
    for number, (mailbox, page) in enumerate(given):
        waiting.append(Batch("files", mailbox, run, page, cursor=str(number)))
        if sum(len(batch.arrivals) for batch in waiting) >= MESSAGES:
            store.commit_all(waiting)
            waiting = []
    store.commit_all(waiting)
    store.end_run(run, FIRST, True, [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, help="folder with enron_sent/")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--key", action="store_true", help="measure encrypted stores as well")
    asked = parser.parse_args()
    latency(asked.messages, asked.seed, asked.key)
    if asked.data is None or not (asked.data / "enron_sent").is_dir():
        print("\nNo enron_sent in the data folder: size and processor time on real mail are not measured.")
        return
    size_and_ingest(asked.data / "enron_sent", asked.key)


if __name__ == "__main__":
    main()

"""How fast the files connector reads, how much memory it takes, and what a night with nothing new costs.

python benchmarks/files_scan.py DATA [--messages 1000000]

DATA is not read: the mail is generated into a temporary folder (`--into` chooses where) and removed again. Each case
runs in a process of its own, so that its peak memory is its own. The peers are what the standard library offers:
`mailbox.mbox` and `mailbox.Maildir`, walked once, bytes read; they hash nothing and remember nothing. The time of the
stand-in for the store is left out.
"""

from __future__ import annotations

import argparse
import json
import mailbox
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ADDRESS = "clerk@thorrington.example.org"
BODY = b"The footpath beside the recreation ground has been cleared, and the stile is to be mended next week.\n"


def letter(number: int) -> bytes:
    lines = 3 + number * 7919 % 25
    return (
        b"Received: from mail.example.org by mx.example.org; Thu, 19 Nov 2026 09:14:00 +0000\n"
        b"From: Clerk <clerk@thorrington.example.org>\nTo: Resident %d <resident%d@example.com>\n"
        b"Date: Thu, 19 Nov 2026 09:14:00 +0000\nMessage-ID: <%d@thorrington.example.org>\n"
        b"Subject: Footpath %d\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s"
        % (number, number, number, number, BODY * lines)
    )


def make_mbox(root: Path, count: int) -> None:
    with (root / f"{ADDRESS}.mbox").open("wb", buffering=1 << 20) as file:
        for number in range(count):
            file.write(b"From clerk@thorrington.example.org Thu Nov 19 09:14:00 2026\n" + letter(number) + b"\n")
    _age(root / f"{ADDRESS}.mbox")


def make_maildir(root: Path, count: int) -> None:
    folder = root / ADDRESS / "Sent"
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for number in range(count):
        (folder / "cur" / f"{1790000000 + number}.M{number}P7.parish:2,S").write_bytes(letter(number))
    for part in ("cur", "new"):
        _age(folder / part)


def make_eml(root: Path, count: int) -> None:
    folder = root / ADDRESS / "sent"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:07}.eml").write_bytes(letter(number))


def _age(path: Path) -> None:
    """As if it had last changed an hour ago."""
    os.utime(path, (time.time() - 3600,) * 2)


class Remembered:
    """What a store would hold, in a SQLite file, so that its memory is not counted as the connector's."""

    def __init__(self, path: Path) -> None:
        import sqlite3

        self.base = sqlite3.connect(path)
        self.base.execute("create table if not exists held (id text primary key, stamp text) without rowid")
        self.spent = 0.0
        """Processor seconds of its own, which are not the connector's."""

    def keep(self, entries: Sequence[object]) -> None:
        began = time.process_time()
        self.base.executemany("insert or replace into held values (?, ?)", [(e.id, e.stamp) for e in entries])
        self.base.commit()
        self.spent += time.process_time() - began

    def unknown(self, listed: Sequence[tuple[str, str]]) -> set[str]:
        began = time.process_time()
        try:
            return self._unknown(listed)
        finally:
            self.spent += time.process_time() - began

    def _unknown(self, listed: Sequence[tuple[str, str]]) -> set[str]:
        wanted = json.dumps([list(pair) for pair in listed])
        rows = self.base.execute(
            "select value ->> 0 from json_each(?) as asked left join held on held.id = value ->> 0"
            " where held.stamp is not value ->> 1",
            (wanted,),
        )
        return {row[0] for row in rows}

    def ids(self) -> Iterator[str]:
        return (row[0] for row in self.base.execute("select id from held order by id"))

    def gaps(self) -> tuple[str, ...]:
        return ()

    def find(self, _sha256: str) -> tuple[str, ...]:
        return ()


def ours(root: Path) -> tuple[int, float]:
    from connectors.files import Files

    held = Remembered(root / "held.sqlite")
    remembered = root / "cursor"
    cursor = remembered.read_text() if remembered.exists() else None
    count = 0
    for page in Files(root, [ADDRESS]).pages(ADDRESS, cursor, held):
        count += len(page.entries)
        held.keep(page.entries)
        cursor = page.cursor
    remembered.write_text(cursor or "")
    return count, held.spent


def standard_mbox(root: Path) -> tuple[int, float]:
    box = mailbox.mbox(root / f"{ADDRESS}.mbox", create=False)
    return sum(1 for key in box.iterkeys() if box.get_bytes(key)), 0.0


def standard_maildir(root: Path) -> tuple[int, float]:
    box = mailbox.Maildir(root / ADDRESS / "Sent", create=False)
    return sum(1 for key in box.iterkeys() if box.get_bytes(key)), 0.0


READERS = {"ours": ours, "mailbox.mbox": standard_mbox, "mailbox.Maildir": standard_maildir}


def timed(reader: str, root: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "-", "--reader", reader, "--into", str(root)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def one(reader: str, root: Path) -> None:
    import connectors.files  # noqa: F401 (loading the program is not part of reading)

    began = time.process_time()
    count, elsewhere = READERS[reader](root)
    seconds = time.process_time() - began - elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"messages": count, "seconds": seconds, "peak": peak}))


def compare(into: Path, counts: Sequence[int]) -> None:
    print(f"{'layout':9} {'messages':>9} {'reader':26} {'read':>9} {'cpu s':>8} {'msg/cpu-s':>10} {'peak MB':>8}")
    for layout, make, peer in (
        ("mbox", make_mbox, "mailbox.mbox"),
        ("Maildir", make_maildir, "mailbox.Maildir"),
        ("eml", make_eml, None),
    ):
        for count in counts:
            root = into / f"{layout}-{count}"
            root.mkdir()
            make(root, count)
            rows = [("ours, first night", timed("ours", root)), ("ours, nothing new", timed("ours", root))]
            if peer:
                rows.append((peer, timed(peer, root)))
            for name, row in rows:
                rate = row["messages"] / row["seconds"] if row["seconds"] else 0
                print(
                    f"{layout:9} {count:9,} {name:26} {row['messages']:9,.0f} {row['seconds']:8.2f}"
                    f" {rate:10,.0f} {row['peak']:8.0f}",
                    flush=True,
                )
            shutil.rmtree(root)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="taken for the sake of one command line for all benchmarks; not read")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--into", type=Path)
    parser.add_argument("--reader", choices=READERS)
    arguments = parser.parse_args()
    if arguments.reader:
        one(arguments.reader, arguments.into)
        return
    with tempfile.TemporaryDirectory(dir=arguments.into) as folder:
        compare(Path(folder), sorted({20_000, arguments.messages}))


if __name__ == "__main__":
    main()

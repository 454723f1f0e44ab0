"""A child process for the kill tests: goes on collecting and judging where the store says it stopped, until killed.

Run as `endless_night.py STORE {whole|split}`; `split` is the broken build, whose cursor goes in by itself.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from letters import BLOGGS, CLERK, STARTED, finding, judgement, letter, missed, page

from auditor.store.interface import Store
from auditor.store.records import Batch
from auditor.store.sqlite.store import SqliteStore
from auditor.values import replace

PAGE = 12
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def ids(number: int) -> list[str]:
    """Ids that page `number` brings."""
    return [f"{number:05}/{place:02}" for place in range(PAGE)]


def night_page(run: int, mailbox: str, number: int) -> Batch:
    """Page `number` of a mailbox: new mail, a changed one, one gone, a gap; the same whenever it is asked for."""
    chance = FIRST + timedelta(minutes=number * 7919 % 500_000)
    mails = [letter(name, body=f"Letter {name} about drain {number}.", sent=chance, raw=None) for name in ids(number)]
    if number:
        mails.append(letter(ids(number - 1)[0], body=f"Changed on page {number}.", sent=chance, stamp="2"))
    gone = (ids(number - 1)[1],) if number else ()
    return page(run, *mails, mailbox=mailbox, vanished=gone, missed=(missed(f"gap {number:05}"),), cursor=str(number))


def commit(store: Store, batch: Batch, how: str) -> None:
    """Commits a page; in the broken build the cursor goes ahead of the mail it covers."""
    if how == "split":
        store.commit(Batch(batch.source, batch.mailbox, batch.run, cursor=batch.cursor))
        batch = replace(batch, cursor=None)
    store.commit(batch)


def main(path: str, how: str) -> None:
    """Never ends by itself."""
    with SqliteStore(Path(path)) as store:
        run = store.begin_run(STARTED, "0.1")
        print("ready", flush=True)
        while True:
            for mailbox in (CLERK, BLOGGS):
                number = int(store.cursor("files", mailbox) or -1) + 1
                commit(store, night_page(run, mailbox, number), how)
            dockets = store.queue(20)
            store.judge(run, [judgement(d.holding, finding(), message=str(d.holding)) for d in dockets])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

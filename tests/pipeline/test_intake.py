"""What waits is kept when there is enough of it, or when it has waited long enough; what lay in files is then gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from builders import eml

from auditor.pipeline.guard import Guard
from auditor.pipeline.intake import SECONDS, Intake, Pulled
from auditor.pipeline.keeping import Keeping, Parcel
from auditor.pipeline.source import Entry, Fetched, Page, Vanished
from auditor.pipeline.tasks import PrivateRules, arriving
from auditor.policy import Policy
from auditor.spool import Raw, Spool
from auditor.store.sqlite import open_store

BOX = "clerk@council.example"
POLICY = Policy("Stow", ("council.example",), ())


def letter(number: int, raw: Raw | None = None) -> Fetched:
    return Fetched(f"m{number}", raw if raw is not None else eml(n=number), ("sent",))


def taken_in(
    tmp_path: Path, work: Callable[[Callable[..., Pulled], Callable[[], list[str]], list[float]], None]
) -> None:
    """Does `work` with: a way to put a page, a look at what is in the store, and the time, which it may set."""
    now = [0.0]
    with open_store(f"sqlite:///{tmp_path}/s.db") as store, Guard() as guard:
        run = store.begin_run(datetime(2026, 11, 20, 2, 15, tzinfo=UTC), "0")
        keeping = Keeping(arriving(PrivateRules(), POLICY), None, store.opener())
        intake = Intake(store, guard, keeping, lambda: now[0])

        def put(*entries: Entry) -> Pulled:
            pulled = Pulled()
            intake.put(Parcel("told", BOX, run, Page(entries, "at")), pulled)
            return pulled

        work(put, lambda: sorted(store.held("told", BOX, None).ids()), now)
        intake.keep()


def test_what_a_slow_provider_brings_is_kept_when_it_has_waited_long_enough(tmp_path: Path) -> None:
    def work(put: Callable[..., Pulled], held: Callable[[], list[str]], now: list[float]) -> None:
        put(letter(1))
        now[0] = SECONDS - 1
        put(letter(2))
        assert held() == []
        now[0] = SECONDS
        put(Vanished("m9"))  # what waited is under way now
        put(letter(3))
        now[0] = 2 * SECONDS
        put(letter(4))  # and is kept before the next is
        assert held() == ["m1", "m2"]

    taken_in(tmp_path, work)


def test_a_large_message_leaves_no_file_behind_when_it_is_kept(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    spool = Spool(incoming)

    def work(put: Callable[..., Pulled], held: Callable[[], list[str]], now: list[float]) -> None:
        put(letter(1, spool.keep([eml(n=1)])), letter(2))
        assert len(list(incoming.iterdir())) == 1
        now[0] = SECONDS
        put(letter(3))
        now[0] = 3 * SECONDS
        put(letter(4))
        now[0] = 4 * SECONDS
        put(letter(5))
        assert held()[:2] == ["m1", "m2"]
        assert list(incoming.iterdir()) == []

    taken_in(tmp_path, work)

"""Thirty months of one council, by a clock of our own: mail comes and grows old, people and policies change, a computer is
off and another one takes over from a backup; at the end everything is accounted for."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import faults
import leavings
import pytest
from stow import CLERK, IVY, TOM, Council, letter, stow

from auditor.cli import auditor
from auditor.cli.progress import Ticker
from auditor.cli.serving import Serving
from auditor.cli.verify import proved
from auditor.cli.workplace import open_the_store
from auditor.config import load
from auditor.pipeline.backups import folders
from auditor.pipeline.weeks import week_label
from auditor.store.trail import Deed

BEGIN = date(2024, 1, 8)
"""A Monday."""
WEEKS = 130
OFF = range(86, 89)
"""Weeks in which the computer is off."""
POLICY, KEY, CLERK_GOES, RESTORED, HOLD = 45, 60, 78, 100, 10
BACKUP = '[backup]\nfolder = "backup"\nkeep = 3\n'
RULES = '[policy.rules]\n"signature-missing" = "off"\n'
AUDIT = '[audit]\nkey = "env:STOW_TRAIL_KEY"\n'
GONE = (
    '[[people]]\nname = "Ann Marsh"\nrole = "clerk"\ntitle = "Parish Clerk"\nmailbox = "clerk@council.example"\n'
    "from = 2010-01-01\nuntil = {until}\n"
    '[[people]]\nname = "Joan Frost"\nrole = "clerk"\ntitle = "Parish Clerk"\nmailbox = "clerk@council.example"\n'
    "from = {since}\n"
)


class Years:
    """The council, its clock, and the program that serves it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.council = stow(folder)
        self.filed = folder.with_name("filed")
        self.filed.mkdir()
        shutil.rmtree(folder / "mail")
        self.now = datetime.combine(BEGIN, time(7), UTC)
        self.sent: dict[str, date] = {}
        self.runs = 0
        self.configured(BACKUP)
        self.serving = self.served()

    def served(self) -> Serving:
        return Serving(load(self.council.folder / "schedule.toml"), lambda: self.now, lambda: self.now.timestamp())

    def configured(self, rest: str) -> None:
        self.council.schedule(policy='retention_months = 12\npurge = "auto"\n', rest=rest)

    def week(self, number: int) -> None:
        """Letters of a week, and its nights: each Monday's, and now and then another."""
        monday = BEGIN + timedelta(weeks=number)
        for box, text in (
            (TOM, "You idiot, the bench is broken."),
            (IVY, "The oak needs a look."),
            (CLERK, "The agenda."),
        ):
            if number % {TOM: 2, IVY: 5, CLERK: 10}[box] == 0:
                subject = f"{'Quarry' if number % 10 == 0 else 'Bench'} {number} {box[:3]}"
                sent = datetime.combine(monday - timedelta(days=3), time(10), UTC)
                raw = letter(text, box=box, n=1000 * len(box) + number, subject=subject, sent=sent)
                self.council.post(box, f"letter{number}", raw)
                self.sent[subject] = sent.date()
        for day in (0, 3) if number % 8 == 0 else (0,):
            self.now = datetime.combine(monday + timedelta(days=day), time(7), UTC)
            if number not in OFF:
                self.serving.look()  # the night
                self.serving.look()  # the workbook, where the night wrote none
                self.runs += 1
        for book in self.council.folder.glob("out/**/*.xlsx"):  # they are filed
            book.rename(self.filed / book.name)

    def clerk_goes(self, number: int) -> None:
        day = BEGIN + timedelta(weeks=number)
        path = self.council.folder / "schedule.toml"
        said = path.read_text(encoding="utf-8")
        change = GONE.format(until=day - timedelta(days=1), since=day)
        path.write_text(
            re.sub(r'\[\[people\]\]\nname = "Ann Marsh".*?(?=\[\[people)', change, said, flags=re.DOTALL), "utf-8"
        )

    def restore(self, into: Path) -> None:
        """The computer is lost, and with it the newest backup; mail and workbooks are not in backups."""
        old = self.council.folder
        newest, older, *_ = folders(old / "backup")
        shutil.rmtree(newest)
        auditor.main(["restore", str(older), "--into", str(into)], standalone_mode=False)
        for name in ("mail", "out", "backup"):
            (old / name).rename(into / name)
        shutil.rmtree(old)
        self.council = Council(into)
        self.serving = self.served()


def test_thirty_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    faults.install(monkeypatch.setattr)  # no power is cut here: nothing waits for the disk
    leavings.in_this_process(monkeypatch)
    monkeypatch.setenv("STOW_TRAIL_KEY", "a key of many letters")
    years = Years(tmp_path / "stow")
    spoken = dict[int, str]()
    """What was said on standard error, by week."""
    for number in range(WEEKS):
        if number == POLICY:
            years.configured(RULES + BACKUP)
        if number == KEY:
            years.configured(RULES + AUDIT + BACKUP)
        if number == CLERK_GOES:
            years.clerk_goes(number)
        if number == RESTORED:
            years.restore(tmp_path / "new")
        years.week(number)
        if err := capsys.readouterr().err:
            spoken[number] = err
        if number == HOLD:
            with open_the_store(years.serving._sound.config) as store:
                store.hold("Quarry", "subject:quarry", "a clerk", years.now)
    config = load(years.council.folder / "schedule.toml")
    changed = "schedule.toml or the policy has changed: the new configuration goes on.\n"
    assert spoken == dict.fromkeys((POLICY, KEY, CLERK_GOES), changed)
    with open_the_store(config) as store:
        # Accounts
        for account in store.coverage():
            terms = account.collected + account.gaps + account.outside_window + account.private
            assert account.provider_count == terms, account
        # Whole
        checks, trail = proved(config, store, Ticker(io.StringIO()))
        assert [check.detail for check in checks if not check.ok] == []
        # What is kept
        certificates = sorted((years.council.folder / "out" / "certificates").glob("*.json"), key=_purged_on)
        before = date.fromisoformat(json.loads(certificates[-1].read_text("utf-8"))["sent_before"])
        kept = {subject for subject, day in years.sent.items() if day >= before or subject.startswith("Quarry")}
        held = {row[0] for row in store._database.rows("SELECT subject FROM holdings")}  # type: ignore[attr-defined]
        assert held == kept
        assert len(kept) < len(years.sent), "something was purged"
        # Workbooks
        labels = {week_label(BEGIN + timedelta(weeks=n, days=-1)) for n in range(WEEKS) if n not in OFF}
        lost = week_label(BEGIN + timedelta(weeks=RESTORED - 1, days=-1))
        assert labels - {lost} == {label for label in store.reports() if "-W" in label}
        written = {path.name for path in years.filed.iterdir()}
        assert {f"Audit {label}.xlsx" for label in labels} <= written
        assert len(folders(config.folder / "backup")) == 3
        # The trail
        entries = list(store.trail())
        deeds = Counter(entry.deed for entry in entries)
        assert trail is not None
        assert (trail.whole, deeds[Deed.RESTORED], deeds[Deed.HELD]) == (True, 1, 1)
        assert deeds[Deed.RUN] == years.runs - 1, "the restored store had not had the night before"
        assert deeds[Deed.BACKED_UP] == deeds[Deed.RUN] - 1, "a backup does not know of itself"
        assert deeds[Deed.CONFIGURED] == 4
        moments = [entry.at for entry in entries if entry.deed != Deed.RESTORED]
        assert moments == sorted(moments)
        assert (moments[0].date(), moments[-1]) == (BEGIN, years.now)
        assert [entry.keyed for entry in entries].index(True) > 200
        assert store.purge_plan(before, years.now).due == ()


def _purged_on(path: Path) -> tuple[str, str]:
    return json.loads(path.read_text("utf-8"))["sent_before"], path.name

"""`auditor init`: files that work as they are, explain every key, and overwrite nothing."""

from __future__ import annotations

import re
import tomllib

import pytest

from auditor import config, schedule
from auditor.errors import UsageError
from auditor.sample import write_starter
from auditor.sample.starter import INIT
from auditor.tables import table


def test_writes_a_schedule_that_is_valid_as_it_stands(tmp_path):
    written = write_starter(tmp_path / "new" / "council")
    assert tmp_path / "new" / "council" / "schedule.toml" in written
    assert all(file.is_file() for file in written)
    loaded = config.load(tmp_path / "new" / "council" / "schedule.toml")
    assert len(loaded.policy.signatures) == 2
    assert len(loaded.policy.waivers) == 1
    assert [source.folders for source in loaded.schedule.sources] == [("all",)]


def test_overwrites_nothing_and_writes_nothing(tmp_path):
    (tmp_path / "schedule.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"schedule\.toml exists already") as refusal:
        write_starter(tmp_path)
    assert "\n" not in str(refusal.value)
    assert [p.name for p in tmp_path.iterdir()] == ["schedule.toml"]
    assert (tmp_path / "schedule.toml").read_text(encoding="utf-8") == "mine"


def test_a_second_time_is_refused_with_how_many(tmp_path):
    write_starter(tmp_path)
    with pytest.raises(UsageError, match=r"and \d+ others exist already"):
        write_starter(tmp_path)


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "council").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        write_starter(tmp_path / "council")


def test_every_key_is_shown_or_explained():
    text = (INIT / "schedule.toml").read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:# )?(\w+) = ", text, flags=re.MULTILINE))
    tables = (
        schedule.Council, schedule.PersonTable, schedule.FilesSource, schedule.MicrosoftSource, schedule.GoogleSource,
        schedule.Times, schedule.PolicyTable, schedule.StoreTable, schedule.ReportsTable, schedule.NotifyTable,
        schedule.BackupTable, schedule.AuditTable, schedule.EngineTable,
    )  # fmt: skip
    wanted = {one.name for made in tables for one in made.entries.values()}
    assert wanted - shown == {"rules", "onedrive", "sharepoint", "drive"}, "tables of their own"


def test_everything_switched_off_is_valid_when_switched_on():
    text = (INIT / "schedule.toml").read_text(encoding="utf-8")
    part = text[text.index("[policy]") : text.index("# ---- Where things are kept")]
    on = re.sub(r'^# (?=[\w"-]+ = )', "", part, flags=re.MULTILINE)
    assert table(schedule.PolicyTable)(tomllib.loads(on)["policy"])


def test_the_delivery_that_is_shown_is_valid_when_switched_on():
    text = (INIT / "schedule.toml").read_text(encoding="utf-8")
    part = text[text.index("[reports]") : text.index("# ---- When it needs a person")]
    on = re.sub(r"^# (?=\[|site)", "", part, flags=re.MULTILINE).replace("deliver = []", 'deliver = ["sharepoint"]')
    assert table(schedule.ReportsTable)(tomllib.loads(on)["reports"]).sharepoint

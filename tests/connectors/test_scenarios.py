"""The table of scenarios names every file, and every file is in it under each of its scenarios."""

from __future__ import annotations

import tomllib

import pytest
from providers.scenarios import FOLDER, files

TITLES = {"microsoft": "Microsoft 365", "google": "Google Workspace"}


@pytest.mark.parametrize("provider", TITLES)
def test_the_table_names_each_file_and_each_file_its_scenarios(provider: str) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    _, _, table = text.partition(f"## {TITLES[provider]}: which file plays what")
    table, _, _ = table.partition("\n## ")
    rows = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("| ")][1:]
    told = {(name, file) for name, names in rows for file in names.split(", ")}
    covered = {(name, path.stem) for path in files(provider) for name in tomllib.loads(path.read_text())["covers"]}
    assert told == covered

"""What a server of warm processes has done before it forks the first (`warm.py`): everything that a night, a week and a
command need is imported, and the rules have judged a letter. Nothing is opened that stays open."""

from __future__ import annotations

import gc
import importlib
from pathlib import Path
from tempfile import TemporaryDirectory

from stow import TOM, Council, letter, stow

import reports.workbook  # noqa: F401
from auditor.cli import COMMANDS
from auditor.config import load
from auditor.pipeline import arriving  # noqa: F401
from auditor.pipeline.scanning import examine
from auditor.store.sqlite import open_store

for command in COMMANDS:
    importlib.import_module(f"auditor.cli.{command}")
with TemporaryDirectory() as made:
    council: Council = stow(Path(made))
    policy = load(council.folder / "schedule.toml").policy
    for text in ("Please find the minutes attached.", "You damned idiot, I promise to pay.", "My views on the vote"):
        examine(policy, letter(text, box=TOM))
    open_store(f"sqlite:///{council.folder / 'some.db'}").close()
gc.collect()
gc.freeze()

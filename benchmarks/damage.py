"""How much of a disk's damage `auditor verify` finds, beside SQLite's own integrity_check of the same files.

    PYTHONPATH=.:tests python benchmarks/damage.py [--trials 300] [--seed 1] [DATA]

Single bits flipped, ends cut off, pages zeroed, in copies of the sample council's store, or of DATA's: a folder with a
schedule.toml whose store a run has filled. 'Unharmed' is damage that was not found and changed no answer of the store:
all rows of all tables and all terms of the index are what they were.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import killing
import spoiling
from sqlcipher3 import dbapi2 as sqlite

from auditor.cli.progress import Ticker
from auditor.cli.verify import proved
from auditor.cli.workplace import open_the_store, store_path
from auditor.config import Config, load
from auditor.errors import AuditorError
from auditor.pipeline import guard


def found_by_verify(config: Config) -> bool:
    """Whether verify is not content."""
    try:
        with open_the_store(config, read_only=True) as store:
            checks, _ = proved(config, store, Ticker(io.StringIO()))
        return not all(check.ok for check in checks)
    except AuditorError:
        return True


def found_by_sqlite(path: Path) -> bool:
    """Whether integrity_check is not content."""
    try:
        with contextlib.closing(sqlite.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except sqlite.Error:
        return True


def council(place: Path, data: Path | None) -> Path:
    """A folder with a schedule and a filled store."""
    if data is not None:
        shutil.copytree(data, place, dirs_exist_ok=True)
        return place / "schedule.toml"
    from click.testing import CliRunner

    from auditor.cli import auditor

    CliRunner().invoke(auditor, ["demo", str(place)], catch_exceptions=False)
    return place / "schedule.toml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    guard.Guard = killing.Inline  # the mail is our own, and a child for each trial takes most of the time
    with tempfile.TemporaryDirectory() as name:
        config = load(council(Path(name), asked.data))
        path = store_path(config)
        sound = path.read_bytes()
        if found_by_verify(config):
            raise SystemExit("This store is not sound to begin with: take another.")
        pages, before = spoiling.regions(path), spoiling.dump(path)
        chance = random.Random(asked.seed)
        plan = [(spoiling.flip, asked.trials), (spoiling.cut, asked.trials // 10), (spoiling.blank, asked.trials // 10)]
        tally: Counter[tuple[str, str, str]] = Counter()
        for how, times in plan:
            for _ in range(times):
                at = how(path, chance)
                place = pages[at // spoiling.PAGE]
                ours, theirs = found_by_verify(config), found_by_sqlite(path)
                unharmed = not ours and spoiling.dump(path) == before
                if not ours and not unharmed:
                    print(f"not found: {how.__name__} at {at} ({place})")
                for what, so in (("done", True), ("verify", ours), ("integrity_check", theirs), ("unharmed", unharmed)):
                    tally[how.__name__, place, what] += so
                    tally[how.__name__, "all", what] += so
                path.write_bytes(sound)
    print(f"\n{'damage':8}{'where':28}{'trials':>8}{'verify':>8}{'unharmed':>10}{'integrity_check':>17}")
    for how, place in sorted({(how, place) for how, place, _ in tally}):
        row = [tally[how, place, what] for what in ("done", "verify", "unharmed", "integrity_check")]
        print(f"{how:8}{place:28}{row[0]:8}{row[1]:8}{row[2]:10}{row[3]:17}")


if __name__ == "__main__":
    main()

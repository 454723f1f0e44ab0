"""What every set is measured with, and what it leaves behind."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.accuracy.counting import Counts, count
from benchmarks.accuracy.figures import Missing, Mistake
from benchmarks.accuracy.labelled import Score
from benchmarks.accuracy.peers import Peers
from benchmarks.accuracy.product import Auditor


class Absent(Exception):
    """A file of a set is not there."""


@dataclass(slots=True)
class Bench:
    """One run."""

    data: Path
    council: Path
    """The folder of our own labelled council mail."""
    auditor: Auditor
    peers: Peers
    mistakes: list[Mistake] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)
    measured: dict[str, dict[str, Counts]] = field(default_factory=dict)
    """By set that is labelled for it, each rule's findings: right (tp), wrong (fp), and faults missed (fn)."""

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a file of JSON lines below the data folder. Raises Absent."""
        path = self.data / name
        if not path.is_file():
            raise Absent(name)
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
        return [json.loads(line) for line in text.split("\n") if line.strip()]

    def judged(
        self,
        set_: str,
        rows: Sequence[dict[str, Any]],
        truth: Sequence[bool],
        found: Sequence[bool],
        text: str = "text",
    ) -> list[Counts]:
        """Row by row; those that were judged otherwise are noted."""
        for row, true, hit in zip(rows, truth, found, strict=True):
            if true is not hit:
                self.mistakes.append(
                    Mistake(set_, str(row["id"]), "missed" if true else "flagged wrongly", "", str(row[text]))
                )
        return [count(true, hit) for true, hit in zip(truth, found, strict=True)]

"""Rows put to the product: as letters from a councillor to one address outside, read by what `auditor scan` runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import config
from auditor.findings import Finding
from auditor.pipeline.scanning import Examined, examine
from auditor.policy import Policy

WRITER = "Yasmin Farooqi <cllr.farooqi@littlemarlbrook-pc.gov.uk>"
OUTSIDE = "someone@homemail.example"
Severities = dict[str, str]
"""The rules found in a message, each with the highest severity."""
RANKS = ("info", "low", "medium", "high", "critical")


def letter(body: str, subject: str = "Parish matters", writer: str = WRITER, to: str = OUTSIDE) -> bytes:
    """A row as a message."""
    head = (
        f"From: {writer}\nTo: {to}\nSubject: {subject}\nDate: Mon, 02 Nov 2026 09:14:00 +0000\n"
        "Message-ID: <row@littlemarlbrook-pc.gov.uk>\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return (head + body.replace("\r\n", "\n")).encode("utf-8", "replace") + b"\n"


@dataclass(frozen=True, slots=True)
class Auditor:
    """The product under one council's policy."""

    schedule: Path
    policy: Policy

    @classmethod
    def of(cls, schedule: Path) -> Auditor:
        """The council of a schedule.toml."""
        return cls(schedule, config.load(schedule).policy)

    def findings(self, raw: bytes) -> tuple[Finding, ...]:
        """What the rules say of a message, in this process."""
        read = examine(self.policy, raw)
        return tuple(found for _, found in read.findings) if isinstance(read, Examined) else ()

    def rules(self, raw: bytes) -> Severities:
        """The rules found in a message, in this process."""
        return highest((found.rule, str(found.severity)) for found in self.findings(raw))

    def row(self, text: str) -> Severities:
        """The rules found in a row of a set."""
        return self.rules(letter(text))

    def flags(self, text: str, family: str) -> bool:
        """Whether any rule whose name begins so is found in a row."""
        return any(rule.startswith(family) for rule in self.row(text))

    def scan(self, folder: Path) -> dict[str, Severities]:
        """What the command says of a folder of messages, by file name."""
        return {name: highest((f["rule"], f["severity"]) for f in row["findings"]) for name, row in self.lines(folder)}

    def lines(self, folder: Path) -> list[tuple[str, dict[str, Any]]]:
        """The command's own lines, by file name. Raises RuntimeError when it cannot be run or leaves something unread."""
        command = [sys.executable, "-m", "auditor", "--config", str(self.schedule), "scan", str(folder)]
        done = subprocess.run(
            [*command, "--format", "jsonl"],
            capture_output=True,
            cwd=tempfile.gettempdir(),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
        )
        if done.returncode:
            raise RuntimeError(f"'{' '.join(command)}' ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
        rows = [json.loads(line) for line in done.stdout.decode("utf-8").split("\n") if line]
        return [(Path(row["source"]).name, row) for row in rows]

    def scan_all(self, letters: Sequence[bytes]) -> list[Severities]:
        """What the command says of messages that lie in one folder, in their order."""
        with tempfile.TemporaryDirectory() as place:
            for number, raw in enumerate(letters):
                (Path(place) / f"{number:06}.eml").write_bytes(raw)
            found = self.scan(Path(place))
        return [found[f"{number:06}.eml"] for number in range(len(letters))]


def highest(found: Any) -> Severities:
    """Each rule once, with the highest severity that it was found at."""
    best: Severities = {}
    for rule, severity in found:
        if rule not in best or RANKS.index(severity) > RANKS.index(best[rule]):
            best[rule] = severity
    return best

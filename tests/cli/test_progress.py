"""Long work says how far it is: a line that changes on a terminal and is gone at the end, plain lines elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from stow import environment, stow

from auditor.cli import progress


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("command", [["run", "--json"], ["scan", "mail"]])
def test_on_a_terminal_the_line_is_cleared(tmp_path: Path, command: list[str]) -> None:
    import pty

    council = stow(tmp_path)
    try:
        ours, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal is to be had here: {error}")
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *command], cwd=council.folder, env=environment(), stdout=subprocess.PIPE,
        stderr=theirs, check=True,
    )  # fmt: skip
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert "messages" in said
    assert said.endswith("\r\x1b[K")
    assert all(piece.startswith("\x1b[K") for piece in said.split("\r")[1:])
    assert b"\x1b" not in done.stdout


def test_elsewhere_lines_come_seldom(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ticker = progress.Ticker()
    ticker("clerk@council.example", 1000)
    ticker.close()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    ticker("clerk@council.example", 2000)
    ticker.close()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "clerk@council.example: 2,000 messages\n")

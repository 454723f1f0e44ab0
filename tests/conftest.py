"""What every test run says at its end besides passed and failed: figures that a test was asked to tell."""

from __future__ import annotations

import pytest
from warm import warm_reader

__all__ = ["warm_reader"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests recorded under 'told', also where they ran in other processes."""
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    for report in reports:
        for name, value in getattr(report, "user_properties", []):
            if name == "told" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {value}")

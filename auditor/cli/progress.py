"""How long work says how far it is: one line that changes on a terminal, plain lines elsewhere. Always on stderr."""

from __future__ import annotations

import sys
import time

QUIET_SECONDS = 10.0
"""Away from a terminal, one line at most this often."""


class Ticker:
    """Counts one thing after another."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._open = False

    def __call__(self, what: str, count: int) -> None:
        """Says that `count` messages of `what` are done."""
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{what}: {count:,} messages")
            sys.stderr.flush()
            self._open = True
        elif time.monotonic() - self._last >= QUIET_SECONDS:
            self._last = time.monotonic()
            sys.stderr.write(f"{what}: {count:,} messages\n")

    def close(self) -> None:
        """Ends the line that is being changed."""
        if self._open:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._open = False

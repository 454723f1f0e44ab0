"""How long work says how far it is: one line that changes on a terminal, plain lines elsewhere. Always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

QUIET_SECONDS = 10.0
"""Away from a terminal, one line at most this often."""
SURE_SECONDS, SURE_MESSAGES = 30.0, 200
"""Before so much is done nobody can say how long the rest will take."""


class Ticker:
    """Counts one thing after another, and mailboxes that are read side by side together."""

    def __init__(self, out: TextIO | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._out = out or sys.stderr
        self._now = now
        self._terminal = self._out.isatty()
        self._began = self._last = now()
        self._open = False
        self._boxes: dict[str, tuple[int, int | None]] = {}

    def opening(self, mailboxes: int) -> None:
        """Nothing is kept yet: a provider needs a while before the first messages are."""
        self._say(f"{mailboxes:,} {'mailbox' if mailboxes == 1 else 'mailboxes'}: looking for what is new")

    def collecting(self, mailbox: str, count: int, expected: int | None) -> None:
        """So many of a mailbox's messages are kept, of about so many; None where nobody knows."""
        self._boxes[mailbox] = count, expected
        done = sum(count for count, _ in self._boxes.values())
        known = [max(count, total) for count, total in self._boxes.values() if total is not None]
        who = mailbox if len(self._boxes) == 1 else f"{len(self._boxes)} mailboxes"
        if len(known) < len(self._boxes) or sum(known) <= done:
            self._say(f"{who}: {done:,} messages")
        else:
            self._say(f"{who}: {done:,} of about {sum(known):,} messages{self._left(done, sum(known))}")

    def __call__(self, what: str, count: int) -> None:
        """Says that `count` messages of `what` are done."""
        self._say(f"{what}: {count:,} messages")

    def close(self) -> None:
        """Ends the line that is being changed."""
        if self._open:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._open = False

    def _say(self, text: str) -> None:
        if self._terminal:
            self._out.write(f"\r\x1b[K{text}")
            self._out.flush()
            self._open = True
        elif self._now() - self._last >= QUIET_SECONDS:
            self._last = self._now()
            self._out.write(f"{text}\n")

    def _left(self, done: int, total: int) -> str:
        """How long the rest will take if it goes on as it went."""
        spent = self._now() - self._began
        if spent < SURE_SECONDS or done < SURE_MESSAGES:
            return ""
        return f", {_roughly(spent / done * (total - done))} left"


def _roughly(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 90:
        return "about a minute"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} minutes"
    if seconds < 36 * 3600:
        return f"about {round(seconds / 3600)} hours"
    return f"about {round(seconds / 86_400)} days"

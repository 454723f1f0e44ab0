"""Gmail's quota units and requests in flight for one user, scaled down so that a test can meet them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from providers.gmail_errors import Refusal


@dataclass(slots=True)
class Limits:
    """For one mailbox, or for several that share it. A call refused costs nothing."""

    units: int | None = None
    """Within any `window`; None for no end of them. Google: 6,000 a minute."""
    window: float = 60.0
    """Seconds."""
    in_flight: int | None = None
    """At once; every part of a batch is one. Google publishes none; a field report says 25 and not 100."""
    says: str = "quota"
    """How too many units are refused: quota | quota new style | exhausted | header | user rate | user rate 429 | daily |
    day's quota. Too many in flight are always refused as 'concurrent'."""
    takes: float = 0.0
    """Seconds each call takes; a batch takes as long as one."""
    clock: Callable[[], float] = time.monotonic
    throttled: int = 0
    """Calls refused so far."""
    spent: int = 0
    """Units in all."""
    most_in_flight: int = 0
    _now_in_flight: int = 0
    _used: int = 0
    _recent: deque[tuple[float, int]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, units: int) -> None:
        """Raises `Refusal`; who was let in leaves."""
        with self._lock:
            now = self.clock()
            while self._recent and self._recent[0][0] <= now - self.window:
                self._used -= self._recent.popleft()[1]
            if self.in_flight is not None and self._now_in_flight >= self.in_flight:
                self._refuse(Refusal("concurrent"))
            if self.units is not None and self._used + units > self.units:
                self._refuse(self._quota(now))
            self._recent.append((now, units))
            self._used += units
            self.spent += units
            self._now_in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._now_in_flight)

    def leave(self) -> None:
        with self._lock:
            self._now_in_flight -= 1

    def _refuse(self, refusal: Refusal) -> None:
        self.throttled += 1
        raise refusal

    def _quota(self, now: float) -> Refusal:
        wait = self._recent[0][0] + self.window - now if self._recent else self.window
        until = datetime.now(UTC) + timedelta(seconds=wait)
        headers = {"Retry-After": str(int(wait) + 1)} if self.says == "header" else {}
        return Refusal(self.says, f"{until:%Y-%m-%dT%H:%M:%S}.{until.microsecond // 1000:03}Z", headers)

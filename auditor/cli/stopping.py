"""Being asked to end: by Ctrl-C, by a service manager, by the computer that shuts down. All stop in the same way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ASKING = [getattr(signal, name) for name in ("SIGTERM", "SIGBREAK") if hasattr(signal, name)]
"""Windows has no SIGTERM to send, and Ctrl-Break instead."""


class Asked(KeyboardInterrupt):
    """The system asks the program to end. What is being done stops as for Ctrl-C: nothing half done is kept."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, being asked to end raises `Asked` in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _stop) for number in _ASKING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: object) -> None:
    raise Asked

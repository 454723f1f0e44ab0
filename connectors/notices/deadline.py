"""Something that must not take longer than so long, whatever the other side does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from auditor.errors import NoticeError

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T], whom: str) -> T:
    """What `work` makes of it. The thread that is left behind ends with the process.

    Raises:
        NoticeError: it is not done in time; else whatever `work` raises.
    """
    made: list[T] = []
    trouble: list[BaseException] = []

    def labour() -> None:
        try:
            made.append(work())
        except BaseException as error:  # noqa: BLE001  (raised again where it is waited for)
            trouble.append(error)

    thread = threading.Thread(target=labour, daemon=True)
    thread.start()
    thread.join(seconds)
    if trouble:
        raise trouble[0]
    if not made:
        raise NoticeError(f"{whom} did not answer in time: look whether it works.")
    return made[0]

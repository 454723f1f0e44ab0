"""The token that signs a provider's calls: asked for when it is needed, used while it lasts, and kept in memory alone."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from auditor.errors import LostSource
from auditor.pipeline.pull import Clock
from auditor.scrub import hide

_SPARE = 300.0
"""Seconds before a token's end at which the next is asked for: long enough for the longest download."""


class Tokens(ABC):
    """A token, shared between threads; whoever refuses it once for good is not asked again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        self._refused: LostSource | None = None
        self.calls = 0
        """Made to sign in."""
        self.ahead: float | None = None
        """Seconds by which the provider's clock is ahead, as its last answer showed."""

    def token(self) -> str:
        """A token that is good for some minutes.

        Raises:
            RetrySource: nobody can be asked at the moment.
            LostSource: it was refused, and why.
        """
        with self._lock:
            if self._refused:
                raise self._refused
            if not self._token or self._clock.now() >= self._until:
                try:
                    self._token, seconds = self._asked()
                except LostSource as error:
                    self._refused = error
                    raise
                hide(self._token)
                self._until = self._clock.now() + seconds - min(_SPARE, seconds / 2)  # half of a very short life
            return self._token

    def forget(self, token: str) -> None:
        """This token was not accepted: the next is a new one."""
        with self._lock:
            if token == self._token:
                self._token = ""

    @abstractmethod
    def _asked(self) -> tuple[str, float]:
        """A new token, and for how many seconds it is good. Raises what `token` raises."""

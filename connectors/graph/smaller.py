"""How many messages are asked for at once: fewer where Graph cannot give so many."""

from __future__ import annotations

from connectors.graph.line import Line, Refused


class Smaller:
    """For one folder's listing; `most` to begin with."""

    def __init__(self, line: Line, most: int) -> None:
        self.size = self._most = most
        self._line = line
        self._proved = False

    def worked(self) -> None:
        """A page came."""
        self.size = min(self._most, self.size * 2)
        self._proved = False

    def possible(self, error: Refused) -> bool:
        """Whether there is another way to ask."""
        return error.failing and not (self.size == 1 and self._proved)

    def after(self, error: Refused) -> None:
        """Next time fewer. Before a single message is given up, Graph must answer another question. Raises the error
        when there is no other way to ask."""
        if not self.possible(error):
            raise error
        if self.size == 1:
            self._line.answers()
            self._proved = True
        self.size = max(1, self.size // 4)

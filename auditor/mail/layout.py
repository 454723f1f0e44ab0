"""Lines of text as they are laid out on a page: breaks, blank lines, bullets, cells, and offsets that hold."""

from __future__ import annotations

import re

from auditor.mail.message import Hint, Link, Mark

_SPACE = re.compile(r"[ \t\n\r\f]+")
_RUNS = re.compile(r"[ \t]{2,}")


class Layout:
    """Text in the making. Offsets from `begin` and `end` are offsets into the text that `finish` returns."""

    def __init__(self) -> None:
        self.hidden: list[str] = []
        self.hiding = False
        """Text now goes to `hidden`."""
        self.marks: list[Mark] = []
        self.links: list[Link] = []
        self.shown = 0
        """How many stretches of text a reader sees so far."""
        self.history = False
        """A HISTORY mark is open; it ends with the text."""
        self._done: list[str] = []
        self._at = 0
        self._line: list[str] = []
        self._pending = 0
        self._prefix = ""
        self._tab = False
        self._row: int | None = None
        """How many lines were done when the first text of this table row came."""

    def text(self, text: str, typed: bool) -> None:
        """A stretch of text; white space is folded unless it counts as typed."""
        if self.hiding:
            self.hidden.append(text)
        elif typed:
            self._typed(text)
        else:
            self._folded(text)

    def _typed(self, text: str) -> None:
        first, *more = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
        if first:
            self._start_text()
            self._line.append(first)
        for line in more:
            self.newline()
            if line:
                self._start_text()
                self._line.append(line)

    def _folded(self, text: str) -> None:
        if not text.strip(" \t\n\r\f"):
            text = " " if text else ""
        elif "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
            text = _SPACE.sub(" ", text)
        if text == " " or not text:
            if text and self._line and not self._pending:
                self._line.append(" ")
            return
        if self._pending or not self._line or self._line[-1][-1:] == " ":
            text = text.removeprefix(" ")
            if not text:
                return
        self._start_text()
        self._line.append(text.replace("\xa0", " ") if "\xa0" in text else text)

    def _start_text(self) -> None:
        self.shown += 1
        if self._pending:
            self._end_line(self._pending)
        if self._row is None:
            self._row = len(self._done)
        if self._tab:
            self._tab = False
            self._line.append("\t")
        if self._prefix:
            self._line.append(self._prefix)
            self._prefix = ""

    def _end_line(self, level: int) -> None:
        if self._line:
            self._push()
        if level > 1 and self._done and self._done[-1]:
            self._done.append("")
            self._at += 1
        self._pending = 0

    def _push(self) -> None:
        line = "".join(self._line).rstrip()
        self._line.clear()
        self._done.append(line)
        self._at += len(line) + 1

    def newline(self) -> None:
        """A `<br>`."""
        if self.hiding:
            self.hidden.append("\n")
            return
        if self._pending:
            self._end_line(min(self._pending, 1))
        self._push()

    def block(self, level: int) -> None:
        """A block begins or ends: 1 is a line break, 2 a blank line."""
        if self.hiding:
            self.hidden.append("\n")
        elif level > self._pending and not self._tab and (self._line or self._done):
            self._pending = level

    def row(self) -> None:
        """A table row begins."""
        self._row = None

    def cell(self) -> None:
        """A table cell begins: beside the last one, or below it where that had several lines."""
        if self.hiding:
            self.hidden.append(" ")
        elif self._line and self._row == len(self._done):
            self._pending, self._tab = 0, True
        else:
            self.block(1)

    def end_cell(self) -> None:
        """A table cell ends."""
        self._tab = False

    def bullet(self, prefix: str) -> None:
        """A list item begins, or ends ('')."""
        if not self.hiding:
            self._prefix = prefix

    def hide(self, text: str) -> None:
        """Text that no reader sees."""
        if text and not text.isspace():
            self.hidden.append(f"\n{text}\n")

    def link(self, target: str, since: int) -> None:
        """A link ends here that began when `shown` was `since`; one that shows no text is none."""
        if self.shown > since and self._line:
            self.links.append(Link(self._at, target))

    def begin(self) -> int:
        """The offset at which a stretch begins: the beginning of a line, after any blank one."""
        if self._line or self._pending:
            self._end_line(self._pending)
        return self._at

    def end(self) -> int:
        """The offset at which a stretch ends: the beginning of the next line."""
        if self._line:
            pending = self._pending
            self._end_line(1)
            self._pending = pending
        return self._at

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        """The text and its marks, in order."""
        if self._line:
            self._push()
        while self._done and not self._done[-1]:
            self._done.pop()
        text = "\n".join(self._done) + "\n" if self._done else ""
        size = len(text)
        ends = (
            Mark(_filled(text, m.start), size if m.hint is Hint.HISTORY else min(m.end, size), m.hint)
            for m in self.marks
        )
        return text, tuple(sorted((m for m in ends if m.start < m.end), key=lambda m: m.start))

    def unseen(self) -> str:
        """The hidden text, tidied: runs of white space and of invisible fillers made one."""
        text = "".join(self.hidden)
        if not text or text.isspace():
            return ""
        lines = (_RUNS.sub(" ", line.replace("\xa0", " ")).strip() for line in text.split("\n"))
        return "\n".join(line for line in lines if line.strip("\u200c\u200b\u034f\xad\ufeff "))


def _filled(text: str, start: int) -> int:
    """The first line from `start` that is not blank."""
    while text.startswith("\n", start):
        start += 1
    return start

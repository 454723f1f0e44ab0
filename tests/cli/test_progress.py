"""Long work says how far it is, and how long it will take once that can be said honestly."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest

from auditor.cli.progress import Ticker


@dataclass
class Watch:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_mailbox_of_which_nobody_knows_how_much_is_to_come() -> None:
    out = Terminal()
    ticker = Ticker(out)
    ticker.collecting("clerk@s.example", 1200, None)
    assert out.getvalue().endswith("\x1b[Kclerk@s.example: 1,200 messages")
    ticker.close()
    assert out.getvalue().endswith("\r\x1b[K")


def test_before_anything_is_kept_a_terminal_shows_that_it_is_at_work() -> None:
    out, lines = Terminal(), io.StringIO()
    Ticker(out).opening(3)
    assert out.getvalue().endswith("3 mailboxes: looking for what is new")
    Ticker(lines).opening(3)
    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "done", "said"),
    [
        (10, 1000, ""),
        (60, 100, ""),
        (60, 1000, ", about 19 minutes left"),
        (60, 19_000, ", about a minute left"),
        (3600, 1000, ", about 19 hours left"),
        (36_000, 1000, ", about 8 days left"),
    ],
)
def test_how_long_the_rest_will_take(seconds: float, done: int, said: str) -> None:
    out, watch = Terminal(), Watch()
    ticker = Ticker(out, watch)
    watch.seconds = seconds
    ticker.collecting("clerk@s.example", done, 20_000)
    assert out.getvalue().endswith(f"clerk@s.example: {done:,} of about 20,000 messages{said}")


def test_mailboxes_read_side_by_side_are_counted_together() -> None:
    out, watch = Terminal(), Watch()
    ticker = Ticker(out, watch)
    watch.seconds = 100
    ticker.collecting("a@s.example", 500, 1000)
    ticker.collecting("b@s.example", 250, 500)
    assert out.getvalue().endswith("2 mailboxes: 750 of about 1,500 messages, about 2 minutes left")
    ticker.collecting("c@s.example", 1, None)
    assert out.getvalue().endswith("3 mailboxes: 751 messages")


def test_away_from_a_terminal_a_line_now_and_then() -> None:
    out, watch = io.StringIO(), Watch()
    ticker = Ticker(out, watch)
    for second in range(25):
        watch.seconds = second
        ticker("Checking", second)
    ticker.close()
    assert out.getvalue() == "Checking: 10 messages\nChecking: 20 messages\n"

"""A table of the configuration: read whole, or refused with everything that is wrong with it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.schedule import Schedule, clock, domain, nightly, weekly
from auditor.tables import (
    Mistakes,
    Table,
    anything,
    day,
    entry,
    flag,
    listed,
    mapped,
    number,
    one_of,
    seconds,
    table,
    text,
    words,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


class Box(Table):
    owner: str = entry(words)
    size: int = entry(number(1, 9), 3)
    since: date | None = entry(day, None, name="from")
    tags: tuple[str, ...] = entry(listed(text), ())
    together = ("owner", "size")

    def wrong(self) -> str | None:
        return "nine is too many for Ann" if (self.owner, self.size) == ("Ann", 9) else None


def refused(value: object) -> list[tuple[Any, str]]:
    with pytest.raises(Mistakes) as caught:
        table(Box)(value)
    return caught.value.found


def test_what_is_absent_has_its_default_and_a_key_may_have_another_name() -> None:
    assert table(Box)({"owner": "Tom"}) == Box(owner="Tom")
    assert table(Box)({"owner": "Tom", "from": date(2026, 1, 1)}).since == date(2026, 1, 1)


def test_tables_are_compared_by_what_they_say_and_changed_by_nobody() -> None:
    box = Box(owner="Tom")
    assert box != Box(owner="Ann")
    with pytest.raises(AttributeError):
        box.owner = "Ann"  # type: ignore[misc]


def test_every_mistake_is_said_with_its_place() -> None:
    found = refused({"size": 10, "since": 1, "tags": ["a", 2, 3]})
    assert found == [
        (("owner",), "is missing"),
        (("size",), "must be at most 9"),
        (("tags", 1), "must be text in quotes"),
        (("tags", 2), "must be text in quotes"),
        (("since",), "is a key nobody knows here; check the spelling"),
    ]


def test_what_does_not_go_together_is_said_whatever_else_is_wrong() -> None:
    said = ((), "nine is too many for Ann")
    assert refused({"owner": "Ann", "size": 9}) == [said]
    assert refused({"owner": "Ann", "size": 9, "tags": 1, "sise": 2}) == [
        (("tags",), "must be a list in [ ]"),
        (("sise",), "is a key nobody knows here; check the spelling"),
        said,
    ]


def test_a_value_that_could_not_be_read_is_one_mistake() -> None:
    assert refused({"owner": "Ann", "size": "nine"}) == [(("size",), "must be a whole number")]
    assert refused({"size": 9}) == [(("owner",), "is missing")]


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (text, 1),
        (words, " "),
        (flag, 1),
        (day, "2026-01-01"),
        (day, datetime(2026, 1, 1)),  # noqa: DTZ001
        (number(1), True),
        (number(1), 0),
        (seconds, 0),
        (seconds, True),
        (seconds, float("nan")),
        (one_of("a", "b"), "c"),
        (listed(text, 2, 2), ["a"]),
        (listed(text), "a"),
        (anything, []),
        (table(Box), []),
        (clock, "24:00"),
        (nightly, "01:59"),
        (weekly, "mon"),
        (domain, "-x.org"),
    ],
)
def test_a_wrong_value_is_refused(reader: Any, value: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        reader(value)


def test_right_values_are_read() -> None:
    assert clock("9:05") == time(9, 5)
    assert weekly("Sun 18:00") == (6, time(18))
    assert seconds(2) == 2.0
    assert mapped(one_of("a"), flag)({"a": True}) == {"a": True}


@given(st.dictionaries(st.sampled_from(["council", "people", "sources", "policy", "store", "x"]), VALUES))
def test_no_document_is_read_by_accident_or_breaks_the_reader(document: dict[str, Any]) -> None:
    with pytest.raises(Mistakes) as caught:
        table(Schedule)(document)
    assert all(place and sentence for place, sentence in caught.value.found)

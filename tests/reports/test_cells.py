import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cells import LIMIT, day_cell, moment_cell, serial, shown

UNSEEN = "\x00\x07\x0b\x1b\x7f\x85\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u061c\u2060"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain words", "plain words"),
        ("=1+1", "=1+1"),
        ("bell \x07 and null \x00", "bell \\x07 and null \\x00"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("snake_xray_", "snake_xray_"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        (
            "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
            "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        ),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 na\u00efve",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 na\u00efve",
        ),
        ("", ""),
    ],
)
def test_text_is_shown(text, seen):
    assert shown(text) == seen


def test_long_text_is_cut_and_says_so():
    text = shown("x" * 12_400)
    assert text.startswith("x" * LIMIT + " … (cut here: 12,400 characters in all")
    assert shown("x" * LIMIT) == "x" * LIMIT


@given(st.text(st.characters() | st.sampled_from(UNSEEN + "_x0=\r\n\ud800")))
def test_what_is_shown_is_legal_xml_with_nothing_unseen_and_short_enough(text):
    seen = shown(text)
    assert ET.fromstring(f"<t>{escape(seen)}</t>").text == (seen or None)  # noqa: S314
    assert not set(seen) & set(UNSEEN)
    assert len(seen) < 32_767
    assert not re.search("(?<!_x005F)_x[0-9A-Fa-f]{4}_(?!x)", seen.replace("_x005F_", "_x005F"))


@pytest.mark.parametrize(
    ("moment", "cell"),
    [
        (datetime(2026, 7, 1, 23, 30, 5, 99, tzinfo=UTC), datetime(2026, 7, 2, 0, 30, 5)),  # noqa: DTZ001
        (datetime(1900, 2, 28, 12, 0, tzinfo=UTC), "1900-02-28 12:00"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01 00:00:00+00:00"),
        (datetime.max.replace(tzinfo=UTC), "9999-12-31 23:59"),
        (None, None),
    ],
)
def test_moments_are_londons_or_words(moment, cell):
    answer = moment_cell(moment)
    assert answer == cell or (isinstance(cell, str) and isinstance(answer, str) and answer[:10] == cell[:10])


def test_days_out_of_a_spreadsheets_reach_are_words():
    assert day_cell(date(1899, 12, 31)) == "1899-12-31"
    assert day_cell(date(9999, 12, 31)) == "9999-12-31"
    assert day_cell(date(2026, 11, 18)) == date(2026, 11, 18)
    assert day_cell(None) is None


@given(st.datetimes(datetime(1900, 3, 1), datetime(9998, 12, 31)))  # noqa: DTZ001
def test_day_numbers_are_openpyxls(moment):
    from openpyxl.utils.datetime import to_excel

    moment = moment.replace(microsecond=0)
    assert serial(moment) == pytest.approx(to_excel(moment), abs=1e-9)
    assert serial(moment.date()) == to_excel(moment.date())

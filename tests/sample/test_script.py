"""Reading the conversations as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.sample.script import threads

WRITTEN = """
=== A gate
@ 3 09:14 ann > sayer, pat | cc jo; att plan.pdf, list.xlsx
Dear both

It squeaks.
@ 4 18:05 sayer > ann
Oil it.
@ 5 08:00 ann > pat | fw
See below.
@ 5 09:00 ann > jo | new; subject Oil
Some oil, please.
@ 6 09:00 pat > ann | re 1; sig first
I have some.

=== Nothing else
@ 7 10:00 pat > ann
No.
"""


def written(folder: Path, text: str) -> Path:
    (folder / "gates.txt").write_text(text, encoding="utf-8")
    return folder


def test_threads_and_notes_are_read_in_order(tmp_path):
    first, second = threads(written(tmp_path, WRITTEN))
    assert (first.name, first.subject, len(first.notes)) == ("gates-1", "A gate", 5)
    assert (second.name, second.subject, len(second.notes)) == ("gates-2", "Nothing else", 1)


def test_a_note_has_people_options_and_words(tmp_path):
    note = threads(written(tmp_path, WRITTEN))[0].notes[0]
    assert (note.day, note.clock.isoformat("minutes"), note.sender) == (3, "09:14", "ann")
    assert note.to == ("sayer", "pat")
    assert note.several("att") == ("plan.pdf", "list.xlsx")
    assert note.several("bcc") == ()
    assert note.text == "Dear both\n\nIt squeaks."


def test_what_answers_what(tmp_path):
    notes = threads(written(tmp_path, WRITTEN))[0].notes
    assert [n.parent for n in notes] == [None, 0, 1, None, 0]
    assert [n.forward for n in notes] == [False, False, True, False, False]


def test_a_line_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ValueError, match="gates-1: cannot read '@ monday ann > pat'"):
        threads(written(tmp_path, "=== A gate\n@ monday ann > pat\nWords\n"))

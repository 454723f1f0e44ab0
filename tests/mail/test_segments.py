from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.mail.message import Body, Hint, Mark, Part, Segment, View, Zone
from auditor.mail.segments import assemble, spans_in_body, split

ZONES = {"o": Zone.OWN, "q": Zone.QUOTED, "f": Zone.FORWARDED}


def cases() -> list[Any]:
    folder = Path(__file__).parent / "splitting"
    return [
        pytest.param(case, id=f"{file.stem}: {case['because']}")
        for file in sorted(folder.glob("*.toml"))
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    ]


def drawn(case: dict[str, Any]) -> tuple[Body, list[tuple[str, Zone]]]:
    """The body of a case, and its lines that hold words, each with whose they are."""
    rows = [line.partition("|") for line in case["lines"].strip("\n").split("\n")]
    texts = [text.removeprefix(" ") for _, _, text in rows]
    starts = [sum(len(line) + 1 for line in texts[:n]) for n in range(len(texts) + 1)]
    marks = [Mark(starts[first], starts[end] - 1, Hint.QUOTE) for first, end in case.get("quote", [])]
    if "history" in case:
        marks.append(Mark(starts[case["history"]], starts[-1] - 1, Hint.HISTORY))
    wanted = [(text, ZONES[zone]) for (zone, _, _), text in zip(rows, texts, strict=True) if zone]
    return Body("\n".join(texts) + "\n", View.HTML if marks else View.PLAIN, tuple(marks)), wanted


def whose(body: Body, segments: tuple[Segment, ...]) -> list[tuple[str, Zone]]:
    return [
        (line, s.zone) for s in segments for line in body.text[s.start : s.end].split("\n") if line.strip(" \t=0926")
    ]


def plain(text: str) -> Body:
    return Body(text, View.PLAIN)


def own(text: str, subject: str = "") -> str:
    return assemble(text, split(plain(text), subject)).own.text


@pytest.mark.parametrize("case", cases())
def test_each_line_is_the_words_of_who_wrote_it(case: dict[str, Any]) -> None:
    body, wanted = drawn(case)
    segments = split(body, case["subject"])
    assert whose(body, segments) == [row for row in wanted if row[0].strip(" \t=0926")]
    assert min(s.confidence for s in segments) <= case.get("confidence", 1.0)


def test_there_are_cases_enough() -> None:
    assert len(cases()) >= 80


def test_an_empty_body_has_no_segments() -> None:
    assert split(plain("")) == ()


def test_a_body_without_history_is_all_own_and_sure() -> None:
    assert split(plain("Dear Ann\n\nYes.\n")) == (Segment(Zone.OWN, 0, 15, 1.0),)


def test_two_views_that_differ_lower_the_confidence() -> None:
    text = "Yes.\n\nOn 05/03/2024 10:15, Joan wrote:\n> No?\n"
    sure = split(Body(text, View.HTML))
    unsure = split(Body(text, View.HTML, agreement=0.3))
    assert [s.zone for s in sure] == [s.zone for s in unsure]
    assert max(s.confidence for s in unsure) <= 0.6 < min(s.confidence for s in sure)


@pytest.mark.parametrize(
    ("subject", "zone"),
    [
        ("[Clerks] Fwd: Lamp", Zone.FORWARDED),
        ("TR: Lamp", Zone.FORWARDED),
        ("Lamp (fwd)", Zone.FORWARDED),
        ("[Clerks] Re: Lamp", Zone.QUOTED),
        ("RE: FW: Lamp", Zone.QUOTED),
        ("Forward planning", Zone.QUOTED),
    ],
)
def test_the_subject_says_whether_a_block_is_forwarded_on(subject: str, zone: Zone) -> None:
    text = "See this.\n\nFrom: Joan <joan@example.com>\nSent: 05 March 2024 10:15\nTo: Ann\nSubject: Lamp\n\nOut.\n"
    assert [s.zone for s in split(plain(text), subject)] == [Zone.OWN, zone]


def test_a_body_too_odd_to_read_to_its_end_is_not_called_sure() -> None:
    text = "On this day they wrote:\n\n" * 1_200 + "> x\n"
    assert [(s.zone, s.confidence) for s in split(plain(text))] == [(Zone.OWN, 0.5)]


def test_an_arrow_in_a_circular_is_no_quotation_but_a_question_in_an_answer_is() -> None:
    text = "New this week:\n> Shop\nSee you there.\n"
    assert [s.zone for s in split(Body(text, View.HTML), "News")] == [Zone.OWN]
    assert [s.zone for s in split(Body(text, View.HTML), "Re: News")] == [Zone.OWN, Zone.QUOTED, Zone.OWN]


def test_html_that_bears_the_words_out_is_sure() -> None:
    text = "Yes.\n\nOn 05/03/2024 10:15, Joan wrote:\nIs it mended?\n"
    marked = Body(text, View.HTML, (Mark(6, len(text), Hint.QUOTE),))
    assert [(s.zone, s.confidence > 0.9) for s in split(marked, "Re: x")] == [(Zone.OWN, True), (Zone.QUOTED, True)]


def test_closing_matter_below_the_history_is_a_segment_of_its_own() -> None:
    text = "Mended.\n\nOn 05/03/2024 10:15, Joan Ferris wrote:\n> Broken.\n\n-- \nAnn Marsh\nParish Clerk\n"
    last = split(plain(text), "Re: stile")[-1]
    assert (last.zone, last.confidence, text[last.start : last.end].strip()) == (
        Zone.QUOTED,
        0.5,
        "-- \nAnn Marsh\nParish Clerk",
    )


def test_a_signature_below_answers_between_the_lines_is_own() -> None:
    text = "On 05/03/2024 10:15, Joan wrote:\n> Broken?\n\nMended.\n\n> Sure?\n\n-- \nAnn Marsh\n"
    assert own(text, "Re: stile").split() == ["Mended.", "--", "Ann", "Marsh"]


words = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=40)
snippets = st.sampled_from(
    [
        "> quoted",
        ">> deeper",
        "",
        "   ",
        "On Tue, 5 Mar 2024 at 10:15, Joan <joan@example.com>",
        "wrote:",
        "On 05/03/2024 10:15, Joan wrote:",
        "From: Joan <joan@example.com>",
        "Sent: 05 March 2024 10:15",
        "To: Ann",
        "cc:",
        "Subject: Stile",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "05/03/2024 10:15",
        "Joan Ferris@COUNTY",
        "-- ",
        "________________",
        "----- End forwarded message -----",
        "| table",
        ">>> Joan 05/03/2024 10:15 >>>",
        "=09To: x",
        "Dear Ann,",
    ]
)
letters = st.lists(st.one_of(snippets, words), max_size=25).map("\n".join)


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    text = draw(letters)
    ends = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(ends, ends, st.sampled_from(Hint)), max_size=4))
    marks = tuple(Mark(min(a, b), max(a, b), hint) for a, b, hint in sorted(pairs))
    return Body(text, View.HTML if marks else View.PLAIN, marks, agreement=draw(st.floats(0, 1)))


@given(bodies(), st.sampled_from(["", "Re: x", "Fwd: x", "x"]))
def test_segments_cover_the_text_in_whole_lines(body: Body, subject: str) -> None:
    segments = split(body, subject)
    assert "".join(body.text[s.start : s.end] for s in segments) == body.text
    assert all(s.start < s.end and 0 <= s.confidence <= 1 for s in segments)
    assert all(s.start == 0 or body.text[s.start - 1] == "\n" for s in segments)
    assert {s.zone for s in segments} <= {Zone.OWN, Zone.QUOTED, Zone.FORWARDED}
    assert split(body, subject) == segments


@given(bodies())
def test_every_line_is_in_one_part(body: Body) -> None:
    parts = assemble(body.text, split(body))
    held = [part.text for part in (parts.own, parts.quoted, parts.forwarded)]
    assert sorted("\n".join(held).split()) == sorted(body.text.split())
    assert (parts.signature, parts.waiver) == (Part("", (), 1.0), Part("", (), 1.0))


@given(bodies(), st.data())
def test_a_stretch_of_a_part_is_found_in_the_body(body: Body, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(list(map(assemble(body.text, split(body)).__getattribute__, ("own", "quoted")))))
    first = data.draw(st.integers(0, len(part.text)))
    last = data.draw(st.integers(first, len(part.text)))
    spans = spans_in_body(part, first, last)
    assert "".join(body.text[a:b] for a, b in spans) == part.text[first:last]
    assert all(a < b or first == last for a, b in spans)


plain_lines = st.text(st.characters(categories=["L", "Zs"], max_codepoint=0x17F), min_size=1, max_size=60)


@given(st.lists(plain_lines.filter(lambda line: bool(line.strip())), min_size=1, max_size=12), st.integers(1, 9))
def test_a_quotation_put_below_leaves_the_own_words_alone(lines: list[str], depth: int) -> None:
    text = "\n".join(lines) + "\n"
    history = "\nOn Tue, 5 Mar 2024 at 10:15, Joan Ferris <joan@example.com> wrote:\n\n"
    quoted = "".join(f"{'>' * depth} {line}\n" for line in lines)
    assert own(text + history + quoted, "Re: x").split() == own(text, "Re: x").split() == text.split()


def test_a_newline_joins_segments_that_do_not_end_in_one() -> None:
    text = "one\ntwo"
    segments = (Segment(Zone.OWN, 4, 7, 1.0), Segment(Zone.OWN, 0, 4, 0.5))
    part = assemble(text, segments).own
    assert (part.text, part.confidence) == ("two\none\n", 0.5)
    assert spans_in_body(part, 1, 6) == ((5, 7), (0, 2))


@pytest.mark.parametrize(
    "text",
    [
        "On " * 50_000,
        "From: x\n" * 20_000,
        "On the agenda we wrote\n" * 20_000,
        "-" * 200_000,
        ("-" * 70 + "\n") * 20_000,
        " " * 100_000 + "\n>" + " " * 100_000,
        "wrote:\n" * 50_000,
        "> x\n" * 100_000,
        ">From x\n" * 100_000,
        "> \n" * 100_000,
        "From: a\nTo: b,\n" + "c,\n" * 50_000,
        "---------- Forwarded message ---------\n" * 20_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_bodies_are_split_and_nothing_is_lost(text: str) -> None:
    segments = split(plain(text), "Re: x")
    assert (segments[0].start, segments[-1].end) == (0, len(text))

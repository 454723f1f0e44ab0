"""What a closing finding shows: the place, the difference in plain words, and an identity that survives a re-wrap."""

from __future__ import annotations

import textwrap

import pytest
from closing_letters import COUNCILLOR, LETTER, agreed, case, findings, plain

from auditor.findings import EXCERPT_LIMIT, Finding, identity

S, W = agreed("full"), agreed("standard")


def only(body: str) -> tuple[Finding, str]:
    made = case(plain(body))
    (finding,) = findings(made)
    return finding, getattr(made.parts, finding.part).text if finding.part != "message" else ""


@pytest.mark.parametrize(
    ("body", "said", "place"),
    [
        (f"{LETTER}\n\n{S.replace('5 2QT', '5 2TQ')}\n\n{W}", 'it says "AS5 2TQ" where "AS5 2QT" is agreed', "2TQ"),
        (
            f"{LETTER}\n\n{S.replace('Councillor', 'Chairman')}\n\n{W}",
            'it says "Chairman" where "Councillor" is agreed',
            "Chairman",
        ),
        (f"{LETTER}\n\n{S}\nArden's Cakes\n\n{W}", 'a line "Arden\'s Cakes" was added', "Arden's Cakes"),
        (f"{LETTER}\n\n{S}\n\n{W.replace('2000', '2005')}", 'it says "Act 2005" where "Act 2000" is agreed', "2005"),
        (
            f"{LETTER}\n\n{S}\n\n{W.replace('960881', '960818')}",
            'it says "01632 960818" where "01632 960881" is agreed',
            "01632 960818",
        ),
        (f"{LETTER}\n\n{S}\n\n{W.replace('does not accept', 'does accept')}", 'the words "not" are left out', None),
        (
            f"{LETTER}\n\n{S}\n\n{W.replace(' any virus', ' worms or any virus')}",
            'the words "worms or" were added',
            "worms or",
        ),
        (
            f"{LETTER}\n\n{S}\n\n{W[: W.index(' The Council does')]}",
            'it breaks off before "The Council does not accept responsibility for any virus that it may carry"',
            None,
        ),
        (
            f"{LETTER}\n\n{S}".replace("Telephone: 07700 900118\n", "") + f"\n\n{W}",
            'the line "Telephone: (a telephone number)" is left out',
            None,
        ),
    ],
)
def test_the_difference_is_shown(body: str, said: str, place: str | None) -> None:
    finding, text = only(body)
    assert said in finding.reason
    assert finding.reason.endswith(".")
    assert 0 <= finding.start < finding.end <= len(text)
    if place is not None:
        assert text[finding.start : finding.end] == place


def test_many_differences_are_counted() -> None:
    changed = (
        S.replace("Thomas", "Tom")
        .replace("Councillor", "Chair")
        .replace("Schoolroom", "School")
        .replace("Mill", "Hill")
        .replace("2QT", "9ZZ")
    )
    finding, _ = only(f"{LETTER}\n\n{changed}\n\n{W}")
    assert "more difference" in finding.reason


@pytest.mark.parametrize("layout", [66, 50, 33])
def test_identity_survives_a_rewrap(layout: int) -> None:
    altered = W.replace("2000", "2005")
    first, _ = only(f"{LETTER}\n\n{S}\n\n{altered}")
    again, _ = only(f"{LETTER}\n\n{S}\n\n{textwrap.fill(altered, layout)}")
    assert identity(first, "m") == identity(again, "m")


def test_identity_tells_two_faults_apart() -> None:
    first, _ = only(f"{LETTER}\n\n{S}\n\n{W.replace('2000', '2005')}")
    second, _ = only(f"{LETTER}\n\n{S}\n\n{W.replace('2000', '2015')}")
    assert identity(first, "m") != identity(second, "m")


def test_missing_points_at_the_message() -> None:
    finding, _ = only(f"{LETTER}\n\n{S}")
    assert (finding.part, finding.start, finding.end) == ("message", 0, 0)


def test_history_is_pointed_at() -> None:
    quoted = f"\n\nOn Mon, 2 Nov 2026 at 08:01, Tom <{COUNCILLOR}> wrote:\n\n> Hello.\n> {agreed('brief')}\n"
    finding, text = only(f"{LETTER}\n\n{S}{quoted}")
    assert finding.part == "quoted"
    assert text[finding.start : finding.end].startswith("Views given here")


def test_an_excerpt_is_short() -> None:
    finding, _ = only(f"{W}\n\n{LETTER}\n\n{S}")
    assert len(finding.excerpt) <= EXCERPT_LIMIT
    assert "\n" not in finding.excerpt


def test_the_same_case_gives_the_same_findings() -> None:
    made = case(plain(f"{W}\n\n{LETTER}\n\n{S.replace('5 2QT', '5 2TQ')}"))
    assert findings(made) == findings(made)
    assert [one.rule for one in findings(made)] == ["signature-altered", "waiver-misplaced"]

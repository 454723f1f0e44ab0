"""More closings that people and programs make: each a body, and the rules that find something in it."""

from __future__ import annotations

import html
import textwrap
from email.message import EmailMessage

import pytest
from closing_letters import LETTER, agreed, case, findings, markup, rules

from auditor.analysers.measured import confidence

S, W, B = agreed("full"), agreed("standard"), agreed("brief")
NAME = "Thomas Arden"
SHORT = "Thanks Mary, that will do nicely."
LONG = (
    "I have looked at the pond twice this week. The water is clear and the ducks are content.\n\nThe rail wants paint."
)
QUOTED = "\n\nOn Mon, 2 Nov 2026 at 08:01, Mary Quill <mary@homemail.example> wrote:\n\n> Is the pond clear?\n> Mary\n"
HEADED = (
    "\n\nFrom: Mary Quill <mary@homemail.example>\nSent: 02 November 2026 08:01\nTo: Thomas Arden\nSubject: The pond\n\n"
    "Is the pond clear?\nMary\n"
)

FIRM = "Arden Heating Ltd"
BUSINESSES = {
    "trade and slogan": f"{NAME}\nArden Heating\nNo boiler too old, no job too small",
    "slogan that speaks to you": f"{NAME}\nArden Heating\nIf it leaks, we mend it",
    "slogan with a place": f"{NAME}\nThe Copper Kettle, tea room & gifts\nFind us by the lych gate, open every Saturday",
    "trade and telephone": f"{NAME}\nArden Heating\n01632 960555",
    "trade and web address": f"{NAME}\n{FIRM}\nwww.ardenheating.example",
    "telephone between blank lines": f"{NAME}\n{FIRM}\n\n01632 960555\nwww.ardenheating.example",
    "letters behind the name": f"{NAME} MBE\nArden Fine Travel: small boats, great rivers\ntom@arden-travel.example",
    "trade without a name": f"{FIRM}\nGas Safe registered\n01632 960555\nwww.ardenheating.example",
    "one line": f"{NAME} | Director | {FIRM} | 01632 960555",
    "another employer": f"{NAME}\nSenior Surveyor\nMidvale District Council\nt.arden@midvale.example",
    "club": f"{NAME}\nSecretary, Ashmere Angling Club\ntight.lines@anglers.example",
    "terms of trade below": f"{NAME}\n{FIRM}\nRepairs and servicing\n07700 900555\n\n{FIRM}. All prices exclude VAT and hold for thirty days. Goods stay ours until they are paid for.",
}
NO_SIGNATURES = {
    "nothing": "",
    "first name": "Tom",
    "initial": "T",
    "first name and kiss": "Tom x",
    "first names of two": "Tom\nand Joan",
    "postscript": "Tom\n\nPS The key is under the mat.",
    "a wish": "Tom\nHave a lovely weekend",
    "see you": "Tom\n\nSee you on Tuesday",
    "whole name": NAME,
}
FOREIGN = {
    "firm's": "This transmission is private to Brackley Brokers and its named recipient. Copying it without our consent is prohibited. Brackley Brokers accepts no liability for loss from its use.",
    "district's": "This e-mail is confidential and intended solely for the addressee. Midvale District Council monitors all e-mail and may disclose it under the Freedom of Information Act 2000.",
    "own opinion": "Any opinions expressed are mine and not those of my employer. If you received this in error please delete it.",
    "names the Council as another": "This message is intended only for the addressee. It does not reflect the views of Ashmere Parish Council.",
    "scanner's": "This e-mail has been scanned for viruses by SafeHarbour Mail Gateway and none was found.",
    "paper": "Please think of the trees before you print this e-mail.",
    "trade terms": "All prices exclude VAT and hold for thirty days. Goods stay ours until they are paid for.",
}
OWN_WORDINGS = {
    "former": "The contents of this e-mail are confidential to Ashmere Parish Council and the addressee. If it came to you by mistake, please delete it. Opinions in it are the sender's own. The Council may disclose it under the Data Protection Act 1998.",
    "made at home": "Confidentiality notice: this message comes from Ashmere Parish Council and is meant for the addressee only. Please tell us if it went astray, and delete it.",
    "with its domain": "This mail is for its addressee only and may be confidential. Ashmere's e-mail is kept and may be disclosed as the law requires: see www.ashmere.example/privacy.",
    "cut in the middle of a word": W[: len(W) // 2],
    "cut to its first sentences": ". ".join(W.split(". ")[:2]) + ".",
    "without its first sentence": W.split(". ", 1)[1],
    "another number": W.replace("960881", "960818"),
    "another year": W.replace("2000", "2018"),
    "another council": W.replace("Ashmere", "Stokeley"),
    "a word changed": W.replace("may", "will", 1),
    "a word left out": W.replace(" not ", " ", 1),
    "in capitals but for a year": W.upper().replace("2000", "2005"),
    "a sentence added": f"{W} Calls are recorded.",
}


def wrap(body: str, width: int = 70) -> str:
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in body.split("\n")
    )


def framed(body: str) -> EmailMessage:
    """A letter, with the closing in one table cell of nested tables and a crest beside it."""
    head, _, foot = body.partition("\n\nKind regards\n\n")
    rows = "".join(f"<div>{html.escape(line)}</div>" for line in foot.split("\n") if line)
    crest = '<td rowspan="5"><img src="cid:crest" width="80" alt="Crest"></td>'
    paragraphs = "".join(f"<p>{html.escape(block)}</p>" for block in head.split("\n\n"))
    return markup(
        f"<html><body>{paragraphs}<p>Kind regards</p><table><tr>{crest}<td><table><tr><td>{rows}</td></tr></table></td></tr></table></body></html>"
    )


@pytest.mark.parametrize("history", ["", QUOTED, HEADED], ids=["no history", "quoted", "headed"])
@pytest.mark.parametrize("letter", [LETTER, LONG, SHORT], ids=["goodbye", "no goodbye", "one line"])
@pytest.mark.parametrize("kind", BUSINESSES)
def test_anothers_signature_is_not_agreed(kind: str, letter: str, history: str) -> None:
    for width in (200, 70):
        assert rules(wrap(f"{letter}\n\n{BUSINESSES[kind]}\n\n{W}", width) + history) == ["signature-not-agreed"]
        assert rules(wrap(f"{letter}\n\n{BUSINESSES[kind]}", width) + history) == [
            "signature-not-agreed",
            "waiver-missing",
        ]


@pytest.mark.parametrize("history", ["", QUOTED, HEADED], ids=["no history", "quoted", "headed"])
@pytest.mark.parametrize("letter", [LETTER, LONG, SHORT], ids=["goodbye", "no goodbye", "one line"])
@pytest.mark.parametrize("kind", NO_SIGNATURES)
def test_a_name_and_a_wish_are_no_signature(kind: str, letter: str, history: str) -> None:
    assert rules(f"{letter}\n\n{NO_SIGNATURES[kind]}\n\n{W}{history}") == ["signature-missing"]


@pytest.mark.parametrize("history", ["", QUOTED, HEADED], ids=["no history", "quoted", "headed"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_anothers_disclaimer_is_no_waiver(kind: str, history: str) -> None:
    for width in (400, 70, 45):
        assert rules(wrap(f"{LETTER}\n\n{S}\n\n{FOREIGN[kind]}", width) + history) == ["waiver-missing"]


@pytest.mark.parametrize("history", ["", QUOTED, HEADED], ids=["no history", "quoted", "headed"])
@pytest.mark.parametrize("kind", OWN_WORDINGS)
def test_the_councils_own_wording_is_altered(kind: str, history: str) -> None:
    for width in (400, 70, 45):
        assert rules(wrap(f"{LETTER}\n\n{S}\n\n{OWN_WORDINGS[kind]}", width) + history) == ["waiver-altered"]
    assert rules(framed(f"{LETTER}\n\n{S}\n\n{OWN_WORDINGS[kind]}")) == ["waiver-altered"]


def test_an_altered_waiver_above_the_agreed_one_in_the_history() -> None:
    history = QUOTED + "".join(f"> {line}\n" for line in W.split("\n"))
    assert rules(f"{LETTER}\n\n{S}\n\n{OWN_WORDINGS['former']}{history}") == ["waiver-altered"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"{LETTER}\n\n{S}\n\n{W}", []),
        (f"{LETTER}\n\n{S}\n\n{B}", []),
        (f"{LETTER}\n\n{S}", ["waiver-missing"]),
        (f"{LETTER}\n\n{W}", ["signature-missing"]),
        (f"{LETTER}\n\n{S.replace('Councillor', 'Chairman')}\n\n{W}", ["signature-altered"]),
        (f"{LETTER}\n\n{S.replace('5 2QT', '5 2TQ')}\n\n{W}", ["signature-altered"]),
    ],
)
def test_a_table_is_read_as_its_lines(body: str, found: list[str]) -> None:
    assert rules(framed(body)) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"{W}\n\n{LETTER}\n\n{S}", ["waiver-misplaced"]),
        (f"{LETTER}\n\n{S}\n\n{W}\n\nPS Bring a rake.", ["waiver-misplaced"]),
        (f"{LETTER}\n\n{S}\n\n{W}\n\nP.P.S. And a barrow, if Joan can spare hers.", ["waiver-misplaced"]),
        (f"{LETTER}\n\n{W}\n\n{S}", ["waiver-misplaced"]),
        (f"{SHORT}\n\n{W}\n\nTom\n\n{S}", ["waiver-misplaced"]),
        (f"{LETTER}\n\n{S}\n\n{W}\n\n\n-- \nSent from my Galaxy", []),
        (f"{LETTER}\n\n{S}\n\n{W}\n\n[cid:image001.png@01DC]", []),
    ],
)
@pytest.mark.parametrize("width", [400, 70, 45])
def test_place(body: str, found: list[str], width: int) -> None:
    assert rules(wrap(body, width)) == found


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("Thomas Arden", "Tom Arden"),
        ("Thomas Arden", "Cllr Thomas Arden"),
        ("Councillor", "Vice-Chairman"),
        ("Councillor\n", "Councillor and Footpaths Warden\n"),
        ("07700 900118", "07700 900118\nMobile: 07700 900119"),
        ("AS5 2QT", "AS5 2QS"),
        ("Mill Lane", "Hill Lane"),
        ("cllr.arden@ashmere.example", "tom.arden@homemail.example"),
        ("cllr.arden@ashmere.example", "cllr.arden@ashmere.example\nwww.ashmere.example"),
        ("Ashmere Parish Council\n", "Ashmere Parish Council - Quality Council 2026\n"),
    ],
)
@pytest.mark.parametrize("history", ["", QUOTED, HEADED], ids=["no history", "quoted", "headed"])
def test_an_agreed_signature_with_something_else_in_it(there: str, instead: str, history: str) -> None:
    assert there in S
    changed = S.replace(there, instead, 1)
    for letter in (LETTER, LONG, SHORT):
        assert rules(f"{letter}\n\n{changed}\n\n{W}{history}") == ["signature-altered"]
    assert rules(framed(f"{LETTER}\n\n{changed}\n\n{W}")) == ["signature-altered"]


@pytest.mark.parametrize("line", ["Sent from my iPhone", "Get Outlook for Android", "Sent from my Samsung Galaxy"])
def test_a_machines_line_alone(line: str) -> None:
    for letter in (LETTER, LONG, SHORT):
        assert rules(f"{letter}\n\n{line}{QUOTED}") == ["signature-not-agreed", "waiver-missing"]
        assert rules(f"{letter}\n\nTom\n\n{line}\n\n{W}{QUOTED}") == ["signature-not-agreed"]
        assert rules(f"{letter}\n\n{S}\n\n{W}\n\n{line}{QUOTED}") == []


RAW_END = "</div></body></html>\n--=_Part_123_abc--\n"


@pytest.mark.parametrize("end", ["", RAW_END])
@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"{LETTER}\n\n{S}\n\n{W}", []),
        (f"{LETTER}\n\n{S}", ["waiver-missing"]),
        (f"{LETTER}\n\n{W}", ["signature-missing"]),
        (f"{LETTER}\n\n{S}\n\n{W.replace('2000', '2005')}", ["waiver-altered"]),
        (f"{LETTER}\n\n{S.replace('Councillor', 'Chairman')}\n\n{W}", ["signature-altered"]),
    ],
)
def test_mark_up_that_shows_is_no_words(body: str, found: list[str], end: str) -> None:
    lines = "".join(
        f'<p class="MsoNormal"><span lang="EN-GB">{html.escape(line) or "&nbsp;"}<o:p></o:p></span></p>\n'
        for line in body.split("\n")
    )
    assert rules(f'<html><body><div class="WordSection1">\n{lines}{end}') == found


@pytest.mark.parametrize(
    "body",
    [
        "Here is the joiner. His prices are fair.\n\nMr J Quill\n12 Mill Lane\nAshmere\nAS5 2QT",
        "The people who are coming:\n\nThomas Arden\nJudith Pell\nMary Quill",
        "The firms that were asked:\n\nQuill & Co\n01632 960111\nwww.quill.example",
    ],
)
def test_other_peoples_particulars_are_the_letters_own(body: str) -> None:
    assert rules(f"{body}\n\n{W}") == ["signature-missing"]


RUN_IN = f"{LETTER} {LETTER} {LETTER} {S}".replace("\n", " ")


@pytest.mark.parametrize(
    ("closing", "found"),
    [
        (W, []),
        (W.replace("2000", "2005"), ["waiver-altered"]),
        (W[:200], ["waiver-altered"]),
        (FOREIGN["firm's"], ["waiver-missing"]),
        ("", ["waiver-missing"]),
    ],
)
def test_a_letter_run_into_one_line_is_still_read_as_a_letter(closing: str, found: list[str]) -> None:
    made = case(f"{RUN_IN} {closing}")
    assert "The pond has been cleared" in made.parts.own.text
    assert made.parts.waiver.text == ""
    assert [finding.rule for finding in findings(made)] == found
    assert all(finding.part in ("own", "message") for finding in findings(made))


def test_confidence_is_what_was_counted() -> None:
    for body in (f"{LETTER}\n\n{S}", f"{LETTER}\n\n{W}", f"{W}\n\n{LETTER}\n\n{S.replace('5 2QT', '5 2TQ')}"):
        assert all(finding.confidence == confidence(finding.rule) for finding in findings(case(body)))

"""Signatures and waivers that a clerk would argue about, one line each: the message, and the rules that find something."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from closing_letters import CLERK, COUNCILLOR, LETTER, agreed, markup, rules

S, C, SH = agreed("full"), agreed("full", CLERK), agreed("short")
W, B, L = agreed("standard"), agreed("brief"), LETTER
Q = "\n\nOn Mon, 2 Nov 2026 at 08:01, Mary Quill <mary@homemail.example> wrote:\n\n> Is the pond clear?\n> Mary\n"

Row = tuple[str, str | EmailMessage, list[str], str, dict[str, str]]


def row(name: str, body: str | EmailMessage, found: list[str], sender: str = COUNCILLOR, **headers: str) -> Row:
    return name, body, found, sender, headers


ROWS = [
    row("goodbye on the name's line", f"Fine by me.\n\nRegards, {S}\n\n{W}", []),
    row("number broken over lines", f"{L}\n\n{S.replace('07700 900118', '07700' + chr(10) + '900118')}\n\n{W}", []),
    row(
        "number broken over lines, and a title",
        f"{L}\n\n{S.replace('07700 900118', '07700' + chr(10) + '900118').replace('Councillor', 'Chair')}\n\n{W}",
        ["signature-altered"],
    ),
    row("words run together", f"{L}\n\n{S}\n\n{W.replace('delete it', 'deleteit').replace('may have', 'mayhave')}", []),
    row(
        "unknown",
        f"{L}\n\nJane Roe\nOffice Assistant\nAshmere Parish Council\nThe Old Schoolroom, Mill Lane, Ashmere, AS5 2QT\nTelephone: 01632 960882\noffice@ashmere.example\n\n{W}",
        [],
        "Jane Roe <office@ashmere.example>",
    ),
    row(
        "unknown short",
        f"{L}\n\nJane Roe | Office Assistant\nAshmere Parish Council | office@ashmere.example\n\n{W}",
        [],
        "Jane Roe <office@ashmere.example>",
    ),
    row(
        "unknown wrong",
        f"{L}\n\nJane Roe\nOffice Assistant\nAshmere Parish Council\nThe Old Schoolroom, Mill Lane, Ashmere, AS5 2QQ\nTelephone: 01632 960882\noffice@ashmere.example\n\n{W}",
        ["signature-altered"],
        "Jane Roe <office@ashmere.example>",
    ),
    row(
        "inline",
        f"Mary\n\nSee below.\n\n> Is the pond clear?\n\nYes, since Friday.\n\n> And the ducks?\n\nBack too.\n\nTom\n\n{S}\n\n{W}",
        [],
        COUNCILLOR,
        **{"In-Reply-To": "<x@y>"},
    ),
    row(
        "bottom",
        f"On Mon, 2 Nov 2026 at 08:01, Mary Quill <mary@homemail.example> wrote:\n\n> Is the pond clear?\n> Mary\n\nYes it is.\n\nTom\n\n{S}\n\n{W}",
        [],
    ),
    row(
        "bottom wtop",
        f"{W}\n\nOn Mon, 2 Nov 2026 at 08:01, Mary Quill <mary@homemail.example> wrote:\n\n> Is the pond clear?\n> Mary\n\nYes it is.\n\nTom\n\n{S}",
        ["waiver-misplaced"],
    ),
    row("empty", "", ["signature-missing", "waiver-missing"]),
    row("empty2", Q.strip(), ["signature-missing", "waiver-missing"]),
    row("auto", "I am away until Monday.", [], COUNCILLOR, **{"Auto-Submitted": "auto-replied"}),
    row("device between", f"{L}\n\n{S}\n\nSent from my iPhone\n\n{W}", []),
    row("device between q", f"{L}\n\n{S}\n\nSent from my iPhone\n\n{W}{Q}", []),
    row(
        "device top-of-quote", f"Fine by me. Tom\n\nSent from my iPhone{Q}", ["signature-not-agreed", "waiver-missing"]
    ),
    row("one line sig", f"{L}\n\n{S.replace(chr(10), ', ')}\n\n{W}", []),
    row("w then s", f"{L}\n\n{W}\n\n{S}", ["waiver-misplaced"]),
    row("both w", f"{W}\n\n{L}\n\n{S}\n\n{W}", []),
    row("caps", f"{L}\n\n{S.upper()}\n\n{W}", []),
    row("+44", f"{L}\n\n{C.replace('01632 960881', '+44 (0)1632 960881')}\n\n{W}", [], CLERK),
    row("wrong phone", f"{L}\n\n{C.replace('01632 960881', '01632 960818')}\n\n{W}", ["signature-altered"], CLERK),
    row("delim", f"{L}\n\n-- \n{S}\n\n{W}", []),
    row("delim2", f"{L}\n\n-- \n{S}\n\n________________________________\n{W}\n________________________________", []),
    row("box", f"{L}\n\n{S}\n\n**********************\n{W}\n**********************", []),
    row("cllr", f"{L}\n\nCllr {S}\n\n{W}", ["signature-altered"]),
    row("initial", f"{L}\n\n{S.replace('Thomas Arden', 'Thomas W. Arden')}\n\n{W}", ["signature-altered"]),
    row(
        "two sigs",
        f"{L}\n\n{S}\n\nArden Heating Ltd\nGas Safe registered\nwww.ardenheating.example\n\n{W}",
        ["signature-altered"],
    ),
    row("slogan apart", f"{L}\n\n{S}\n\nProud sponsors of Ashmere Show 2026\n\n{W}", ["signature-altered"]),
    row(
        "long ps",
        f"{L}\n\n{S}\n\nP.S. Thank you for the marrow. It was eaten the same day, and Joan would like the recipe.\nSee you Sunday.\n\n{W}",
        [],
    ),
    row("no tel", f"{L}\n\n{S.replace('07700 900118', 'see our website')}\n\n{W}", ["signature-altered"]),
    row("bad tel", f"{L}\n\n{S.replace('07700 900118', '999')}\n\n{W}", ["signature-altered"]),
    row("first+iphone", f"Yes.\n\nTom\n\nSent from my iPhone\n\n{W}", ["signature-not-agreed"]),
    row("full name only", f"{L}\n\nThomas Arden\n\n{W}", ["signature-missing"]),
    row("name title only", f"{L}\n\nThomas Arden\nCouncillor\n\n{W}", ["signature-not-agreed"]),
    row("name title council", f"{L}\n\nThomas Arden\nCouncillor\nAshmere Parish Council\n\n{W}", ["signature-altered"]),
    row("enc", f"{L}\n\n{S}\n\nEnc. plan of the pond\n\n{W}", []),
    row("cc", f"{L}\n\n{S}\n\ncc Judith Pell\n\n{W}", []),
    row("w+gateway", f"{L}\n\n{S}\n\n{W}\nThis email has been scanned for viruses by Mimecast.", []),
    row(
        "w+gateway2",
        f"{L}\n\n{S}\n\n{W}\n\n______________________________________________________________________\nThis email has been scanned by the Symantec Email Security.cloud service.\nFor more information please visit http://www.symanteccloud.com\n______________________________________________________________________",
        [],
    ),
    row(
        "other role",
        f"{L}\n\nThomas Arden\nDistrict Councillor for Ashmere Ward\nMidvale District Council\nthomas.arden@midvale.example | 01632 960333\n\n{W}",
        ["signature-not-agreed"],
    ),
    row(
        "party", f"{L}\n\nTom Arden\nYour Village Party candidate\nVote Arden on 6 May\n\n{W}", ["signature-not-agreed"]
    ),
    row("quote sig", f'{L}\n\nTom\n"Be the change you wish to see" - Gandhi\n\n{W}', ["signature-not-agreed"]),
    row(
        "prev council name",
        f"{L}\n\n{S}\n\n{W}".replace("Ashmere Parish Council\nThe", "Ashmere Town Council\nThe"),
        ["signature-altered"],
    ),
    row("waiver w/ dup sentence", f"{L}\n\n{S}\n\n{W} It also cannot be held liable for spelling.", ["waiver-altered"]),
    row("waiver w/ heading", f"{L}\n\n{S}\n\nDisclaimer: {W}", ["waiver-altered"]),
    row(
        "waiver plus opinion",
        f"{L}\n\n{S}\n\n{W}\n\nAny views in this email are those of the sender and not necessarily those of the Council.",
        [],
    ),
    row(
        "waiver own words",
        f"{L}\n\n{S}\n\nThis email is meant only for the person it is addressed to. If you got it by mistake please delete it.",
        ["waiver-missing"],
    ),
    row(
        "mention only",
        f'Please note that the waiver ("What we send and receive may have to be disclosed under the Freedom of Information Act 2000") needs a new year.\n\n{S}',
        ["waiver-missing"],
    ),
    row(
        "fwd",
        f"For information.\n\n{S}\n\n---------- Forwarded message ---------\nFrom: Judith Pell <{CLERK}>\nDate: Mon, 2 Nov 2026 at 08:00\nSubject: pond\nTo: {COUNCILLOR}\n\nAll done.\n\n{C}\n\n{W}\n",
        ["waiver-misplaced"],
    ),
    row(
        "fwd nosig",
        f"For information.\n\nTom\n\n---------- Forwarded message ---------\nFrom: Judith Pell <{CLERK}>\nDate: Mon, 2 Nov 2026 at 08:00\nSubject: pond\nTo: {COUNCILLOR}\n\nAll done.\n\n{C}\n\n{W}\n",
        ["signature-missing", "waiver-misplaced"],
    ),
    row(
        "other council disclaimer in history",
        f"Thanks.\n\n{S}{Q}> \n> This e-mail is confidential and intended solely for the use of the individual to whom it is addressed. Midvale District Council.\n",
        ["waiver-missing"],
    ),
    row("one line all", f"Thanks, will do. {S.replace(chr(10), ' ')} {W}", []),
    row("html nobreak", markup(f"<p>Thanks, will do.<br>{S.replace(chr(10), '<br>')}<br>{W}</p>"), []),
    row("nbsp", f"{L}\n\n{S.replace(' ', chr(160))}\n\n{W.replace(' ', chr(160), 20)}", []),
    row("typo", f"{L}\n\n{S.replace('Schoolroom', 'Schoolrom')}\n\n{W}", ["signature-altered"]),
    row("wtypo", f"{L}\n\n{S}\n\n{W.replace('addressed', 'adressed')}", ["waiver-altered"]),
    row("sig top", f"{S}\n\n{L}\n\n{W}", []),
    row("email signature only", f"{L}\n\ncllr.arden@ashmere.example\n\n{W}", ["signature-not-agreed"]),
    row("greeting thanks", f"Thanks Judith!\n\n{W}", ["signature-missing"]),
    row("tel in letter", f"Call me on 07700 900118 or at tom@x.example\n\n{W}", ["signature-missing"]),
    row(
        "list letter",
        f"Dates:\n\n1 May - AGM, Village Hall\n2 June - Council, Village Hall\n3 July - Council, Church Room\n\n{S}\n\n{W}",
        [],
    ),
    row(
        "list letter nosig",
        f"Dates:\n\n1 May - AGM, Village Hall\n2 June - Council, Village Hall\n3 July - Council, Church Room\n\n{W}",
        ["signature-missing"],
    ),
    row(
        "addr letter nosig",
        f"Please send it to:\n\nMrs J Pell\nThe Old Schoolroom\nMill Lane\nAshmere\nAS5 2QT\n\nThanks\n\n{W}",
        ["signature-missing"],
    ),
    row(
        "addr letter nosig2",
        f"Here are the numbers you wanted:\nArden Heating 01632 960555\nQuill & Co 01632 960111\n\n{W}",
        ["signature-missing"],
    ),
    row(
        "old council",
        f"{L}\n\nThomas Arden\nCouncillor\nStokeley Parish Council\nt.arden@stokeley.example\n\n{W}",
        ["signature-not-agreed"],
    ),
    row("someone elses", f"Fine.\n\n{C.replace('01632 960881', '01632 960881')}\n\n{W}", ["signature-altered"]),
    row("town council", f"{L}\n\n{S.replace('Ashmere Parish', 'Ashmere Town')}\n\n{W}", ["signature-altered"]),
    row("nick", f"{L}\n\n{S.replace('Thomas', 'Tommy')}\n\n{W}", ["signature-altered"]),
    row(
        "mixed",
        f"{L}\n\nThomas Arden\nArden Heating - boilers serviced\nCouncillor\nAshmere Parish Council\nThe Old Schoolroom, Mill Lane, Ashmere, AS5 2QT\nTelephone: 07700 900118\ncllr.arden@ashmere.example\n\n{W}",
        ["signature-altered"],
    ),
    row(
        "outlook android alone",
        f"Yes please.\n\nGet Outlook for Android<https://aka.ms/abc>\n\n{W}",
        ["signature-not-agreed"],
    ),
    row(
        "w sender replaced", f"{L}\n\n{S}\n\n{W.replace('the Clerk on 01632 960881', 'the sender')}", ["waiver-altered"]
    ),
    row("w first half", f"{L}\n\n{S}\n\n{W.split('. ', 1)[1]}", ["waiver-altered"]),
    row("w brief one sentence", f"{L}\n\n{S}\n\n{B.split('. ')[0]}.", ["waiver-altered"]),
    row("w mid PS", f"{L}\n\n{S}\n\nNB: the AGM is on the 4th.\n\n{W}", []),
]


@pytest.mark.parametrize(("name", "body", "found", "sender", "headers"), ROWS, ids=[one[0] for one in ROWS])
def test_case(name: str, body: str | EmailMessage, found: list[str], sender: str, headers: dict[str, str]) -> None:
    assert sorted(rules(body, sender, **headers)) == sorted(found)

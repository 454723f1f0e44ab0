"""The same closing means the same whatever mail program laid it out, above whatever history."""

from __future__ import annotations

import pytest
from closing_letters import CLERK, COUNCILLOR, LAYOUTS, LETTER, agreed, rules

SHORT = "Thanks Mary, see you there"
REPORT = "Dear Sir or Madam\n\nI refer to planning application 26/00412/FUL.\nThe Council has no objection.\n\nYours faithfully"
HISTORY = {
    "no history": "",
    "quoted": "\n\nOn Mon, 2 Nov 2026 at 08:01, Mary Quill <mary@homemail.example> wrote:\n\n> Is the pond clear?\n> Mary\n",
    "Outlook's": "\n\nFrom: Mary Quill <mary@homemail.example>\nSent: 02 November 2026 08:01\nTo: Thomas Arden\n"
    "Subject: The pond\n\nIs the pond clear?\n\nMary Quill\nQuill & Co, 01632 960111\n",
}
FOREIGN = (
    "This e-mail and any files transmitted with it are confidential and intended solely for the use of the individual or "
    "entity to whom they are addressed. If you are not the intended recipient please delete it and notify the sender."
)
BUSINESS = "Thomas Arden\nArden Heating Ltd\nGas Safe registered\n07700 900555\nwww.ardenheating.example"

signature, waiver = agreed("full"), agreed("standard")

FAULTS: dict[str, tuple[str, list[str]]] = {
    "no signature": (f"{LETTER}\n\n{waiver}", ["signature-missing"]),
    "first name": (f"{LETTER}\n\nTom\n\n{waiver}", ["signature-missing"]),
    "another business": (f"{LETTER}\n\n{BUSINESS}\n\n{waiver}", ["signature-not-agreed"]),
    "telephone's line": (f"{LETTER}\n\nSent from my iPhone\n\n{waiver}", ["signature-not-agreed"]),
    "title": (f"{LETTER}\n\n{signature}\n\n{waiver}".replace("Councillor\n", "Chairman\n"), ["signature-altered"]),
    "postcode": (f"{LETTER}\n\n{signature}\n\n{waiver}".replace("5 2QT", "5 2TQ"), ["signature-altered"]),
    "line left out": (
        f"{LETTER}\n\n{signature}\n\n{waiver}".replace("Telephone: 07700 900118\n", ""),
        ["signature-altered"],
    ),
    "line added below": (f"{LETTER}\n\n{signature}\nArden's Cakes - order now\n\n{waiver}", ["signature-altered"]),
    "line added within": (
        f"{LETTER}\n\n{signature}\n\n{waiver}".replace("Councillor\n", "Councillor\nBSc MRICS\n"),
        ["signature-altered"],
    ),
    "another's disclaimer": (f"{LETTER}\n\n{signature}\n\n{FOREIGN}", ["waiver-missing"]),
    "cut waiver": (f"{LETTER}\n\n{signature}\n\n{' '.join(waiver.split()[:28])}", ["waiver-altered"]),
    "wrong year": (f"{LETTER}\n\n{signature}\n\n{waiver.replace('2000', '2005')}", ["waiver-altered"]),
    "another council": (f"{LETTER}\n\n{signature}\n\n{waiver.replace('Ashmere', 'Stokeley')}", ["waiver-altered"]),
    "scanner's footer": (f"{LETTER}\n\n{signature}\n\nVirus-free. www.avast.com", ["waiver-missing"]),
}
ORDERED: dict[str, tuple[str, list[str]]] = {
    "no waiver": (f"{LETTER}\n\n{signature}", ["waiver-missing"]),
    "waiver above": (f"{waiver}\n\n{LETTER}\n\n{signature}", ["waiver-misplaced"]),
    "postscript below": (f"{LETTER}\n\n{signature}\n\n{waiver}\n\nPS The key is under the mat.", ["waiver-misplaced"]),
    "postscript above": (f"{LETTER}\n\n{signature}\n\nPS The key is under the mat.\n\n{waiver}", []),
    "telephone's line below": (f"{LETTER}\n\n{signature}\n\n{waiver}\n\nSent from my iPhone", []),
    "gateway's footer below": (f"{LETTER}\n\n{signature}\n\n{waiver}\n\nScanned for viruses by Mimecast.", []),
}


@pytest.mark.parametrize("history", HISTORY)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_agreed_closing_is_never_found_fault_with(layout: str, history: str) -> None:
    if layout == "table" and HISTORY[history]:
        pytest.skip("a table layout is a letter of its own")
    for sender in (CLERK, COUNCILLOR):
        for letter in (LETTER, SHORT, REPORT):
            for signed in ("full", "short"):
                for waived in ("standard", "brief"):
                    body = f"{letter}\n\n{agreed(signed, sender)}\n\n{agreed(waived, sender)}{HISTORY[history]}"
                    assert rules(LAYOUTS[layout](body), sender) == [], (sender, letter, signed, waived)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_fault_is_the_same_fault_in_every_layout(layout: str, fault: str) -> None:
    body, found = FAULTS[fault]
    for history in HISTORY.values() if layout != "table" else [""]:
        assert rules(LAYOUTS[layout](body + history)) == found


@pytest.mark.parametrize("fault", ORDERED)
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "table"])
def test_place_is_judged_the_same_in_every_layout(layout: str, fault: str) -> None:
    body, found = ORDERED[fault]
    for history in HISTORY.values():
        assert rules(LAYOUTS[layout](body + history)) == found

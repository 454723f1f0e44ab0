"""Whom a letter greets: a greeting that fits nobody is told of, and one that may fit somebody is not."""

from __future__ import annotations

import pytest
from closing_letters import COUNCILLOR, case, plain

from auditor.analysers.greeting import misfit
from auditor.analysers.recipients import Recipients

SUSAN = "Susan Ludlow <susan.ludlow@homemail.example>"
FLAGGED = [
    ("Dear Mr Patel,", SUSAN),
    ("Dear Mr. Patel", SUSAN),
    ("dear Mr Patel,", SUSAN),
    ("DEAR MR PATEL,", SUSAN),
    ("Dear Ms Patel-Jones,", SUSAN),
    ("Dear Miss O'Neill", SUSAN),
    ("Dear Dr Adeyemi:", SUSAN),
    ("Dear Rev. Inskip,", SUSAN),
    ("Dear Canon Inskip,", SUSAN),
    ("Dear Cllr Hughes,", SUSAN),
    ("Dear Councillor Hughes", SUSAN),
    ("Dear Prof Baines,", SUSAN),
    ("Dear Sir Humphrey Vane,", SUSAN),
    ("Dear Lady Astbury,", SUSAN),
    ("Dear PC Doyle,", SUSAN),
    ("Dear Mr and Mrs Hughes,", SUSAN),
    ("Dear Mr & Mrs Hughes", SUSAN),
    ("Dear Bob,", SUSAN),
    ("Dear Bob Carver,", SUSAN),
    ("My dear Gwilym,", SUSAN),
    ("Dear Bob and Jean,", SUSAN),
    ("Dear Bob/Jean", SUSAN),
    ("Hi Bob", SUSAN),
    ("Hi Bob!", SUSAN),
    ("Hi Bob - just a line about the skip.", SUSAN),
    ("Hi Bob, just a line about the skip.", SUSAN),
    ("Hi there Bob,", SUSAN),
    ("Hiya Bob", SUSAN),
    ("Hello Bob.", SUSAN),
    ("Hello again", "x"),
    ("Hey Bob,", SUSAN),
    ("Morning Bob,", SUSAN),
    ("Good morning Bob,", SUSAN),
    ("Good afternoon Mr Patel,", SUSAN),
    ("Evening Bob", SUSAN),
    ("Good evening, Bob", "x"),
    ("FAO Mr Patel", SUSAN),
    ("For the attention of Mr Patel", SUSAN),
    ("Attn Mr Patel:", SUSAN),
    ("Annwyl Eluned,", SUSAN),
    ("Bore da Gareth,", SUSAN),
    ("Prynhawn da Mrs Bevan,", SUSAN),
    ("Bob,", SUSAN),
    ("Bob -", SUSAN),
    ("Bob:", SUSAN),
    ("Bob and Jean,", SUSAN),
    ("Bob & Jean,", SUSAN),
    ("\n\nDear Bob,", SUSAN),
    ("  Dear Bob,", SUSAN),
    ("Dear Bob,", "susan.ludlow@homemail.example"),
    ("Dear Bob,", "Susan_Ludlow@homemail.example"),
    ("Dear Bob,", "Ludlow, Susan <sl77@homemail.example>"),
    ("Dear Bob,", "Mrs Susan Ludlow <sl77@homemail.example>"),
    ("Dear Bob,", "Cllr Susan Ludlow MBE <sl77@homemail.example>"),
    ("Dear Morag,", "Hamish MacLeod <hamish@macleod.example>"),
    ("Dear Siobhan,", "Eilidh Fraser <e.fraser@webpost.example>"),
    ("Dear Mr ap Rhys,", "x"),
    ("Dear Mohammed,", "Ravi Shah <ravi.shah@webpost.example>"),
    ("Dear Mrs Kowalska,", "Helen Marsh <helen.marsh@webpost.example>"),
    ("Dear Bob,", f"{SUSAN}, Helen Marsh <helen.marsh@webpost.example>"),
    ("Dear Mr Tolland,", f"{SUSAN}, clerk@ashmere.example"),
    ("Dear Ivor,", f"{SUSAN}, Thomas Arden <cllr.arden@ashmere.example>"),
    ("Dear Tony,", "Toby Marsh <toby.marsh@webpost.example>"),
    ("Dear Mr Ross,", "Helen Marsh <helen.marsh@webpost.example>"),
]
FITTING = [
    ("Dear Susan,", SUSAN),
    ("Dear Sue,", SUSAN),
    ("Dear Suzie", SUSAN),
    ("Dear Mrs Ludlow,", SUSAN),
    ("Dear Mr Ludlow,", SUSAN),
    ("Dear Mr and Mrs Ludlow,", SUSAN),
    ("Dear Ms Ludlow-Price,", SUSAN),
    ("Dear Mrs Ludlowe,", SUSAN),
    ("Dear Susan and Bob,", SUSAN),
    ("Dear Bob and Sue,", SUSAN),
    ("Susan,", SUSAN),
    ("Hi Susan", SUSAN),
    ("Hi Sus", SUSAN),
    ("Hello,", SUSAN),
    ("Hello there,", SUSAN),
    ("Hi again,", SUSAN),
    ("Hello both", SUSAN),
    ("Dear both,", SUSAN),
    ("Dear all,", SUSAN),
    ("Hi everyone,", SUSAN),
    ("Dear Everybody,", SUSAN),
    ("Dear Sir,", SUSAN),
    ("Dear Sirs,", SUSAN),
    ("Dear Sir or Madam,", SUSAN),
    ("Dear Sir/Madam", SUSAN),
    ("Dear Madam", SUSAN),
    ("Dear Resident,", SUSAN),
    ("Dear Neighbour", SUSAN),
    ("Dear Colleagues,", SUSAN),
    ("Dear Friends of the Green,", SUSAN),
    ("Dear Councillor,", SUSAN),
    ("Dear Chairman,", SUSAN),
    ("Dear Mr Chairman,", SUSAN),
    ("Dear Vicar,", SUSAN),
    ("Dear Editor,", SUSAN),
    ("Dear Planning Team,", SUSAN),
    ("Dear Customer Services", SUSAN),
    ("Dear me, what a week.", SUSAN),
    ("Hi hope you are well", SUSAN),
    ("Hi thanks for this", SUSAN),
    ("Morning. The skip has come.", SUSAN),
    ("Good morning", SUSAN),
    ("Evening all,", SUSAN),
    ("Thanks,", SUSAN),
    ("Item 4:", SUSAN),
    ("Noted -", SUSAN),
    ("Please see below:", SUSAN),
    ("The keys are with Bob,", SUSAN),
    ("As Bob said,\nDear Mr Patel,", SUSAN),
    ("Bob Carver called about the skip.", SUSAN),
    ("Bob", SUSAN),
    ("Dear Mr Patel,", "Planning <planning@weldshire.example>"),
    ("Dear Mr Patel,", "info@greenbelt.example"),
    ("Dear Mr Patel,", "Upper Marl Village Hall <bookings@uppermarl.example>"),
    ("Dear Mr Patel,", "Weldshire Electoral Services <sue.hart@weldshire.example>"),
    ("Dear Mr Patel,", "sludlow77@homemail.example"),
    ("Dear Mr Patel,", "rosecottage@homemail.example"),
    ("Dear Mr Patel,", "Susan <sl@homemail.example>"),
    ("Dear Mr Patel,", "S Ludlow <sl@homemail.example>"),
    ("Dear Mr Patel,", "susan.ludlow@patelandsons.example"),
    ("Dear Mr Patel,", f"{SUSAN}, Anil Patel <anil.patel@homemail.example>"),
    ("Dear Mr Patel,", f"{SUSAN}, office@patels.example"),
    ("Dear Judith,", f"{SUSAN}, clerk@ashmere.example"),
    ("Dear Bob,", "clerk@ashmere.example"),
    ("Dear Bob,", "Robert Carver <rc@homemail.example>"),
    ("Dear Liz,", "Elizabeth Thorne <et@homemail.example>"),
    ("Dear Peggy,", "Margaret Stott <ms@homemail.example>"),
    ("Dear Jock,", "Ian Fraser <ian.fraser@homemail.example>"),
    ("Dear Dai,", "David Rees <david.rees@homemail.example>"),
    ("Dear Bill,", "Will Astley <will.astley@homemail.example>"),
    ("Dear Jon,", "John Sykes <john.sykes@homemail.example>"),
    ("Dear Katherine,", "Kathryn Doyle <kathryn.doyle@homemail.example>"),
    ("Dear Stephen,", "Steven Rudge <steven.rudge@homemail.example>"),
    ("Dear Mr Mc Allister,", "Ewan McAllister <ewan.mcallister@homemail.example>"),
    ("Dear Mrs D'Souza,", "Ana DSouza <ana.dsouza@homemail.example>"),
]


@pytest.mark.parametrize(("opening", "to"), [one for one in FLAGGED if one[1] != "x"])
def test_a_greeting_that_fits_nobody(opening: str, to: str) -> None:
    made = case(plain(f"{opening}\n\nThe bench by the pump has been mended.\n"), COUNCILLOR, To=to)
    found = misfit(made)
    assert found is not None
    assert made.parts.own.text[found.start : found.end].strip()


@pytest.mark.parametrize(("opening", "to"), FITTING)
def test_a_greeting_that_may_fit(opening: str, to: str) -> None:
    assert misfit(case(plain(f"{opening}\n\nThe bench by the pump has been mended.\n"), COUNCILLOR, To=to)) is None


def test_the_reason_says_who_is_greeted_and_who_receives_it() -> None:
    several = f"{SUSAN}, Helen Marsh <helen.marsh@webpost.example>"
    for to, words in (
        (SUSAN, "and went to Susan Ludlow (susan.ludlow@homemail.example), and nobody there has that name"),
        (several, "and Helen Marsh (helen.marsh@webpost.example), and nobody there has that name"),
    ):
        [found] = Recipients().check(case(plain("Dear Mr Patel,\n\nYour hedge.\n"), COUNCILLOR, To=to))
        assert (found.rule, found.part, found.excerpt) == ("recipient-suspect", "own", "Dear Mr Patel,")
        assert found.reason.startswith("The letter greets Mr Patel and went to Susan Ludlow (")
        assert words in found.reason

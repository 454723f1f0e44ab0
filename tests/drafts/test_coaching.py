"""Notes to people: drafts that mail programs open to be edited, and that keep to the policy they speak of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from changes import replace

from auditor.adopted import adopted
from auditor.analysers import ANALYSERS
from auditor.config import load
from auditor.drafts.coaching import Candour, Matter, Place, _advice, letter
from auditor.mail.parse import parse
from auditor.pipeline.scanning import Examined, examine
from auditor.policy import RULE_NAMES, Policy, Role, StampedBy, Wording

ROOT = Path(__file__).parents[2]
POLICY = load(ROOT / "schedule.toml").policy
TEXT = adopted((ROOT / "policy" / "policy.txt").read_bytes())
CLERK = next(person for person in POLICY.people if person.role is Role.CLERK)
GERALD = next(person for person in POLICY.people if person.chair)
RULES = {rule.name: rule for analyser in ANALYSERS for rule in analyser.rules}
CONFIRMED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 17)


def matter(rule: str, *places: Place, again: bool = False) -> Matter:
    return Matter(rule, RULES[rule].title, RULES[rule].clauses, places or (Place(DAY, "Pavilion roof", ""),), again)


def note(*matters: Matter, policy: Policy = POLICY, candour: Candour = Candour.WORDS) -> bytes:
    return letter(policy, TEXT, CLERK, GERALD, matters, CONFIRMED, candour)


def opened(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def words(raw: bytes) -> str:
    """Its paragraphs as a reader sees them, the flowed lines put together, by the reader of mail."""
    return parse(raw).body.text


def found(raw: bytes, policy: Policy = POLICY) -> list[str]:
    seen = examine(policy, raw)
    assert isinstance(seen, Examined)
    assert seen.sender == CLERK.mailbox
    return [f"{one.rule}: {one.reason}" for _, one in seen.findings]


def test_there_is_advice_for_every_rule_and_no_other() -> None:
    assert set(_advice()) == set(RULE_NAMES)


def test_a_note_on_any_rule_keeps_to_the_policy_itself() -> None:
    assert {rule: one for rule in RULES if (one := found(note(matter(rule, again=True))))} == {}
    assert found(note(*map(matter, RULES))) == []


def test_a_note_without_its_waiver_would_be_noticed() -> None:
    assert found(note(matter("waiver-missing"), policy=replace(POLICY, waivers=())))


def test_it_is_a_draft_that_a_mail_program_opens_and_holds_nothing_but_text() -> None:
    raw = note(matter("waiver-missing"))
    draft = opened(raw)
    assert raw == note(matter("waiver-missing"))
    assert {name.lower() for name in draft} == {
        "x-unsent", "date", "from", "to", "subject", "mime-version", "content-type", "content-transfer-encoding",
    }  # fmt: skip
    assert draft["X-Unsent"] == "1"
    assert draft["Date"].datetime == CONFIRMED
    assert [one.addr_spec for one in draft["From"].addresses] == [CLERK.mailbox]
    assert [(one.display_name, one.addr_spec) for one in draft["To"].addresses] == [(GERALD.name, GERALD.mailbox)]
    assert draft.get_content_type() == "text/plain"
    assert draft["Content-Type"].params["format"] == "flowed"
    assert all(len(line) <= 78 for line in raw.decode("ascii").split("\r\n"))


def test_it_says_what_the_policy_asks_where_it_was_what_to_do_and_whom_to_ask() -> None:
    said = words(note(matter("waiver-missing"), matter("waiver-misplaced", again=True)))
    assert said.startswith("Dear Gerald Ashworth-Pike,")
    assert said.count("The policy says: The Council's waiver stands at the end of every e-mail, whether long or") == 1
    assert "Where it was:\n- on Tuesday 17 November 2026, in 'Pavilion roof'\n" in said
    assert "Where it was, after an earlier note on the same:" in said.partition("2. Waiver not at the end (E3)")[2]
    assert "Next time: please end each message with the Council's waiver" in said
    assert "please reply to this message, or telephone me" in said


def test_words_are_repeated_where_form_is_at_stake_and_nowhere_else() -> None:
    place = Place(DAY, "Roof", "On behalf of the Council I accept your quotation")
    rules = ("obligation-acceptance", "offensive-harassment", "confidential-personal-data")
    assert words(note(*(matter(rule, place) for rule in rules))).count(place.words) == 1
    bare = words(note(*(matter(rule, place) for rule in rules), candour=Candour.SUBJECTS))
    assert place.words not in bare
    assert "'Roof'" in bare
    assert "'Roof'" not in words(note(matter(rules[0], place), candour=Candour.DAYS))


def test_what_mail_says_stays_on_its_line_and_is_cut() -> None:
    place = Place(None, "From >\r\nBcc: x@example.org\u202e \ud800" + "y " * 90, "> quoted\n-- \nAnn")
    raw = note(matter("signature-altered", place, *[place] * 6))
    said = words(raw)
    assert "Bcc" not in opened(raw)
    assert "on a day that is not known, in 'From > Bcc: x@example.org\\u202e \ufffdy y" in said
    assert ": '> quoted -- Ann'\n" in said
    assert "- and in 3 more messages\n" in said
    assert found(raw) == []


@pytest.mark.parametrize(
    ("changes", "there", "missing"),
    [
        ({}, ["Tel: 01206 000000", "confirms it in writing"], ["Cllr", "{"]),
        ({"signature_stamped_by": StampedBy.SERVER}, ["Kind regards"], ["Tel: 01206"]),
        ({"waiver_stamped_by": StampedBy.SERVER}, ["Tel: 01206 000000"], ["confirms it in writing"]),
        (
            {"waiver_stamped_by": StampedBy.LINK, "waiver_link": "https://thorrington.example.org/email"},
            ["https://thorrington.example.org/email"],
            ["confirms it in writing"],
        ),
        ({"signatures": ()}, ["Kind regards\n\nAnn Marsh\nParish Clerk\n"], ["Tel:"]),
        (
            {"signatures": (Wording("a", "Cllr {name}\n{title}"), Wording("b", "{name}\n{title}\nThe Council"))},
            ["Ann Marsh\nParish Clerk\nThe Council"],
            ["Cllr"],
        ),
    ],
)
def test_what_is_agreed_stands_below_it(changes: dict[str, object], there: list[str], missing: list[str]) -> None:
    policy = replace(POLICY, **changes)
    said = words(note(matter("language-unbusinesslike"), policy=policy))
    assert [one for one in there if one not in said] == []
    assert [one for one in missing if one in said] == []
    assert found(note(matter("language-unbusinesslike"), policy=policy), policy) == []


def test_where_the_council_has_given_no_text_the_clause_stands_in_for_it() -> None:
    raw = letter(POLICY, None, CLERK, GERALD, [matter("waiver-missing")], CONFIRMED)
    assert "The policy says: A waiver clause stands at the end of each message. (E3)" in words(raw)

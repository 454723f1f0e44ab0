"""Exceptions: narrow, carried by decisions that stand, adopted for a time, and hiding nothing that was listed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from changes import replace
from hypothesis import given
from hypothesis import strategies as st

from auditor.findings import Finding, Severity, identity
from auditor.store.decisions import Decided, Decision
from auditor.store.exceptions import Choice, Hidden, Picked
from auditor.store.records import FindingRow
from reports.exceptions import Exceptions, State, divided, exceptions, name, scope, touched, until, with_hidden

BREACH, NO_BREACH, PERMITTED, ASK = Decision
ADOPT, LEAVE, KEEP, END = Choice
MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SPRING = date(2027, 3, 31)
TOM = "tom.bell@council.example"


def row(
    n: int = 0, words: str = "Cheers, big ears", rule: str = "language-unbusinesslike", **more: object
) -> FindingRow:
    """A finding of the n-th day on."""
    values = {"part": "own", "severity": Severity.LOW, "excerpt": words, "evidence": words}
    values |= {one: more.pop(one) for one in tuple(more) if one in values}
    finding = Finding(rule=rule, confidence=0.9, start=0, end=5, reason="It is slang.", **values)  # type: ignore[arg-type]
    given = {
        "id": identity(finding, str(n)), "finding": finding, "rules_version": "1", "run": 1, "mailbox": TOM,
        "folders": ("Sent",), "message_id": f"{n}@x", "sha256": "5d" * 32, "sent": MONDAY + timedelta(days=n),
        "sender": TOM, "subject": f"Letter {n}", "recipients": ("office@oakley.example",), "reported": None,
    }  # fmt: skip
    return FindingRow(**given | more)  # type: ignore[arg-type]


MISSING = {"rule": "waiver-missing", "words": "", "evidence": "no waiver", "part": "message"}


def decided(*said: tuple[FindingRow, Decision | None]) -> dict[str, Decided]:
    return {one.id: Decided(one.id, choice, "", MONDAY, "a") for one, choice in said}


def pick(
    known: str, choice: Choice | None, saved: int, book: str = "out/Audit 2026-W46.xlsx", last: date = SPRING
) -> Picked:
    held = last if choice is ADOPT else None
    return Picked(known, choice, held, MONDAY + timedelta(days=saved), book)


def told(rows: list[FindingRow], said: dict[str, Decided], *picks: Picked, day: date = TODAY) -> Exceptions:
    return exceptions([(one, "Tom Bell") for one in rows], said, picks, "Parish Clerk", day)  # type: ignore[arg-type]


ROWS = [row(n) for n in range(4)]
TWICE = decided((ROWS[0], NO_BREACH), (ROWS[1], PERMITTED))
KNOWN = name(scope(ROWS[0], "Tom Bell"), "Parish Clerk")  # type: ignore[arg-type]


# --- what is alike


@pytest.mark.parametrize(
    "other",
    [
        row(sender="ivy.holt@council.example"),
        row(recipients=("office@elsewhere.example",)),
        row(recipients=("office@oakley.example", "office@elsewhere.example")),
        row(rule="language-tone"),
        row(severity=Severity.HIGH),
        row(words="Cheers, big nose"),
        row(evidence="Cheers, big ears and all the rest of what was cut"),
    ],
    ids=["sender", "domain", "another besides", "rule", "graver", "words", "more words"],
)
def test_what_differs_in_anything_is_not_alike(other):
    assert scope(other, "Tom Bell") != scope(ROWS[0], "Tom Bell") is not None


def test_a_new_holder_of_a_mailbox_is_another_sender():
    assert scope(ROWS[0], "Tom Bell") != scope(ROWS[0], "Una Moss")


def test_what_does_not_matter_does_not_matter():
    other = row(
        9,
        "cheers,\n  BIG ears",
        subject="Other",
        sender=TOM.upper(),
        recipients=("Ann@OAKLEY.example", "x@oakley.example"),
    )
    assert scope(other, "Tom Bell") == scope(ROWS[0], "Tom Bell")


def test_at_a_provider_of_mailboxes_a_domain_is_no_group():
    ann, bob = (scope(row(recipients=(one,)), "Tom Bell") for one in ("ann@gmail.com", "bob@gmail.com"))
    assert ann is not None
    assert (ann.to, ann == bob) == (("ann@gmail.com",), False)


def test_a_finding_without_words_needs_the_same_subject():
    weekly, answer, other = (
        scope(row(n, **MISSING, subject=text), "Tom Bell")
        for n, text in enumerate(("Grass cutting", " RE: Fwd: AW[2]: grass  cutting", "Grass"))
    )
    assert weekly == answer != other
    assert weekly is not None
    assert weekly.subject == "grass cutting"


def test_words_that_are_not_the_findings_own_need_the_same_subject_too():
    other = MISSING | {"words": "Scanned by Oakley."}
    assert scope(row(**other, subject="Rota"), "Tom Bell") != scope(row(**other, subject="Roof"), "Tom Bell")


@pytest.mark.parametrize(
    "broad",
    [
        row(**MISSING, subject=""),
        row(**MISSING, subject="Re: "),
        row(sender=""),
        row(recipients=()),
        row(recipients=(" ",)),
        row(words="the sort code is *****"),
        row(evidence="a card: *****"),
    ],
    ids=["no subject", "only an answer", "no sender", "nobody", "blank", "masked", "masked in part"],
)
def test_what_would_be_too_broad_is_never_proposed(broad):
    assert scope(broad, "Tom Bell") is None
    twins = [replace(broad, id=f"{n:020x}") for n in range(3)]
    assert told(twins, decided(*((one, PERMITTED) for one in twins))) == Exceptions(day=TODAY)


def test_the_chairs_is_another_than_the_clerks():
    about = scope(ROWS[0], "Tom Bell")
    assert about is not None
    assert name(about, "Chair") != name(about, "Parish Clerk")


# --- proposed


def test_two_decisions_propose_one_and_it_is_previewed_against_all_history():
    (line,) = told([*ROWS, row(7, "Other words")], TWICE).lines
    assert (line.name, line.state, line.findings) == (KNOWN, State.PROPOSED, 4)
    assert line.days == (date(2026, 11, 16), date(2026, 11, 19))
    assert line.decided == {NO_BREACH: 1, PERMITTED: 1}
    assert (line.example.id, line.adopted, line.this_week, line.in_all) == (ROWS[3].id, None, 0, 0)


@pytest.mark.parametrize(
    "said",
    [
        {},
        decided((ROWS[0], NO_BREACH)),
        decided((ROWS[0], NO_BREACH), (ROWS[1], None)),
        TWICE | decided((ROWS[2], BREACH)),
        TWICE | decided((ROWS[3], ASK)),
    ],
    ids=["none", "once", "a note", "a breach", "the Chair is asked"],
)
def test_what_decisions_do_not_carry_is_not_proposed(said):
    assert told(ROWS, said).lines == ()


def test_one_message_that_was_decided_at_one_stroke_carries_nothing():
    twins = [ROWS[0], replace(ROWS[0], id=ROWS[1].id)]
    said = decided(*((one, PERMITTED) for one in twins))
    assert told(twins, said).lines == ()
    (line,) = told([twins[0], replace(twins[1], message_id="another@x")], said).lines
    assert line.founded
    nameless = [replace(one, message_id="", sha256=f"{n:064x}") for n, one in enumerate(twins)]
    assert told(nameless, said).lines[0].founded


def test_a_finding_whose_day_is_unknown_is_counted():
    rows = [row(n, sent=None) for n in range(2)]
    (line,) = told(rows, decided(*((one, NO_BREACH) for one in rows))).lines
    assert (line.findings, line.days) == (2, None)


# --- adopted, kept, ended


@pytest.mark.parametrize(
    ("picks", "state"),
    [
        ([pick(KNOWN, ADOPT, 1)], State.IN_FORCE),
        ([pick(KNOWN, ADOPT, 1), pick(KNOWN, KEEP, 2, "b")], State.IN_FORCE),
        ([pick(KNOWN, ADOPT, 1), pick(KNOWN, END, 2, "b")], State.ENDED),
        ([pick(KNOWN, ADOPT, 1), pick(KNOWN, LEAVE, 2)], State.LEFT),
        ([pick(KNOWN, ADOPT, 1), pick(KNOWN, None, 2)], State.PROPOSED),
        ([pick(KNOWN, END, 2, "b"), pick(KNOWN, ADOPT, 1)], State.ENDED),
        ([pick(KNOWN, ADOPT, 5), pick(KNOWN, LEAVE, 1)], State.LEFT),
        ([pick(KNOWN, LEAVE, 1), pick(KNOWN, ADOPT, 1, "b")], State.IN_FORCE),
        ([pick(KNOWN, KEEP, 1)], State.PROPOSED),
        ([pick(KNOWN, KEEP, 1), pick(KNOWN, LEAVE, 3, "b"), pick(KNOWN, ADOPT, 3)], State.IN_FORCE),
        ([pick(KNOWN, ADOPT, 1, last=MONDAY.date()), pick(KNOWN, ADOPT, 7, "b"), pick(KNOWN, KEEP, 8, "c")], State.IN_FORCE),
        ([pick(KNOWN, ADOPT, 7, "b"), pick(KNOWN, ADOPT, 1, last=MONDAY.date()), pick(KNOWN, KEEP, 8, "c")], State.IN_FORCE),
        ([pick(KNOWN, ADOPT, 1, last=TODAY)], State.IN_FORCE),
        ([pick(KNOWN, ADOPT, 1, last=TODAY - timedelta(days=1))], State.EXPIRED),
        ([pick(KNOWN, ADOPT, 1, last=MONDAY.date()), pick(KNOWN, ADOPT, 7, "b")], State.IN_FORCE),
    ],
    ids=[
        "adopted", "kept", "ended", "thought better of", "taken back", "read late", "put back", "saved together",
        "kept, never adopted", "read last", "kept as adopted anew", "the older read last", "its last day", "the day after", "adopted anew",
    ],
)  # fmt: skip
def test_of_what_each_workbook_says_the_one_saved_last_counts(picks, state):
    (line,) = told(ROWS, TWICE, *picks).lines
    assert line.state is state
    assert (line.name in told(ROWS, TWICE, *picks).in_force) == (state is State.IN_FORCE)


def test_what_is_decided_otherwise_sets_it_aside():
    for said in (TWICE | decided((ROWS[2], BREACH)), decided((ROWS[0], NO_BREACH))):
        (line,) = told(ROWS, said, pick(KNOWN, ADOPT, 1)).lines
        assert (line.state, line.founded) == (State.UNFOUNDED, False)
    assert told([], {}, pick(KNOWN, ADOPT, 1)).lost == 1
    assert told([], {}, pick(KNOWN, ADOPT, 1, last=MONDAY.date())).lost == told([], {}, pick(KNOWN, LEAVE, 1)).lost == 0


def test_a_month_before_its_end_it_is_said():
    for days, soon in ((32, False), (31, True), (0, True), (-1, False)):
        (line,) = told(ROWS, TWICE, pick(KNOWN, ADOPT, 1, last=TODAY + timedelta(days=days))).lines
        assert line.ends_soon(TODAY) is soon


@pytest.mark.parametrize(
    ("review", "last"),
    [(None, date(2027, 11, 23)), (date(2026, 11, 23), date(2027, 11, 23)), (date(2026, 11, 24), date(2026, 11, 24))],
)
def test_it_holds_until_the_policy_is_looked_at_again_or_for_a_year(review, last):
    assert until(TODAY, review) == last


def test_of_a_29_february_the_year_ends_a_day_earlier():
    assert until(date(2028, 2, 29), None) == date(2029, 2, 28)


def test_it_counts_what_it_hid():
    hid = [Hidden("0", KNOWN, "2026-W46"), Hidden(ROWS[3].id, KNOWN, "2026-W47"), Hidden("a", "b", "2026-W47")]
    away = [(ROWS[2], KNOWN), (ROWS[3], KNOWN)]
    found = with_hidden(told(ROWS, TWICE, pick(KNOWN, ADOPT, 1)), away, hid, "2026-W47")
    assert (found.lines[0].this_week, found.lines[0].in_all, found.hidden) == (2, 3, tuple(away))


def test_what_nobody_decided_of_is_left_out():
    rows = [*ROWS, row(9, "Other words", rule="offensive-profanity"), row(8, sender="ivy.holt@council.example")]
    assert list(touched(rows, {ROWS[0].id}, {})) == ROWS
    assert list(touched(rows, {}, {rows[4].id})) == [rows[4]]


# --- what is listed


def test_what_was_listed_stays_and_what_was_hidden_stays_hidden():
    names = {one.id: KNOWN for one in ROWS}
    before = {one.finding: one for one in (Hidden(ROWS[1].id, "x", "2026-W46"), Hidden(ROWS[2].id, "x", "2026-W47"))}
    rows = [replace(ROWS[0], reported="2026-W47"), *ROWS[1:]]
    assert divided(rows, names, {KNOWN}, before, "2026-W47") == ([rows[0]], [(ROWS[2], "x"), (ROWS[3], KNOWN)])
    assert divided(rows, names, set(), before, "2026-W48") == ([rows[0], ROWS[3]], [])


def test_what_may_have_no_exception_is_listed():
    assert divided(ROWS, {ROWS[0].id: None}, {KNOWN}, {}, "W") == (ROWS, [])


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["", "x", "y"]), st.sampled_from([None, *Decision]))
    )
)
def test_nothing_in_force_covers_a_breach_or_anything_that_differs(drawn):
    rows = [row(n, words, subject="") for n, (_, words, _) in enumerate(drawn)]
    rows = [replace(one, sender=f"{who}@council.example") for one, (who, _, _) in zip(rows, drawn, strict=True)]
    said = decided(*zip(rows, (choice for _, _, choice in drawn), strict=True))
    found = told(rows, said)
    assert all(line.state is State.PROPOSED for line in found.lines)
    adopted = told(rows, said, *(pick(line.name, ADOPT, 1) for line in found.lines))
    names = {one.id: name(about, "Parish Clerk") if (about := scope(one, "Tom Bell")) else None for one in rows}
    listed, hidden = divided(rows, names, adopted.in_force, {}, "W")
    assert {one.id for one in listed} | {one.id for one, _ in hidden} == {one.id for one in rows}
    for one, known in hidden:
        alike = [other for other in rows if names[other.id] == known]
        assert {(other.sender, other.finding.excerpt, other.recipients) for other in alike} == {
            (one.sender, one.finding.excerpt, one.recipients)
        }
        assert sum(said[other.id].decision in (NO_BREACH, PERMITTED) for other in alike) >= 2
        assert not any(said[other.id].decision in (BREACH, ASK) for other in alike)

"""What is alike stands together, whatever its order; nothing is lost, and nobody's is taken for another's."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from changes import replace
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from thorrington import DOMAIN, FOUND, POLICY, finding_row, sample

from auditor.findings import Severity
from auditor.store.decisions import Decided, Decision
from auditor.store.records import FindingRow, Whose
from reports import incidents as grouping
from reports.decisions import read
from reports.incidents import TELLING, incidents, near, plain
from reports.report import Decisions, Reader, _kept, on_clerk
from reports.week import sent_day
from reports.workbook import write

CIRCULAR = (
    "Dear neighbour, the litter pick is on Saturday at ten from the pavilion car park, and gloves, bags and tea are there "
    "for everybody who comes, whatever the weather brings; children are welcome with a grown-up."
)
DAY = date(2026, 11, 18)


def found(name: str, excerpt: str = "", **more: object) -> tuple[FindingRow, date | None]:
    """A finding of this name, with the day of its message."""
    row = finding_row(*FOUND[4])
    given = {name: getattr(row.finding, name) for name in ("rule", "severity", "reason")}
    finding = replace(row.finding, excerpt=excerpt, **{key: more.pop(key, kept) for key, kept in given.items()})
    day = more.pop("day", DAY)
    return replace(row, id=name, finding=finding, **more), day


def groups(*rows: tuple[FindingRow, date | None]) -> set[frozenset[str]]:
    together: dict[int, set[str]] = {}
    for name, number in incidents(rows).items():
        together.setdefault(number, set()).add(name)
    return set(map(frozenset, together.values()))


def test_one_circular_to_many_is_one_incident_whatever_it_calls_them():
    names = ("neighbour", "Mrs Askew", "friends", "Mr Dunmore")
    texts = [CIRCULAR.replace("neighbour", name) for name in names]
    rows = [found(str(n), text, subject=f"For {n}") for n, text in enumerate(texts)]
    assert groups(*rows, found("other", CIRCULAR[::-1])) == {frozenset("0123")}


def test_what_is_missing_is_one_incident_in_a_thread_and_a_week():
    thread = [
        found(str(n), subject=subject, day=DAY + timedelta(days=n))
        for n, subject in enumerate(("Dog bin", "Re: Dog bin", "RE: Fwd:  dog BIN", "AW: Re[2]: Dog bin"))
    ]
    others = [
        found("week", subject="Re: Dog bin", day=DAY + timedelta(days=7)),
        found("subject", subject="Pavilion"),
        found("none", subject="Re:"),
        found("none too", subject="Re:"),
    ]
    assert groups(*thread, *others) == {frozenset("0123")}


@pytest.mark.parametrize("words", ["Sent it", "the code for the hall is ***** as always"])
def test_words_that_tell_too_little_are_one_incident_in_a_thread_alone(words):
    assert len(plain(words).split()) < TELLING or "*****" in words
    rows = [found("a", words, subject="Keys"), found("b", words, subject="Hall"), found("c", words, subject="Re: Keys")]
    assert groups(*rows) == {frozenset("ac")}


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "x@y.example"},
        {"rule": "waiver-altered"},
        {"severity": Severity.LOW},
        {"reason": "Other."},
        {"sender": ""},
    ],
    ids=str,
)
def test_never_across_senders_rules_severities_or_reasons(other):
    assert groups(found("a", CIRCULAR), found("b", CIRCULAR, **other)) == set()
    assert groups(found("a", CIRCULAR, sender=""), found("b", CIRCULAR, sender="")) == set()


WORDS = st.lists(
    st.sampled_from(
        ["we", "will", "pay", "for", "the", "bench", "and", "the", "path", "at", "once", "my", "dear", "friend"]
    ),
    max_size=30,
)
ROWS = st.lists(
    st.tuples(
        WORDS.map(" ".join), st.sampled_from(("a@x.example", "b@x.example", "")), st.sampled_from(("rule", "other")),
        st.sampled_from(("Dog bin", "Re: Dog bin", "Hall", "")),
    ),
    max_size=10,
)  # fmt: skip


@settings(max_examples=60)
@given(ROWS, st.randoms())
def test_the_order_does_not_matter_and_equal_words_are_always_together(drawn, chance):
    rows = [
        found(f"{n}", words, sender=sender, rule=rule, subject=subject)
        for n, (words, sender, rule, subject) in enumerate(drawn)
    ]
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert groups(*shuffled) == groups(*rows)
    together = incidents(rows)
    for (one, _), (_, sender, rule, _) in zip(rows, drawn, strict=True):
        for (other, _), (_, its_sender, its_rule, _) in zip(rows, drawn, strict=True):
            alike = together.get(one.id, one.id) == together.get(other.id, other.id)
            if alike and one is not other:
                assert sender == its_sender != ""
                assert rule == its_rule
            telling = len(one.finding.excerpt.split()) >= TELLING
            if (
                sender == its_sender != ""
                and rule == its_rule
                and one.finding.excerpt == other.finding.excerpt
                and telling
            ):
                assert alike


def test_none_drifts_from_the_first_by_small_steps_whatever_the_order():
    words = [f"word{n}" for n in range(24)]
    texts = [" ".join(words), " ".join([*words[:5], "other", *words[6:]])]
    texts.append(texts[1].replace("word15", "further"))
    assert near(texts[0], texts[1])
    assert near(texts[1], texts[2])
    assert not near(texts[0], texts[2])
    rows = [found(name, text) for name, text in zip("abc", texts, strict=True)]
    assert len({frozenset(groups(*order)) for order in permutations(rows)}) == 1


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_being_alike_is_mutual(one, other):
    assert near(one, other) == near(other, one)
    assert near(one, one)


def test_very_many_different_texts_are_compared_by_their_words_alone(monkeypatch):
    near_by = CIRCULAR.replace("Saturday", "Sunday")
    rows = [found("a", CIRCULAR), found("b", near_by), found("c", CIRCULAR.upper())]
    assert groups(*rows) == {frozenset("abc")}
    monkeypatch.setattr(grouping, "MANY", 1)
    assert groups(*rows) == {frozenset("ac")}


# --- in the workbook


def circular(many: int = 4) -> list[FindingRow]:
    """A circular, the worst finding of the week last."""
    row = finding_row(*FOUND[1])
    finding = replace(row.finding, excerpt=CIRCULAR)
    copies = [
        replace(row, id=f"{n:020x}", message_id=f"{n}", sent=row.sent + timedelta(minutes=n), finding=finding)
        for n in range(many)
    ]
    return [*copies, finding_row(*FOUND[0]), finding_row(*FOUND[3])]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write(sample(findings=circular()).clerk, tmp_path_factory.mktemp("incidents") / "Audit.xlsx").path


@pytest.fixture
def path(written, tmp_path):
    return Path(shutil.copy(written, tmp_path / "Audit.xlsx"))


def rows_of(path):
    """Each row of the sheet by its headings, and its number."""
    sheet = load_workbook(path)["Findings"]
    heads = [cell.value for cell in sheet[1]]
    return sheet, [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_an_incident_is_folded_below_its_first_row(path):
    sheet, rows = rows_of(path)
    assert [row["Alike"] for row in rows] == [None, "4 alike", "as No. 2", "as No. 2", "as No. 2", None]
    assert [row["Finding"] for row in rows[1:5]] == [f"{n:020x}" for n in range(4)]
    assert {row["Counts with (finding)"] for row in rows[2:5]} == {f"{0:020x}"}
    folded = {n: (size.outlineLevel, size.hidden) for n, size in sheet.row_dimensions.items() if size.outlineLevel}
    assert folded == dict.fromkeys((4, 5, 6), (1, True))
    assert [n for n, size in sheet.row_dimensions.items() if size.collapsed] == [3]
    assert sheet.sheet_format.outlineLevelRow == 1
    assert not sheet.sheet_properties.outlinePr.summaryBelow
    notes = {cell.value: cell.comment.text for cell in sheet[1] if cell.comment}
    assert "counts for the rows below" in notes["Decision"]
    assert "first row says how many" in notes["Alike"]


def decide(path, choices):
    """Writes decisions and notes, by row."""
    workbook = load_workbook(path)
    sheet = workbook["Findings"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row, (decision, note) in choices.items():
        sheet.cell(row, at["Decision"]).value = decision
        sheet.cell(row, at["Note"]).value = note
    return workbook, sheet, at


def said(path):
    return {row.said.finding: (row.said.decision, row.said.note) for row in read(path).rows}


def test_a_decision_on_the_first_row_counts_for_those_without_one(path):
    workbook, sheet, _ = decide(path, {3: ("Breach", "Told him."), 5: ("permitted", None), 6: (None, "Not the same?")})
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)][::-1]
    for number, row in enumerate(rows, 2):  # sorted the other way round: names count, not places
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
    workbook.save(path)
    found = said(path)
    assert [found[f"{n:020x}"] for n in range(4)] == [
        (Decision.BREACH, "Told him."),
        (Decision.BREACH, ""),
        (Decision.PERMITTED, ""),
        (Decision.BREACH, "Not the same?"),
    ]
    assert sum(decision is None for decision, _ in found.values()) == 2


@pytest.mark.parametrize("unclear", ["yes?", "gone"])
def test_where_the_first_row_is_gone_or_unclear_the_others_stay_as_they_were(path, unclear):
    workbook, sheet, _ = decide(path, {3: (unclear, None), 5: ("Breach", None), 6: (None, "Mine.")})
    if unclear == "gone":
        sheet.delete_rows(3)
    workbook.save(path)
    found = said(path)
    assert f"{1:020x}" not in found
    assert found[f"{2:020x}"] == (Decision.BREACH, "")
    assert found[f"{3:020x}"] == (None, "Mine.")
    assert [row.said.finding for row in read(path).rows if row.stays] == [f"{3:020x}"]


def test_two_words_of_the_first_row_are_none(path):
    workbook, sheet, _ = decide(path, {3: ("Breach", None)})
    sheet.append([cell.value for cell in sheet[3]])
    workbook.save(path)
    assert said(path)[f"{1:020x}"] == (Decision.BREACH, "")
    workbook, sheet, at = decide(path, {})
    sheet.cell(sheet.max_row, at["Decision"]).value = "Permitted"
    workbook.save(path)
    assert f"{1:020x}" not in said(path)


def test_without_the_column_every_row_speaks_for_itself(path):
    workbook, sheet, at = decide(path, {3: ("Breach", None)})
    sheet.delete_cols(at["Counts with (finding)"])
    workbook.save(path)
    assert said(path)[f"{1:020x}"] == (None, "")


def test_a_week_written_again_has_the_decision_on_the_first_row_alone(tmp_path):
    at = finding_row(*FOUND[0]).sent
    standing = {
        f"{n:020x}": Decided(f"{n:020x}", decision, note, at, "a.xlsx")
        for n, (decision, note) in enumerate(((Decision.BREACH, "x"), (Decision.BREACH, "y"), (Decision.PERMITTED, "")))
    }
    decisions = {Reader.CLERK: Decisions(standing)}
    path = write(sample(findings=circular(), decisions=decisions).clerk, tmp_path / "Audit.xlsx").path
    _, rows = rows_of(path)
    assert [(row["Decision"], row["Note"]) for row in rows[1:5]] == [
        ("Breach", "x"), (None, "y"), ("Permitted", None), (None, None),
    ]  # fmt: skip
    assert said(path)[f"{1:020x}"] == (Decision.BREACH, "y")
    assert said(path)[f"{3:020x}"] == (None, ""), "it came later, and nobody has decided it"


def test_whose_a_finding_is_does_not_hang_on_whether_it_stands():
    """What became of a message in the clerk's mailbox is the Chair's, of one that is withdrawn just now as well."""
    row = finding_row(*FOUND[0])
    rule = min(_kept())
    for mailbox, chairs in ((f"clerk@{DOMAIN}", True), (row.sender, False)):
        there = replace(row, mailbox=mailbox, finding=replace(row.finding, rule=rule))
        whose = Whose(row.id, rule, mailbox, row.sender, row.sent)
        assert on_clerk(there, sent_day(row.sent), POLICY) is on_clerk(whose, sent_day(row.sent), POLICY) is chairs

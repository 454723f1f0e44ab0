"""The search language: what is understood, what is refused and how, and that the store finds everything that answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letters import BLOGGS, CLERK, STARTED, finding, judgement, letter, page

from auditor.errors import UsageError
from auditor.store.days import london_day
from auditor.store.query import (
    All,
    AnyOf,
    Asked,
    Field,
    Found,
    HasAttachment,
    InMailbox,
    Near,
    Not,
    Phrase,
    QueryError,
    Sent,
    Text,
    parsed,
    texts,
)
from auditor.store.records import Arrival, Query, Terms
from auditor.store.sqlite.store import SqliteStore
from auditor.store.terms import address_terms, beginnings, terms
from auditor.values import replace


def words(*phrases: str, field: Field | None = None) -> Text:
    return Text(tuple(Phrase(phrase) for phrase in phrases), field)


UNDERSTOOD = {
    "drains": words("drain"),
    "drain survey": All((words("drain"), words("survey"))),
    "drain AND survey": All((words("drain"), words("survey"))),
    "drain OR pond gate": AnyOf((words("drain"), All((words("pond"), words("gate"))))),
    "(drain OR pond) gate": All((AnyOf((words("drain"), words("pond"))), words("gate"))),
    "drain -gate": All((words("drain"), Not(words("gate")))),
    "NOT (drain OR gate)": Not(AnyOf((words("drain"), words("gate")))),
    "NOT NOT drain": words("drain"),
    "NOT drain OR gate": AnyOf((Not(words("drain")), words("gate"))),
    '"drain survey"': words("drain survey"),
    "“drain survey”": words("drain survey"),
    "drain NEAR survey": Near(words("drain"), words("survey"), 10),
    'drain NEAR/5 "pot hole"': Near(words("drain"), words("pot hole"), 5),
    "subject:drain NEAR/2 survey": Near(words("drain", field=Field.SUBJECT), words("survey", field=Field.SUBJECT), 2),
    "subject:(drain OR gate)": AnyOf((words("drain", field=Field.SUBJECT), words("gate", field=Field.SUBJECT))),
    "Subject: drain": words("drain", field=Field.SUBJECT),
    "from:clerk@council.example": words("clerk@council.example", field=Field.SENDER),
    "to:council.example": words("council exampl", field=Field.RECIPIENTS),
    'cc:"Ann Marsh"': words("ann marsh", field=Field.COPIED),
    "clerk@council.example": words("clerk council exampl"),
    "O'Brien": words("obrien"),
    "C++": words("c"),
    "multi-agent": words("multi agent"),
    "24/00123/FUL": words("24 00123 ful"),
    '"CO7 8HJ"': words("co7 8hj"),
    "£1,250.00": words("1250 00"),
    "10:30": words("10 30"),
    "https://a.example/b": words("https a exampl b"),
    "and or not near": All(tuple(words(word) for word in ("and", "or", "not", "near"))),
    '"OR"': words("or"),
    "allotm*": Text((Phrase("allotm", begins=True), Phrase("allot"))),
    "24/001*": Text((Phrase("24 001", begins=True),)),
    "mailbox:Clerk@Council.example": InMailbox("clerk@council.example"),
    "after:2024-03-01": Sent(date(2024, 3, 1), None),
    "before:2024/3/1": Sent(None, date(2024, 2, 29)),
    "on:2024-03-01": Sent(date(2024, 3, 1), date(2024, 3, 1)),
    "has:attachment": HasAttachment(),
    "rule:waiver-missing": Found("waiver-missing"),
    "-has:attachment": Not(HasAttachment()),
}


@pytest.mark.parametrize("query", UNDERSTOOD)
def test_understood(query: str) -> None:
    assert parsed(query) == UNDERSTOOD[query]


REFUSED = {
    "": "empty",
    "  \t": "empty",
    '"drain': "character 1, '\"drain': a quotation mark is opened",
    "(drain": "at its end: a bracket is opened",
    "drain)": "character 6, ')': a bracket is closed",
    "()": "holds nothing",
    "drain OR": "at its end: AND, OR",
    "OR drain": "character 1, 'OR drain'",
    "drain AND OR gate": "character 11",
    "NOT": "at its end",
    "form:clerk": "no field 'form:' (did you mean 'from'?)",
    "Re:drain": "no field 're:'",
    "subject:": "nothing stands after subject:",
    "subject:AND": "quotation marks",
    "has:picture": "only has:attachment",
    "after:yesterday": "write it as 2025-01-31",
    "on:2024-02-30": "no day",
    "&": "no letter and no digit",
    "budget - 2024": "character 8",
    '"..."': "no letter",
    "*": "no letter",
    "*drain": "end of a word",
    "dr*n": "end of a word",
    "rule:waver-missing": "did you mean 'waiver-missing'?",
    "mailbox:(a OR b)": "write (mailbox:a OR mailbox:b)",
    "subject:(from:clerk)": "take it out of the group",
    "from:a NEAR to:b": "take it out of the group",
    "a NEAR/5 b NEAR/5 c": "NEAR joins two",
    "(a b) NEAR c": "NEAR joins two",
    "a NEAR (b c)": "NEAR joins two",
    "has:attachment NEAR a": "not filters",
    "a NEAR/5000 b": "at most 1,000",
    "(" * 30 + "a" + ")" * 30: "20 deep",
    "a " * 1001: "2,000",
    "a " * 101: "at most 100 words",
    '"' + "a " * 101 + '"': "at most 100 words",
}


@pytest.mark.parametrize("query", REFUSED)
def test_refused_with_the_place_and_the_mend(query: str) -> None:
    with pytest.raises(QueryError, match=re.escape(REFUSED[query])) as refused:
        parsed(query)
    assert isinstance(refused.value, UsageError)
    assert str(refused.value).endswith((".", "council.example."))
    assert "\n" not in str(refused.value)


_ODD = st.lists(
    st.sampled_from(
        [
            "drain",
            " ",
            '"',
            "(",
            ")",
            "-",
            "NOT ",
            "OR ",
            "AND ",
            "NEAR/5 ",
            "from:",
            "on:",
            "*",
            "\0",
            "é",
            "\ud800",
            "'",
        ]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(_ODD)
def test_whatever_is_typed_is_a_tree_or_a_sentence(query: str) -> None:
    try:
        asked = parsed(query)
    except QueryError:
        return
    assert asked == parsed(query)
    assert all(phrase.terms.strip() for text in texts(asked) for phrase in text.phrases)


def test_a_beginning_finds_every_word_that_begins_so() -> None:
    vocabulary = set(
        re.findall(r"[a-z]{3,}", " ".join(file.read_text("utf-8").lower() for file in Path("docs").glob("*.md")))
    )
    assert len(vocabulary) > 1500
    missed = [
        (word, word[:cut])
        for word in sorted(vocabulary)[::2]
        for cut in range(2, len(word) + 1)
        if not any(
            terms(word).startswith(term) if open_ else terms(word) == term for term, open_ in beginnings(word[:cut])
        )
    ]
    assert missed == []


# --- the store against a reader who reads everything

WORDS = ("drain", "drains", "survey", "gate", "O'Brien", "24/00123/FUL", "pond", "allotments", "CO7", "8HJ", "pot-hole")
PEOPLE = (CLERK, BLOGGS, "ann.marsh@example.com", "o'brien@example.com", "x@thorrington.example.org.uk")
RULES = ("waiver-missing", "language-unbusinesslike")


@dataclass(frozen=True)
class Letter:
    """What the reader knows of a holding."""

    mailbox: str
    texts: dict[Field, list[str]]
    at: datetime | None
    files: int
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    store: SqliteStore
    letters: dict[int, Letter]


def made(number: int) -> tuple[str, Arrival, tuple[str, ...]]:
    """A letter that depends on its number alone."""
    pick = [WORDS[(number * factor + factor) % len(WORDS)] for factor in (1, 3, 7, 4, 2)]
    sent = None if number % 9 == 0 else datetime(2026, 3, 28, 21, tzinfo=UTC) + timedelta(minutes=number * 47 % 4000)
    to, cc, sender = PEOPLE[number % 5], PEOPLE[number * 2 % 5] if number % 3 else "", PEOPLE[number * 3 % 5]
    subject, body = " ".join(pick[:2]), " . ".join(pick[2:]) + " the " * (number % 4) + pick[0]
    files = "plan.pdf" if number % 4 == 1 else ""
    reading = Terms(
        address_terms(f"Ann {sender}"), address_terms(to), address_terms(cc), terms(subject), terms(body), terms(files)
    )
    one = letter(f"{number}", subject=subject, body=f"{number} {body}", sender=sender, sent=sent, terms=reading)
    one = replace(one, reading=replace(one.reading, attachments=number % 4 % 2))
    if number % 18 == 0:
        one = replace(one, received=datetime(2026, 3, 29, 12, tzinfo=UTC))
    return (
        (CLERK, BLOGGS)[number % 2],
        one,
        tuple(rule for place, rule in enumerate(RULES) if number % (place + 3) == 0),
    )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with SqliteStore(tmp_path_factory.mktemp("asked") / "a.db") as store:
        run = store.begin_run(STARTED, "1")
        letters = [made(number) for number in range(90)]
        for mailbox, one, _ in letters:
            store.commit(page(run, one, mailbox=mailbox))
        rows = store._database.rows("SELECT id, pid FROM holdings")
        numbers = {int(bytes(pid)): holding for holding, pid in rows}
        for number, (_, _, rules) in enumerate(letters):
            # Some share a finding: it then stands under one of them and is made by both.
            said = judgement(numbers[number], *(finding(rule) for rule in rules), message=str(number // 6))
            store.judge(run, [said])
        known = {}
        for number, (mailbox, one, rules) in enumerate(letters):
            read = one.reading.terms
            columns = (read.sender, read.recipients, read.copied, read.subject, read.body, read.attachments)
            texts_ = {field: column.split() for field, column in zip(Field, columns, strict=True)}
            at = one.reading.sent or one.received
            known[numbers[number]] = Letter(mailbox, texts_, at, one.reading.attachments, rules)
        yield Shelf(store, known)


def places(phrase: Phrase, text: list[str]) -> list[tuple[int, int]]:
    wanted = phrase.terms.split()
    found = []
    for start in range(len(text) - len(wanted) + 1):
        here = text[start : start + len(wanted)]
        last = here[-1].startswith(wanted[-1]) if phrase.begins else here[-1] == wanted[-1]
        if here[:-1] == wanted[:-1] and last:
            found.append((start, start + len(wanted)))
    return found


def everywhere(text: Text, one: Letter) -> Iterator[tuple[Field, tuple[int, int]]]:
    for field in Field if text.field is None else (text.field,):
        for phrase in text.phrases:
            yield from ((field, place) for place in places(phrase, one.texts[field]))


def near(asked: Near, one: Letter) -> bool:
    return any(
        field == other and max(a[0], b[0]) - min(a[1], b[1]) <= asked.distance
        for field, a in everywhere(asked.left, one)
        for other, b in everywhere(asked.right, one)
    )


def answers(asked: Asked, one: Letter) -> bool:
    """Whether a letter answers, read by itself."""
    match asked:
        case Text():
            return any(True for _ in everywhere(asked, one))
        case Near():
            return near(asked, one)
        case InMailbox(name):
            return name in (one.mailbox, one.mailbox.partition("@")[0])
        case Sent(since, until):
            day = one.at and london_day(one.at)
            return bool(day and (since is None or day >= since) and (until is None or day <= until))
        case HasAttachment():
            return one.files > 0
        case Found(rule):
            return rule in one.rules
        case Not(of):
            return not answers(of, one)
        case All(of):
            return all(answers(inner, one) for inner in of)
        case AnyOf(of):
            return any(answers(inner, one) for inner in of)


_TERM = st.sampled_from(WORDS) | st.sampled_from(
    ("dr*", "allotm*", "24/0*", '"gate pond"', '"the drain"', "zebra", "plan.pdf")
)
_PERSON = st.sampled_from((*PEOPLE, "ann", "example.com", "@thorrington.example.org", "thorrington*"))
_DAYS = st.sampled_from(("2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"))
_LEAF = st.one_of(
    _TERM,
    st.tuples(st.sampled_from(("subject:", "body:", "attachment:")), _TERM).map("".join),
    st.tuples(st.sampled_from(("from:", "to:", "cc:")), _PERSON).map("".join),
    st.tuples(st.sampled_from(("after:", "before:", "on:")), _DAYS).map("".join),
    st.tuples(_TERM, st.sampled_from((" NEAR ", " NEAR/0 ", " NEAR/2 ")), _TERM).map("".join),
    st.sampled_from(
        ("has:attachment", f"mailbox:{CLERK}", "mailbox:joe.bloggs", "mailbox:zebra", *(f"rule:{r}" for r in RULES))
    ),
)
_TREE = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from((" ", " AND ", " OR ")), inner).map(lambda t: f"({''.join(t)})"),
        inner.map(lambda one: f"NOT ({one})"),
        inner.map(lambda one: f"-({one})"),
    ),
    max_leaves=6,
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_TREE)
def test_finds_what_a_reader_finds(shelf: Shelf, query: str) -> None:
    asked = parsed(query)
    wanted = {holding for holding, one in shelf.letters.items() if answers(asked, one)}
    found = list(shelf.store.find_all(asked))
    assert found == sorted(wanted, reverse=True)
    assert shelf.store.count(asked) == len(wanted)
    hits = shelf.store.search(asked, 1000)
    assert {hit.holding for hit in hits} == wanted
    dated = [hit.sent for hit in hits if hit.sent]
    assert dated == sorted(dated, reverse=True)
    assert [hit.sent is None for hit in hits] == sorted(hit.sent is None for hit in hits)


def test_the_newest_come_first_within_a_limit(shelf: Shelf) -> None:
    asked = parsed("drain OR gate")
    everything = shelf.store.search(asked, 1000)
    assert shelf.store.search(asked, 3) == everything[:3]
    assert len(everything) > 3


@pytest.mark.parametrize("word", [*WORDS, *PEOPLE])
def test_what_is_written_is_found_literally(shelf: Shelf, word: str) -> None:
    whole: Callable[[str], str] = terms
    assert shelf.store.count(parsed(word)) == shelf.store.count(Query((whole(word),))) > 0


def test_a_hundred_words_at_once(shelf: Shelf) -> None:
    assert shelf.store.count(parsed(" OR ".join(["drain*"] * 100))) == shelf.store.count(parsed("drain*"))
    assert shelf.store.count(parsed("(" * 20 + "drain" + ")" * 20)) == shelf.store.count(parsed("drain"))

"""The sample council: whole, the same every time, and true to what it says of itself."""

from __future__ import annotations

import email
import io
import mailbox
import re
from collections import Counter
from datetime import date, timedelta
from email import policy
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import config, sample
from auditor.mail.message import Kind
from auditor.policy import RULE_NAMES
from auditor.sample import build, clients, enclosures
from auditor.sample.build import DATA, conversation
from auditor.sample.days import Diary
from auditor.sample.folders import MAILDIR, MBOX
from auditor.sample.letter import Block, Letter
from auditor.sample.script import threads
from auditor.sample.voices import Cast

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> sample.SampleFacts:
    return build(tmp_path_factory.mktemp("council"), TODAY)


@pytest.fixture(scope="module")
def letters() -> list[Letter]:
    cast, diary = Cast(DATA), Diary(TODAY)
    return [letter for thread in threads(DATA / "threads") for _, letter in conversation(thread, cast, diary)]


def raws(facts: sample.SampleFacts) -> dict[str, bytes]:
    """The bytes of every message by Message-ID, read back from every storage form."""
    files = {m.path for m in facts.messages if not m.path.endswith(".mbox")}
    found = [(facts.folder / file).read_bytes() for file in files]
    box = mailbox.mbox(facts.folder / "mail" / f"{MBOX}.mbox")
    found += [box.get_bytes(key) for key in box.iterkeys()]
    box.close()
    return {email.message_from_bytes(raw)["Message-ID"].strip("<>"): raw for raw in found}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def words(text: str) -> str:
    """Text without what programs do to it: folds, quote signs, curly quotes, links."""
    text = re.sub(r"<mailto:[^>]*>", "", text)
    text = re.sub(r"^[> ]+", "", text, flags=re.MULTILINE)
    text = text.translate(str.maketrans("‘’“”", "''\"\""))
    return re.sub(r"\s+", " ", text).strip()


def test_is_as_large_as_promised(facts):
    assert len(facts.messages) >= 380
    assert len(facts.mailboxes) >= 12
    assert {m.sender for m in facts.messages if m.inside} == set(facts.mailboxes), "everybody writes"


def test_schedule_is_valid_and_the_repository_s_own(facts):
    loaded = config.load(facts.schedule)
    assert [p.mailbox for p in loaded.policy.people] == list(facts.mailboxes)
    assert config.load(ROOT / "schedule.toml").policy == loaded.policy
    council = tree(DATA / "council")
    assert (ROOT / "schedule.toml").read_bytes() == council.pop("schedule.toml")
    assert {f"policy/{name}".replace("\\", "/"): data for name, data in tree(ROOT / "policy").items()} == {
        name.replace("\\", "/"): data for name, data in council.items()
    }


def test_is_the_same_for_the_same_day(facts, tmp_path):
    again = build(tmp_path, TODAY)
    assert again.messages == facts.messages
    assert tree(tmp_path) == tree(facts.folder)
    build(tmp_path, TODAY)
    assert tree(tmp_path) == tree(facts.folder), "building over what stands there changes nothing"


@pytest.mark.parametrize("today", [TODAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 5, 6, 127, 160, 1000)])
def test_spans_the_six_weeks_before_today_in_the_order_it_was_written(today):
    cast, diary = Cast(DATA), Diary(today)
    days = set()
    for thread in threads(DATA / "threads"):
        for _, letter in conversation(thread, cast, diary):
            days.add(letter.sent.date())
            assert letter.parent is None or letter.parent.sent < letter.sent, f"{thread.name}: answered before it came"
    assert today - timedelta(days=42) <= min(days)
    assert max(days) <= today - timedelta(days=1)
    assert len({d.isocalendar()[:2] for d in days}) >= 6
    assert any(d.weekday() >= 5 for d in days), "some write at the weekend"


def test_officers_keep_office_hours(letters):
    for letter in letters:
        if letter.writer.key in ("ann", "jo", "colin"):
            assert letter.sent.weekday() < 5, letter.subject
            assert 8 <= letter.sent.hour <= 18, letter.subject


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-60, 90))
def test_working_days_follow_one_another(today, number):
    diary = Diary(today)
    day = diary.day(number)
    assert day.weekday() < 5
    gap = (diary.day(number + 1) - day).days
    assert gap == (3 if day.weekday() == 4 else 1)
    assert diary.first <= diary.day(1)
    assert diary.day(0) < diary.first
    assert diary.day(30) <= diary.last < diary.day(31)


def test_summer_and_winter_time_are_told_apart(facts):
    assert {m.sent.utcoffset() for m in facts.messages} == {timedelta(0), timedelta(hours=1)}


def test_every_form_and_layout_occurs(facts):
    assert {m.form for m in facts.messages} == set(clients.CLIENTS)
    assert {m.layout for m in facts.messages if m.inside} == {"new", "top", "bottom", "inline", "forward"}
    assert {m.kind for m in facts.messages} == set(Kind) - {Kind.NOTICE}
    assert {m.broken for m in facts.messages} == {
        "", "charset", "base64", "boundary", "no-date", "8bit-header", "nested", "tnef", "smime",
    }  # fmt: skip


def test_every_storage_form_is_used(facts):
    paths = Counter(m.path.split("/")[1] for m in facts.messages)
    assert paths[f"{MBOX}.mbox"] > 10
    assert paths[MAILDIR] > 10
    assert sum(m.path.endswith(".eml") for m in facts.messages) > 300
    box = mailbox.Maildir(facts.folder / "mail" / MAILDIR, create=False)
    assert len(box) + len(box.get_folder("Sent")) == paths[MAILDIR]
    box.close()


def test_every_message_parses_and_lies_where_the_facts_say(facts):
    found = raws(facts)
    assert sorted(found) == sorted(m.message_id for m in facts.messages), "each once, none besides"
    for planted in facts.messages:
        message = email.message_from_bytes(found[planted.message_id], policy=policy.default)
        assert message["From"].addresses[0].addr_spec == planted.sender
        defects = [d for part in message.walk() for d in part.defects]
        if not planted.broken:
            assert not defects, planted.path
            assert message["Date"].datetime == planted.sent, planted.path


def test_what_is_not_broken_says_its_own_words(facts):
    found = raws(facts)
    for planted in facts.messages:
        if planted.broken in ("", "no-date", "8bit-header", "nested", "tnef") and planted.own:
            message = email.message_from_bytes(found[planted.message_id], policy=policy.default)
            body = message.get_body(("plain", "html"))
            assert body is not None
            text = re.sub(r"<[^>]+>", " ", body.get_content()) if body.get_content_subtype() == "html" else (
                body.get_content()
            )  # fmt: skip
            first = planted.own.split("\n\n")[0]
            assert words(first) in words(text), planted.path


BREAKS = {
    "charset": lambda raw: b'charset="x-parish-8bit"' in raw,
    "base64": lambda raw: b"!*" in raw and b"Content-Transfer-Encoding: base64" in raw,
    "boundary": lambda raw: email.message_from_bytes(raw).get_content_maintype() == "multipart" and not (
        email.message_from_bytes(raw).get_boundary()
    ),
    "no-date": lambda raw: email.message_from_bytes(raw)["Date"] is None,
    "8bit-header": lambda raw: not re.split(rb"\r?\n\r?\n", raw)[0].isascii(),
    "nested": lambda raw: kinds(raw).count("message/rfc822") == 2,
    "tnef": lambda raw: "application/ms-tnef" in kinds(raw),
    "smime": lambda raw: kinds(raw) == ["application/pkcs7-mime"],
}  # fmt: skip


def kinds(raw: bytes) -> list[str]:
    return [part.get_content_type() for part in email.message_from_bytes(raw).walk()]


@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_said_to_be_broken_is(facts, broken):
    planted = [m for m in facts.messages if m.broken == broken]
    assert planted
    found = raws(facts)
    assert all(BREAKS[broken](found[m.message_id]) for m in planted)
    assert not any(BREAKS[broken](found[m.message_id]) for m in facts.messages if not m.broken)


def test_answers_quote_the_real_parent(letters):
    for letter in letters:
        parent = letter.parent
        if parent is None or letter.style == "inline" or letter.note.options.get("kind"):
            continue
        text = words(clients.plain(letter))
        for _, block in parent.blocks:
            assert words(block) in text, f"{letter.subject}: {block[:40]}"
        assert parent.writer.name in text


def test_nobody_answers_what_they_did_not_get(letters):
    for letter in letters:
        if letter.parent and letter.note.options.get("kind") != "bounce":
            past = letter.parent
            party = {v.key for v in (past.writer, *past.to, *past.cc, *past.bcc)}
            assert letter.writer.key in party, f"{letter.subject}: {letter.own[:60]!r}"


def test_echoed_lines_stand_in_the_answered_message(letters):
    echoes = [(letter, text) for letter in letters for block, text in letter.blocks if block is Block.ECHO]
    assert len(echoes) >= 10
    for letter, text in echoes:
        assert letter.parent is not None
        assert words(text) in words(letter.parent.own), letter.subject


def test_no_two_messages_share_long_text(facts):
    def shingles(text: str) -> set[tuple[str, ...]]:
        run = re.findall(r"\w+", text.lower())
        return {tuple(run[i : i + 3]) for i in range(len(run) - 2)}

    sets = [(m, shingles(m.own)) for m in facts.messages]
    for number, (one, mine) in enumerate(sets):
        for other, theirs in sets[:number]:
            if mine and theirs:
                assert len(mine & theirs) <= 0.6 * min(len(mine), len(theirs)), (one.own, other.own)


def test_clean_messages_carry_exactly_what_was_agreed(letters):
    people = config.load(DATA / "council" / "schedule.toml").policy
    for letter in letters:
        options = letter.note.options
        if letter.writer.person is None or "kind" in options:
            continue
        agreed = people.agreed(letter.writer.person)
        signatures = {re.sub(r"\{phone\}", "07700 900112", w.text) for w in agreed.signatures}
        assert (letter.carries(Block.SIGNATURE) in signatures) == ("sig" not in options), letter.subject
        waivers = {w.text for w in agreed.waivers}
        wrong = options.get("waiver", "above") not in ("above", "before-ps")
        assert (letter.carries(Block.WAIVER) in waivers) == (not wrong), letter.subject


def test_planted_faults_are_a_mild_share_and_cover_the_first_rules(facts):
    inside = [m for m in facts.messages if m.inside]
    faulty = [m for m in inside if m.faults or m.either]
    assert 0.12 <= len(faulty) / len(inside) <= 0.25
    planted = Counter(rule for m in inside for rule in m.faults)
    assert all(planted[rule] >= 5 for rule in sample.FORMAL), planted
    assert set(planted) <= set(RULE_NAMES)
    assert len(set(planted) - sample.FORMAL) >= 15
    assert not [m for m in facts.messages if not m.inside and (m.faults or m.either)]
    assert not [m for m in facts.messages if m.kind is not Kind.ORDINARY and (m.faults or m.either)]


def test_the_clerk_is_not_spared(facts):
    assert any(m.faults & sample.FORMAL for m in facts.messages if m.sender == "clerk@thorrington.example.org")


def test_only_invented_addresses_and_telephones_occur(facts):
    text = "\n".join(p.read_text(encoding="utf-8") for p in DATA.rglob("*.t*") if p.is_file())
    for domain in re.findall(r"[\w.+-]+@([\w.-]+\w)", text):
        assert domain.endswith((".example", "example.org", "example.com", "example.net")), domain
    for number in re.findall(r"\b0\d{3,4} \d{6}\b", text):
        assert number.startswith(("01632 960", "07700 900", "01206 00000")), number


@pytest.mark.parametrize("name", ["a-plan.pdf", "b.docx", "c.docm", "d.xlsx", "e.jpg", "f.png", "g.dat"])
def test_enclosures_begin_as_their_kind_does(name):
    begins = {
        "pdf": b"%PDF-1.4", "docx": b"PK\x03\x04", "docm": b"PK\x03\x04", "xlsx": b"PK\x03\x04",
        "jpg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n", "dat": b"\x78\x9f\x3e\x22",
    }  # fmt: skip
    assert enclosures.enclosure(name).startswith(begins[name.rpartition(".")[2]])
    assert enclosures.enclosure(name) == enclosures.enclosure(name)


def test_the_workbook_enclosed_opens():
    book = openpyxl.load_workbook(io.BytesIO(enclosures.enclosure("Fete-takings.xlsx")))
    assert book.active["A1"].value == "Fete takings"

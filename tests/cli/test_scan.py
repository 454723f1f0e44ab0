"""`auditor scan`: one JSON object a message, whatever the message is."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import eml
from stow import CLERK, IVY, SEALED, TOM, WAIVER, Council, Ran, letter, shut, signed, stow

ROW = {"source", "message_id", "sender", "sent", "parts", "findings"}
FINDING = {
    "id", "rule", "rules_version", "clause", "severity", "confidence", "part", "start", "end", "excerpt", "reason",
}  # fmt: skip
PARTS = {"own", "signature", "waiver", "quoted", "forwarded"}


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """The council with letters that are wrong in every way the first rules know."""
    council = stow(tmp_path_factory.mktemp("stow"))
    altered = WAIVER.replace("please tell the Clerk", "please tell nobody at all")
    council.post(TOM, "a altered", eml(sender=TOM, body=signed("Here is the plan.", TOM, altered), n=21))
    odd = "The hedge is cut.\n\nTom Bell\nHedge Services Ltd\nFor all your hedges\n"
    council.post(TOM, "b other", eml(sender=TOM, body=odd, n=22))
    council.post(
        TOM, "c postscript", eml(sender=TOM, body=signed("Dear all\n\nYes.", TOM) + "\nPS The key is here.\n", n=23)
    )
    quoted = "Thanks.\n\nOn Mon, 16 Nov 2026 at 09:00, Ann Marsh <clerk@council.example> wrote:\n> " + WAIVER + "\n"
    council.post(TOM, "d quoted", eml(sender=TOM, body=quoted, n=24, subject="Re: Łódź — “plans”"))
    council.post(TOM, "e title", eml(sender=TOM, body=signed("Fine.", TOM).replace("Councillor", "Lord Mayor"), n=25))
    council.post(TOM, "f html", eml(sender=TOM, body="x", html="<p>All &pound;5 is <b>paid</b>.</p><p>Tom</p>", n=26))
    return council


@pytest.fixture(scope="module")
def scanned(council: Council) -> Ran:
    return council.auditor("scan", "mail", "--format", "jsonl")


def rows(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_folder_is_scanned_in_path_order(council: Council, scanned: Ran) -> None:
    assert (scanned.status, scanned.err) == (0, "")
    files = sorted(path.relative_to(council.folder) for path in (council.folder / "mail").rglob("*.eml"))
    assert [row["source"] for row in rows(scanned)] == [path.as_posix() for path in files]


def test_every_key_is_there(scanned: Ran) -> None:
    for row in rows(scanned):
        assert set(row) == ROW
        assert set(row["parts"]) == PARTS
        assert row["message_id"].startswith("<")
        assert row["sent"].endswith("+00:00")
        for finding in row["findings"]:
            assert set(finding) == FINDING
            assert finding["rules_version"].startswith("1.")
            assert 0 <= finding["confidence"] <= 1
            assert finding["severity"] in ("info", "low", "medium", "high", "critical")
            assert finding["reason"].endswith(".")
            assert len(finding["excerpt"]) <= 200


def test_findings_stand_where_they_say(scanned: Ran) -> None:
    located = 0
    for row in rows(scanned):
        for finding in row["findings"]:
            start, end = finding["start"], finding["end"]
            if finding["part"] in ("message", "headers"):
                assert (start, end) == (0, 0)
                continue
            text = row["parts"][finding["part"]]
            assert 0 <= start < end <= len(text)
            there, shown = " ".join(text[start:end].split()), finding["excerpt"].rstrip("…")
            assert there in shown or shown in there, finding
            located += 1
    assert located >= 4


def test_each_fault_is_found(scanned: Ran) -> None:
    found = {Path(row["source"]).stem: {f["rule"] for f in row["findings"]} for row in rows(scanned)}
    assert found["agenda"] == set()
    assert found["bench"] == {"signature-missing", "waiver-missing"}
    assert found["a altered"] == {"waiver-altered"}
    assert found["b other"] == {"signature-not-agreed", "waiver-missing"}
    assert found["c postscript"] == {"waiver-misplaced"}
    assert found["d quoted"] == {"signature-missing", "waiver-misplaced"}
    assert found["e title"] == {"signature-altered"}
    html = next(row for row in rows(scanned) if row["source"].endswith("f html.eml"))
    assert "All £5 is paid." in html["parts"]["own"]


def test_the_store_finds_the_same_under_the_same_names(council: Council, scanned: Ran) -> None:
    assert council.run().status == 0
    with council.store() as store:
        held = {(row.id, row.finding.rule, row.finding.part, row.finding.start) for row in store.findings()}
        versions = {row.rules_version for row in store.findings()}
    said = [finding for row in rows(scanned) for finding in row["findings"]]
    assert {(f["id"], f["rule"], f["part"], f["start"]) for f in said} == held
    assert {f["rules_version"] for f in said} == versions


def test_an_mbox_is_numbered_and_keeps_its_place(council: Council, tmp_path: Path) -> None:
    mbox = b"".join(b"From x Mon Nov 16 09:00:00 2026\n" + letter(f"Line {n}.", n=n) + b"\n" for n in range(3))
    (tmp_path / "b.mbox").write_bytes(mbox)
    (tmp_path / "a.eml").write_bytes(letter(n=7))
    ran = council.auditor("scan", tmp_path / "b.mbox", tmp_path / "a.eml", "--format", "jsonl")
    assert ran.status == 0
    assert [row["source"] for row in rows(ran)] == [f"{tmp_path}/b.mbox#{n}" for n in range(3)] + [f"{tmp_path}/a.eml"]
    assert [row["parts"]["own"].strip() for row in rows(ran)][:3] == ["Line 0.", "Line 1.", "Line 2."]


def test_what_cannot_be_read_has_its_place_and_the_rest_is_done(council: Council, tmp_path: Path) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000))
    (tmp_path / "1.eml").write_bytes(letter(n=1))
    (tmp_path / "2.eml").write_bytes(b"")
    (tmp_path / "3.eml").write_bytes(b"From: a@b.example\nMIME-Version: 1.0\n" + deep)
    (tmp_path / "4.eml").mkdir()
    (tmp_path / "5.eml").write_bytes(letter(n=5))
    given = [tmp_path / f"{n}.eml" for n in (1, 2, 3)] + [tmp_path / "none.eml", tmp_path / "5.eml"]
    ran = council.auditor("scan", *given, "--format", "jsonl")
    assert (ran.status, ran.err) == (1, "")
    assert [row["source"] for row in rows(ran)] == [path.as_posix() for path in given]
    assert [set(row) == ROW for row in rows(ran)] == [True, False, False, False, True]
    for row in rows(ran)[1:4]:
        assert set(row) == {"source", "error"}
        assert row["error"]
    told = council.auditor("scan", *given)
    assert told.status == 1
    assert "3 not read" in told.out


def test_a_stranger_is_not_judged(council: Council, tmp_path: Path) -> None:
    (tmp_path / "s.eml").write_bytes(eml(sender="pat@elsewhere.example", body="Hello\n"))
    (tmp_path / "u.eml").write_bytes(eml(sender="new.body@planning.council.example", body="Hello\n"))
    ran = council.auditor("scan", tmp_path, "--format", "jsonl")
    stranger, unknown = rows(ran)
    assert (stranger["sender"], stranger["findings"]) == ("pat@elsewhere.example", [])
    assert stranger["parts"]["own"] == "Hello\n"
    assert {f["rule"] for f in unknown["findings"]} == {"signature-missing", "waiver-missing"}


def test_output_is_utf_8_whatever_the_locale(council: Council, tmp_path: Path) -> None:
    (tmp_path / "naïve.eml").write_bytes(letter("Crêpes, 5 €, ½ \U0001f950.", n=1))
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ran = council.auditor("scan", tmp_path, "--format", "jsonl", env=env)
    assert ran.status == 0
    assert "Crêpes, 5 €, ½ \U0001f950." in ran.out


def test_sealed_mail_is_not_said_to_lack_anything(council: Council, tmp_path: Path) -> None:
    (tmp_path / "sealed.eml").write_bytes(SEALED)
    (tmp_path / "blank.eml").write_bytes(eml(sender=IVY, body="\n"))
    by_name = {Path(row["source"]).stem: row for row in rows(council.auditor("scan", tmp_path, "--format", "jsonl"))}
    assert by_name["sealed"]["findings"] == []
    assert {f["rule"] for f in by_name["blank"]["findings"]} == {"signature-missing", "waiver-missing"}


def test_a_rule_switched_off_or_weighed_anew(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest='[policy.rules]\n"signature-missing" = "off"\n"waiver-missing" = "high"\n')
    [row] = rows(council.auditor("scan", council.file(TOM, "bench"), "--format", "jsonl"))
    assert [(f["rule"], f["severity"]) for f in row["findings"]] == [("waiver-missing", "high")]
    assert council.auditor("scan", council.file(CLERK, "agenda"), "--format", "jsonl").json["findings"] == []


# --- what cannot be opened


@pytest.mark.skipif(sys.platform != "linux", reason="the superuser may read anything")
def test_what_may_not_be_opened_has_its_place_and_the_rest_is_done(council: Council, tmp_path: Path) -> None:
    for name in ("a.eml", "b.eml", "m/c.eml", "m/d/e.eml", "m/f.eml", "m/g", "m/.h/cur/i", "m/j.eml", "k/l.eml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(letter(n=len(name)))
    given = [str(tmp_path / name) for name in ("a.eml", "b.eml", "m", "k/l.eml", "k", "x" * 300, "j.eml")]
    (tmp_path / "j.eml").write_bytes(letter(n=9))
    with shut(*(tmp_path / name for name in ("b.eml", "m/d", "m/f.eml", "m/g", "m/.h", "k"))):
        ran = council.auditor("scan", *given, "--format", "jsonl", mortal=True)
    assert (ran.status, ran.err) == (1, "")
    assert [(Path(row["source"]).relative_to(tmp_path).as_posix(), row.get("error")) for row in rows(ran)] == [
        ("a.eml", None),
        ("b.eml", "The file cannot be read: permission denied."),
        ("m/.h", "The folder cannot be listed: permission denied."),
        ("m/c.eml", None),
        ("m/d", "The folder cannot be listed: permission denied."),
        ("m/f.eml", "The file cannot be read: permission denied."),
        ("m/g", "The file cannot be read: permission denied."),
        ("m/j.eml", None),
        ("k/l.eml", "The file cannot be read: permission denied."),
        ("k", "The folder cannot be listed: permission denied."),
        ("x" * 300, "The file cannot be read: file name too long."),
        ("j.eml", None),
    ]


def test_kinds_that_are_not_read_have_their_place(council: Council, tmp_path: Path) -> None:
    (tmp_path / "a.pst").write_bytes(b"!BDN" + bytes(600))
    (tmp_path / "b.eml").write_bytes(letter(n=1))
    (tmp_path / "c.eml").write_bytes(random.Random(7).randbytes(3000))
    ran = council.auditor("scan", tmp_path, tmp_path / "a.pst", "--format", "jsonl")
    assert (ran.status, ran.err) == (1, "")
    assert [row.get("error", "")[:26] for row in rows(ran)] == [
        "The file is an Outlook dat",
        "",
        "The file holds no mail tha",
        "The file is an Outlook dat",
    ]


def test_an_empty_path_is_refused_before_anything_is_read(council: Council) -> None:
    ran = council.auditor("scan", "mail", "", "--format", "jsonl")
    assert (ran.status, ran.out) == (2, "")
    assert "PATH is empty" in ran.sentence


# --- what is printed


def test_a_path_is_printed_as_it_was_given(council: Council) -> None:
    ran = council.auditor("scan", f".//mail//{TOM}/sent/bench.eml", f".//mail//{IVY}//", "--format", "jsonl")
    assert [row["source"] for row in rows(ran)] == [
        f".//mail//{TOM}/sent/bench.eml",
        f".//mail//{IVY}//sent/oak.eml",
    ]


def test_a_message_is_one_line_whatever_it_says(council: Council, tmp_path: Path) -> None:
    body = "One\x85two\u2028three\u2029four\x0bfive\x0csix\x1cseven\x1deight\x1enine."
    (tmp_path / "a\u2028b\x85.eml").write_bytes(letter(body, n=1))
    ran = council.auditor("scan", tmp_path, "--format", "jsonl")
    assert ran.out.splitlines() == ran.out.removesuffix("\n").split("\n")
    [row] = rows(ran)
    assert row["source"] == f"{tmp_path}/a\u2028b\x85.eml"
    assert all(end in row["parts"]["own"] for end in "\x85\u2028\u2029")


def test_the_other_answers_are_one_line_too(tmp_path: Path) -> None:
    council = stow(tmp_path)
    odd = "a\u2028b\u2029c\x85d"
    (council.folder / "mail" / TOM / f"{odd}.mbox").write_bytes(b"No mbox\n")
    (council.folder / "mail" / f"new@{odd}.example").mkdir()
    for command in ("run", "status", "check"):
        ran = council.auditor(command, "--json")
        assert len(ran.out.splitlines()) == 1, command
        assert odd in json.dumps(ran.json, ensure_ascii=False), command


def _suspects(ran: Ran) -> list[tuple[str, str]]:
    found = [(row["source"], finding) for row in rows(ran) for finding in row["findings"]]
    return [(source, finding["excerpt"]) for source, finding in found if finding["rule"] == "recipient-suspect"]


def test_a_message_is_compared_with_what_is_dated_before_it_wherever_it_lies(tmp_path: Path) -> None:
    council = stow(tmp_path)
    known, slip = "jsmithson@oakleyturf.example", "jsmtihson@oakleyturf.example"
    council.post(TOM, "a slip", letter(n=30, to=[slip]))
    for n in (10, 11, 12):
        council.post(IVY, f"known {n}", letter(n=n, box=IVY, to=[known]))
    council.post(TOM, "z slip once more", letter(n=31, to=[slip]))
    where = f"mail/{TOM}/sent/a slip.eml"
    assert _suspects(council.auditor("scan", "mail", "--format", "jsonl")) == [(where, slip)]
    assert _suspects(council.auditor("scan", where, "--format", "jsonl")) == [], "alone it has no history"
    letters = [path.read_bytes() for path in sorted((council.folder / "mail").rglob("*.eml"))]
    box = council.folder / "all.mbox"
    box.write_bytes(b"".join(b"From x Mon Nov 16 09:00:00 2026\n" + one + b"\n" for one in letters))
    number = letters.index(council.file(TOM, "a slip").read_bytes())
    assert _suspects(council.auditor("scan", "all.mbox", "--format", "jsonl")) == [(f"all.mbox#{number}", slip)]

"""The log holds named fields of known kinds and nothing else, whoever calls it with what; no disk stops a night by it."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stow import CLERK, TOM, letter, stow

from auditor import log
from auditor.errors import LostSource
from auditor.pipeline.pull import Clock
from auditor.scrub import HIDDEN, hide, scrubbed, without_secrets
from connectors.tokens import Tokens

CANARY = "quizzaciously-7310"


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / log.NAME).read_text(encoding="ascii").splitlines()]


def one(folder: Path, name: str, **fields: object) -> dict[str, Any]:
    with log.written_to(folder):
        log.event(name, **fields)
    made = lines(folder)[-1]
    assert made.pop("at").endswith("+00:00")
    return made


def test_fields_of_known_kinds_stand_in_it(tmp_path: Path) -> None:
    said = LostSource("Two\nlines of a sentence.")
    made = one(
        tmp_path, "backup", run=3, ok=True, seconds=1.23456, mailbox=TOM, source="files", status="partial",
        week="2026-W47", file=tmp_path / "Audit 2026-W47.xlsx", tables=["[people]"], error="KeyError", sentence=said,
        gaps=None,
    )  # fmt: skip
    assert made == {
        "event": "backup", "run": 3, "ok": True, "seconds": 1.235, "mailbox": TOM, "source": "files",
        "status": "partial", "week": "2026-W47", "file": "Audit 2026-W47.xlsx", "tables": ["[people]"],
        "error": "KeyError", "sentence": "Two lines of a sentence.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "Letter 1"), ("body", "words"), ("run", "17"), ("run", True), ("ok", 1), ("seconds", "1"),
        ("mailbox", f"{TOM}, {CLERK}"), ("mailbox", [TOM]), ("mailbox", f"{CANARY} <a@b.example>"), ("mailbox", TOM + "\n"),
        ("sentence", "any text"), ("sentence", ValueError("any text")), ("error", "KeyError: 'x'"), ("file", "a name"),
        ("status", "Dear Sir, thank you for your letter of last week"), ("what", "UPPER"), ("tables", ["[a] b"]),
        ("tables", "[people]"), ("week", "a/b"), ("size", 1.5), ("args", ()), ("exc_info", ValueError(CANARY)),
    ],
)  # fmt: skip
def test_free_text_and_unknown_fields_are_refused(tmp_path: Path, field: str, value: object) -> None:
    assert one(tmp_path, "backup", run=1) | {"refused": [field]} == one(
        tmp_path, "backup", **{"run": 1, field: value} if field != "run" else {field: value}
    ) | {"run": 1}


@given(st.text(), st.dictionaries(st.sampled_from([*log.FIELDS, "other"]), st.text(min_size=61)))
def test_no_long_text_finds_a_way_in(
    tmp_path_factory: pytest.TempPathFactory, name: str, fields: dict[str, str]
) -> None:
    made = one(tmp_path_factory.mktemp("log"), name, **fields)
    assert set(made) <= {"event", "refused", "mailbox", "status", "source", "what", "way", "week", "error"}
    assert all("@" in value and " " not in value for key, value in made.items() if key == "mailbox")
    assert made["event"] == "unnamed" or (made["event"] == name and name.isascii() and name.islower())


def test_without_an_open_log_nothing_happens(tmp_path: Path) -> None:
    log.event("backup", size=1)
    with log.written_to(tmp_path):
        pass
    log.event("backup", size=1)
    assert (tmp_path / log.NAME).read_bytes() == b""


def test_an_unexpected_exception_is_its_class_and_our_lines(tmp_path: Path) -> None:
    def inner() -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            without_secrets(error)  # type: ignore[arg-type]

    hide("something to look for")
    with pytest.raises(AttributeError), log.written_to(tmp_path):
        inner()
    [made] = lines(tmp_path)
    assert CANARY not in json.dumps(made)
    assert (made["event"], made["error"], made["because"]) == ("failed", "AttributeError", ["KeyError"])
    assert [place.partition(":")[0] for place in made["frames"]] == ["auditor/log.py", "auditor/scrub.py"]


def test_an_error_made_for_people_keeps_its_sentence_and_no_secret(tmp_path: Path) -> None:
    hide("hunter2hunter2")
    with pytest.raises(LostSource), log.written_to(tmp_path):
        raise LostSource("The server said hunter2hunter2 and left.")
    assert lines(tmp_path)[0]["sentence"] == f"The server said {HIDDEN} and left."
    with pytest.raises(KeyboardInterrupt), log.written_to(tmp_path):
        raise KeyboardInterrupt
    assert {"event": "stopped", "error": "KeyboardInterrupt"}.items() <= lines(tmp_path)[1].items()


@pytest.mark.parametrize(
    "name", ["msal", "googleapiclient.http", "urllib3.connectionpool", "apscheduler.scheduler", CANARY + " x"]
)
def test_libraries_are_heard_without_their_words(tmp_path: Path, name: str) -> None:
    before = logging.getLogger(name).level
    logging.getLogger(name).setLevel(logging.DEBUG)  # whatever a library sets itself
    try:
        with log.written_to(tmp_path):
            for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
                logging.getLogger(name).log(
                    level, f"%s {CANARY}", CANARY, exc_info=ValueError(CANARY), extra={"entry": {"a": CANARY}}
                )
    finally:
        logging.getLogger(name).setLevel(before)
    logger = name if " " not in name else "unnamed"
    made = lines(tmp_path)
    assert [{k: line[k] for k in line if k != "at"} for line in made] == [
        {"event": "library", "level": level, "logger": logger} for level in ("warning", "error")
    ]
    assert CANARY not in (tmp_path / log.NAME).read_text()


def test_it_is_rotated_by_size_and_five_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "SIZE", 2_000)
    with log.written_to(tmp_path):
        for number in range(300):
            log.event("backup", size=number)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [log.NAME, *(f"{log.NAME}.{n}" for n in range(1, 6))]
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.iterdir())
    assert lines(tmp_path)[-1]["size"] == 299
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no mode bits")
def test_a_log_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / log.NAME).touch(mode=0o644)
    one(tmp_path, "backup")
    assert stat.S_IMODE((tmp_path / log.NAME).stat().st_mode) == 0o600


def test_a_place_that_refuses_it_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / log.NAME).mkdir()
    with log.written_to(tmp_path):
        log.event("backup", size=1)
    with log.written_to(tmp_path / "nowhere"):
        log.event("backup", size=1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / log.NAME).symlink_to("/dev/full")
    with log.written_to(tmp_path):
        for _ in range(100):
            log.event("backup", size=1)
    assert capfd.readouterr() == ("", "")


# --- a night


def test_a_night_is_told_in_figures(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(TOM, "sealed", b"")
    assert council.run().status == 1
    made = lines(council.database.parent)
    assert [line["event"] for line in made] == ["run began", "workbook", *["mailbox"] * 3, "run ended"]
    boxes = {line["mailbox"]: line for line in made if line["event"] == "mailbox"}
    assert (boxes[TOM]["new"], boxes[TOM]["gaps"], boxes[TOM]["status"], boxes[TOM]["run"]) == (1, 1, "complete", 1)
    assert made[-1]["ok"] is False
    assert not any("refused" in line for line in made)
    council.schedule(people='[[people]]\nname = "Di Orr"\nrole = "volunteer"\nmailbox = "di@council.example"\n')
    assert council.run().status == 1
    later = lines(council.database.parent)[len(made) :]
    assert {"event": "configuration changed", "tables": ["[people]"], "files": 0}.items() <= later[0].items()
    [lost] = [line for line in later if line.get("mailbox") == "di@council.example"]
    assert lost["status"] == "failed"
    assert lost["sentence"].startswith("The folder or mbox of di@council.example is not there: look in")


def test_a_night_goes_on_where_the_log_cannot_be_written(tmp_path: Path) -> None:
    council = stow(tmp_path)
    (council.database.parent / log.NAME).mkdir(parents=True)
    ran = council.run()
    assert (ran.status, ran.boxes[TOM]["new"]) == (0, 1)
    assert "auditor.log" not in ran.err


def test_a_letter_with_nothing_wrong_leaves_no_word_in_it(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.post(TOM, "gate", letter(f"The {CANARY}.", n=9, subject=f"About {CANARY}"))
    assert council.run().status == 0
    assert CANARY not in (council.database.parent / log.NAME).read_text()


# --- tracebacks


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("GET https://graph.microsoft.com/v1.0/users?$skiptoken=abc failed", "skiptoken"),
        ("https://user:pass@host.example/", "pass"),
        ("Authorization: Bearer ya29.a0Af", "ya29"),
        ("{'client_secret': 'p8Q~abc'}", "p8Q"),
        ("client_assertion=eyJhbGciOi", "eyJ"),
        ('{"access_token": "xyz zy"}', "xyz"),
        ("smtp password: hunter2", "hunter2"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----", "MIIEv"),
        ("-----BEGIN PRIVATE KEY-----\\nMIIEv", "MIIEv"),
        ("key 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0 end", "0f1e2d"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, gone: str) -> None:
    assert gone not in scrubbed(text)


def test_what_a_developer_needs_stays() -> None:
    try:
        raise ValueError("row 17 of holdings has no evidence")
    except ValueError as error:
        said = log.traced(error)
    assert "row 17 of holdings has no evidence" in said
    assert f'File "{__file__}", line' in said
    assert scrubbed("https://login.microsoftonline.com") == "https://login.microsoftonline.com"


def test_a_short_or_common_secret_does_not_tell_itself_by_its_absence() -> None:
    hide("parish")
    assert without_secrets("Stow parish council") == "Stow parish council"
    hide("a longer secret\n")
    assert without_secrets("It said: a longer secret.") == f"It said: {HIDDEN}."


def test_a_token_of_the_night_is_known_as_a_secret() -> None:
    class Fixed(Tokens):
        def _asked(self) -> tuple[str, float]:
            return "token-of-the-night", 3600.0

    token = Fixed(Clock(lambda: 0.0, lambda _seconds: None)).token()
    assert without_secrets(f"It said {token}.") == f"It said {HIDDEN}."


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of this kind there")
def test_the_reader_leaves_no_core() -> None:
    from auditor.pipeline.guard import Guard, Task

    with Guard() as guard:
        [done] = guard.each(Task("test_log", ("limits",)), [[0]])
    assert done.outcomes == [((0, 0), 0 if sys.platform == "linux" else None)]


def limits(_item: int) -> tuple[tuple[int, int], int | None]:
    """In the child: the limit on cores, and whether the process may be dumped."""
    import ctypes
    import resource

    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else None
    return resource.getrlimit(resource.RLIMIT_CORE), dumpable

"""Every command explains itself, starts light, and takes wrong use with one plain line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from stow import Council, auditor, environment, stow

COMMANDS = (
    "demo", "init", "check", "run", "report", "serve", "status", "scan", "rules", "replay", "dossier", "hold", "purge", "backup",
    "restore", "store", "verify",
)  # fmt: skip
INNER = ("hold add", "hold list", "hold lift", "store encrypt", "store decrypt", "serve install")
HEAVY = ("pandas", "openpyxl", "selectolax", "fast_mail_parser", "numpy", "rapidfuzz", "reportlab")


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    return stow(tmp_path_factory.mktemp("stow"))


@pytest.mark.parametrize("command", [*COMMANDS, *INNER])
def test_help_has_an_example_that_names_the_command(command: str, tmp_path: Path) -> None:
    said = auditor(*command.split(), "--help", folder=tmp_path)
    assert (said.status, said.err) == (0, "")
    # On one line: what is cut in two cannot be copied into a terminal.
    assert said.out.splitlines()[-1].startswith(f"  Example: auditor {command}")


def test_commands_inside_a_command_are_listed_as_they_are_used(tmp_path: Path) -> None:
    for group, inner in (("hold", ["add", "list", "lift"]), ("store", ["encrypt", "decrypt"])):
        listed = auditor(group, "--help", folder=tmp_path).out.partition("Commands:\n")[2].splitlines()
        assert [line.split()[0] for line in listed[: len(inner)]] == inner


def test_the_program_lists_its_commands(tmp_path: Path) -> None:
    said = auditor("--help", folder=tmp_path)
    assert said.status == 0
    for command in COMMANDS:
        assert f"\n  {command} " in said.out


def test_a_day_is_shown_as_people_write_it(tmp_path: Path) -> None:
    assert "--since YYYY-MM-DD " in auditor("run", "--help", folder=tmp_path).out


def test_the_help_of_status_says_what_it_shows(tmp_path: Path) -> None:
    said = " ".join(auditor("status", "--help", folder=tmp_path).out.split())
    for shown in (
        "interrupted",
        "of the last seven nights",
        "messages there (in the folders that are read) = collected",
        "the store holds",
    ):
        assert shown in said


def test_the_program_alone_shows_its_help(tmp_path: Path) -> None:
    said = auditor(folder=tmp_path)
    assert (said.status, said.err) == (2, "")
    assert said.out == auditor("--help", folder=tmp_path).out


def imported(arguments: list[str], folder: Path) -> set[str]:
    """Modules that a command leaves in memory."""
    code = (
        "import sys\nfrom auditor.cli import main\n"
        f"sys.argv = ['auditor', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


def test_help_imports_nothing_but_the_command_line(tmp_path: Path) -> None:
    assert not imported(["--help"], tmp_path) & {*HEAVY, "pydantic", "sqlcipher3", "msgspec"}


def test_a_command_is_explained_without_its_libraries(tmp_path: Path) -> None:
    for command in ("run", "report", "scan", "demo"):
        assert not imported([command, "--help"], tmp_path) & {*HEAVY, "pydantic", "sqlcipher3"}, command


def test_status_opens_the_store_and_no_parser(council: Council) -> None:
    assert council.run().status == 0
    assert not imported(["status", "--json"], council.folder) & set(HEAVY)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'. "),
        (["chekc"], "No such command 'chekc' (did you mean 'check'?). "),
        (["--versio"], "No such option '--versio' (did you mean '--version'?). 'auditor --help' shows"),
        (["run", "--since", "yesterday"], "yesterday"),
        (["scan"], "Missing argument"),
        (["run", "--nonsense"], "No such option"),
        (["rules", "no-such-rule"], "'no-such-rule'; 'auditor rules' lists them."),
        (["rules", "waiver-mising"], "There is no rule 'waiver-mising' (did you mean 'waiver-missing'?); "),
        (["report", "--out", "week.xls"], "--out must end in .xlsx, as a workbook does: write 'week.xlsx'."),
        (["report", "--week", "2026-W99"], "2026-W99"),
        (["report", "--week", "last"], "'last' is no week"),
        (["report", "--week", "2099-W01"], "has not begun"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(council: Council, arguments: list[str], said: str) -> None:
    ran = council.auditor(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.sentence


def test_no_configuration_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    for command in ("check", "run", "status", "report"):
        ran = auditor(command, folder=tmp_path)
        if command == "check":
            assert (ran.status, "auditor init" in ran.out) == (2, True)
        else:
            assert (ran.status, ran.out) == (2, "")
            assert "auditor init" in ran.sentence


def test_the_environment_may_name_the_configuration(council: Council, tmp_path: Path) -> None:
    env = {"AUDITOR_CONFIG": str(council.folder / "schedule.toml")}
    assert auditor("status", "--json", folder=tmp_path, env=env).status == 0


def test_an_environment_that_names_no_configuration_is_not_heard(council: Council) -> None:
    assert council.auditor("status", "--json", env={"AUDITOR_CONFIG": ""}).status == 0


def test_debug_shows_where(council: Council) -> None:
    ran = council.auditor("--debug", "rules", "no-such-rule")
    assert ran.status == 2
    assert "Traceback" in ran.err


def test_rules_are_listed_with_clause_and_severity(tmp_path: Path) -> None:
    listed = auditor("rules", folder=tmp_path)
    assert listed.status == 0
    assert [line.split()[:3] for line in listed.out.splitlines()][:4] == [
        ["signature-missing", "E1", "medium"],
        ["signature-not-agreed", "E1", "medium"],
        ["signature-altered", "E1", "low"],
        ["waiver-missing", "E3", "medium"],
    ]


def test_a_rule_is_explained_with_what_it_flags_and_what_it_leaves(tmp_path: Path) -> None:
    said = auditor("rules", "waiver-missing", folder=tmp_path)
    assert said.status == 0
    flagged, left = said.out.split("\nFlagged:")[1].split("\nLeft alone:")
    assert "Because" in flagged
    assert "Because" in left
    assert "Clause E3: A waiver clause stands at the end of each message." in said.out


def test_init_writes_what_check_accepts_once_it_is_filled_in(tmp_path: Path) -> None:
    made = auditor("init", "council", folder=tmp_path)
    assert made.status == 0, made.err
    folder = tmp_path / "council"
    wrote = {tmp_path / line.removeprefix("Wrote ") for line in made.out.splitlines() if line.startswith("Wrote ")}
    assert wrote == {path for path in folder.rglob("*") if path.is_file()}
    assert auditor("check", folder=folder).status == 1  # there is no mail yet
    for box in ("clerk", "chairman", "member"):
        for domain in ("ourparish.example.org", "stow.example"):
            (folder / "mail" / f"{box}@{domain}" / "sent").mkdir(parents=True)
    untouched = auditor("check", "--json", folder=folder)
    assert untouched.status == 1
    assert [c["subject"] for c in untouched.json["checks"] if not c["ok"]] == [
        "[[people]] 1 (Clerk's Full Name)", "[[people]] 2 (Chairman's Full Name)", "[[people]] 3 (Member's Full Name)",
    ]  # fmt: skip
    assert "All is ready" not in auditor("check", folder=folder).out
    advised = {c["subject"] for c in untouched.json["checks"] if c["check"] == "template" and c["ok"]}
    assert advised == {"[council] name", "[council] domains", "signatures full", "signatures short", "waivers standard"}
    for path in (path for path in folder.rglob("*") if path.suffix in (".toml", ".txt")):
        text = path.read_text(encoding="utf-8").replace("ourparish.example.org", "stow.example")
        text = text.replace("Our Parish", "Stow Parish").replace("'s Full Name", " Green")
        path.write_text(text, encoding="utf-8")
    checked = auditor("check", "--json", folder=folder)
    assert [c for c in checked.json["checks"] if not c["ok"]] == []
    assert [c["detail"] for c in checked.json["checks"] if c["check"] == "template"] == ["The phone is an example."]
    assert checked.status == 0


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "schedule.toml").write_text("mine", encoding="utf-8")
    ran = auditor("init", folder=tmp_path)
    assert ran.status == 2
    assert "schedule.toml exists already" in ran.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["schedule.toml"]
    assert (tmp_path / "schedule.toml").read_text(encoding="utf-8") == "mine"

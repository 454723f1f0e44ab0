"""What the documentation says is so: its links, commands, keys, columns, figures and the picture of the tree."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import click
import pytest
from stow import TOM, Council, auditor, stow

from auditor import config, errors, schedule, secret
from auditor.analysers import ANALYSERS
from auditor.cli import COMMANDS
from auditor.cli import auditor as program
from auditor.mail.enclosures import pdf
from auditor.mail.limits import DEFAULT
from auditor.pipeline import guard
from auditor.store.decisions import Decision
from auditor.tables import REQUIRED, Entry, Table
from connectors import CONNECTORS, folders
from connectors.files import mailbox, mbox, survey
from reports import cells
from reports.sheets import assertion, coverage, deeds, findings, gaps, rules, summary
from reports.words import STATUS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
README_TEST = "-m pytest"

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def said(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", said(page))


def blocks(text: str, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(text) if name == language]


def section(text: str, heading: str) -> str:
    """From a heading of the second level to the next."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"There is no section '{heading}'."
    return found[1]


def rows(text: str) -> dict[str, list[str]]:
    """Table rows by their first cell, without its backticks."""
    lines = [line.strip("|").replace(r"\|", "¦").split("|") for line in text.splitlines() if line.startswith("| ")]
    return {first.strip().strip("`"): [cell.strip() for cell in rest] for first, *rest in lines}


# --- links and pictures


def anchors(page: Path) -> set[str]:
    """Headings as links name them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pages
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(([^)#\s]+)", said(ROOT / "README.md")))
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= linked


def test_every_picture_is_shown() -> None:
    shown = "".join(map(said, PAGES))
    pictures = list((DOCS / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert f"pictures/{picture.name})" in shown
        assert picture.read_bytes()[:4] == b"\x89PNG"


@pages
def test_fences_are_closed(page: Path) -> None:
    assert said(page).count("```") == 2 * len(FENCE.findall(said(page)))


# --- commands


def parsed(line: str) -> None:
    """Has the program read a command line, without doing what it says."""
    words = shlex.split(line.partition(" > ")[0], comments=True)
    context = click.Context(program, info_name="auditor")
    before = program.make_context("auditor", list(words[1:]), resilient_parsing=True)
    name, *rest = [*before._protected_args, *before.args]
    command = program.get_command(context, name)
    assert command is not None, line
    command.make_context(name, rest, parent=context)


def command_lines(page: Path) -> Iterator[str]:
    for _, body in FENCE.findall(said(page)):
        for line in body.splitlines():
            call = re.search(r"(?:^|[/\\ ])auditor(?:\.exe)? (?=-|[a-z])[^\"]*", line)
            if call and not line.startswith("auditor/"):
                yield "auditor " + call[0].partition(" ")[2] if call[0][0] != " " else call[0].strip()


@pages
def test_every_command_shown_is_understood(page: Path) -> None:
    for line in command_lines(page):
        if "[DIR]" in line:
            line = line.replace("[DIR]", "council")
        parsed(line)


def test_some_commands_are_shown() -> None:
    shown = {line.split()[1] for page in PAGES for line in command_lines(page)}
    assert set(COMMANDS) <= shown | {"--config"}


@pages
def test_no_command_is_named_that_is_not_there(page: Path) -> None:
    for name in re.findall(r"`(?:\S*/)?auditor ([^\s`]+)", prose(page)):
        assert name in {*COMMANDS, "COMMAND"} or name.startswith("--"), name


def test_the_readme_begins_with_the_two_commands_that_are_run_from_it() -> None:
    setup, tests = blocks(said(ROOT / "README.md"), "sh")
    assert setup.startswith("python3 -m venv .venv && ")
    assert "--require-hashes -r requirements.txt" in setup
    assert setup.rstrip().endswith(".venv/bin/auditor demo")
    assert README_TEST in tests
    for line in (setup, tests):
        assert len(line.splitlines()) == 1
        for name in re.findall(r"-r (\S+)", line):
            assert (ROOT / name).is_file()
    assert [name for name, _ in FENCE.findall(said(ROOT / "README.md"))][:2] == ["sh", "sh"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_described_and_no_other(name: str) -> None:
    text = section(said(DOCS / "commands.md"), name)
    command = program.get_command(click.Context(program), name)
    assert command is not None
    under = command.commands.values() if isinstance(command, click.Group) else ()
    params = [p for one in (command, *under) for p in one.params]
    options = {o for p in params if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)}
    described = {first.split()[0] for first in rows(text) if first.startswith("--")}
    assert described == options - {"--help", "-h"}
    arguments = [p for p in params if isinstance(p, click.Argument)]
    for argument in arguments:
        assert argument.make_metavar(click.Context(command)).strip("[]") in text
    assert set(re.findall(r"--[a-z]+", text)) <= options | {"--config", "--debug", "--help"}


def test_the_options_before_a_command_are_described() -> None:
    options = {p.opts[0] for p in program.params if isinstance(p, click.Option)}
    described = {first.split()[0] for first in rows(said(DOCS / "commands.md")) if first.startswith("--")}
    assert options <= described


def test_exit_statuses_are_described() -> None:
    listed = {int(first) for first in rows(section(said(DOCS / "commands.md"), "Exit statuses")) if first.isdigit()}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AuditorError)]
    assert listed == {0, 130, *(kind.exit_status for kind in kinds)}


# --- JSON


def shape(value: Any) -> Any:
    """The keys of a JSON value, and of the first of each list."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    made = stow(tmp_path_factory.mktemp("stow"))
    assert made.run().status == 0
    return made


@pytest.mark.parametrize("name", ["check", "run", "status"])
def test_json_has_the_keys_described(council: Council, name: str) -> None:
    [described] = blocks(section(said(DOCS / "commands.md"), name), "json")
    assert shape(council.auditor(name, "--json").json) == shape(json.loads(described))


def test_scan_has_the_keys_described(council: Council) -> None:
    described = [json.loads(one) for one in blocks(section(said(DOCS / "commands.md"), "scan"), "json")]
    empty = council.folder / "empty.eml"
    empty.touch()
    ran = council.auditor("scan", council.file(TOM, "bench"), empty, "--format", "jsonl")
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1
    assert [shape(one) for one in found] == [shape(one) for one in described]
    assert found[1]["error"] == described[1]["error"]
    assert found[0]["findings"][1]["reason"] == described[0]["findings"][0]["reason"]


# --- the configuration


TABLES: dict[str, type[Table]] = {
    "[council]": schedule.Council,
    "[[people]]": schedule.PersonTable,
    "[[sources]], files": schedule.FilesSource,
    "[[sources]], microsoft365": schedule.MicrosoftSource,
    "[[sources]], google": schedule.GoogleSource,
    "[schedule]": schedule.Times,
    "[policy]": schedule.PolicyTable,
    "[store]": schedule.StoreTable,
    "[reports]": schedule.ReportsTable,
    "[reports.sharepoint]": schedule.SharePointTable,
    "[reports.onedrive]": schedule.OneDriveTable,
    "[reports.drive]": schedule.DriveTable,
    "[reports.mail]": schedule.MailTable,
    "[notify]": schedule.NotifyTable,
    "[backup]": schedule.BackupTable,
    "[audit]": schedule.AuditTable,
    "[engine]": schedule.EngineTable,
}


def written(default: object) -> str:
    """A default as it would stand in the file."""
    match default:
        case (int(day), time() as at):
            return f'"{schedule.WEEKDAYS[day]} {at:%H:%M}"'
        case tuple():
            return f"[{', '.join(map(written, default))}]"
        case bool():
            return str(default).lower()
        case int() | float():
            return f"{default:g}"
        case time():
            return f'"{default:%H:%M}"'
        case schedule.Stamps():
            return written(default.waiver)
        case _:
            return f'"{default}"'


def as_written(one: Entry) -> str:
    if one.default is REQUIRED:
        return "required"
    return "none" if one.default is None else f"`{written(one.default)}`"


def test_every_table_has_its_section() -> None:
    kinds = {one for one in vars(schedule).values() if isinstance(one, type) and issubclass(one, Table)} - {Table}
    bases = {schedule._Source, schedule._LibraryTable}
    assert kinds == {*TABLES.values(), *bases, schedule.Schedule, schedule.Stamps}
    for name in schedule.Schedule.entries:
        assert any(heading.strip("[").startswith(f"{name}]") for heading in TABLES)


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_is_described_with_its_default_and_no_other(heading: str) -> None:
    described = rows(section(said(DOCS / "configuration.md"), heading).partition("\n### ")[0])
    del described["Key"]
    keys = {one.name: one for one in TABLES[heading].entries.values()}
    assert described.keys() == keys.keys()
    for key, (default, meaning) in described.items():
        assert default.partition(": ")[0] == as_written(keys[key]), key
        assert meaning.endswith((".", "**", "))")), key


def later(heading: str) -> set[str]:
    """Keys of a table that are said not to be acted on yet: those so marked, or all of a table so marked."""
    text = section(said(DOCS / "configuration.md"), heading)
    described = rows(text.partition("\n### ")[0])
    del described["Key"]
    return {key for key, cells in described.items() if text.startswith("\n**later**") or "**later**" in cells[-1]}


def test_what_is_said_to_come_later_is_asked_by_nobody() -> None:
    # check says what waits, and the drafts what the Council has set
    carried = {f"auditor/{name}.py" for name in ("schedule", "config", "policy", "cli/check", "drafts/facts")}
    files = [path for top in ("auditor", "connectors", "reports") for path in (ROOT / top).rglob("*.py")]
    asking = [path for path in files if path.relative_to(ROOT).as_posix() not in carried and "sample" not in path.parts]
    code = "\n".join(map(said, asking))
    names_of_other_things = {
        "chair",
        "folder",
        "folders",
        "keep",
        "key",
        "kind",
        "mail",
        "mailboxes",
        "patience",
        "scheduler",
    }
    keys = set().union(*map(later, TABLES))
    assert "scheduler" in keys
    for key in keys - names_of_other_things:
        assert not re.search(rf"\.{key}\b", code), key


def test_every_kind_of_source_can_be_read() -> None:
    assert CONNECTORS.keys() == schedule.SOURCES.keys()


def test_the_readme_names_the_clauses_that_are_checked() -> None:
    lists = re.findall(r"\(([A-Z]\d+(?:, [A-Z]\d+)*)\)", section(said(ROOT / "README.md"), "What it does each night"))
    assert {name for one in lists for name in one.split(", ")} == {
        clause for one in ANALYSERS for rule in one.rules for clause in rule.clauses
    }


def test_the_places_of_a_secret_are_described() -> None:
    described = rows(section(said(DOCS / "configuration.md"), "Where a secret is kept"))
    assert [place.partition(":")[0] for place in described if ":" in place] == list(secret.SCHEMES)


def test_the_toml_shown_is_accepted(council: Council) -> None:
    [shown] = blocks(said(DOCS / "configuration.md"), "toml")
    text = said(council.folder / "schedule.toml")
    path = council.folder / "shown.toml"
    path.write_text(text + shown, encoding="utf-8")
    assert set(config.load(path).policy.rules) == {"waiver-altered", "signature-altered"}


@pytest.mark.parametrize("shown", blocks(said(DOCS / "delivery.md"), "toml"))
def test_the_deliveries_shown_are_accepted(council: Council, shown: str) -> None:
    sources = (setup_page(kind) for kind in SETUPS)
    tables = "".join(block for page in sources for block in blocks(page, "toml"))
    people = '[[people]]\nname = "Jo"\nrole = "clerk"\nmailbox = "clerk@thorrington.example.org"\n'
    path = council.folder / "delivered.toml"
    path.write_text(f'[council]\nname = "C"\ndomains = ["c.example"]\n{people}{tables}{shown}', encoding="utf-8")
    assert config.load(path).schedule.reports.deliver


def test_what_is_quoted_of_deliveries_is_said() -> None:
    table = rows(section(said(DOCS / "delivery.md"), "When something is wrong"))
    files = [*(ROOT / "connectors" / "delivery").glob("*.py"), ROOT / "auditor" / "cli" / "delivering.py"]
    spoken = [one for path in files for one in sentences(path)]
    for cell in table.keys() - {"It says", "---"}:
        pieces = [piece.strip() for piece in cell.split(VARYING) if piece.strip()]
        assert any(all(piece in one for piece in pieces) for one in spoken), pieces


# --- setting up the providers


SETUPS: dict[str, type[Table]] = {"microsoft365": schedule.MicrosoftSource, "google": schedule.GoogleSource}
REFUSING = {"microsoft365": "graph", "google": "gmail"}
VARYING = "…"

setups = pytest.mark.parametrize("kind", SETUPS)


def setup_page(kind: str) -> str:
    return said(DOCS / f"setup-{kind}.md")


def sentences(path: Path) -> Iterator[str]:
    """What a module may say, with … for what varies; without its docstrings."""
    for node in ast.walk(ast.parse(said(path))):
        parts = list(ast.iter_child_nodes(node)) if not isinstance(node, ast.Expr | ast.JoinedStr) else []
        for part in parts:
            match part:
                case ast.Constant(str(text)):
                    yield text
                case ast.JoinedStr(values):
                    yield "".join(str(one.value) if isinstance(one, ast.Constant) else VARYING for one in values)


def quoted(kind: str) -> list[list[str]]:
    """Pieces of what each line of the page's table of troubles quotes."""
    table = rows(section(setup_page(kind), "When something is wrong"))
    cells = [cell for cell in table if cell not in ("It says", "---")]
    return [[piece for one in cell.split(VARYING) if (piece := one.strip())] for cell in cells]


@setups
def test_what_is_quoted_of_a_provider_s_troubles_is_said(kind: str) -> None:
    folders_ = [ROOT / "connectors" / REFUSING[kind], ROOT / "connectors", ROOT / "auditor"]
    spoken = [one for folder in folders_ for path in folder.glob("*.py") for one in sentences(path)]
    for pieces in quoted(kind):
        assert any(all(piece in one for piece in pieces) for one in spoken), pieces


@setups
def test_every_refusal_is_explained(kind: str) -> None:
    for name in ("troubles", "signin"):
        for one in sentences(ROOT / "connectors" / REFUSING[kind] / f"{name}.py"):
            if one.endswith(".") and len(one.split()) > 5:
                assert any(all(piece in one for piece in pieces) for pieces in quoted(kind)), one


def test_the_steps_that_sentences_name_are_there() -> None:
    named = {
        found
        for path in (ROOT / "connectors").rglob("*.py")
        for one in sentences(path)
        for found in re.findall(r"docs/setup-(\w+)\.md, step (\d)", one)
    }
    assert {kind for kind, _ in named} == set(SETUPS)
    for kind, step in named:
        assert f"\n## Step {step}: " in setup_page(kind), (kind, step)


@setups
def test_the_source_shown_is_accepted_and_every_key_explained(kind: str) -> None:
    page = setup_page(kind)
    [shown] = blocks(page, "toml")
    assert schedule.source(tomllib.loads(shown)["sources"][0])
    [heading] = re.findall(r"^## (Step \d: Tell the auditor)$", page, re.MULTILINE)
    described = set(rows(section(page, heading))) - {"Key", "---"}
    assert described == {one.name for one in SETUPS[kind].entries.values()}


# --- rules, sheets, mail files, bounds


def test_the_rules_page_is_as_the_rules_are() -> None:
    page: str = runpy.run_path(str(DOCS / "make_rules.py"))["page"]()
    assert said(DOCS / "rules.md") == page, "run: python docs/make_rules.py"
    for analyser in ANALYSERS:
        for rule in analyser.rules:
            assert f"\n## {rule.name}\n" in page


@pytest.mark.parametrize("sheet", [findings, coverage, gaps, deeds, assertion, rules], ids=lambda sheet: sheet.TITLE)
def test_every_column_of_a_sheet_is_described_in_order(sheet: Any) -> None:
    described = rows(section(said(DOCS / "workbook.md"), sheet.TITLE))
    assert [first for first in described if first not in ("Column", "---")] == [c.heading for c in sheet.COLUMNS]


def test_the_summary_is_described() -> None:
    text = " ".join(section(said(DOCS / "workbook.md"), summary.TITLE).split())
    for columns in (summary.BY_RULE, summary.BY_PERSON):
        assert ", ".join(column.heading for column in columns) in text
    for decision in Decision:
        assert decision in said(DOCS / "workbook.md")
        assert decision in " ".join(said(ROOT / "README.md").split())
    states = rows(section(said(DOCS / "workbook.md"), coverage.TITLE))["State"][0]
    for state in STATUS.values():
        assert state in states


def test_folder_names_and_endings_are_described() -> None:
    text = said(DOCS / "mail-files.md")
    described = {
        kind: names[0].split(", ") for kind, names in rows(section(text, "Which folder a message lies in")).items()
    }
    for kind, names in folders._NAMES.items():
        assert described[kind] == list(names)
    for ending in (*survey.UNREAD, *mailbox._ENDINGS):
        assert f"`{ending}`" in text
    assert f"{mbox.LARGEST >> 20} MB" in text


def test_bounds_are_as_described() -> None:
    text = said(DOCS / "privacy-and-security.md")
    bounds = [cell.split()[0] for cell in (row[0] for row in rows(section(text, "Hostile mail")).values()) if cell]
    numbers = (DEFAULT.message, mbox.LARGEST >> 20, DEFAULT.depth, DEFAULT.parts, DEFAULT.headers, DEFAULT.recipients)
    files = (DEFAULT.inflated, DEFAULT.members, DEFAULT.enclosed_text, pdf.LARGEST)
    assert bounds == [f"{number:,}" for number in (*numbers, DEFAULT.html, *files)]
    assert f"{guard.SECONDS:g} seconds" in text
    assert f"{guard.MEMORY >> 30} GB" in text
    assert f"{cells.LIMIT:,} characters" in text


# --- the tree


def tree() -> Iterator[str]:
    """Every path that the picture of the tree names."""
    [picture] = blocks(section(said(DOCS / "developer.md"), "The tree"), "text")
    above: list[str] = []
    for line in picture.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r" {2,}", line.strip())[0].split()
        del above[depth:]
        yield from ("".join(above) + name for name in names)
        if len(names) == 1 and names[0].endswith("/"):
            above.append(names[0])


def test_what_the_tree_names_exists() -> None:
    for path in tree():
        assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file(), path


def test_every_package_and_top_level_module_is_in_the_tree() -> None:
    named = set(tree())
    for top in ("auditor", "connectors", "reports"):
        for module in (ROOT / top).rglob("*.py"):
            path = module.relative_to(ROOT)
            if module.name == "__init__.py":
                assert f"{path.parent.as_posix()}/" in named, path
            elif module.parent == ROOT / top:
                assert path.as_posix() in named, path


@pages
def test_files_that_are_named_exist(page: Path) -> None:
    tops = "auditor|connectors|reports|tests|benchmarks|docs"
    for name in re.findall(rf"`(?:python )?((?:{tops})/[\w/.-]+)`", prose(page)):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`((?:mail|analysers|store|pipeline|cli)/[\w/]+\.py)`", prose(page)):
        assert (ROOT / "auditor" / name).is_file(), name


def test_every_benchmark_is_described() -> None:
    text = section(said(DOCS / "developer.md"), "The benchmarks")
    for script in (ROOT / "benchmarks").glob("*.py"):
        assert f"`benchmarks/{script.name}" in text


def test_what_changed_is_kept_under_unreleased() -> None:
    changes = re.findall(r"^## (.+)$", said(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert changes[0] == "Unreleased"


def test_the_help_shows_what_the_page_shows(tmp_path: Path) -> None:
    listed = auditor("--help", folder=tmp_path).out
    assert re.findall(r"^  (\w+) {2,}\S", listed, re.MULTILINE) == list(COMMANDS)
    headings = re.findall(r"^## (\w+)$", said(DOCS / "commands.md"), re.MULTILINE)
    assert headings == list(COMMANDS)


def test_check_tells_every_key_that_is_set_and_waits_for_a_later_version(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(
        people='[[people]]\nname = "Pat"\nrole = "rfo"\nmailbox = "pat@council.example"\nmay_bind = false\nchair = true\n',
        policy='document = "p.txt"\nadopted = 2026-01-01\nreview = 2027-01-01\npurge = "auto"\n',
        rest='[notify]\n[backup]\n[audit]\n[engine]\nkind = "dask"\nscheduler = "tls://h:1"\n',
    )
    checks = council.auditor("check", "--json").json["checks"]
    told = {c["subject"] for c in checks if c["detail"] == "This version does not act on it yet."}
    for heading in TABLES:
        if heading.startswith("[[sources]]"):
            continue  # none of their keys waits
        whole = section(said(DOCS / "configuration.md"), heading).startswith("\n**later**") and heading != "[engine]"
        wanted = {heading} if whole else {f"{heading} {key}" for key in later(heading)}
        assert wanted <= told, heading

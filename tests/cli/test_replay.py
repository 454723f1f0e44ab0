"""What another policy would find is shown before anybody lives under it, and made so whole or not at all."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from stow import CLERK, IVY, TOM, Council, letter, stow

from auditor.cli.adopting import _apart, merged, put_in_place
from auditor.cli.replay import _HEADS, _table
from auditor.config import load
from auditor.errors import ConfigError
from auditor.store.query import parsed
from auditor.store.trail import Deed


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    council = stow(tmp_path_factory.mktemp("stow"))
    council.post(TOM, "rude", letter("You are a bloody idiot, and I have had enough of you.", n=4))
    assert council.run().status == 0
    return council.folder


@pytest.fixture
def council(first_night: Path, tmp_path: Path) -> Council:
    return Council(shutil.copytree(first_night, tmp_path / "stow"))


def findings(council: Council) -> dict[str, tuple[str, str]]:
    with council.store() as store:
        return {row.id: (row.finding.rule, row.finding.severity.value) for row in store.findings()}


def other(council: Council, name: str = "other.toml", *, rest: str = "", policy: str = "") -> Path:
    """Another policy beside schedule.toml."""
    before = (council.folder / "schedule.toml").read_bytes()
    council.schedule(policy=policy, rest=rest)
    (council.folder / "schedule.toml").rename(council.folder / name)
    (council.folder / "schedule.toml").write_bytes(before)
    return council.folder / name


def replayed(council: Council, *arguments: str | Path) -> dict[str, Any]:
    ran = council.auditor("replay", "--json", *arguments)
    assert ran.status == 0, ran.err
    said: dict[str, Any] = ran.json
    return said


def last(council: Council) -> dict[str, object]:
    with council.store() as store:
        entry = store.last_deed(Deed.REPLAYED)
        assert entry is not None
        return entry.said


def test_the_same_policy_changes_nothing(council: Council) -> None:
    before = findings(council)
    said = replayed(council)
    assert (said["gained"], said["lost"], said["changed"], said["unchanged"]) == ([], [], [], len(before))
    assert said["rules_version"] == said["before_version"]
    assert (said["messages"], said["checked"]) == (4, 4)
    assert said["by_person"][TOM] == {
        "messages": 2, "before": said["by_person"][TOM]["before"], "gained": 0, "lost": 0, "changed": 0,
        "after": said["by_person"][TOM]["before"],
    }  # fmt: skip
    assert sum(row["before"] for row in said["by_person"].values()) == len(before)
    assert sum(row["before"] for row in said["by_rule"].values()) == len(before)
    assert (findings(council), last(council)["adopted"]) == (before, False)


CHANGED = '[policy.rules]\n"waiver-missing" = "critical"\n"signature-missing" = "off"\n'


def test_what_another_policy_changes_is_shown_and_not_done(council: Council) -> None:
    before = findings(council)
    said = replayed(council, "--policy", other(council, rest=CHANGED))
    lost = {one for one, (rule, _) in before.items() if rule == "signature-missing"}
    raised = {one for one, (rule, _) in before.items() if rule == "waiver-missing"}
    assert lost
    assert {row["id"] for row in said["lost"]} == lost
    assert {row["id"] for row in said["changed"]} == raised
    assert {(row["before_severity"], row["severity"]) for row in said["changed"]} == {("medium", "critical")}
    assert said["unchanged"] == len(before) - len(lost) - len(raised)
    assert set(said["lost"][0]) == {"id", "rule", "severity", "mailbox", "sender", "sent"}
    assert said["by_rule"]["signature-missing"] == {"before": 3, "gained": 0, "lost": 3, "changed": 0, "after": 0}
    assert said["rules_version"] != said["before_version"]
    assert findings(council) == before
    # Judged the other way round: what was lost is gained again.
    council.schedule(rest=CHANGED)
    ran = council.auditor("run")
    assert "0 findings are new by it, 3 no longer stand. 'auditor replay'" in ran.out
    back = replayed(council, "--policy", other(council, "back.toml"))
    assert {row["id"] for row in back["gained"]} == lost
    assert back["by_person"][TOM]["gained"] == 2
    assert back["lost"] == []


def test_in_words(council: Council) -> None:
    ran = council.auditor("replay", "--policy", other(council, "a new one.toml", rest=CHANGED).name)
    assert ran.status == 0
    assert "Tom Bell (tom.bell@council.example)" in ran.out
    assert "signature-missing" in ran.out
    assert "Nothing was changed" in ran.out
    assert "idiot" not in ran.out
    assert "'auditor replay --policy \"a new one.toml\" --adopt' makes it the policy in force." in ran.out
    assert "Nothing was changed: this policy is in force already." in council.auditor("replay").out
    tables = ran.out[ran.out.index("By person") : ran.out.index("Nothing was changed")]
    assert "By rule" in tables
    assert max(map(len, tables.splitlines())) <= 80


def test_a_table_fits_whatever_it_names() -> None:
    long = "Sir Bartholomew Featherstonehaugh-Cholmondeley (bartholomew.featherstonehaugh@council.example)"
    rows = {"Tom Bell (t@x.example)": [41, 3, 1, 0, 0, 4], long: [1_234_567, 12_345, 0, 0, 0, 12_345]}
    assert list(_table("By person", ["messages", *_HEADS], rows)) == [
        "",
        "By person                       messages     now  gained  lost  severity    then",
        "Tom Bell (t@x.example)                41       3       1     0         0       4",
        "Sir Bartholomew Featherstonehaugh-Cholmondeley",
        "(bartholomew.featherstonehaugh@council.example)",
        "                               1,234,567  12,345       0     0         0  12,345",
    ]


def test_adopting_is_what_was_shown_and_the_next_night_finds_nothing_waiting(council: Council) -> None:
    before = (council.folder / "schedule.toml").read_bytes()
    shown = replayed(council, "--policy", other(council, rest=CHANGED))
    done = replayed(council, "--policy", "other.toml", "--adopt")
    assert {k: v for k, v in done.items() if k != "adopted"} == {k: v for k, v in shown.items() if k != "adopted"}
    [kept] = council.folder.glob("schedule.toml.before-*")
    assert kept.read_bytes() == before
    rules = {rule for rule, _ in findings(council).values()}
    assert "signature-missing" not in rules
    with council.store() as store:
        assert store.queue(10) == []
        assert store.version() == shown["rules_version"]
        assert store.count(parsed("rule:signature-missing")) == 0, "what is withdrawn is in force no more"
        assert store.count(parsed("rule:waiver-missing")) > 0
    assert (last(council)["adopted"], last(council)["lost"]) == (True, 3)
    ran = council.run()
    assert (ran.status, ran.json.get("policy_change"), ran.boxes[TOM]["analysed"]) == (0, None, 0)
    again = replayed(council, "--adopt")
    assert (again["gained"], again["lost"]) == ([], [])


def test_a_file_elsewhere_keeps_its_own_templates(council: Council, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shutil.copytree(council.folder / "policy", away / "texts")
    (away / "texts" / "waivers" / "full.txt").write_text("Nobody has agreed to this.\n", encoding="utf-8")
    file = other(council, policy="signatures = \"texts/signatures\"\nwaivers = 'texts/waivers' # ours\n")
    file = Path(shutil.move(file, away / "new.toml"))
    said = replayed(council, "--policy", file, "--adopt")
    assert said["rules_version"] != said["before_version"]
    assert {row["sender"] for row in said["gained"]} == {CLERK}
    adopted = tomllib.loads((council.folder / "schedule.toml").read_text("utf-8"))
    assert adopted["policy"]["waivers"] == "../away/texts/waivers"
    assert council.run().json.get("policy_change") is None


def test_copies_that_bear_witness_are_heard(council: Council) -> None:
    """The Clerk's copy and a reply stand in other mailboxes: judged as on a night, nothing is gained or lost."""
    raw = letter("Please see to the gate.", n=9, to=(IVY,))
    council.post(TOM, "gate", raw)
    council.post(IVY, "gate", raw, folder="inbox")
    assert council.run().status == 0
    said = replayed(council)
    assert (said["messages"], said["gained"], said["lost"]) == (6, [], [])
    assert said["unchanged"] == len(findings(council))


def test_what_earlier_mail_says_is_heard(council: Council) -> None:
    for n in range(20, 24):
        council.post(TOM, f"known {n}", letter("Thank you.", n=n, to=("p.greenhalgh@example.com",)))
    council.post(TOM, "slip", letter("Thank you.", n=30, to=("p.greenhalgh@exmaple.com",)))
    assert council.run().status == 0
    assert "recipient-suspect" in {rule for rule, _ in findings(council).values()}
    assert council.run().status == 0
    said = replayed(council)
    assert (said["gained"], said["lost"], said["unchanged"]) == ([], [], len(findings(council)))


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--policy", "none.toml"), 2, "does not exist"),
        (("--policy", "broken.toml"), 2, "broken.toml"),
    ],
)
def test_refused(council: Council, arguments: tuple[str, ...], status: int, words: str) -> None:
    (council.folder / "broken.toml").write_text('[council]\nname = "x"\nfoo = 1\n', encoding="utf-8")
    ran = council.auditor("replay", *arguments)
    assert ran.status == status
    assert words in ran.err
    assert "Traceback" not in ran.err


def test_the_rest_of_the_schedule_stays(tmp_path: Path) -> None:
    council = stow(tmp_path)
    config = load(council.folder / "schedule.toml")
    text = config.path.read_text("utf-8")
    config.path.write_text(
        f'# Ours.\n\n{text}\n# Where it is kept\n[store]\nurl = "sqlite:///here.db"\n', encoding="utf-8"
    )
    file = council.folder / "new.toml"
    file.write_text(
        text.replace("Stow Parish", "Stowe Parish").replace('root = "mail"', 'root = "elsewhere"')
        + '[policy.rules]\n"waiver-missing" = "off" # not yet\n[store]\nurl = "sqlite:///there.db"\n',
        encoding="utf-8",
    )
    made = merged(load(config.path), load(file))
    read = tomllib.loads(made)
    assert made.startswith("# Ours.\n")
    assert "# Where it is kept\n[store]" in made
    assert "# not yet" in made
    assert (read["council"]["name"], read["store"]["url"]) == ("Stowe Parish Council", "sqlite:///here.db")
    assert read["sources"][0]["root"] == "mail"
    assert len(read["people"]) == 3
    kept = put_in_place(load(config.path), load(file))
    assert kept is not None
    assert load(config.path).policy == load(file).policy
    assert put_in_place(load(config.path), load(file)) is None
    assert list(council.folder.glob("*.unfinished")) == []


def test_what_cannot_be_put_together_is_left_to_a_person(tmp_path: Path) -> None:
    council = stow(tmp_path)
    config = load(council.folder / "schedule.toml")
    file = council.folder / "new.toml"
    text = config.path.read_text("utf-8").replace("[policy]\n", "")
    # Written as one line, the table has no heading to be known by.
    file.write_text("policy.retention_months = 12\n" + text, encoding="utf-8")
    before = config.path.read_bytes()
    with pytest.raises(ConfigError, match="by hand"):
        put_in_place(config, load(file))
    assert config.path.read_bytes() == before
    assert sorted(one.name for one in council.folder.glob("schedule*")) == ["schedule.toml"]


def test_two_files_of_one_day_are_both_kept(tmp_path: Path) -> None:
    council = stow(tmp_path)
    for months in (12, 36):
        file = other(council, policy=f"retention_months = {months}\n")
        put_in_place(load(council.folder / "schedule.toml"), load(file))
    assert len(list(council.folder.glob("schedule.toml.before-*"))) == 2


def test_a_policy_that_is_not_there_is_asked_for_by_its_own_option(tmp_path: Path) -> None:
    council = stow(tmp_path)
    ran = council.auditor("replay", "--policy", "stricter.toml")
    assert (ran.status, "name the file to try with --policy" in ran.sentence) == (2, True)


def test_tables_are_put_together_with_an_empty_line_between() -> None:
    assert _apart(["# Ours.\n", "[policy]\n", "\n[store]\n"]) == "# Ours.\n\n[policy]\n\n[store]\n"

"""schedule.toml: what is right is read, what is wrong is all said at once."""

from __future__ import annotations

import os
from datetime import date, time
from pathlib import Path

import pytest

from auditor.config import FilesSource, load
from auditor.errors import ConfigError
from auditor.findings import Severity
from auditor.mail.message import Address
from auditor.policy import Role, StampedBy
from auditor.secret import Secret

GOOD = """
[council]
name = "Thorrington Parish Council"
domains = ["thorrington.example.org"]

[[people]]
name = "Ann Marsh"
role = "clerk"
title = "Parish Clerk"
mailbox = "Clerk@thorrington.example.org"
phone = "01632 960100"
from = 2024-05-13

[[people]]
name = "Old Clerk"
role = "clerk"
mailbox = "clerk@thorrington.example.org"
until = 2024-05-12

[[people]]
name = "Tom Bell"
role = "councillor"
mailbox = "tom.bell@thorrington.example.org"
private = ["tom@example.com"]

[[sources]]
kind = "files"
root = "mail"

[policy]
stamped_by = { signature = "sender", waiver = "server" }

[policy.rules]
"views-political-religious" = "off"
"signature-missing" = "high"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind, text in (("signatures", "{name}\n{title}\n{phone}"), ("waivers", "For the addressee only.")):
        (tmp_path / "policy" / kind).mkdir(parents=True)
        (tmp_path / "policy" / kind / "full.txt").write_text(text, encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "schedule.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(write(folder, text))
    return caught.value.problems


def test_a_good_file_is_read_with_its_defaults(folder: Path) -> None:
    config = load(write(folder, GOOD))
    source = config.schedule.sources[0]
    assert isinstance(source, FilesSource)
    assert (source.folders, source.patience) == (("sent",), 900)
    assert config.mailboxes(source) == ("clerk@thorrington.example.org", "tom.bell@thorrington.example.org")
    assert config.schedule.schedule.nightly == time(2, 15)
    assert config.schedule.schedule.weekly == (0, time(6, 30))
    assert config.policy.waiver_stamped_by is StampedBy.SERVER
    assert config.policy.rules == {"views-political-religious": None, "signature-missing": Severity.HIGH}


def test_roles_are_judged_on_the_day_a_message_was_sent(folder: Path) -> None:
    policy = load(write(folder, GOOD)).policy
    clerk = Address("", "clerk@thorrington.example.org")
    before, after = policy.person(clerk, date(2024, 5, 12)), policy.person(clerk, date(2024, 5, 13))
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("Old Clerk", "Ann Marsh")


def test_a_stranger_at_the_council_is_a_councillor_and_elsewhere_nobody(folder: Path) -> None:
    policy = load(write(folder, GOOD)).policy
    stranger = policy.person(Address("Jo", "jo@sub.thorrington.example.org"), None)
    assert stranger is not None
    assert stranger.role is Role.COUNCILLOR
    assert policy.person(Address("Tom", "tom@example.com"), None) == policy.people[2]
    assert policy.person(Address("", "x@notthorrington.example.org"), None) is None


def test_blanks_are_filled_and_those_nobody_can_fill_stay(folder: Path) -> None:
    policy = load(write(folder, GOOD)).policy
    assert policy.agreed(policy.people[0]).signatures[0].text == "Ann Marsh\nParish Clerk\n01632 960100"
    assert policy.agreed(policy.people[2]).signatures[0].text == "Tom Bell\nCouncillor\n{phone}"


def test_five_mistakes_are_five_sentences_each_with_its_place(folder: Path) -> None:
    text = GOOD.replace('role = "councillor"', 'role = "counsellor"').replace('kind = "files"', 'kind = "file"')
    text = text.replace("tom@example.com", "tom at home").replace("[policy]", '[policy]\npurge = "never"')
    text = text.replace('"views-political-religious"', '"views-politics"')
    said = problems(folder, text)
    assert len(said) == 5
    places = ("[[people]] 3 (Tom Bell), role", "private", "[[sources]] 1", "[policy] purge", "views-politics")
    for place in places:
        assert any(place in sentence and sentence.startswith("schedule.toml: ") for sentence in said), place


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('root = "mail"', 'root = "mail"\nfolder = ["sent"]', "check the spelling"),
        ('domains = ["thorrington.example.org"]', "domains = []", "at least one"),
        ("from = 2024-05-13", "from = 2024-05-13\nuntil = 2023-01-01", "'until' is before 'from'"),
        ("[policy]", '[schedule]\nnightly = "01:30"\n[policy]', "when the clocks change"),
        ("[policy]", '[schedule]\nweekly = "monday"\n[policy]', "mon 06:30"),
        ("[policy]", '[store]\nkey = "correct horse"\n[policy]', "env:NAME"),
        ("[policy]", '[store]\nurl = "mysql://x"\n[policy]', "sqlite:///"),
        ("[policy]", "[policy]\nmass_recipients = [20, 11]", "mass_recipients"),
        ('waiver = "server"', 'waiver = "link"', "waiver_link"),
        ('waiver = "server" }', 'waiver = "link" }\nwaiver_link = "ourparish.example"', "must begin with http://"),
        ("[policy]", "[schedule]\nnightly = 02:15:00\n[policy]", 'in quotes; write it as "02:15"'),
        ("[policy]", "[schedule]\nweekly = 06:30:00\n[policy]", "must be text in quotes"),
        ("[council]", "[council]\ntimezone = 02:15:00", "must be text in quotes"),
        ('role = "councillor"', "role = 2026-01-01", "must be text in quotes"),
        ('root = "mail"', 'root = "mail"\nmailboxes = []', "mailboxes: needs at least one entry"),
        ("[policy]", '[store]\nkey = "keyring:auditor"\n[policy]', "keyring:SERVICE/USER"),
        ("[policy]", '[store]\nkey = "keyring:auditor/"\n[policy]', "keyring:SERVICE/USER"),
        ('root = "mail"', 'root = "mail"\n[[sources]]\nkind = "files"\nroot = "more"', "mailboxes: is required"),
    ],
)
def test_each_mistake_has_its_own_words(folder: Path, old: str, new: str, said: str) -> None:
    sentences = problems(folder, GOOD.replace(old, new))
    assert any(said in sentence for sentence in sentences)
    assert "datetime" not in "".join(sentences)


def test_no_mistake_hides_another_and_each_is_said_once(folder: Path) -> None:
    (folder / "policy" / "waivers" / "full.txt").write_text(" ", encoding="utf-8")
    text = GOOD.replace("from = 2024-05-13", 'from = 2024-05-13\nuntil = 2023-01-01\nfone = "1"')
    text = text.replace('role = "councillor"', 'role = "councillor"\nchair = "yes"')
    text = text.replace('root = "mail"', 'root = "mail"\n[[sources]]\nkind = "file"\nfolders = ["sen"]\nroot = "more"')
    text = text.replace('waiver = "server" }', 'waiver = "link" }\nmass_recipients = [20, 11]\npurge = "never"')
    assert sorted(problems(folder, text)) == sorted(
        f"schedule.toml: {sentence}."
        for sentence in (
            "[[people]] 1 (Ann Marsh), fone: is a key nobody knows here; check the spelling",
            "[[people]] 1 (Ann Marsh): 'until' is before 'from'",
            "[[people]] 3 (Tom Bell), chair: must be true or false",
            "[[sources]] 1, mailboxes: is required when several sources stand side by side",
            "[[sources]] 2 (file): 'kind' must be 'files', 'microsoft365' or 'google'",
            "[[sources]] 2 (file), folders, the first: 'sen' is not one of sent, inbox, deleted, archive, all",
            "[[sources]] 2, mailboxes: is required when several sources stand side by side",
            "[policy] purge: 'never' is not one of ask, auto",
            "[policy] mass_recipients: the first number must not be greater than the second",
            "[policy]: stamped_by is 'link', so 'waiver_link' must say which link",
            f"[policy] waivers: {folder / 'policy' / 'waivers' / 'full.txt'} is empty",
        )
    )


def test_a_word_that_stands_for_two_is_one_mistake(folder: Path) -> None:
    text = GOOD.replace('{ signature = "sender", waiver = "server" }', '"mail server"')
    assert problems(folder, text) == [
        "schedule.toml: [policy] stamped_by: 'mail server' is not one of sender, server, link."
    ]


SIDE_BY_SIDE = """root = "mail"
mailboxes = ["clerk@thorrington.example.org", "tom.bell@thorrington.example.org"]
[[sources]]
kind = "files"
root = "old mail"
mailboxes = ["office@thorrington.example.org", "Tom.Bell@thorrington.example.org"]
"""


@pytest.mark.parametrize("besides", ["", "[schedule]\nnightley = 1\n"])
def test_one_mailbox_in_two_sources_of_a_kind_is_refused(folder: Path, besides: str) -> None:
    text = GOOD.replace('root = "mail"\n', SIDE_BY_SIDE + besides)
    [said] = [sentence for sentence in problems(folder, text) if "nightley" not in sentence]
    assert said.startswith("schedule.toml: [[sources]] 2, mailboxes: tom.bell@thorrington.example.org stands in")
    assert "under one root, or give one of the two another mailbox name." in said


def test_one_mailbox_may_be_read_from_sources_of_two_kinds(folder: Path) -> None:
    other = SIDE_BY_SIDE.replace('kind = "files"\nroot = "old mail"', 'kind = "google"\nkey = "env:KEY"')
    assert len(load(write(folder, GOOD.replace('root = "mail"\n', other))).schedule.sources) == 2


HANDOVER = """
[[people]]
name = "Jo Tanner"
role = "deputy-clerk"
mailbox = "clerk@thorrington.example.org"
"""


@pytest.mark.parametrize(
    ("days", "other"),
    [
        ("", "1 (Ann Marsh)"),
        ("from = 2026-01-01", "1 (Ann Marsh)"),
        ("until = 2024-05-12", "2 (Old Clerk)"),
        ("from = 2020-01-01\nuntil = 2024-05-13", "1 (Ann Marsh)"),
    ],
)
def test_one_mailbox_has_one_holder_at_a_time(folder: Path, days: str, other: str) -> None:
    text = GOOD.replace("[[sources]]", HANDOVER + days + "\n[[sources]]")
    [said] = problems(folder, text)
    assert said == (
        "schedule.toml: [[people]] 4 (Jo Tanner), mailbox: clerk@thorrington.example.org is held by "
        f"[[people]] {other} on the same days; set 'until' for the one who left and 'from', a day later, for the one "
        "who followed, or give each a mailbox."
    )


def test_several_may_hold_a_mailbox_one_after_another(folder: Path) -> None:
    text = GOOD.replace("from = 2024-05-13", "from = 2024-05-13\nuntil = 2025-12-31")
    text = text.replace("[[sources]]", HANDOVER + "from = 2026-01-01\n[[sources]]")
    assert len(load(write(folder, text)).policy.people) == 4


def test_days_that_cannot_be_read_do_not_make_a_crowd(folder: Path) -> None:
    text = GOOD.replace("[[sources]]", HANDOVER + 'from = "2026"\nuntil = 2026-01-01\n[[sources]]')
    [said] = problems(folder, text)
    assert "from: must be a date" in said


def test_a_mistyped_rule_does_not_hide_its_wrong_severity(folder: Path) -> None:
    name, severity = problems(folder, GOOD.replace('"views-political-religious" = "off"', '"views-political" = "none"'))
    where = "schedule.toml: [policy] rules, views-political: "
    assert name.removeprefix(where) == (
        "is no rule of ours (did you mean 'views-political-religious'?); 'auditor rules' lists them."
    )
    assert severity.startswith(f"{where}'none' is neither 'off' nor a severity")


def test_an_entry_of_a_list_is_counted_as_people_count(folder: Path) -> None:
    wrong = ", ".join(['"thorrington.example.org"'] * 10 + ['"nowhere"'])
    assert problems(folder, GOOD.replace('"thorrington.example.org"]', f'"no domain", {wrong}]')) == [
        "schedule.toml: [council] domains, the first: 'no domain' is no domain name.",
        "schedule.toml: [council] domains, number 12: 'nowhere' is no domain name.",
    ]


def test_a_path_that_toml_reads_as_a_tab_is_refused(folder: Path) -> None:
    [said] = problems(folder, GOOD.replace('root = "mail"', r'root = "C:\temp"'))
    assert "root: has a control character in it; write a Windows path with / instead of a backslash" in said


MICROSOFT = """[[sources]]
kind = "microsoft365"
tenant = " 0f3c5a2e-0000-4000-8000-000000000001"
client_id = "97e0a5b7-d745-40b6-94fe-5f77d35c6e05 "
certificate = "file:auditor.pem"
"""
GOOGLE = '[[sources]]\nkind = "google"\nkey = "file:service-account.json"\n'


def test_a_blank_copied_with_an_id_is_no_part_of_it(folder: Path) -> None:
    [source] = load(
        write(folder, GOOD.replace('[[sources]]\nkind = "files"\nroot = "mail"\n', MICROSOFT))
    ).schedule.sources
    assert (source.tenant[:1], source.client_id[-1:]) == ("0", "5")


@pytest.mark.parametrize(
    ("table", "endpoint", "because"),
    [
        (
            MICROSOFT,
            "https://graph.microsoft.com/",
            "must end in Graph's version, as in https://graph.microsoft.com/v1.0",
        ),
        (GOOGLE, "https://gmail.googleapis.com/gmail/v1", "must be a host alone: take /gmail/v1 out"),
    ],
)
def test_an_endpoint_that_no_service_has_is_refused(folder: Path, table: str, endpoint: str, because: str) -> None:
    table += f'endpoint = "{endpoint}"\n'
    [said] = problems(folder, GOOD.replace('[[sources]]\nkind = "files"\nroot = "mail"\n', table))
    assert because in said


@pytest.mark.skipif(os.name != "posix", reason="Windows has no mode bits")
def test_a_mark_that_an_editor_puts_before_a_secret_is_no_part_of_it(folder: Path) -> None:
    key = folder / "key.txt"
    key.touch(0o600)
    key.write_bytes(b"\xef\xbb\xbfdrain\r\n")
    assert Secret("file", "key.txt").read(folder) == "drain"
    with pytest.raises(ConfigError, match="check the place that schedule"):
        Secret("file", "nothing.txt").read(folder)


def test_a_secret_written_by_mistake_is_not_repeated(folder: Path) -> None:
    said = problems(folder, GOOD.replace("[policy]", '[store]\nkey = "correct horse"\n[policy]'))
    assert "correct horse" not in "".join(said)


def test_templates_are_refused_with_their_reason(folder: Path) -> None:
    signatures = folder / "policy" / "signatures"
    (signatures / "odd.txt").write_text("{nmae}", encoding="utf-8")
    (signatures / "empty.txt").write_text(" \n", encoding="utf-8")
    (signatures / "latin.txt").write_bytes(b"Caf\xe9")
    said = "\n".join(problems(folder, GOOD))
    assert "unknown blank {nmae}" in said
    assert "empty.txt is empty" in said
    assert "latin.txt cannot be read" in said


def test_no_file_no_toml_no_text(folder: Path) -> None:
    with pytest.raises(ConfigError, match="auditor init"):
        load(folder / "nothing.toml")
    assert "line 1 ([council) cannot be read" in problems(folder, "[council")[0]
    (folder / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(folder / "latin.toml")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no mode bits")
def test_a_secret_file_that_others_can_read_is_refused(folder: Path) -> None:
    key = folder / "key.txt"
    key.write_text("ab" * 32 + "\n", encoding="ascii")
    key.chmod(0o644)
    config = load(write(folder, GOOD.replace("[policy]", '[store]\nkey = "file:key.txt"\n[policy]')))
    place = config.schedule.store.key
    assert place is not None
    with pytest.raises(ConfigError, match="chmod 600"):
        place.read(folder)
    key.chmod(0o600)
    assert place.read(folder) == "ab" * 32

"""Whoever changes the configuration leaves a line in the audit trail: which table or file, and no word of what stands in it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from stow import Council, stow

from auditor.store.sqlite import open_store
from auditor.store.trail import Deed, Entry

KEY, OTHER = "5eed" * 16, "trail-key-that-nobody-sees-8842"
SECRETS = {"STORE_KEY": KEY, "TRAIL_KEY": OTHER, "SMTP": "smtp-password-8843"}
REST = (
    "[store]\nkey = 'env:STORE_KEY'\n[audit]\nkey = 'env:TRAIL_KEY'\n"
    "[notify]\nmail = ['told@council.example']\nsmtp = 'smtp://mail.example:587'\nsmtp_password = 'env:SMTP'\n"
)


def configured(council: Council) -> list[Entry]:
    assert council.auditor("run", "--json", env=SECRETS).status == 0
    with open_store(f"sqlite:///{council.database}", key=KEY, trail_key=OTHER.encode(), read_only=True) as store:
        assert store.prove_trail().whole
        return [entry for entry in store.trail() if entry.deed == Deed.CONFIGURED]


def changed(council: Council) -> list[str]:
    found = configured(council)[-1].said["changed"]
    assert isinstance(found, list)
    return found


def test_what_changed_is_named_and_nothing_of_it_is_told(tmp_path: Path) -> None:
    council = stow(tmp_path)
    council.schedule(rest=REST)
    first = configured(council)
    assert [len(first), "[notify]" in changed(council), len(configured(council))] == [1, True, 1]
    assert set(changed(council)) == {
        "[council]", "[people]", "[sources]", "[policy]", "[store]", "[audit]", "[notify]",
        "policy/signatures/full.txt", "policy/waivers/full.txt",
    }  # fmt: skip

    council.schedule(rest=REST.replace("told@", "other@"))
    assert changed(council) == ["[notify]"]
    council.schedule(rest=REST.replace("told@", "other@"), policy="retention_months = 12\n")
    assert changed(council) == ["[policy]"]
    wording = council.folder / "policy" / "waivers" / "full.txt"
    wording.write_text(wording.read_text(encoding="utf-8") + "And thank you.\n", encoding="utf-8")
    assert changed(council) == ["policy/waivers/full.txt"]
    wording.with_name("short.txt").write_text("Read with care.\n", encoding="utf-8")
    assert changed(council) == ["policy/waivers/short.txt"]
    wording.with_name("short.txt").unlink()
    assert changed(council) == ["policy/waivers/short.txt"]
    told = configured(council)
    assert len(told) == 6

    said = "".join(f"{entry.who} {entry.about}" for entry in told)
    hidden = (*SECRETS.values(), "told@", "other@", "mail.example", "Ann Marsh", "thank you", "env:", "smtp")
    assert [word for word in hidden if word in said] == []
    for entry in told:
        assert " on " in entry.who
        files = entry.said["files"]
        assert isinstance(files, dict)
        assert all(len(digest) == 16 for digest in files.values())
        assert set(json.loads(entry.about)) == {"changed", "files"}


def test_a_remark_and_another_value_of_a_secret_change_nothing(tmp_path: Path) -> None:
    council = stow(tmp_path)
    secret = council.folder / "smtp.secret"
    secret.touch(mode=0o600)
    secret.write_text("one-password-1", encoding="utf-8")
    rest = REST.replace("env:SMTP", "file:smtp.secret")
    council.schedule(rest=rest)
    assert len(configured(council)) == 1
    secret.write_text("two-password-2", encoding="utf-8")
    assert stat.S_ISREG(secret.stat().st_mode)
    council.schedule(rest=rest + "# a remark\n")
    assert len(configured(council)) == 1

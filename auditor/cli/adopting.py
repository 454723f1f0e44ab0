"""Another file's policy put into schedule.toml: its tables on whom and what is checked, and everything else as it was.

[council], [[people]] and [policy] are taken over, in their own words and with their comments; where mail comes from,
where it is kept and who is told stays as schedule.toml has it. Folders and files that [policy] names stay where they
are: their paths are written as they lead there from schedule.toml.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import AuditorError, ConfigError

if TYPE_CHECKING:
    from auditor.config import Config

TAKEN = ("council", "people", "policy")
"""The tables that say whom and what is checked."""
_PATHS = ("signatures", "waivers", "document")
_HEAD = re.compile(r"\s*\[\[?\s*[\"']?([\w-]+)[\"']?[^\]]*\]\]?\s*(?:#.*)?")

_POLICY = re.compile(r"^[ \t]*\[[ \t]*policy[ \t]*\][^\n]*", re.MULTILINE)


def put_in_place(config: Config, tried: Config) -> Path | None:
    """Makes schedule.toml say what `tried` says; where the old one is kept, None when it said so already.

    Raises:
        ConfigError: the two cannot be put together without a person; nothing is changed.
    """
    from datetime import UTC, datetime

    target = Path(os.path.realpath(config.path))
    before = target.read_bytes()
    made = merged(config, tried)
    unfinished = config.path.with_name(config.path.name + ".unfinished")
    try:
        _write(unfinished, made.encode(), like=target)
        _prove(config, tried, unfinished)
        if tomllib.loads(made) == tomllib.loads(before.decode("utf-8-sig")):
            return None
        kept = _free(config.path, f"{config.policy.day(datetime.now(UTC))}")
        _write(kept, before, like=target)
        os.replace(unfinished, target)  # noqa: PTH105
        return kept
    finally:
        unfinished.unlink(missing_ok=True)


def merged(config: Config, tried: Config) -> str:
    """schedule.toml with the other file's tables in the place of its own."""
    ours = _blocks(config.path.read_text(encoding="utf-8-sig"))
    theirs = _blocks(tried.path.read_text(encoding="utf-8-sig"))
    taken = [_led(text, config, tried) if name == "policy" else text for name, text in theirs if name in TAKEN]
    if not any(name == "policy" for name, _ in theirs):
        taken.append(_led("[policy]\n", config, tried))
    head = [text for name, text in ours if not name]
    rest = [text for name, text in ours if name and name not in TAKEN]
    return _apart([text if text.endswith("\n") else f"{text}\n" for text in (*head, *taken, *rest)])


def _apart(tables: list[str]) -> str:
    """An empty line before each table."""
    text = ""
    for table in tables:
        there = not text or text.endswith("\n\n") or table.startswith("\n")
        text += table if there else f"\n{table}"
    return text


def _blocks(text: str) -> list[tuple[str, str]]:
    """(table, its lines); a comment that touches a heading goes with it. What stands before the first table has no name."""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines(keepends=True):
        if head := _HEAD.fullmatch(line):
            lines = blocks[-1][1]
            first = len(lines)
            while first and lines[first - 1].startswith("#"):
                first -= 1
            if first == 0 and len(blocks) == 1:
                first = len(lines)  # the file's own heading stays at its top
            blocks.append((head[1], [*lines[first:], line]))
            del lines[first:]
        else:
            blocks[-1][1].append(line)
    return [(name, "".join(lines)) for name, lines in blocks]


def _led(text: str, config: Config, tried: Config) -> str:
    """The [policy] table with its paths as they lead from schedule.toml's folder."""
    if tried.folder == config.folder or not _POLICY.search(text):
        return text  # a table inside it, as [policy.rules], names none
    for key in _PATHS:
        given: str | None = getattr(tried.schedule.policy, key)
        if given is None or not tried.within(given).exists():
            continue
        line = f"{key} = {json.dumps(_way(tried.within(given), config.folder), ensure_ascii=False)}"
        found = re.search(rf"^[ \t]*{key}[ \t]*=[ \t]*(\"[^\"\n]*\"|'[^'\n]*')", text, re.MULTILINE)
        if found:
            text = text[: found.start()] + line + text[found.end() :]
        elif head := _POLICY.search(text):
            text = f"{text[: head.end()]}\n{line}{text[head.end() :]}"
    return text


def _way(to: Path, folder: Path) -> str:
    """Relative where both are on one drive."""
    with contextlib.suppress(ValueError):
        return Path(os.path.relpath(to, folder)).as_posix()
    return to.as_posix()


def _prove(config: Config, tried: Config, written: Path) -> None:
    """Read again, it must say exactly what was tried, and all else as before."""
    from auditor.config import load
    from auditor.pipeline.night import rules_version

    try:
        read = load(written)
        rest = [
            {name: table for name, table in tomllib.loads(one.read_text("utf-8-sig")).items() if name not in TAKEN}
            for one in (written, config.path)
        ]
        if rules_version(read.policy) == rules_version(tried.policy) and rest[0] == rest[1]:
            return
        why = "read again, they would not say the same"
    except (AuditorError, ValueError) as error:
        why = str(error).replace("\n", " ").replace(written.name, config.path.name).rstrip(".")
    said = (
        f"{tried.path} cannot be put into {config.path.name} ({why}): copy its [council], [[people]] and [policy] by "
        "hand, then run 'auditor replay --adopt'; nothing was changed."
    )
    raise ConfigError([said])


def _free(path: Path, day: str) -> Path:
    """A name beside it that nothing has yet."""
    kept = path.with_name(f"{path.name}.before-{day}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.before-{day}-{number}")
    return kept


def _write(path: Path, data: bytes, like: Path) -> None:
    """Whole, on the disk, and as open to others as `like`."""
    with path.open("wb") as file:
        if os.name != "nt":
            shutil.copymode(like, path)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())

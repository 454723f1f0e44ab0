"""A message saved by Outlook (MS-OXMSG): its words, and the files in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.look import inside

_TEXT = re.compile(r"__substg1\.0_(0037|1000|0c1a|0e04|0e03)00(1f|1e)")
_FILE = re.compile(r"(__attach_version1\.0_#[0-9a-f]+)/__substg1\.0_(3707|3701|3704)(001f|001e|0102)")
_ORDER = ("0c1a", "0e04", "0e03", "0037", "1000")
_NAMES, _BYTES = ("37071f", "37071e", "37041f", "37041e"), "370102"


def wanted(streams: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """The streams that are read, by their path in lower case."""
    for name, path in streams.items():
        if _TEXT.fullmatch(name) or _FILE.fullmatch(name):
            yield name, path


def read(streams: dict[str, bytes], seen: Look, budget: Budget) -> None:
    """Sender, recipients, subject and text, then each file."""
    texts = {match[1]: _decoded(data, match[2]) for name, data in streams.items() if (match := _TEXT.fullmatch(name))}
    seen.say([f"{texts[tag].strip()}\n" for tag in _ORDER if tag in texts], budget)
    files: dict[str, dict[str, bytes]] = {}
    for name, data in streams.items():
        if match := _FILE.fullmatch(name):
            files.setdefault(match[1], {})[match[2] + match[3][-2:]] = data
    for parts in files.values():
        name = next((_decoded(parts[key], key[-2:]) for key in _NAMES if key in parts), "")
        if _BYTES in parts:
            inside(name or "a file", parts[_BYTES], seen, budget)


def _decoded(data: bytes, kind: str) -> str:
    return data.decode("utf-16-le" if kind == "1f" else "cp1252", "replace").strip("\0")

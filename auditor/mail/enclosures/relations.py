"""What an Office document points at outside itself (ECMA-376 part 2, relationships)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from auditor.mail.enclosures.xml import value, walk
from auditor.mail.enclosures.zips import Zip
from auditor.mail.vocabulary import enclosure_terms

_SUCKS = {"attachedTemplate": "its template", "oleObject": "an object", "frame": "a frame", "subDocument": "a chapter"}
"""Relations that a document follows by itself when it is opened; a link waits to be clicked, a picture only shows."""


def of(package: Zip, part: str) -> dict[str, tuple[str, str]]:
    """The relations of a part: id to type's last word and target."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    return (
        {key: (kind, target) for key, kind, target, _ in _relations(package, name)} if name in package.members else {}
    )


def target(part: str, named: str) -> str:
    """Where a relation of `part` leads inside the package."""
    if named.startswith("/"):
        return named[1:]
    steps = part.split("/")[:-1]
    for step in named.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def fetched(package: Zip, names: list[str]) -> Iterator[str]:
    """What a document fetches from the web by itself when it is opened, as the end of a sentence about it."""
    for name in names:
        if not name.endswith(".rels"):
            continue
        for _, kind, place, external in _relations(package, name):
            if external and kind in _SUCKS and (host := _elsewhere(place)):
                yield f"fetches {_SUCKS[kind]} from {host} when it is opened"


def _relations(package: Zip, name: str) -> list[tuple[str, str, str, bool]]:
    found: list[tuple[str, str, str, bool]] = []

    def begin(tag: str, held: dict[str, str]) -> None:
        if tag == "Relationship":
            kind = value(held, "Type").rpartition("/")[2]
            found.append((value(held, "Id"), kind, value(held, "Target"), value(held, "TargetMode") == "External"))

    walk(package.markup(name), begin)
    return found


def _elsewhere(place: str) -> str:
    """The host on the web that a target names; '' for a file, a share, and where office programs keep their own."""
    place = place.removeprefix("mhtml:")
    try:
        parts = urlsplit(place)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https", "ftp") or not host:
        return ""
    own = enclosure_terms("own_places")
    return "" if any(host == one or host.endswith(f".{one}") for one in own) else host

"""Findings as rows: what is said once, who says it, and for how long it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from auditor.findings import Finding
from auditor.store.records import Made
from auditor.store.sqlite import names
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import Hashes, clean, listed

_writer = msgspec.msgpack.Encoder()
_reader = msgspec.msgpack.Decoder(Finding)

_KEEP = """INSERT INTO findings (id, holding, verdict, version, run) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET verdict = excluded.verdict, version = excluded.version, withdrawn = 0"""
_KEEP_NEW = "INSERT OR IGNORE INTO findings (id, holding, verdict, version, run) VALUES (?, ?, ?, ?, ?)"

Key = bytearray | str


def short(name: str) -> Key:
    """A finding's id as it is kept: bytes for hexadecimal digits, which halves it; itself otherwise."""
    try:
        data = bytearray.fromhex(name)
    except ValueError:
        return name
    return data if data.hex() == name else name


def whole(kept: bytes | str) -> str:
    """The id that `short` was given."""
    return kept if isinstance(kept, str) else kept.hex()


def finding(said: bytes) -> Finding:
    """A finding from its verdict."""
    return _reader.decode(said)


def made_by(database: Database, holdings: Iterable[int]) -> list[tuple[int, str]]:
    """(holding, finding) for every finding in force that these holdings make."""
    rows = database.rows(
        "SELECT holding, id FROM findings WHERE NOT withdrawn AND holding IN (SELECT value FROM json_each(?1)) "
        "UNION ALL SELECT holding, finding FROM also_made WHERE holding IN (SELECT value FROM json_each(?1))",
        (listed(holdings),),
    )
    return [(holding, whole(name)) for holding, name in rows]


def made(database: Database, holdings: Iterable[int]) -> list[Made]:
    """The same with what each says, by holding and id."""
    rows = database.rows(
        "SELECT findings.holding AS holding, findings.id AS id, said, 1 FROM findings "
        "JOIN verdicts ON verdicts.id = verdict "
        "WHERE NOT withdrawn AND findings.holding IN (SELECT value FROM json_each(?1)) "
        "UNION ALL SELECT also_made.holding, findings.id, said, 0 FROM also_made "
        "JOIN findings ON findings.id = also_made.finding JOIN verdicts ON verdicts.id = verdict "
        "WHERE also_made.holding IN (SELECT value FROM json_each(?1)) ORDER BY 1, 2",
        (listed(holdings),),
    )
    known = {said: finding(said) for said in {said for _, _, said, _ in rows}}
    return [Made(holding, whole(name), known[said], bool(owned)) for holding, name, said, owned in rows]


def keep(database: Database, hashes: Hashes, run: int, version: str, said: dict[int, dict[str, Finding]]) -> int:
    """Keeps the findings; how many were never made before. One made again is in force again."""
    made = [(holding, name, one) for holding, found in said.items() for name, one in reversed(found.items())]
    verdicts = _verdicts(database, hashes, [one for _, _, one in made])
    number = names.numbers(database, "versions", [version])[version]
    if _keep_new(database, [(short(name), holding, verdicts[id(one)], number, run) for holding, name, one in made]):
        return len(made)
    before = _standing(database, {name for _, name, _ in made})
    owners: dict[str, int] = {}
    for holding, name, _ in made:
        # One that was withdrawn stands under whoever makes it now.
        owners.setdefault(name, before.get(name) or holding)
    database.many(_KEEP, [(short(name), owners[name], verdicts[id(one)], number, run) for _, name, one in made])
    database.many(
        "UPDATE findings SET holding = ? WHERE id = ?",
        [(owners[name], short(name)) for name, owner in before.items() if owner is None],
    )
    database.many(
        "INSERT OR IGNORE INTO also_made VALUES (?, ?)",
        [(holding, short(name)) for holding, name, _ in made if holding != owners[name]],
    )
    return len(owners) - len(before)


def _keep_new(database: Database, rows: list[tuple[Any, ...]]) -> bool:
    """Keeps findings of which none was ever made before, as on most nights; False, and nothing kept, otherwise."""
    with database.savepoint() as undo:
        new = database.many(_KEEP_NEW, rows) == len(rows)
        if not new:
            undo()
    return new


def _standing(database: Database, wanted: Collection[str]) -> dict[str, int | None]:
    """The holding under which each known finding stands; None for one that is withdrawn."""
    places = ", ".join("?" * len(wanted))
    rows = database.rows(
        f"SELECT id, iif(withdrawn, NULL, holding) FROM findings WHERE id IN ({places})",  # noqa: S608
        [short(name) for name in wanted],
    )
    return {whole(name): holding for name, holding in rows}


def _verdicts(database: Database, hashes: Hashes, made: Collection[Finding]) -> dict[int, int]:
    """The number of each verdict, by the `id()` of its finding; new ones are added."""
    # Most findings of a page are of a few sorts, and one object: it is packed once.
    said = {id(one): one for one in made}
    packed = {number: _mended(one) for number, one in said.items()}
    known = _said(database, hashes, set(packed.values()))
    return {number: known[words] for number, words in packed.items()}


def _said(database: Database, hashes: Hashes, said: Collection[bytes]) -> dict[bytes, int]:
    keys = {packed: hashes(packed) for packed in sorted(said)}
    found = "SELECT said, id FROM verdicts WHERE key IN (SELECT value FROM json_each(?))"
    known: dict[bytes, int] = dict(database.rows(found, (listed(keys.values()),)))
    missing = [(key, bytearray(packed)) for packed, key in keys.items() if packed not in known]
    if missing:
        database.many("INSERT INTO verdicts (key, said) VALUES (?, ?)", missing)
        known = dict(database.rows(found, (listed(keys.values()),)))
    return known


def verdicts_of(database: Database, rule: str) -> list[int]:
    """The verdicts that this rule gave."""
    return [number for number, said in database.rows("SELECT id, said FROM verdicts") if finding(said).rule == rule]


def withdraw(database: Database, gone: list[tuple[int, str]]) -> None:
    """These holdings no longer make these findings: a copy that does stands for them, or they are withdrawn."""
    for holding, name in gone:
        key = short(name)
        if database.run("DELETE FROM also_made WHERE holding = ? AND finding = ?", (holding, key)):
            continue
        other = database.value("SELECT min(holding) FROM also_made WHERE finding = ?", (key,))
        if other is None:
            database.run("UPDATE findings SET withdrawn = 1 WHERE id = ?", (key,))
        else:
            database.run("UPDATE findings SET holding = ? WHERE id = ?", (other, key))
            database.run("DELETE FROM also_made WHERE holding = ? AND finding = ?", (other, key))


def _mended(one: Finding) -> bytes:
    return _writer.encode(
        Finding(
            one.rule, one.severity, one.confidence, clean(one.part), one.start, one.end, clean(one.excerpt),
            clean(one.reason), clean(one.evidence),
        )
    )  # fmt: skip


def forget_unsaid(database: Database) -> None:
    """Drops verdicts that no finding has any longer."""
    database.run("DELETE FROM verdicts WHERE id NOT IN (SELECT verdict FROM findings)")

"""A message read once more from the bytes that are kept, as a night would read it. Runs in the guarded child."""

from __future__ import annotations

from auditor.mail.limits import Limits
from auditor.mail.parse import parse
from auditor.mail.segments import split
from auditor.pipeline.arriving import addressed
from auditor.pipeline.reading import Record, prepared, unpack
from auditor.store.records import Piece, Reading

ALONE = -1
"""Stands for a holding where a piece has none any longer."""


def read_again(piece: Piece, limits: Limits) -> dict[int, Reading]:
    """The readings of a piece, by holding: copies differ in the hidden recipients that the provider named."""
    if piece.raw is None:
        return {}
    mail = parse(piece.raw, limits)
    made: dict[tuple[str, ...], Reading] = {}
    wanted = {kept.holding: kept.bcc for kept in piece.kept} or {ALONE: _hidden(piece)}
    for bcc in wanted.values():
        if bcc not in made:
            whole = addressed(mail, bcc)
            made[bcc] = prepared(Record(whole, split(whole.body, whole.subject)))
    return {holding: made[bcc] for holding, bcc in wanted.items()}


def _hidden(piece: Piece) -> tuple[str, ...]:
    """Of bytes that were replaced nobody remembers what the provider named, but their reading does."""
    return tuple(address.email for address in unpack(piece.packed).mail.bcc) if piece.packed else ()

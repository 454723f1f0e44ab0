"""The provider's own bytes, kept as they came: compressed, once each, and proved against their name when read.

Mail is short and alike, so it is compressed with a dictionary learnt from this store's own messages: half the size
of plain compression. A dictionary stays in the store for as long as something was written with it; it holds
fragments of the messages it was learnt from, so it is as confidential as they are.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, NamedTuple

import msgspec
import zstandard

from auditor.errors import StoreError
from auditor.spool import PIECE, Spooled
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.text import evidence_key

LEVEL = 3
TOGETHER = 1 << 16
"""Bytes up to which a message and its reading share a frame: reading one then means unpacking both."""
DICTIONARY_SIZE = 112 * 1024
FIRST_LESSON = 512
"""Messages there must be before a dictionary is learnt."""
NEXT_LESSON = 8
"""Learnt anew when there are so many times more messages than at the last time."""
SAMPLES = 600
SAMPLE_SIZE = 1 << 15
SEGMENT = 1000
"""Length of the stretches a dictionary is put together from; given, because searching for the best takes four
times as long and gains a thousandth."""


class Note(NamedTuple):
    """What a report says of a message and no index needs."""

    recipients: tuple[str, ...]
    unread: tuple[str, ...]
    in_reply_to: str


_note_writer = msgspec.msgpack.Encoder()
_note_reader = msgspec.msgpack.Decoder(Note)


class Stored(NamedTuple):
    """A row of evidence, ready to be written."""

    size: int
    packed_size: int | None
    reading: bytes | None
    data: bytes


class Shelf:
    """Compresses and unpacks; learns dictionaries. Its state follows the database's: after a rollback, `forget`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._compressor: Any = None
        self._decompressors: dict[int, Any] = {}

    def forget(self) -> None:
        """Forgets what it has learnt or read from the database."""
        self._compressor = None
        self._decompressors = {}

    def store_all(self, messages: Sequence[tuple[bytes, bytes, Note]]) -> list[Stored]:
        """Messages, each with its reading and its note."""
        sheets = [(raw, len(packed), packed + _note_writer.encode(note)) for raw, packed, note in messages]
        # Compressed one after the other and nothing between: its tables stay in the processor's cache.
        frames = [self._compress(raw + reading if len(raw) <= TOGETHER else raw) for raw, _, reading in sheets]
        return [
            Stored(len(raw), packed, None if len(raw) <= TOGETHER else self._compress(reading), frame)
            for (raw, packed, reading), frame in zip(sheets, frames, strict=True)
        ]

    def store_reading(self, packed: bytes, note: Note) -> bytes:
        """A reading alone, for evidence that was kept without one."""
        return self._compress(packed + _note_writer.encode(note))

    def store_bytes(self, raw: bytes) -> Stored:
        """Bytes that could not be read."""
        return Stored(len(raw), None, None, self._compress(raw))

    def compress(self, raw: Spooled, into: BinaryIO) -> int:
        """Writes what lies in a file, compressed; how many bytes that are. Alone and large, it needs no dictionary.

        Raises StoreError when the file is not what it was."""
        sha256 = hashlib.sha256()
        with _compressor(None).stream_writer(into, size=raw.size, closefd=False) as writer:
            for piece in raw.pieces():
                sha256.update(piece)
                writer.write(piece)
        if sha256.hexdigest() != raw.sha256:
            raise StoreError(f"The file {raw.path} is not as it was written: check the disk, and run the night again.")
        return into.tell()

    def raw(self, size: int, data: bytes) -> bytes:
        """The provider's own bytes."""
        return self._unpack(data)[:size]

    def digest(self, size: int, data: bytes) -> str:
        """The SHA-256 of the provider's own bytes, which are not held whole where they are many.

        Raises StoreError when they cannot be unpacked."""
        if size <= TOGETHER:
            return hashlib.sha256(self.raw(size, data)).hexdigest()
        sha256, left = hashlib.sha256(), size
        try:
            number = zstandard.get_frame_parameters(data).dict_id
            with self._decompressor(number).stream_reader(data) as pieces:
                while piece := pieces.read(PIECE):
                    sha256.update(piece[:left])
                    left = max(0, left - len(piece))
        except zstandard.ZstdError as error:
            raise self._spoilt() from error
        return sha256.hexdigest()

    def reading(self, size: int, packed_size: int, reading: bytes | None, data: bytes | None) -> tuple[bytes, Note]:
        """The packed message and its note. `data` may be None where there is a `reading`."""
        whole = self._unpack(data or b"")[size:] if reading is None else self._unpack(reading)
        return whole[:packed_size], _note_reader.decode(whole[packed_size:])

    def _compress(self, data: bytes) -> bytes:
        if self._compressor is None:
            row = self._database.row("SELECT data FROM dictionaries ORDER BY id DESC LIMIT 1")
            self._compressor = _compressor(zstandard.ZstdCompressionDict(row[0]) if row and row[0] else None)
        return self._compressor.compress(data)  # type: ignore[no-any-return]

    def _unpack(self, frame: bytes) -> bytes:
        try:
            number = zstandard.get_frame_parameters(frame).dict_id
            return self._decompressor(number).decompress(frame)  # type: ignore[no-any-return]
        except zstandard.ZstdError as error:
            raise self._spoilt() from error

    def _spoilt(self) -> StoreError:
        return StoreError(
            f"The store {self._database.path} holds a message that cannot be unpacked: restore the newest backup."
        )

    def _decompressor(self, number: int) -> Any:
        if number not in self._decompressors:
            data = self._database.value("SELECT data FROM dictionaries WHERE id = ?", (number,)) if number else None
            learnt = zstandard.ZstdCompressionDict(data) if data else None
            self._decompressors[number] = zstandard.ZstdDecompressor(dict_data=learnt)
        return self._decompressors[number]

    def learn(self, arriving: Sequence[tuple[bytes, bytes]]) -> None:
        """Learns a dictionary when enough more mail has come than at the last time. Inside the page's transaction.

        `arriving` are messages and their readings: both are compressed, so both are learnt from.
        """
        held = self._database.value("SELECT coalesce(max(id), 0) FROM evidence")
        number, before = self._database.row("SELECT coalesce(max(id), 0), max(trained_at) FROM dictionaries") or (0, 0)
        if held + len(arriving) < (before * NEXT_LESSON if before else FIRST_LESSON):
            return
        given = (raw + packed for raw, packed in arriving[:SAMPLES] if len(raw) <= SAMPLE_SIZE)
        samples: list[bytes | bytearray | memoryview[int]] = [*self._held_samples(held), *given]
        if len(samples) < FIRST_LESSON // 2:
            return
        try:
            learnt = zstandard.train_dictionary(DICTIONARY_SIZE, samples[:SAMPLES], k=SEGMENT, d=8, dict_id=number + 1)
        except zstandard.ZstdError:
            # Too little that repeats: this mail is compressed as it would be without.
            return
        self._database.run(
            "INSERT INTO dictionaries VALUES (?, ?, ?)", (number + 1, held + len(arriving), learnt.as_bytes())
        )
        self._compressor = _compressor(zstandard.ZstdCompressionDict(learnt.as_bytes()))

    def relearn(self) -> None:
        """Learns a dictionary from what is held now, inside a transaction; an empty one where there is too little, so
        that the next message is compressed with none of the earlier ones either."""
        held = self._database.value("SELECT coalesce(max(id), 0) FROM evidence")
        number = self._database.value("SELECT coalesce(max(id), 0) + 1 FROM dictionaries")
        samples: list[bytes | bytearray | memoryview[int]] = list(self._held_samples(held))
        learnt, lesson = b"", 0
        if len(samples) >= FIRST_LESSON // 2:
            with contextlib.suppress(zstandard.ZstdError):
                made = zstandard.train_dictionary(DICTIONARY_SIZE, samples, k=SEGMENT, d=8, dict_id=number)
                learnt, lesson = made.as_bytes(), held
        self._database.run("INSERT INTO dictionaries VALUES (?, ?, ?)", (number, lesson, learnt))
        self._compressor = None

    def renewed(self, frame: bytes, learnt_before: int) -> bytes | None:
        """The frame compressed anew, where that was done with one of the dictionaries up to this one; None otherwise."""
        if not made_with(frame, learnt_before):
            return None
        return self._compress(self._unpack(frame))

    def _held_samples(self, held: int) -> Iterable[bytes]:
        """Messages spread evenly over what is held; at most three quarters of a lesson."""
        step = max(1, held * 4 // (SAMPLES * 3))
        rows = self._database.each(
            "SELECT data FROM evidence WHERE id % ? = 0 AND size <= ? LIMIT ?",
            (step, SAMPLE_SIZE, SAMPLES * 3 // 4),
        )
        return [self._unpack(data) for (data,) in rows]


def made_with(frame: bytes, learnt_before: int) -> bool:
    """Whether a frame, or its first bytes, says that a dictionary up to this one is needed to unpack it."""
    try:
        return 0 < zstandard.get_frame_parameters(frame).dict_id <= learnt_before
    except zstandard.ZstdError:
        return False  # damaged: whoever reads it says so


def _compressor(dictionary: Any) -> Any:
    # Four bytes of checksum a frame prove the reading too, which has no name of its own to be held against.
    if dictionary is None:
        return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    dictionary.precompute_compress(level=LEVEL)
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=dictionary, write_checksum=True)


def proved(raw: bytes, sha256: str, database: Database) -> bytes:
    """`raw`, when its hash is its name."""
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise StoreError(
            f"The message {sha256[:12]}… in {database.path} no longer matches its hash: restore the newest backup."
        )
    return raw


def read_again(database: Database, shelf: Shelf, sha256: str) -> bytes:
    """What was made of these bytes, packed."""
    wanted = bytes.fromhex(sha256)
    row = database.row(
        "SELECT size, packed_size, reading, CASE WHEN reading IS NULL THEN data END FROM evidence "
        "WHERE key = ? AND sha256 = ? AND packed_size IS NOT NULL",
        (evidence_key(wanted), wanted),
    )
    if row is None:
        raise StoreError(f"The store {database.path} holds no message {sha256[:12]}… that could be read.")
    return shelf.reading(*row)[0]

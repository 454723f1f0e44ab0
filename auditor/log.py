"""What the program did, a JSON object a line, for whoever looks after it: `auditor.log` beside the store.

No subject, text, list of addresses or secret stands in it. Not because anybody looks for them: there is no field that
could hold them. An entry is made of named fields, each of a known kind; whatever is none of these is left out, and
`refused` names the field. Of an unexpected exception its class and our own lines are kept, never what it says; of a
library's warning its level and who gave it.

The log is open while a command holds the lock, so that no two processes write or rotate it. A disk that refuses it
stops nothing.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError
from auditor.scrub import scrubbed, without_secrets

NAME = "auditor.log"
SIZE = 1_000_000
"""Bytes after which a new file is begun."""
KEPT = 5
"""Former files that are kept, `auditor.log.1` the newest of them."""
FRAMES = 40
"""Lines of ours that are noted of an exception, the innermost."""
LETTERS = 500
"""Of a sentence."""

_OURS = "auditor.events"
_ROOT = Path(__file__).parents[1]
_PACKAGES = ("auditor", "connectors", "reports")
_ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,190}")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:[ -][a-z0-9]+){0,4}")
_CLASS = re.compile(r"[A-Za-z_]\w{0,60}")
_TABLE = re.compile(r"\[\w{1,30}\]")
_LABEL = re.compile(r"[\w-]{1,20}(?: [\w-]{1,20}){0,3}")
_FILE = re.compile(r"[^\x00-\x1f/\\]{1,120}")

Kind = Callable[[object], Any]
"""What stands in the log for a value; raises TypeError or ValueError for one that is not of the kind."""


def _count(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _seconds(value: object) -> float:
    if type(value) not in (int, float):
        raise TypeError
    return round(float(str(value)), 3)


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise TypeError
    return value


def _matching(pattern: re.Pattern[str]) -> Kind:
    def kind(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError
        return str(value)

    return kind


def _sentence(value: object) -> str:
    """Only of an error that is made for people to read: text from elsewhere is none."""
    if not isinstance(value, AuditorError):
        raise TypeError
    return without_secrets(" ".join(str(value).split()))[:LETTERS]


def _file(value: object) -> str:
    """The name of a file, without its folder."""
    if not isinstance(value, Path) or not _FILE.fullmatch(value.name):
        raise TypeError
    return value.name


def _tables(value: object) -> list[str]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and _TABLE.fullmatch(one) for one in value):
        raise TypeError
    return list(value)


_COUNTS = "run new removed analysed findings requests gaps mailboxes workbooks messages bytes size kept files entries length holds"
FIELDS: Mapping[str, Kind] = {
    **dict.fromkeys(_COUNTS.split(), _count),
    "seconds": _seconds,
    "ok": _flag,
    "mailbox": _matching(_ADDRESS),
    "source": _matching(_WORD),
    "status": _matching(_WORD),
    "way": _matching(_WORD),
    "what": _matching(_WORD),
    "week": _matching(_LABEL),
    "error": _matching(_CLASS),
    "sentence": _sentence,
    "file": _file,
    "tables": _tables,
}
"""Every field there is. `what` and `way` are a word or a few of the program's own."""


def event(name: str, **fields: object) -> None:
    """Notes something that happened; without an open log, nothing. Never raises.

    Args:
        name: a few words of the program's own: 'run began'.
        fields: those of `FIELDS`; None leaves one out.
    """
    _written({"event": name if _WORD.fullmatch(name) else "unnamed", **_allowed(fields)})


def failed(error: BaseException) -> None:
    """Notes an exception: of ours its sentence, of any other its class and our own lines on its way."""
    if isinstance(error, AuditorError):
        event("stopped", error=type(error).__name__, sentence=error)
        return
    if not isinstance(error, Exception):  # somebody stopped it
        event("stopped", error=type(error).__name__)
        return
    because = [type(one).__name__ for one in _chain(error)][1:]
    _written({"event": "failed", "error": type(error).__name__, "frames": frames(error), "because": because})


def frames(error: BaseException) -> list[str]:
    """Where in our own files an exception came by: 'auditor/cli/run.py:88', the outermost first."""
    places = [
        f"{Path(frame.filename).relative_to(_ROOT).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if any(Path(frame.filename).is_relative_to(_ROOT / package) for package in _PACKAGES)
    ]
    return places[-FRAMES:]


def traced(error: BaseException) -> str:
    """A whole traceback for `--debug`, without secrets."""
    return scrubbed("".join(traceback.format_exception(error)))


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Keeps the log in a folder meanwhile, and notes what stops the work."""
    with _open(folder):
        try:
            yield
        except BaseException as error:
            failed(error)
            raise


def hush() -> None:
    """Where nobody set up logging, Python prints a library's warnings, whatever they carry: not here."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())


@contextmanager
def _open(folder: Path) -> Iterator[None]:
    try:
        file = _File(folder / NAME)
    except OSError:
        yield  # a disk that refuses the log stops nothing
        return
    ours, root = logging.getLogger(_OURS), logging.getLogger()
    ours.propagate = False
    ours.setLevel(logging.INFO)
    libraries = _Libraries(file)
    ours.addHandler(file)
    root.addHandler(libraries)
    try:
        yield
    finally:
        root.removeHandler(libraries)
        ours.removeHandler(file)
        with contextlib.suppress(OSError):
            file.close()


def _written(entry: dict[str, Any]) -> None:
    logger = logging.getLogger(_OURS)
    if logger.handlers:
        logger.info("", extra={"entry": entry})


def _allowed(fields: Mapping[str, object]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    refused = []
    for name, value in fields.items():
        if value is None:
            continue
        try:
            entry[name] = FIELDS[name](value)
        except (KeyError, TypeError, ValueError):
            refused.append(name)
    return entry | ({"refused": refused} if refused else {})


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and those it came of."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


class _Line(logging.Formatter):
    """An entry of ours as one line of JSON; of anybody else's record, the level and the name."""

    def format(self, record: logging.LogRecord) -> str:
        """Never `record.getMessage()`: what a library says may be anything."""
        entry = getattr(record, "entry", None)
        if record.name != _OURS or not isinstance(entry, dict):
            entry = {"event": "library", "level": record.levelname.lower(), "logger": _logger(record.name)}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at, **entry}, ensure_ascii=True)


def _logger(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]{1,80}", name) else "unnamed"


class _File(RotatingFileHandler):
    """The file, readable by its owner alone, its former ones too."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=SIZE, backupCount=KEPT, encoding="ascii", errors="backslashreplace")
        self.setFormatter(_Line())

    def _open(self) -> TextIOWrapper:
        stream = open(self.baseFilename, "a", encoding="ascii", errors="backslashreplace", opener=_private)  # noqa: SIM115
        if os.name != "nt":
            os.fchmod(stream.fileno(), 0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's own name)
        """A line that cannot be written is lost, and nothing else."""


class _Libraries(logging.Handler):
    """What libraries warn of, without their words."""

    def __init__(self, file: _File) -> None:
        super().__init__(logging.WARNING)
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Hands it to the file, whose lines leave the words out."""
        self._file.handle(record)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

"""Writes the workbook the clerk opens: whole or not at all, and never over a file that somebody has open or has written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from auditor import whole
from auditor.errors import WorkbookError
from reports import place
from reports.book import Book
from reports.report import WeekReport
from reports.sealed import sealed
from reports.sheets import SHEETS
from reports.stream import save

_TRIES = 99


@dataclass(frozen=True, slots=True)
class Written:
    """A workbook that stands on the disk."""

    path: Path
    """Where it was really written."""
    note: str = ""
    """Why it is not where it was asked for, one sentence for the run's report; empty when it is."""
    page: Path | None = None
    """The page for the Council's file that was written beside it."""
    besides: tuple[str, ...] = ()
    """What else was written with it, a sentence each for the run's report."""


def draw(report: WeekReport) -> Book:
    """The workbook with its sheets in order, its long tables announced."""
    book = Book(report.council, report.period.stem)
    first, *others = SHEETS
    for sheet in others:
        sheet(book, report)
    drawn = len(book.workbook.worksheets)
    first(book, report)
    book.workbook.move_sheet(book.workbook.worksheets[drawn], -drawn)
    about = book.workbook.properties
    about.title, about.creator, about.lastModifiedBy = report.period.stem, place.AUTHOR, place.AUTHOR
    return book


def write(report: WeekReport, path: Path, password: str | None = None) -> Written:
    """Writes `report` at `path`, or beside it as '… (2).xlsx' where that file is open or holds somebody's notes.

    With a password the file opens with that alone, and nothing readable of it ever lies on the disk.

    Raises WorkbookError when the folder cannot be written; what stood there before is untouched.
    """
    book = draw(report)

    def content(file: IO[bytes]) -> None:
        if password is None:
            save(book, file, report.written)
            return
        plain = BytesIO()
        save(book, plain, report.written)
        file.write(sealed(plain.getvalue(), password))

    try:
        with whole.draft(path, content) as draft:
            return put(draft, path, lambda target: place.taken(target, password))
    except OSError as error:
        why = error.strerror or str(error)
        said = f"The workbook '{path}' could not be written ({why}). Earlier workbooks are untouched; mend this and run 'auditor report'."
        raise WorkbookError(said) from error


def put(draft: Path, path: Path, taken: Callable[[Path], str]) -> Written:
    """Moves the finished draft to the first name that is free to take; `taken` says why one is not, as `place.taken`."""
    note = ""
    for target in names(path):
        reason = taken(target)
        if not reason:
            try:
                whole.move(draft, target)
                return Written(target, f"{note} It was written as '{target.name}'." if note else "")
            except PermissionError:
                reason = "is open in another program"
        note = note or f"'{path.name}' {reason} and was left alone."
    raise WorkbookError(f"'{path}' could not be written: {_TRIES} files of that name are in use. Move some away.")


def names(path: Path) -> Iterator[Path]:
    """'Audit 2026-W47.xlsx', 'Audit 2026-W47 (2).xlsx' …"""
    yield path
    for number in range(2, _TRIES + 1):
        yield path.with_name(f"{path.stem} ({number}){path.suffix}")

"""Which version of the reader this is: the same version makes the same reading of the same bytes.

A number kept by hand would be forgotten one day, so it is a digest of what reads: the program's own files, the libraries
they use, and Python, whose tables of characters decide what a letter is.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from auditor import __version__

_HOME = Path(__file__).parents[1]
_READS = ("mail", "pipeline/reading.py", "pipeline/arriving.py", "pipeline/postbook.py", "store/terms.py", "values.py")
_LIBRARIES = ("selectolax", "pypdfium2", "olefile", "PyStemmer", "openpyxl", "msgspec", "google-re2", "rapidfuzz")


@cache
def reader_version() -> str:
    """The program's version and eight digits, as `1.0+0f2a77c1`."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {_installed(name)}\n".encode())
    for place in _READS:
        for file in _files(_HOME / place):
            digest.update(file.relative_to(_HOME).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(file for file in place.rglob("*") if file.suffix in {".py", ".toml"})

"""What is packed as a zip: Office (ECMA-376), OpenDocument (ISO 26300), a program for Java or Android, or an archive."""

from __future__ import annotations

import re

from auditor.mail.enclosures.archives import zipped
from auditor.mail.enclosures.budget import Budget, Look
from auditor.mail.enclosures.compound import macros
from auditor.mail.enclosures.look import inside
from auditor.mail.enclosures.zips import Zip
from auditor.mail.message import Risk

_TYPES = "[Content_Types].xml"
_MACRO_PARTS = re.compile(r"vbaProject[^/]*\.bin$|/macrosheets/|/intlmacrosheets/", re.IGNORECASE)
_OWN = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+\.bin$", re.IGNORECASE)


def opened(data: bytes, _name: str, seen: Look, budget: Budget) -> None:
    """A package by what it holds."""
    package = Zip(data, budget)
    names = package.members
    if _TYPES in names:
        _office(package, seen, budget)
    elif "mimetype" in names and package.read("mimetype", 100).startswith(b"application/vnd.oasis.opendocument"):
        from auditor.mail.enclosures.odf import read

        seen.kind = "odf"
        read(package, seen, budget)
    elif "AndroidManifest.xml" in names or (
        "META-INF/MANIFEST.MF" in names and any(n.endswith(".class") for n in names)
    ):
        seen.kind = "program"
    elif any(name.endswith(".iwa") for name in names):
        seen.kind, seen.unread = "iwork", "a document of Apple's office programs"
    elif "mimetype" in names and package.read("mimetype", 100).startswith(b"application/epub"):
        seen.kind, seen.unread = "epub", "an electronic book"
    else:
        zipped(package, seen, budget)


def _office(package: Zip, seen: Look, budget: Budget) -> None:
    names = package.names()
    folders = {name.partition("/")[0].lower() for name in names}
    if "word" in folders:
        from auditor.mail.enclosures.word import read

        seen.kind = "docx"
    elif "xl" in folders:
        from auditor.mail.enclosures.workbook import read

        seen.kind = "xlsx"
    elif "ppt" in folders:
        from auditor.mail.enclosures.slides import read

        seen.kind = "pptx"
    else:
        seen.kind, seen.unread = "opc", "a document of a kind that is not read"
        return
    _dangers(package, names, seen, budget)
    read(package, seen, budget)


def _dangers(package: Zip, names: list[str], seen: Look, budget: Budget) -> None:
    from auditor.mail.enclosures.relations import fetched

    if b"macroEnabled" in package.read(_TYPES, 200_000) or any(map(_MACRO_PARTS.search, names)):
        projects = [name for name in names if name.lower().endswith(".bin") and _MACRO_PARTS.search(name)]
        if not projects or len(projects) < sum(_MACRO_PARTS.search(n) is not None for n in names):
            seen.add(Risk.MACRO, "is a document with macros")
        elif any(macros(package.read(name)) for name in projects):
            seen.add(Risk.MACRO, "holds macros")
    for detail in fetched(package, names):
        seen.add(Risk.FETCHES, detail)
    for name in names:
        if _OWN.match(name):
            inner = Look("docx")
            inside(name.rpartition("/")[2], package.read(name), inner, budget)
            seen.facts += [fact for fact in inner.facts if fact not in seen.facts]

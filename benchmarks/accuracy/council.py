"""A labelled set of council mail kept as JSON lines, made into messages as mail programs send them.

A line holds `id`, `from`, `sender` (another Sender header), `to`, `cc`, `bcc`, `subject`, `date`, `answers` (it replies
to another message), `body`, `attachments` (names, or tables of `name` and `kind`) and its label. In a body a line
`<signature>` or `<waiver>` stands for the writer's agreed wording, `<signature:short>` for another. The council is that of
`schedule.toml` beside the lines; where there is none, that of the rules' examples.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from auditor.mail.message import Address
from auditor.policy import Policy, Wording

EXAMPLES = Path(__file__).parents[2] / "auditor/analysers/examples/council.toml"
LONDON = ZoneInfo("Europe/London")
PHONE = "07700 900118"
_WORDING = re.compile(r"^[ \t]*<(signature|waiver)(?::([\w-]+))?>[ \t]*$", re.MULTILINE)
_FIRST = {"signature": "full", "waiver": "standard"}


def rows(folder: Path) -> list[dict[str, Any]]:
    """The lines of `messages.jsonl`, or else of all files of the folder in the order of their names."""
    whole = folder / "messages.jsonl"
    files = [whole] if whole.is_file() else sorted(folder.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


def schedule(folder: Path, place: Path) -> Path:
    """The council's schedule.toml; written to `place` from the examples' council where the folder has none."""
    if (folder / "schedule.toml").is_file():
        return folder / "schedule.toml"
    table = tomllib.loads(EXAMPLES.read_text("utf-8"))
    lines = [
        "[council]",
        *_keys(name=table["name"], domains=table["domains"], timezone="Europe/London"),
        "[policy]",
        *_keys(trusted_senders=table["trusted_senders"], known_correspondents=table["known_correspondents"]),
    ]
    for person in table["people"]:
        lines += ["[[people]]", *_keys(**person)]
    lines += ["[[sources]]", *_keys(kind="files", root="mail")]
    for kind in ("signatures", "waivers"):
        (place / "policy" / kind).mkdir(parents=True, exist_ok=True)
        for name, text in table[kind].items():
            (place / "policy" / kind / f"{name}.txt").write_text(text.strip() + "\n", "utf-8")
    (place / "schedule.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return place / "schedule.toml"


def _keys(**values: object) -> Iterator[str]:
    for name, value in values.items():
        yield f"{name} = {json.dumps(value, ensure_ascii=False)}"


def message(row: dict[str, Any], policy: Policy) -> bytes:
    """A line as the bytes of a message."""
    mail = EmailMessage(policy=SMTP.clone(linesep="\n", max_line_length=998))
    name, email = parseaddr(row["from"])
    sent = datetime.fromisoformat(row["date"])
    sent = sent if sent.tzinfo else sent.replace(tzinfo=LONDON)
    person = policy.person(Address(name, email.lower()), policy.day(sent))
    mail["From"] = row["from"] if name or person is None else f"{person.name} <{email}>"
    if row.get("sender"):
        mail["Sender"] = row["sender"]
    for field in ("to", "cc", "bcc"):
        given = row.get(field) or []
        if given:
            mail[field.capitalize()] = ", ".join([given] if isinstance(given, str) else given)
    mail["Subject"] = row.get("subject", "")
    mail["Date"] = format_datetime(sent)
    domain = email.rpartition("@")[2]
    mail["Message-ID"] = f"<{row['id']}@{domain}>"
    if row.get("answers"):
        mail["In-Reply-To"] = mail["References"] = f"<before-{row['id']}@{domain}>"
    agreed = () if person is None else (*policy.agreed(person).signatures, *policy.agreed(person).waivers)
    mail.set_content(_worded(row["body"], agreed), charset="utf-8")
    for one in row.get("attachments") or ():
        named = {"name": one} if isinstance(one, str) else one
        content, kind = enclosure(named["name"], named.get("kind", ""))
        major, _, minor = kind.partition("/")
        mail.add_attachment(content, maintype=major, subtype=minor, filename=named["name"])
    return mail.as_bytes()


def _worded(body: str, agreed: tuple[Wording, ...]) -> str:
    texts = {one.name: one.text.strip().replace("{phone}", PHONE) for one in agreed}

    def text(match: re.Match[str]) -> str:
        name = match[2] or _FIRST[match[1]]
        if name not in texts:
            raise ValueError(f"{match[0].strip()}: there is no agreed wording '{name}' ({', '.join(texts)})")
        return texts[name]

    return _WORDING.sub(text, body)


# --- attachments, by what their kind or their name says


def enclosure(name: str, kind: str) -> tuple[bytes, str]:
    """The bytes of a small file of a kind, and its declared type."""
    wanted = kind or name.rpartition(".")[2].lower()
    for pattern, made, type_ in _KINDS:
        if re.search(pattern, wanted):
            return made(), type_
    return bytes(range(1, 256)) * 4, "application/octet-stream"


def _zip(names: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), content)
    return held.getvalue()


def _office(folder: str, content: str, macro: bool = False) -> bytes:
    parts = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        f"{folder}/{content}": b'<?xml version="1.0"?><document/>',
    }
    if macro:
        parts[f"{folder}/vbaProject.bin"] = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1528)
    return _zip(parts)


def _encrypted() -> bytes:
    """An archive whose member says that it is encrypted (PKWARE APPNOTE 4.4.4, bit 0)."""
    raw = bytearray(_zip({"accounts.xlsx": b"secret" * 40}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def _workbook(hidden: bool) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Summary"
    book.active.append(["Budget head", "Amount"])
    book.active.append(["Grass", 1200])
    if hidden:
        sheet = book.create_sheet("Payroll")
        for row in range(30):
            sheet.append([f"Employee {row}", 12_000 + row])
        sheet.sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


_ZIP_TYPE, _OLE = "application/zip", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1528)
_OPEN = "application/vnd.openxmlformats-officedocument."
_KINDS: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    (r"hidden", lambda: _workbook(hidden=True), _OPEN + "spreadsheetml.sheet"),
    (r"encrypt|password", _encrypted, _ZIP_TYPE),
    (
        r"docm|dotm",
        lambda: _office("word", "document.xml", macro=True),
        "application/vnd.ms-word.document.macroEnabled.12",
    ),
    (
        r"xlsm|xlsb|xltm",
        lambda: _office("xl", "workbook.xml", macro=True),
        "application/vnd.ms-excel.sheet.macroEnabled.12",
    ),
    (
        r"pptm",
        lambda: _office("ppt", "presentation.xml", macro=True),
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    ),
    (r"exe|scr|msi|dll|com\b", lambda: b"MZ" + bytes(62) + b"PE\0\0" + bytes(400), "application/octet-stream"),
    (r"iso|img|vhd", lambda: bytes(32769) + b"CD001" + bytes(64), "application/octet-stream"),
    (r"\bjse?\b|javascript", lambda: b"var shell = new ActiveXObject('WScript.Shell');\n", "text/javascript"),
    (r"vbs|vbe", lambda: b'CreateObject("WScript.Shell").Run "calc"\n', "text/vbscript"),
    (r"bat|cmd|ps1", lambda: b"@echo off\r\ndel *.tmp\r\n", "application/octet-stream"),
    (r"hta", lambda: b"<html><script>new ActiveXObject('x')</script></html>", "text/html"),
    (r"lnk", lambda: bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(60), "application/octet-stream"),
    (r"docx|odt", lambda: _office("word", "document.xml"), _OPEN + "wordprocessingml.document"),
    (r"xlsx|ods", lambda: _workbook(hidden=False), _OPEN + "spreadsheetml.sheet"),
    (r"pptx|odp", lambda: _office("ppt", "presentation.xml"), _OPEN + "presentationml.presentation"),
    (r"doc|xls|pp[ts]|msg|pub", lambda: _OLE, "application/msword"),
    (r"pdf", lambda: b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "application/pdf"),
    (r"png", lambda: bytes.fromhex("89504e470d0a1a0a") + bytes(64), "image/png"),
    (r"jpe?g", lambda: bytes.fromhex("ffd8ffe000104a464946") + bytes(64), "image/jpeg"),
    (r"tiff?", lambda: b"II*\0" + bytes(64), "image/tiff"),
    (r"dwg", lambda: b"AC1032" + bytes(64), "image/vnd.dwg"),
    (r"mp4|mov|m4a|heic", lambda: bytes(4) + b"ftypisom" + bytes(64), "video/mp4"),
    (r"mp3", lambda: b"ID3" + bytes(64), "audio/mpeg"),
    (r"7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(64), "application/x-7z-compressed"),
    (r"apk|jar", lambda: _zip({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", "classes.dex": b"dex"}), _ZIP_TYPE),
    (r"eml", lambda: b"From: a@b.example\nSubject: Papers\n\nEnclosed.\n", "text/plain"),
    (r"gif", lambda: b"GIF89a" + bytes(64), "image/gif"),
    (r"zip", lambda: _zip({"minutes.txt": b"Minutes of the meeting\n"}), _ZIP_TYPE),
    (r"csv|txt|ics|md|rtf", lambda: b"Parish papers.\n", "text/plain"),
    (r"html?", lambda: b"<html><body><p>Parish papers.</p></body></html>", "text/html"),
)

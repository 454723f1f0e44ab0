"""Bytes to a `Mail`: never raises, never loses.

What cannot be read is listed in `Mail.unread` with its size, hash and reason; what was read round is a defect. What
goes over the limits is recognised with `over_limits`, so that the night can record a gap beside the kept bytes.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from auditor.mail import html, text
from auditor.mail.facts import mail_of
from auditor.mail.headers import Block, Headers, decoded, read_block, structured
from auditor.mail.kinds import SIGNS, kind
from auditor.mail.limits import DEFAULT, Limits
from auditor.mail.message import Attachment, Body, Defect, Mail, Unread, View
from auditor.mail.mime import Node, Tree, content, read_tree
from auditor.mail.views import Piece, alternatives, body, together

if TYPE_CHECKING:
    from auditor.mail.enclosures.budget import Budget

_NO_BODY = Body("", View.NONE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SHOWN = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-markdown"})
_MESSAGES = frozenset({"message/rfc822", "message/global"})
_SEALED = {
    "application/pkcs7-mime": "encrypted or sealed (S/MIME)",
    "application/x-pkcs7-mime": "encrypted or sealed (S/MIME)",
    "application/ms-tnef": "Outlook rich text (TNEF)",
    "application/vnd.ms-tnef": "Outlook rich text (TNEF)",
    "application/x-microsoft-rpmsg-message": "protected by Microsoft rights management",
    "message/partial": "one piece of a message sent in pieces",
}


def parse(raw: bytes, limits: Limits = DEFAULT) -> Mail:
    """The message in `raw` (RFC 822 bytes). Same bytes, same Mail."""
    try:
        block = read_block(raw, 0, len(raw), limits.headers)
        seen = _plain_letter(raw, block, limits)
        if seen is not None:
            return mail_of(raw, block.headers, _subject(block.headers), limits, seen, [])
        return _Reader(raw, limits, 0, limits.parts).read()
    except Exception as fault:  # noqa: BLE001 - whatever a hostile message provokes, its bytes are listed, not lost
        return _unreadable(raw, limits, type(fault).__name__)


def envelope(raw: bytes, limits: Limits = DEFAULT) -> Mail:
    """What the headers alone say: no body, no attachments. Never raises."""
    try:
        block = read_block(raw, 0, len(raw), limits.headers)
        return mail_of(raw, block.headers, _subject(block.headers), limits, _NO_BODY, list(block.defects))
    except Exception as fault:  # noqa: BLE001 - as in `parse`
        return _unreadable(raw, limits, type(fault).__name__)


def over_limits(mail: Mail) -> str | None:
    """Why this message was not read in full, as a sentence for its gap; None when it was within the limits."""
    for defect in mail.defects:
        if defect.code in ("depth", "size", "fault"):
            return defect.detail
    return next((reason for inner in mail.attached if (reason := over_limits(inner))), None)


def too_large(limits: Limits) -> str:
    """Why a message of more bytes than are read was not read."""
    return f"larger than {limits.message:,} bytes"


def _subject(headers: Headers) -> str:
    return decoded(headers["subject"][0]) if "subject" in headers else ""


def _unreadable(raw: bytes, limits: Limits, fault: str) -> Mail:
    """The least that can be said of a message: its headers where they can be read, its bytes as unread."""
    reason = f"the message could not be read ({fault})"
    try:
        return _headers_only(raw, read_block(raw, 0, len(raw), limits.headers), limits, "fault", reason)
    except Exception:  # noqa: BLE001 - as above
        return _headers_only(raw, Block({}, 0), limits, "fault", reason)


def _headers_only(raw: bytes, block: Block, limits: Limits, code: str, reason: str) -> Mail:
    rest = raw[min(block.body, len(raw)) :]
    unread = Unread("message body", len(rest), hashlib.sha256(rest).hexdigest(), reason)
    defects = [*block.defects, Defect(code, reason)]
    return mail_of(raw, block.headers, _subject(block.headers), limits, _NO_BODY, defects, unread=[unread])


_PLAIN = frozenset({"7bit", "8bit", "7BIT", "8BIT"})
_USUAL_PARAMS = frozenset({"charset"})
_ASCII_SETS = frozenset({"us-ascii", "ascii", "utf-8", "iso-8859-1", "windows-1252", ""})
_UNUSUAL = SIGNS | {"content-disposition"}


def _plain_letter(raw: bytes, block: Block, limits: Limits) -> Body | None:
    """The body of the commonest message there is: one part of plain ASCII, nothing about it unusual.

    None for every other, which `_Reader` reads; for these the two agree.
    """
    headers = block.headers
    size = len(raw) - block.body
    if size <= 0 or size > limits.html or block.body > limits.headers or block.defects:
        return None
    if "content-type" in headers:
        media = structured(headers["content-type"][0])
        if media.word != "text/plain" or not media.params.keys() <= _USUAL_PARAMS:
            return None
        if media.params.get("charset", "us-ascii").lower() not in _ASCII_SETS:
            return None
    if not _UNUSUAL.isdisjoint(headers):
        return None
    if "content-transfer-encoding" in headers and headers["content-transfer-encoding"][0] not in _PLAIN:
        return None
    data = raw[block.body :]
    if not data.isascii() or b"\0" in data or b"-----BEGIN" in data:
        return None
    seen = data.decode("ascii")
    if "\r" in seen:
        seen = text.tidy(seen)
    return None if _may_enclose(seen) else Body(seen, View.PLAIN)


class _Reader:
    """One message being read."""

    def __init__(self, raw: bytes, limits: Limits, depth: int, spare: int, budget: Budget | None = None) -> None:
        # Files from very old Macs end their lines with CR alone.
        self.bytes = raw.replace(b"\r", b"\n") if b"\r" in raw and b"\n" not in raw else raw
        self.raw = raw
        self.limits = limits
        self.depth = depth
        self.spare = spare
        self.budget = budget
        """For the files of the whole message; made for the first of them."""
        self.count = 1
        self.defects: list[Defect] = []
        self.attachments: list[Attachment] = []
        self.attached: list[Mail] = []
        self.unread: list[Unread] = []
        self.leaves: list[Node] = []
        self.texts = 0

    def read(self) -> Mail:
        data, limits = self.bytes, self.limits
        block = read_block(data, 0, len(data), limits.headers)
        if len(data) > limits.message:
            return _headers_only(self.raw, block, limits, "size", too_large(limits))
        if block.body > limits.headers:
            return _headers_only(self.raw, block, limits, "size", f"headers of more than {limits.headers:,} bytes")
        tree = read_tree(data, block, limits, self.depth, self.spare)
        self.count = tree.count
        self.defects = tree.defects
        self.cut_off(tree)
        piece = self.shown(tree.root)
        subject = _subject(block.headers)
        return mail_of(
            self.raw,
            block.headers,
            subject,
            limits,
            body(piece, self.outside(tree) if tree.outside else ""),
            self.defects,
            attachments=self.attachments,
            attached=self.attached,
            unread=self.unread,
            kind=kind(tree.root, self.leaves, subject),
        )

    def cut_off(self, tree: Tree) -> None:
        """Lists what the limits left unopened."""
        for node, reason in tree.cut:
            start = node.children[-1].end if node.children else node.start
            self.pass_over(node.type, self.bytes[start : node.end], reason)
            self.defects.append(Defect("depth", f"structure too complex: {reason}"))

    def pass_over(self, what: str, data: bytes, reason: str) -> None:
        self.unread.append(Unread(what, len(data), hashlib.sha256(data).hexdigest(), reason))

    def outside(self, tree: Tree) -> str:
        self.defects.append(Defect("boundary", "there is text outside the parts, which mail programs do not show"))
        return "\n".join(text.tidy(text.decode(data)[0]) for data in tree.outside)

    # --- containers

    def shown(self, node: Node) -> Piece | None:
        """What a reader sees of a part; files and sealed parts found in it are listed on the way."""
        if not node.type.startswith("multipart/"):
            return self.leaf(node)
        if node.type == "multipart/encrypted":
            self.pass_over(node.type, self.bytes[node.start : node.end], "encrypted (PGP/MIME)")
            return None
        if node.type == "multipart/alternative":
            return self.alternative(node)
        if node.type in ("multipart/related", "multipart/signed", "multipart/report"):
            return self.led(node)
        return together([piece for child in node.children if (piece := self.shown(child))])

    def alternative(self, node: Node) -> Piece | None:
        texts = self.texts
        pieces: list[Piece] = []
        for child in node.children:
            self.texts = texts  # each is the first text of its own view
            if piece := self.shown(child):
                pieces.append(piece)
        shown, blank = alternatives(pieces)
        if blank:
            self.defects.append(Defect("views", "the HTML view is blank; the plain text was read in its place"))
        return shown

    def led(self, node: Node) -> Piece | None:
        """A container whose first part is the text and whose others belong to it."""
        start = node.media.params.get("start", "")
        lead = next((c for c in node.children if start and c.header("content-id") == start), None)
        lead = lead or (node.children[0] if node.children else None)
        if lead is None:
            return None
        piece = self.shown(lead)
        for child in node.children:
            if child is lead:
                continue
            if child.type.startswith("multipart/") or piece is None:
                piece = together([p for p in (piece, self.shown(child)) if p])
            else:
                self.aside(child)
        return piece

    # --- leaves

    def leaf(self, node: Node) -> Piece | None:
        is_text = node.type in _SHOWN or (self.texts == 0 and node.depth == self.depth and self.plainish(node))
        if not is_text or node.disposition.word == "attachment" or (self.texts and node.name):
            self.aside(node)
            return None
        self.texts += 1
        self.leaves.append(node)
        return self.text(node)

    def plainish(self, node: Node) -> bool:
        """Whether a message that is one part of an uncommon type still is a letter."""
        return node.type.startswith("text/") and node.type not in ("text/calendar", "text/rtf") and not node.name

    def text(self, node: Node) -> Piece:
        data, note = content(self.bytes, node)
        if note:
            self.defects.append(Defect("base64" if "base64" in note else "encoding", note))
        if len(data) > self.limits.html:
            reason = f"text past the first {self.limits.html:,} bytes of a part"
            self.pass_over(node.type, data[self.limits.html :], reason)
            self.defects.append(Defect("cut", reason))
            data = data[: self.limits.html]
        is_html = node.type == "text/html"
        seen, note = text.decode(data, _charset(node, data, is_html))
        if note:
            self.defects.append(Defect("charset", note))
        return self.page(seen) if is_html else self.letter(node, text.tidy(seen))

    def page(self, source: str) -> Piece:
        reading = html.read(text.tidy(source))
        if reading.simply:
            self.defects.append(Defect("html", "the HTML is built in an unusual way; it was read without its styles"))
        if reading.pictures and not reading.text.strip():
            self.defects.append(Defect("picture", "the HTML shows pictures and no text; pictures are not read"))
        return Piece(reading.text, True, reading.marks, reading.hidden, reading.links)

    def letter(self, node: Node, seen: str) -> Piece:
        params = node.media.params
        if "format" in params and params["format"].lower() == "flowed":
            seen = text.unflow(seen, params.get("delsp", "").lower() == "yes")
        if _may_enclose(seen):
            seen, files = text.unenclose(seen)
            for file in files:
                self.defects.append(Defect("uuencode", "a file was written into the text (uuencode); it was taken out"))
                self.attachments.append(self.file(file.name, "application/octet-stream", file.content, inline=False))
        if "-----BEGIN PGP MESSAGE-----" in seen:
            self.pass_over("text/plain", seen.encode("utf-8", "replace"), "encrypted (PGP)")
        return Piece(seen, html=False)

    def aside(self, node: Node) -> None:
        """A part that is not text shown in place: a message, a sealed part or a file."""
        if node.type.startswith("multipart/"):
            for child in node.children:
                self.aside(child)
            return
        self.leaves.append(node)
        data, note = content(self.bytes, node)
        if note:
            self.defects.append(Defect("base64" if "base64" in note else "encoding", note))
        name = node.name
        sealed = _SEALED.get(node.type) or ("Outlook rich text (TNEF)" if name.lower() == "winmail.dat" else None)
        if node.type in _MESSAGES:
            self.message(data)
        elif sealed:
            self.pass_over(name or node.type, data, sealed)
        else:
            self.attachments.append(self.file(name, node.type, data, inline=_inline(node)))

    def message(self, data: bytes) -> None:
        """An attached message: read like any other, within what is left of the limits."""
        if self.depth + 1 >= self.limits.depth or self.count >= self.spare:
            reason = f"nested more than {self.limits.depth} deep"
            if self.count >= self.spare:
                reason = f"more than {self.limits.parts:,} parts"
            self.pass_over("message/rfc822", data, reason)
            self.defects.append(Defect("depth", f"structure too complex: {reason}"))
            return
        inner = _Reader(data.lstrip(b"\r\n"), self.limits, self.depth + 1, self.spare - self.count, self.budget)
        self.attached.append(inner.read())
        self.budget = inner.budget
        self.count += inner.count

    def file(self, name: str, media: str, data: bytes, *, inline: bool) -> Attachment:
        safe = _UNSAFE.sub(_escape, name)
        if safe != name:
            self.defects.append(Defect("name", "a file name holds control or direction characters; they are shown"))
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.limits.opens:
            return Attachment(safe, media, len(data), sha256, inline, unread="opening it ended the reader")
        # Most mail carries no file, and then needs none of what opens them.
        from auditor.mail.enclosures.budget import Budget
        from auditor.mail.enclosures.look import look

        self.budget = self.budget or Budget(self.limits)
        seen = look(name, data, self.budget)
        said = "".join(seen.texts)
        return Attachment(safe, media, len(data), sha256, inline, seen.kind, tuple(seen.facts), said, seen.unread)


def _may_enclose(seen: str) -> bool:
    """A cheap look: whether a file may be written into the text (uuencode)."""
    return "\nend" in seen and "begin " in seen


def _escape(match: re.Match[str]) -> str:
    r"""A direction override as `\u202e`; other control characters as a space."""
    code = ord(match[0])
    return f"\\u{code:04x}" if code > 0xFF else " "


def _inline(node: Node) -> bool:
    if node.disposition.word:
        return node.disposition.word == "inline"
    return "content-id" in node.headers or node.type.endswith(("pkcs7-signature", "pgp-signature"))


def _charset(node: Node, data: bytes, is_html: bool) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    label = node.media.params.get("charset", "").lower()
    if label or not is_html:
        return label
    declared = _META.search(data[:2_048])
    return declared[1].decode("ascii").lower() if declared else ""

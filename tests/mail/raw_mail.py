"""Messages byte by byte, for what no mail library will write."""

from __future__ import annotations

HEAD = (
    b"From: Ann Marsh <clerk@council.example>\n"
    b"To: bob@example.org\n"
    b"Subject: The bench\n"
    b"Date: Tue, 03 Mar 2026 09:15:00 +0000\n"
    b"Message-ID: <1@council.example>\n"
)


def letter(body: bytes, *headers: bytes) -> bytes:
    """A message of one part, with more headers before its body."""
    return HEAD + b"".join(line + b"\n" for line in headers) + b"\n" + body


def plain(text: str) -> bytes:
    """A plain text part."""
    return b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()


def page(text: str) -> bytes:
    """An HTML part."""
    return b"Content-Type: text/html; charset=utf-8\n\n" + text.encode()


def container(kind: str, *parts: bytes, mark: bytes = b"=_b", params: bytes = b"") -> bytes:
    """A multipart part with its headers."""
    inside = b"".join(b"--" + mark + b"\n" + part + b"\n" for part in parts)
    head = b"Content-Type: multipart/" + kind.encode() + b'; boundary="' + mark + b'"' + params + b"\n\n"
    return head + inside + b"--" + mark + b"--\n"


def message(part: bytes) -> bytes:
    """A message whose one part brings its own headers."""
    return HEAD + b"MIME-Version: 1.0\n" + part

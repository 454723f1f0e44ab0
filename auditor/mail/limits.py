"""How much of one message is looked at. What goes over is kept whole, hashed and listed, never dropped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one message; attached messages count towards those of the message that carries them."""

    depth: int = 50
    """Containers and attached messages inside one another."""
    parts: int = 2_000
    headers: int = 1_000_000
    """Bytes of one header block."""
    recipients: int = 10_000
    """Addresses in one header."""
    html: int = 5_000_000
    """Characters of one text part, HTML or plain."""
    message: int = 100_000_000
    """Bytes of the whole message; above it only the headers are read."""
    inflated: int = 64_000_000
    """Bytes that all its files together may take unpacked."""
    members: int = 5_000
    """Files inside its files."""
    archives: int = 4
    """Archives inside one another."""
    enclosed_text: int = 1_000_000
    """Characters of text kept of all its files together."""
    opens: bool = True
    """Whether files are opened; if not, they are listed and hashed and nothing more."""


DEFAULT = Limits()
UNOPENED = Limits(opens=False)
"""For a message whose files are too much for the reader."""

"""Small letters for tests, written for the purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def eml(
    *,
    sender: str = "tom.bell@council.example",
    to: Sequence[str] = ("resident@example.org",),
    subject: str = "Bench",
    body: str = "The bench is mended.\n",
    html: str | None = None,
    n: int = 0,
    answers: int | None = None,
    sent: datetime | None = None,
) -> bytes:
    """One message as RFC 822 bytes; `n` makes its Message-ID and its minute, `answers` is the `n` it replies to."""
    message = EmailMessage(policy=SMTP.clone(linesep="\n"))
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(sent or MONDAY + timedelta(minutes=n))
    message["Message-ID"] = f"<{n}@tests.example>"
    if answers is not None:
        message["In-Reply-To"] = message["References"] = f"<{answers}@tests.example>"
    message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()

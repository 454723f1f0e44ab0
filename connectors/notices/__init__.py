"""How people are told of trouble: by mail, through a mail server or a provider, or by a call to a web address.

A notice says what is wrong, what to do and where. It never says who wrote to whom, nor what about.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from auditor import __version__
from auditor.mark import HEADER
from auditor.values import Value

SECONDS = 60.0
"""For one notice from beginning to end: a server that drips is not waited for."""
STEP = 20.0
"""For one answer of a server named in `[notify]`."""
HEADERS = {"Content-Type": "application/json", "User-Agent": f"mailbox-auditor/{__version__}"}
"""Of every notice that is posted."""


class Attachment(Value, frozen=True):
    """A file that goes with it."""

    name: str
    type: str
    """As MIME has it."""
    content: bytes


class Notice(Value, frozen=True):
    """What people are told."""

    council: str
    needs: tuple[str, ...]
    """A sentence each; none when all is well again."""
    at: datetime
    """UTC."""
    subject: str
    text: str
    name: str = ""
    """A Message-ID of its own, without brackets."""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    mark: str = ""
    """See `auditor.mark`; empty where there is no store to keep the key."""
    test: bool = False
    """Whether it only shows that notices arrive; what needs somebody is not told by it."""
    attachment: Attachment | None = None


class Way(Protocol):
    """One way of telling people."""

    @property
    def name(self) -> str:
        """What it is called in sentences and in the memory of what was told."""
        ...

    def prove(self) -> str:
        """Goes as far as can be gone without sending anything; a sentence on what was proved.

        Raises:
            NoticeError: it would not work.
        """
        ...

    def send(self, notice: Notice) -> str:
        """Tells. Where some of those named were refused, how many, and what to do, a sentence; else empty.

        Raises:
            NoticeError: nobody was told.
        """
        ...


def letter(notice: Notice) -> EmailMessage:
    """A notice as mail: plain text, and marked as sent by a program (RFC 3834)."""
    mail = EmailMessage()
    mail["From"] = notice.sender
    mail["To"] = ", ".join(notice.recipients)
    mail["Subject"] = notice.subject
    mail["Date"] = notice.at
    mail["Message-ID"] = f"<{notice.name}>"
    mail["Auto-Submitted"] = "auto-generated"
    if notice.mark:
        mail[HEADER] = notice.mark
    mail.set_content(notice.text)
    if file := notice.attachment:
        kind, _, sort = file.type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=sort, filename=file.name)
    return mail

"""Telling people by mail through Microsoft 365: the application permission Mail.Send, for the sender's mailbox alone.

https://learn.microsoft.com/graph/api/user-sendmail
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

from auditor.mark import HEADER
from auditor.pipeline.pull import Clock
from connectors.graph.signin import NAME, Account, SignIn
from connectors.notices import SECONDS, Notice
from connectors.notices.provider import Provider


class Microsoft(Provider):
    """The mailbox that notices come from, in the directory of a `[[sources]]` table."""

    name = "microsoft365"
    called = NAME
    taken = 202

    def __init__(self, account: Account, sender: str, clock: Clock, *, seconds: float = SECONDS) -> None:
        super().__init__(SignIn(account, clock), account.endpoint, account.roots, sender, seconds)

    def _proved(self) -> str:
        # What Exchange permits does not stand in the token.
        return f"Signed in; only 'auditor check --send' shows whether mail may be sent from {self._sender}."

    def _post(self, notice: Notice) -> tuple[str, dict[str, object]]:
        message: dict[str, object] = {
            "subject": notice.subject,
            "body": {"contentType": "Text", "content": notice.text},
            "toRecipients": [{"emailAddress": {"address": one}} for one in notice.recipients],
        }
        if notice.mark:
            message["internetMessageHeaders"] = [{"name": HEADER, "value": notice.mark}]
        if file := notice.attachment:
            kept = {"name": file.name, "contentType": file.type, "contentBytes": b64encode(file.content).decode()}
            message["attachments"] = [{"@odata.type": "#microsoft.graph.fileAttachment", **kept}]
        return f"/users/{quote(self._sender, safe='')}/sendMail", {"message": message, "saveToSentItems": False}

    def _refusal(self, status: int) -> str | None:
        match status:
            case 401 | 403:
                return (
                    f"Microsoft 365 lets the auditor send nothing from {self._sender}: give it Mail.Send for that mailbox "
                    "(docs/setup-microsoft365.md, Notices)."
                )
            case 404:
                return f"Microsoft 365 knows no mailbox {self._sender}: check mail in [notify]."
        return None

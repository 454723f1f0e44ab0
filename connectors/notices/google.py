"""Telling people by mail through Gmail: the scope gmail.send, delegated, in the name of the sender alone.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send
"""

from __future__ import annotations

import base64
from email.policy import SMTP

from auditor.pipeline.pull import Clock
from connectors.gmail.signin import Account, SignIn
from connectors.notices import SECONDS, Notice, letter
from connectors.notices.provider import Provider

SCOPE = "https://www.googleapis.com/auth/gmail.send"


class Google(Provider):
    """The user whom notices come from, by the service account of a `[[sources]]` table."""

    name = "google"
    called = "Gmail"
    taken = 200

    def __init__(self, account: Account, sender: str, clock: Clock, *, seconds: float = SECONDS) -> None:
        signin = SignIn(account, sender, clock, SCOPE)
        super().__init__(signin, account.endpoint, account.roots, sender, seconds)

    def _proved(self) -> str:
        # A token for sending is given only where sending is delegated.
        return f"Google lets the auditor send from {self._sender}."

    def _post(self, notice: Notice) -> tuple[str, dict[str, object]]:
        raw = base64.urlsafe_b64encode(letter(notice).as_bytes(policy=SMTP)).decode()
        return "/gmail/v1/users/me/messages/send", {"raw": raw}

    def _refusal(self, status: int) -> str | None:
        if status not in (401, 403):
            return None
        return (
            f"Gmail lets the auditor send nothing from {self._sender}: delegate the scope {SCOPE} (docs/setup-google.md, "
            "Notices)."
        )

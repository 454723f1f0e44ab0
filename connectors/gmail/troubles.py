"""What Gmail's refusals mean to a council, and which of them pass.

https://developers.google.com/workspace/gmail/api/guides/handle-errors
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from auditor.errors import LostSource, RetrySource
from auditor.values import Value
from connectors.said import loaded, rows
from connectors.wire import wait

_A_MINUTE, _A_WHILE, _A_DAY = 60.0, 30.0, 86_400.0
_RATE = frozenset({"ratelimitexceeded", "userratelimitexceeded", "rate_limit_exceeded", "resource_exhausted"})
_SPENT = frozenset({"dailylimitexceeded", "quotaexceeded"})
_RETRY_AFTER = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)", re.IGNORECASE)


class Refusal(Value, frozen=True):
    """An answer with an error, in either of Google's styles."""

    status: int
    reasons: frozenset[str]
    """Every word that says why, lower case."""
    message: str
    wait: float | None
    """Seconds that it asks to wait."""

    @property
    def gone(self) -> bool:
        """Whether Gmail itself says that there is no such thing; another's page with status 404 says nothing."""
        said = self.reasons & {"notfound", "not_found"} or self.message.startswith("Requested entity")
        return self.status == 404 and bool(said)

    @property
    def no_id(self) -> bool:
        """Whether Gmail says that what was asked for is no id at all."""
        return self.status == 400 and bool(self.reasons & {"invalidargument", "invalid_argument"})


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
    """What an answer says."""
    error: dict[str, Any] = {}
    try:
        said = loaded(body[:65536])["error"]
        error = said if isinstance(said, dict) else {}
    except (ValueError, KeyError, TypeError):
        pass
    words = {str(error.get("status") or "")}
    for name in ("errors", "details"):
        words |= {str(one.get("reason") or "") for one in rows(error, name)}
    message = str(error.get("message") or "")
    return Refusal(status, frozenset(word.lower() for word in words if word), message, _wait(headers, message))


def passing(said: Refusal) -> RetrySource | None:
    """What waiting helps against, and how long; None where it does not help."""
    busy = "Gmail is busy: its quota for this mailbox is spent."
    if said.status in (403, 429) and said.reasons & _SPENT:
        return RetrySource("Gmail's quota for today is spent.", seconds=_A_DAY)
    if said.status == 429 or (said.status == 403 and said.reasons & _RATE):
        usual = _A_MINUTE if "per minute" in said.message else None if "concurrent" in said.message else _A_WHILE
        return RetrySource(busy, seconds=said.wait if said.wait is not None else usual)
    if said.status >= 500 or said.status == 408:
        return RetrySource("Gmail is out of order at the moment.", seconds=said.wait)
    if 200 <= said.status < 400:
        return RetrySource("Something else than Gmail answered, perhaps a network's log-in page.")
    return None


def unready(said: Refusal) -> bool:
    """Whether it may be so for a moment, for one message, or because the user is suspended: Gmail does not say which."""
    return "precondition check failed" in said.message.lower()


def lasting(said: Refusal, mailbox: str, *, one: bool = False) -> LostSource | None:
    """Why the mailbox cannot be read tonight, and what to do; None where the refusal is of one call.

    `one`: a single message was asked for, so that what gives no reason is of that message alone.
    """
    text = said.message.lower()
    if "mail service not enabled" in text:
        return LostSource(
            f"{mailbox} has no Gmail: give the user a licence with Gmail, or take it out of schedule.toml."
        )
    if unready(said):
        return LostSource(f"Gmail refuses {mailbox}: look in the Admin console whether the user is suspended.")
    if "delegation denied" in text:
        return LostSource(
            f"Gmail lets nobody read for {mailbox}: is the address an alias? Name the user's own address."
        )
    if said.status == 403 and {"accessnotconfigured", "service_disabled"} & said.reasons:
        return LostSource(
            "The Gmail API is not switched on in the Google Cloud project: enable it there (docs/setup-google.md, step 1), "
            "then wait some minutes."
        )
    if said.status == 403 and "domainpolicy" in said.reasons:
        return LostSource("The Admin console keeps Gmail's API from everybody: allow it under API controls.")
    if said.status == 403 and ("insufficientpermissions" in said.reasons or "scope" in text):
        return LostSource(
            "The sign-in does not reach far enough: delegate the scope gmail.readonly, and not gmail.metadata "
            "(docs/setup-google.md, step 3)."
        )
    if said.status == 403 and not one:
        return LostSource(f"Gmail refuses to show {mailbox}: check the delegation (docs/setup-google.md, step 3).")
    if said.status == 401:
        return LostSource(f"Gmail does not accept Google's own sign-in for {mailbox}: check endpoint in [[sources]].")
    return None


def _wait(headers: Mapping[str, str], message: str) -> float | None:
    if (asked := wait(headers)) is not None:
        return asked
    if found := _RETRY_AFTER.search(message):
        try:
            until = datetime.fromisoformat(found[1])
        except ValueError:
            return None
        return max(1.0, (until - datetime.now(UTC)).total_seconds())
    return None

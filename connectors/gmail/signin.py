"""Signing in to Google as a service account that may read for one mailbox's owner: domain-wide delegation, one scope.

https://developers.google.com/identity/protocols/oauth2/service-account#delegatingauthority
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError, MalformedError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from auditor.errors import ConfigError, LostSource, RetrySource, SourceError
from auditor.pipeline.pull import Clock
from auditor.scrub import hide
from auditor.secret import Secret
from auditor.values import Value
from connectors.said import word
from connectors.tokens import Tokens
from connectors.wire import Wire, origin

NAME = "Google"
SCOPE = "https://www.googleapis.com/auth/gmail.readonly"
"""All that the auditor asks for: reading. Not to be asked for together with others: `gmail.metadata` beside it forbids
reading whole messages."""

_DELEGATION = "docs/setup-google.md, step 3"


class Account(Value, frozen=True):
    """Who signs in and where: a `[[sources]]` table."""

    key: Secret
    """The service account's key file."""
    endpoint: str
    """The Gmail service, without a slash at the end."""
    roots: Path | None
    """Certificates to trust in place of the usual ones."""
    folder: Path
    """Where relative paths of secrets start."""

    def read(self) -> dict[str, Any]:
        """The key.

        Raises:
            LostSource: it cannot be read, or is none.
        """
        try:
            said = json.loads(self.key.read(self.folder))
        except ConfigError as error:
            raise LostSource(str(error)) from None
        except ValueError:
            said = None
        wanted = ("client_email", "private_key", "token_uri")
        if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in wanted):
            raise LostSource(
                f"{self.key} is no key of a service account: make one in Google Cloud under Service accounts, Keys, as JSON."
            )
        if not origin(said["token_uri"]):
            raise LostSource(f"The token_uri in {self.key} is no https address: fetch the key anew from Google Cloud.")
        hide(said["private_key"])
        return said


class SignIn(Tokens):
    """One mailbox's token."""

    def __init__(self, account: Account, mailbox: str, clock: Clock, scope: str = SCOPE) -> None:
        super().__init__(clock)
        self._account = account
        self._mailbox = mailbox
        self._scope = scope

    def _asked(self) -> tuple[str, float]:
        key = self._account.read()
        credentials = self._credentials(key)
        with Wire("Google's sign-in", (origin(key["token_uri"]),), self._account.roots) as wire:
            try:
                credentials.refresh(Request(session=wire.session))
            except RefreshError as error:
                raise refusal(error, self._mailbox, self._scope) from None
            except TransportError as error:
                raise wire.translated_cause(error, key["token_uri"]) from None
            except GoogleAuthError:
                raise RetrySource("Google's sign-in is out of order at the moment.") from None
            except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError):
                # The library takes whatever comes with status 200 for a token.
                raise RetrySource(
                    "Something else than Google's sign-in answered, perhaps a network's log-in page."
                ) from None
            finally:
                self.calls += wire.calls
                self.ahead = wire.ahead if wire.ahead is not None else self.ahead
        ends = credentials.expiry
        seconds = (ends.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds() if ends else 3600.0
        return str(credentials.token), max(0.0, seconds)

    def _credentials(self, key: dict[str, Any]) -> Any:
        try:
            made = _robot(*(str(key.get(name, "")) for name in _KEY))
        except (MalformedError, ValueError):
            raise LostSource(
                f"The private key in {self._account.key} cannot be used: fetch the key anew from Google Cloud."
            ) from None
        # Named as the mailbox's owner before anything is asked: without one the library asks Google for more.
        return made.with_subject(self._mailbox).with_scopes([self._scope])


_KEY = ("client_email", "private_key", "private_key_id", "token_uri")


@lru_cache(maxsize=4)
def _robot(*said: str) -> Any:
    """Kept, because a private key takes a tenth of a second to read, and every mailbox signs in with it."""
    return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
        dict(zip(_KEY, said, strict=True))
    )


def refusal(error: RefreshError, mailbox: str, scope: str = SCOPE) -> SourceError:
    """What a refused sign-in comes to."""
    said = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    name, text = str(said.get("error") or ""), str(said.get("error_description") or "").lower()
    if error.retryable or not name:
        return RetrySource("Google's sign-in is out of order at the moment.")
    if name == "unauthorized_client":
        return LostSource(
            "Google refused the sign-in: the service account may not read for the council's users; enter its client ID with the "
            f"scope {scope} under Domain-wide delegation ({_DELEGATION}), then wait up to a day."
        )
    if "email or user id" in text:
        return LostSource(f"Google knows nobody of the address {mailbox}: check it in schedule.toml.")
    if "iat" in text or "reasonable timeframe" in text:
        return LostSource(
            "Google refused the sign-in: this computer's clock is wrong; set it, and have it set itself from the network."
        )
    if "signature" in text or "account not found" in text:
        return LostSource(
            "Google refused the sign-in: the service account's key has been deleted; make a new one in Google Cloud and put it "
            "where 'key' in [[sources]] says."
        )
    if name == "invalid_grant":
        return LostSource(
            f"Google refused the sign-in for {mailbox}: look in the Admin console whether the user is active."
        )
    if name in ("access_denied", "invalid_scope", "admin_policy_enforced"):
        return LostSource(
            f"Google refused the sign-in: the scope {scope} is not allowed; see Domain-wide delegation and API access in the "
            f"Admin console ({_DELEGATION})."
        )
    return LostSource(
        f"Google refused the sign-in ({word(name)}): check the service account and its delegation ({_DELEGATION})."
    )

"""Signing in to Microsoft Entra as the auditor itself: client credentials, certificate or secret. The only file that knows msal.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from __future__ import annotations

import json
import logging
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msal
import requests
from msal.exceptions import MsalServiceError

from auditor.errors import ConfigError, LostSource, RetrySource, SourceError
from auditor.pipeline.pull import Clock
from auditor.secret import Secret
from auditor.values import Value
from connectors.said import word
from connectors.tokens import Tokens
from connectors.wire import Wire, origin

NAME = "Microsoft 365"

# Of an answer that it cannot read it logs the whole text, tokens too, and Python prints that where nobody set up logging.
logging.getLogger("msal").setLevel(logging.CRITICAL + 1)

_KEY = re.compile(r"-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_CERTIFICATES = re.compile(r"-----BEGIN CERTIFICATE-----.+-----END CERTIFICATE-----", re.DOTALL)
_WHERE = "under App registrations, Certificates & secrets"
_REFUSALS = {
    7000222: f"the client secret has expired: make a new one {_WHERE}, put it where 'secret' in [[sources]] says, "
    "and set secret_expires.",
    7000215: "the client secret is wrong: put the secret's Value where 'secret' in [[sources]] says, not its ID.",
    700027: f"the certificate is not the one registered, or has expired: upload the present one {_WHERE}.",
    700024: "this computer's clock is wrong: set it, and have it set itself from the network.",
    700016: "the application is unknown in that directory: check tenant and client_id in [[sources]].",
    90002: "there is no such directory: check tenant in [[sources]].",
    7000112: "the application has been disabled: have an administrator enable it under Enterprise applications.",
    70011: "the endpoint and the authority in [[sources]] do not belong together.",
    500011: "the endpoint and the authority in [[sources]] do not belong together.",
    53003: "a Conditional Access policy blocks it: exempt the application there, or name this computer's address.",
}
"""By AADSTS number: what is wrong and what to do. The text that comes with the number changes; the number does not."""
_BUSY = frozenset({90055, 90033, 50196})


class Account(Value, frozen=True):
    """Who signs in, where, and with what: a `[[sources]]` table."""

    tenant: str
    client_id: str
    certificate: Secret | None
    secret: Secret | None
    secret_expires: date | None
    authority: str
    endpoint: str
    """The Graph service with its version, without a slash at the end."""
    roots: Path | None
    """Certificates to trust in place of the usual ones."""
    folder: Path
    """Where relative paths of secrets start."""

    @property
    def scope(self) -> str:
        """All that was consented to, at the cloud that the endpoint belongs to."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}/.default" if _known(self.authority) else _GLOBAL


_GLOBAL = "https://graph.microsoft.com/.default"
_CLOUDS = ("microsoftonline.com", "microsoftonline.us", "chinacloudapi.cn", "microsoftonline.cn")


def _known(authority: str) -> bool:
    host = urlsplit(authority).hostname or ""
    return any(host == f"login.{cloud}" or host.endswith(f".{cloud}") for cloud in _CLOUDS)


class SignIn(Tokens):
    """The token of the night, for all mailboxes together."""

    def __init__(self, account: Account, clock: Clock) -> None:
        super().__init__(clock)
        self._account = account

    def _asked(self) -> tuple[str, float]:
        """A new token and its seconds. A new application object each time: msal keeps refusals for a minute."""
        account = self._account
        with Wire("Microsoft's sign-in", (origin(account.authority),), account.roots) as wire:
            try:
                application = msal.ConfidentialClientApplication(
                    account.client_id,
                    client_credential=credential(account),
                    authority=f"{account.authority.rstrip('/')}/{account.tenant}",
                    # It would ask Microsoft's first host about every other, also about one of Microsoft's own.
                    instance_discovery=False,
                    http_client=wire.session,
                )
                answer = application.acquire_token_for_client([account.scope])
            except requests.RequestException as error:
                raise wire.translated(error, account.authority) from error
            except MsalServiceError:
                raise RetrySource("Microsoft's sign-in is out of order at the moment.") from None
            except SourceError:
                raise
            except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, ArithmeticError) as error:
                raise _unusable(error, account) from None
            finally:
                self.calls += wire.calls
                self.ahead = wire.ahead if wire.ahead is not None else self.ahead
        if "access_token" not in answer:
            raise refusal(answer)
        return str(answer["access_token"]), _lasts(answer.get("expires_in"))


def _lasts(seconds: object) -> float:
    """For how long a token is good; for no longer than a day."""
    return float(min(max(seconds, 0), 86_400)) if isinstance(seconds, (int, float)) else 3600.0


def credential(account: Account) -> str | dict[str, str]:
    """What msal is given.

    Raises:
        LostSource: the secret cannot be read, or the certificate's file is no certificate with its key.
    """
    try:
        if account.certificate is None:
            return account.secret.read(account.folder) if account.secret else ""
        text = account.certificate.read(account.folder)
    except ConfigError as error:
        raise LostSource(str(error)) from None
    key, certificates = _KEY.search(text), _CERTIFICATES.search(text)
    if not key or not certificates:
        lacks = "private key" if certificates else "certificate"
        raise LostSource(f"{account.certificate} holds no {lacks}: put key and certificate into one PEM file.")
    return {"private_key": key[0], "public_certificate": certificates[0]}


def refusal(answer: dict[str, object]) -> SourceError:
    """What a refused sign-in comes to."""
    codes = answer.get("error_codes")
    numbers = [one for one in codes if isinstance(one, int)] if isinstance(codes, list) else []
    if answer.get("error") == "temporarily_unavailable" or any(number in _BUSY for number in numbers):
        return RetrySource("Microsoft's sign-in is busy.")
    for number in numbers:
        if number in _REFUSALS:
            return LostSource(f"Microsoft refused the sign-in: {_REFUSALS[number]}")
    shown = f"AADSTS{word(numbers[0])}" if numbers else word(answer.get("error")) or "no reason given"
    return LostSource(
        f"Microsoft refused the sign-in ({shown}): look that up at https://login.microsoftonline.com/error, and check "
        "tenant, client_id and the secret or certificate in [[sources]]."
    )


def _unusable(error: Exception, account: Account) -> SourceError:
    """What msal makes of answers that are none, and of keys."""
    # It hides what the answer was behind a sentence on the authority's form.
    hidden = error.__context__
    page = isinstance(error, json.JSONDecodeError) or isinstance(hidden, json.JSONDecodeError)
    if page or not isinstance(error, ValueError):  # or a redirection, or JSON of another kind
        return RetrySource(_STRANGER)
    if "AADSTS" in str(hidden):
        return LostSource(f"Microsoft refused the sign-in: {_REFUSALS[90002]}")
    if "authority" in str(error).lower():
        return LostSource(
            "What answers at the authority is no sign-in of Microsoft's: check authority in [[sources]], and whether a "
            "proxy stands between."
        )
    if account.certificate is None:
        return RetrySource(_STRANGER)
    return LostSource("The key of the certificate in [[sources]] cannot be used: is it encrypted, or of another kind?")


_STRANGER = "Something else than Microsoft's sign-in answered, perhaps a network's log-in page."

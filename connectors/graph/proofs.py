"""What `auditor check` proves of Microsoft 365 before the first night, besides the mailboxes themselves."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date

from auditor.errors import LostSource, SourceError
from auditor.pipeline.source import Proof
from connectors.certificates import ends
from connectors.clocks import clock_proof
from connectors.graph.line import Denied, Line, Refused
from connectors.graph.signin import Account, SignIn, credential
from connectors.said import loaded, word

_WARNED = 30
"""Days before the end from which on it is said."""
_NEEDLESS = {
    "Mail.Read": "reads every mailbox of the organisation, whatever a management scope in Exchange says",
    "Mail.ReadWrite": "may change and delete mail",
    "Mail.ReadBasic.All": "reads the headers of every mailbox",
    "MailboxSettings.ReadWrite": "may change mailbox settings",
    "User.Read.All": "reads the whole directory",
    "Directory.Read.All": "reads the whole directory",
    "full_access_as_app": "may do anything with any mailbox",
}
"""Permissions consented to in Entra that the auditor can do without, once Mail.Read is given in Exchange."""


def sign_in_proofs(account: Account, signin: SignIn, today: date) -> Iterator[Proof]:
    """Signs in; what it was done with, how long that lasts, and what it permits."""
    subject = account.client_id
    try:
        token = signin.token()
    except SourceError as error:
        yield Proof("sign-in", subject, False, str(error), "Until then none of its mailboxes can be read.")
        yield from _lasting(account, today)
        return
    yield Proof("sign-in", subject, True, f"Signed in to the directory {account.tenant}.")
    yield from _lasting(account, today)
    yield from clock_proof("Microsoft", signin.ahead)
    yield from _permissions(subject, token)


def _lasting(account: Account, today: date) -> Iterator[Proof]:
    if account.certificate is not None:
        what = "certificate"
        until = _certificate_ends(account)
    else:
        what, until = "secret", account.secret_expires
    if until is None:
        if what == "secret":
            said = "schedule.toml does not say when it expires, so that nobody can be warned."
            yield Proof("secret", "client secret", True, said, "Set secret_expires in [[sources]].")
        return
    days = (until - today).days
    if days < 0:
        yield Proof(what, f"client {what}", False, f"It expired on {until}.", f"Make a new {what} at once.")
    elif days <= _WARNED:
        left = f"on {until}, in {days} day{'' if days == 1 else 's'}" if days else "today"
        when = "before that day" if days else "at once"
        yield Proof(what, f"client {what}", True, f"It expires {left}.", f"Make a new {what} {when}.")
    else:
        yield Proof(what, f"client {what}", True, f"It lasts until {until}.")


def _certificate_ends(account: Account) -> date | None:
    try:
        made = credential(account)
        return ends(made["public_certificate"]) if isinstance(made, dict) else None
    except LostSource:
        return None  # the sign-in has said so


def _permissions(subject: str, token: str) -> Iterator[Proof]:
    """What the token says it may do. Permissions given in Exchange do not stand in it."""
    roles = _roles(token)
    for role in roles:
        if role in _NEEDLESS:
            yield Proof(
                "permissions", role, True, f"The application holds {role}, which {_NEEDLESS[role]}.",
                f"Take the consent to {role} away in Entra once Mail.Read is given in Exchange for the chosen mailboxes "
                "(docs/setup-microsoft365.md, step 4).",
            )  # fmt: skip
        elif role not in ("Mail.Send", "Sites.Selected"):
            yield Proof("permissions", role, True, f"The application holds {role}, which the auditor does not use.",
                        f"Take the consent to {role} away in Entra.")  # fmt: skip
    if not roles:
        yield Proof("permissions", subject, True, "Nothing is permitted beyond what is given in Exchange.")


def _roles(token: str) -> list[str]:
    """The `roles` of a token that can be read; the services check its signature, this is for advice only."""
    try:
        middle = token.split(".")[1]
        claims = loaded(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return sorted({name for role in claims["roles"] if (name := word(role))})
    except (LookupError, ValueError, TypeError):
        return []


def outside_refused(outside: Sequence[str], line: Callable[[str], AbstractContextManager[Line]]) -> Iterator[Proof]:
    """That mailboxes which are none of the auditor's business are refused."""
    for mailbox in outside:
        yield _refused(mailbox, line)
    if not outside:
        yield Proof(
            "outside", "other mailboxes", True, "It was not tried whether other mailboxes are refused.",
            "Name one that the auditor must not read as 'outside' in [[sources]], and check again.",
        )  # fmt: skip


def _refused(mailbox: str, line: Callable[[str], AbstractContextManager[Line]]) -> Proof:
    try:
        with line(mailbox) as asked:
            asked.listing(asked.url("messages", query="$select=id&$top=1"))
    except Denied:
        return Proof("outside", mailbox, True, "It is refused, as it should be.")
    except LostSource as error:
        return Proof("outside", mailbox, True, f"It proves nothing: {error}", "Name a mailbox that is there.")
    except SourceError as error:
        return Proof("outside", mailbox, True, f"It could not be tried: {error}", "Check again later.")
    except Refused as error:
        said = f"It could not be tried: Microsoft 365 answered with status {error.status}."
        return Proof("outside", mailbox, True, said, "Check again later.")
    return Proof(
        "outside", mailbox, False, "The auditor can read it, and should not be able to.",
        "Limit the application to the chosen mailboxes (docs/setup-microsoft365.md, step 4); a change takes up to two hours.",
    )  # fmt: skip

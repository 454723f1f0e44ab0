"""What `auditor check` proves of Google Workspace before the first night, besides the mailboxes themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.errors import SourceError
from auditor.pipeline.pull import Clock
from auditor.pipeline.source import Proof
from connectors.clocks import clock_proof
from connectors.gmail.signin import Account, SignIn

_NEEDLESS = {
    "https://mail.google.com/": "read, change, send and delete all mail",
    "https://www.googleapis.com/auth/gmail.modify": "change mail",
    "https://www.googleapis.com/auth/gmail.metadata": "read headers, which beside gmail.readonly forbids reading whole messages",
}
"""Scopes that the auditor can do without, and what they permit. Asked for one at a time and never used."""


def sign_in_proofs(account: Account, mailboxes: Sequence[str], clock: Clock) -> Iterator[Proof]:
    """Signs in for the first mailbox for which Google does so; the clock; which scopes are delegated that need not be."""
    mailbox, signin, trouble = _tried(account, mailboxes, clock)
    if trouble:
        yield Proof("sign-in", str(account.key), False, trouble, "Until then none of its mailboxes can be read.")
        yield from clock_proof("Google", signin.ahead)
        return
    subject = str(account.read()["client_email"])
    yield Proof("sign-in", subject, True, f"Signed in for {mailbox}.")
    yield from clock_proof("Google", signin.ahead)
    more = [scope for scope in _NEEDLESS if _granted(account, mailbox, clock, scope)]
    for scope in more:
        yield Proof(
            "permissions", scope, True, f"The service account may also {_NEEDLESS[scope]}.",
            "Take that scope out of Domain-wide delegation in the Admin console: gmail.readonly is all it needs.",
        )  # fmt: skip
    if not more:
        yield Proof("permissions", subject, True, "Nothing is permitted beyond reading.")
    yield Proof(
        "outside", "other mailboxes", True, "Google delegates for all users of the domain: it cannot keep a service account to "
        "some of them. Only the mailboxes in schedule.toml are read.",
    )  # fmt: skip


def _tried(account: Account, mailboxes: Sequence[str], clock: Clock) -> tuple[str, SignIn, str]:
    """The first mailbox for which Google signs in, and no trouble; else what keeps all of them out, or the first of them."""
    found = []
    for mailbox in mailboxes:
        signin, trouble = SignIn(account, mailbox, clock), ""
        try:
            signin.token()
        except SourceError as error:
            trouble = str(error)
        if mailbox not in trouble:
            return mailbox, signin, trouble
        found.append((mailbox, signin, trouble))  # this address is to blame: its own line says so
    return found[0]


def _granted(account: Account, mailbox: str, clock: Clock, scope: str) -> bool:
    try:
        SignIn(account, mailbox, clock, scope).token()
    except SourceError:
        return False
    return True

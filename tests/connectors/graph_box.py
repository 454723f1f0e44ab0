"""A Microsoft 365 mailbox for the contract suite, on the loopback tenant."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from providers.microsoft import Tenant
from source_contract import ADDRESS

from auditor.pipeline.pull import Clock
from auditor.secret import Secret
from connectors.graph import Account, Graph, Limits

SECRET = "AUDITOR_M365_SECRET"
TODAY = date(2026, 11, 26)
FAST = Limits(rate=100_000.0, burst=100_000.0)


def graph(
    tenant: Tenant,
    mailboxes: Sequence[str] = (ADDRESS,),
    folders: Sequence[str] = ("all",),
    *,
    patience: float = 20.0,
    clock: Clock | None = None,
    today: date = TODAY,
    outside: Sequence[str] = (),
    limits: Limits = FAST,
    certificate: Path | None = None,
) -> Graph:
    """A source for a tenant."""
    os.environ[SECRET] = tenant.secret
    account = Account(
        tenant=tenant.tenant,
        client_id=tenant.client_id,
        certificate=Secret("file", str(certificate)) if certificate else None,
        secret=None if certificate else Secret("env", SECRET),
        secret_expires=None,
        authority=tenant.authority,
        endpoint=tenant.endpoint,
        roots=tenant.ca,
        folder=tenant.ca.parent,
    )
    return Graph(
        account,
        mailboxes,
        folders,
        patience=patience,
        clock=clock or Clock(time.monotonic, time.sleep),
        today=lambda: today,
        outside=outside,
        limits=limits,
    )


class GraphBox:
    """A handle is Graph's immutable id."""

    abilities = frozenset({"change", "move", "break"})

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.box = tenant.mailbox(ADDRESS)

    def source(self) -> Graph:
        return graph(self.tenant)

    def deliver(self, raw: bytes) -> str:
        return self.box.deliver(raw, "sentitems")

    def withdraw(self, handle: str) -> None:
        self.box.remove(handle)

    def change(self, handle: str, raw: bytes) -> None:
        self.box.change(handle, raw)

    def move(self, handle: str) -> str:
        return self.box.move(handle, self.box.folder("Projects/Hall/2026"))

    def spoil(self, handle: str) -> None:
        self.box.spoil(handle, "lost")

    def mend(self, handle: str, raw: bytes) -> None:
        self.box.mend(handle, raw)

    def lose(self) -> None:
        self.box.close("MailboxNotEnabledForRESTAPI")

    def empty(self) -> None:
        self.box.clear()

    def state(self) -> object:
        return self.box.state()

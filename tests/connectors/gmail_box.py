"""A Gmail mailbox for the contract suite, on the loopback workspace."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

from providers.google import Workspace
from source_contract import ADDRESS

from auditor.pipeline.pull import Clock
from auditor.secret import Secret
from connectors.gmail import Account, Gmail, Limits

TODAY = date(2026, 11, 26)
FAST = Limits(rate=10_000_000.0, burst=10_000_000.0)


def gmail(
    workspace: Workspace,
    mailboxes: Sequence[str] = (ADDRESS,),
    folders: Sequence[str] = ("all",),
    *,
    patience: float = 20.0,
    clock: Clock | None = None,
    today: date = TODAY,
    limits: Limits = FAST,
) -> Gmail:
    """A source for a workspace."""
    key = workspace.key()
    account = Account(Secret("file", str(key)), workspace.endpoint, workspace.ca, key.parent)
    return Gmail(
        account,
        mailboxes,
        folders,
        patience=patience,
        clock=clock or Clock(time.monotonic, time.sleep),
        today=lambda: today,
        limits=limits,
    )


class GmailBox:
    """A handle is Gmail's id."""

    abilities = frozenset({"move", "break"})

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.box = workspace.mailbox(ADDRESS)

    def source(self) -> Gmail:
        return gmail(self.workspace)

    def deliver(self, raw: bytes) -> str:
        return self.box.deliver(raw)

    def withdraw(self, handle: str) -> None:
        self.box.remove(handle)

    def move(self, handle: str) -> str:
        self.box.relabel(handle, add=[self.box.label("Planning/2026")])
        return handle

    def spoil(self, handle: str) -> None:
        self.box.spoil(handle, "absent")

    def mend(self, handle: str, raw: bytes) -> None:
        self.box.mend(handle, raw)

    def lose(self) -> None:
        self.box.close("no service")

    def empty(self) -> None:
        self.box.clear()

    def state(self) -> object:
        return self.box.state()

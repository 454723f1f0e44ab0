"""The mailboxes as schedule.toml names them now: the store keeps the account of every one it has ever met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from auditor.values import replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store
    from auditor.store.records import Coverage, Run


def accounts(config: Config, store: Store | None) -> list[Coverage]:
    """The account of every mailbox that is configured, and of each former one of which something is kept.

    In the store's order; those that no night has come to yet stand last. Without a store, none has been read.
    """
    from auditor.store.records import Coverage

    wanted = {(table.kind, mailbox): None for table in config.schedule.sources for mailbox in config.mailboxes(table)}
    met = store.coverage() if store else []
    known = {(account.source, account.mailbox) for account in met}
    unread = [
        Coverage(mailbox, kind, None, None, 0, 0, 0, 0, 0, None, None)
        for kind, mailbox in wanted
        if (kind, mailbox) not in known
    ]
    former = (account if (account.source, account.mailbox) in wanted else _former(account) for account in met)
    return [*(account for account in former if account is not None), *unread]


def unwatched(config: Config, now: datetime) -> list[str]:
    """The mailboxes of people in post that no source reads, in the file's order."""
    read = {mailbox for table in config.schedule.sources for mailbox in config.mailboxes(table)}
    today = config.policy.day(now) or now.date()
    posts = dict.fromkeys(person.mailbox for person in config.policy.people if person.in_post(today))
    return [mailbox for mailbox in posts if mailbox not in read]


def narrow(config: Config) -> list[tuple[str, tuple[str, ...]]]:
    """The kind of each source of which not all folders are read, and those that are."""
    return [(table.kind, table.folders) for table in config.schedule.sources if "all" not in table.folders]


def nights(runs: Iterable[Run], listed: Sequence[Coverage]) -> list[Run]:
    """The runs without the mailboxes that are not listed: a mistyped one is nothing that a night left out."""
    known = {(account.source, account.mailbox) for account in listed}
    return [
        replace(run, mailboxes=tuple(box for box in run.mailboxes if (box.source, box.mailbox) in known))
        for run in runs
    ]


def _former(account: Coverage) -> Coverage | None:
    """The account of a mailbox that is no longer configured; None when nothing of it is kept."""
    from auditor.store.records import MailboxStatus

    if not (account.collected or account.removed or account.gaps):
        return None
    return replace(account, status=MailboxStatus.UNCONFIGURED, error=None)

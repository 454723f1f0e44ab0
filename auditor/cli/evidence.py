"""What a workbook is given of the audit trail, of holds, and for the yearly return."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from auditor.cli.retaining import answering
from auditor.mail.message import Address
from auditor.store.trail import Deed, Entry

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.store.interface import Store
    from reports.evidence import Evidence, Standing
    from reports.week import Period

_FORMER = "somebody whom schedule.toml no longer names"


def entries(store: Store) -> list[Entry]:
    """The entries of the trail that a workbook has a use for, first things first."""
    from reports.evidence import KEPT

    return [entry for entry in store.trail() if entry.deed in KEPT]


def standing(store: Store, trail: Sequence[Entry]) -> list[Standing]:
    """The holds that stand, the newest first."""
    from reports.evidence import Standing

    added = {entry.at: entry.who for entry in trail if entry.deed == Deed.HELD}
    return [
        Standing(hold.name, hold.since, answering(store, hold), added.get(hold.since, ""))
        for hold in reversed(store.holds())
        if hold.lifted is None
    ]


def evidence(config: Config, store: Store, period: Period, now: datetime, trail: Sequence[Entry]) -> Evidence:
    """What there is for the return."""
    from reports.evidence import Evidence, Post, number, said, year
    from reports.week import local_day

    policy, table = config.policy, config.schedule.policy
    since, until = year(period, now)
    own, elsewhere = 0, Counter[str]()
    for sender, many in store.senders_between(since, until).items():
        if policy.inside(sender):
            own += many
        else:
            person = policy.person(Address("", sender), until)
            elsewhere[person.name if person else _FORMER] += many
    today = local_day(now)
    posts = {one.mailbox: one.name for one in policy.people if one.in_post(today)}
    backups = [entry for entry in trail if entry.deed == Deed.BACKED_UP]
    proofs = [entry for entry in trail if entry.deed == Deed.VERIFIED]
    purges = [entry for entry in trail if entry.deed == Deed.PURGED and number(entry, "messages") is not None]
    shares, whole = ([one for one in proofs if bool(said(one).get("week")) is weekly] for weekly in (True, False))
    return Evidence(
        since=since,
        until=until,
        domains=policy.domains,
        own=own,
        elsewhere=tuple(sorted(elsewhere.items(), key=lambda item: (-item[1], item[0]))),
        posts=tuple(Post(name, mailbox, policy.inside(mailbox)) for mailbox, name in posts.items()),
        adopted=table.adopted,
        review=table.review,
        retention_months=policy.retention_months,
        purged=purges[-1].at if purges else None,
        backups_kept=config.schedule.backup is not None,
        backed_up=backups[-1].at if backups else None,
        verified=whole[-1].at if whole else None,
        share_verified=shares[-1].at if shares else None,
        sound=not proofs or said(proofs[-1]).get("ok") is True,
    )

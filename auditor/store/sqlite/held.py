"""What is held of one mailbox, for sources that have to compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.store.records import PassedOver
from auditor.store.sqlite.database import Database
from auditor.store.sqlite.names import known_mailbox
from auditor.store.sqlite.text import Hashes, evidence_key, exact, listed, opaque


class HeldMailbox:
    """A read-only look; a mailbox that nothing was ever committed to holds nothing."""

    def __init__(self, database: Database, hashes: Hashes, mailbox: tuple[str, str], since: date | None) -> None:
        self._database = database
        self._hashes = hashes
        self._names = mailbox
        self._since = since

    @property
    def _mailbox(self) -> int | None:
        """Asked each time: the mailbox may be committed to for the first time while this look is used."""
        return known_mailbox(self._database, *self._names)

    @property
    def since(self) -> date | None:
        """The first day that is collected."""
        return self._since

    def stamps(self, ids: Sequence[str]) -> dict[str, str | None]:
        """The stamps of those that are accounted for; None where it has to be fetched."""
        wanted = {self._hashes(exact(one)): one for one in ids}
        held = self._database.rows(
            "SELECT pid, stamp FROM json_each(?) AS wanted JOIN holdings ON holdings.key = wanted.value "
            "WHERE mailbox = ? AND gone = 0",
            (listed(wanted), self._mailbox),
        )
        found: dict[str, str | None] = {opaque(pid): opaque(stamp) for pid, stamp in held}
        for one in ids if self._any_passed_over() else ():
            if (passed := self._passed_over(exact(one))) is not None:
                stamp, stands = passed
                found[one] = opaque(stamp) if stands else None
        gaps = set(self.gaps())
        return found | dict.fromkeys(gaps.intersection(ids))

    def unknown(self, listed_now: Sequence[tuple[str, str]]) -> set[str]:
        """Which of these (id, stamp) have to be fetched."""
        keys = {self._hashes(exact(one)): (exact(one), exact(stamp)) for one, stamp in listed_now}
        accounted = self._accounted(keys)
        return {one for one, stamp in listed_now if (exact(one), exact(stamp)) not in accounted}

    def _accounted(self, keys: dict[int, tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
        held = self._database.rows(
            "SELECT pid, stamp FROM json_each(?) AS wanted JOIN holdings ON holdings.key = wanted.value "
            "WHERE mailbox = ? AND gone = 0",
            (listed(keys), self._mailbox),
        )
        gaps = {exact(one) for one in self.gaps()}
        accounted = {(pid, stamp) for pid, stamp in held if pid not in gaps}
        if self._any_passed_over():
            accounted.update((pid, stamp) for pid, stamp in keys.values() if self._passed_over(pid) == (stamp, True))
        return accounted

    def _any_passed_over(self) -> bool:
        return bool(self._database.row("SELECT 1 FROM passed_over WHERE mailbox = ? LIMIT 1", (self._mailbox,)))

    def _passed_over(self, pid: bytes) -> tuple[bytes, bool] | None:
        """The stamp of what was passed over, and whether it would be again."""
        row = self._database.row(
            "SELECT stamp, why, day FROM passed_over WHERE mailbox = ? AND pid = ?", (self._mailbox, pid)
        )
        if row is None:
            return None
        stamp, why, day = row
        dated = why == PassedOver.OUTSIDE and day is not None and self._since is not None
        return stamp, not (dated and day >= self._since.toordinal())  # type: ignore[union-attr]

    def ids(self) -> Iterator[str]:
        """Every id accounted for, once."""
        # Without write-ahead logging an unfinished question would keep the one who writes from writing.
        ask = self._database.each if self._database.readers_welcome else self._database.rows
        # No sorting and no UNION: both would hold every id of the mailbox in memory. What is held may have a gap besides;
        # what is passed over is neither.
        rows = ask(
            "SELECT pid FROM holdings WHERE mailbox = ?1 AND gone = 0 AND key IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM gaps WHERE gaps.mailbox = ?1 AND gaps.pid = holdings.pid) "
            "UNION ALL SELECT pid FROM gaps WHERE mailbox = ?1 UNION ALL SELECT pid FROM passed_over WHERE mailbox = ?1",
            (self._mailbox,),
        )
        return (opaque(row[0]) for row in rows)

    def empty(self) -> bool:
        """Whether nothing is accounted for."""
        return not self._database.value(
            "SELECT EXISTS (SELECT 1 FROM holdings WHERE mailbox = ?1 AND gone = 0 AND key IS NOT NULL) "
            "OR EXISTS (SELECT 1 FROM gaps WHERE mailbox = ?1) "
            "OR EXISTS (SELECT 1 FROM passed_over WHERE mailbox = ?1)",
            (self._mailbox,),
        )

    def gaps(self) -> tuple[str, ...]:
        """Ids with an open gap, in id order."""
        rows = self._database.rows("SELECT pid FROM gaps WHERE mailbox = ? ORDER BY pid", (self._mailbox,))
        return tuple(opaque(row[0]) for row in rows)

    def find(self, sha256: str) -> tuple[str, ...]:
        """Ids of what is held with these bytes, in id order."""
        wanted = bytes.fromhex(sha256)
        rows = self._database.rows(
            "SELECT pid FROM evidence JOIN holdings ON holdings.evidence = evidence.id "
            "WHERE evidence.key = ? AND sha256 = ? AND mailbox = ? AND gone = 0 ORDER BY pid",
            (evidence_key(wanted), wanted, self._mailbox),
        )
        return tuple(opaque(row[0]) for row in rows)

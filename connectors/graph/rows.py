"""What Graph says of a message besides its bytes.

https://learn.microsoft.com/graph/api/resources/message
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from auditor.policy import LONDON
from auditor.store.records import Beside
from auditor.values import Value
from connectors.said import rows, text

SELECT = (
    "id,changeKey,parentFolderId,isDraft,sentDateTime,receivedDateTime,from,sender,bccRecipients,conversationId,webLink"
)

_LINK = 4000
"""Letters of an address; a longer one is none that a browser takes."""
_LAST_YEAR = 9999


class Row(Value, frozen=True):
    """One message in a listing."""

    id: str
    version: str
    """Changes with whatever may change the bytes, and with much else."""
    folder: str
    """Graph's id of the folder it lies in; empty where it is not said."""
    draft: bool
    sent: datetime | None
    received: datetime | None
    authors: frozenset[str]
    """Addresses of From and Sender, lower case."""
    beside: Beside
    removed: bool = False
    """It is said to have left the folder that was listed: whither, or whether for good, is not said."""
    whole: bool = True
    """False where only what changed is said."""

    @property
    def day(self) -> date | None:
        """The London day it was sent."""
        moment = self.sent or self.received
        return moment.astimezone(LONDON).date() if moment else None


def row(said: Mapping[str, Any]) -> Row | None:
    """A message as Graph gives it; None where it is none."""
    one = said.get("id")
    if not isinstance(one, str) or not one:
        return None
    version = said.get("changeKey") or said.get("@odata.etag")
    folder = said.get("parentFolderId")
    link = text(said, "webLink")
    return Row(
        id=one,
        version=str(version or ""),
        folder=str(folder or ""),
        draft=said.get("isDraft") is True,
        sent=moment(said.get("sentDateTime")),
        received=moment(said.get("receivedDateTime")),
        authors=frozenset(filter(None, (_address(said.get("from")), _address(said.get("sender"))))),
        beside=Beside(
            link if link.startswith("https://") and len(link) < _LINK else "", text(said, "conversationId"), _bcc(said)
        ),
        removed="@removed" in said,
        whole=bool(version and folder),
    )


def suspect(id_: str) -> Row:
    """A message that may be gone."""
    return Row(id_, "", "", False, None, None, frozenset(), Beside(), removed=True, whole=False)


def mark(*of: str) -> str:
    """A few characters that stand for these."""
    return hashlib.blake2b("\0".join(of).encode(), digest_size=6).hexdigest()


def addresses(said: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """Names and addresses of a list of recipients. An address may be missing, or one of Exchange's own (/o=…)."""
    inner = [one["emailAddress"] for one in rows(said, name) if isinstance(one.get("emailAddress"), dict)]
    return [(text(one, "name"), text(one, "address")) for one in inner]


def _bcc(said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(address.lower() for _, address in addresses(said, "bccRecipients") if "@" in address)


def _address(said: object) -> str:
    pairs = addresses({"one": [said]}, "one")
    return pairs[0][1].lower() if pairs else ""


def moment(said: object) -> datetime | None:
    """A moment as Graph writes it, UTC; None where it is none, or none that mail was written at."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
        utc = found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return utc if utc and 1970 < utc.year < _LAST_YEAR else None

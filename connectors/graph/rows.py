"""What Graph says of a message besides its bytes.

https://learn.microsoft.com/graph/api/resources/message
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from auditor.policy import LONDON
from auditor.store.records import Beside
from auditor.values import Value

SELECT = (
    "id,changeKey,parentFolderId,isDraft,sentDateTime,receivedDateTime,from,sender,bccRecipients,conversationId,webLink"
)


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
    link = _text(said, "webLink")
    return Row(
        id=one,
        version=str(version or ""),
        folder=str(folder or ""),
        draft=said.get("isDraft") is True,
        sent=moment(said.get("sentDateTime")),
        received=moment(said.get("receivedDateTime")),
        authors=frozenset(filter(None, (_address(said.get("from")), _address(said.get("sender"))))),
        beside=Beside(link if link.startswith("https://") else "", _text(said, "conversationId"), _bcc(said)),
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
    found = said.get(name)
    pairs: list[tuple[str, str]] = []
    for one in found if isinstance(found, list) else ():
        inner = one.get("emailAddress") if isinstance(one, dict) else None
        if isinstance(inner, dict):
            pairs.append((_text(inner, "name"), _text(inner, "address")))
    return pairs


def _bcc(said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(address.lower() for _, address in addresses(said, "bccRecipients") if "@" in address)


def _address(said: object) -> str:
    pairs = addresses({"one": [said]}, "one")
    return pairs[0][1].lower() if pairs else ""


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""


def moment(said: object) -> datetime | None:
    """A moment as Graph writes it; None where it is none."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo and found.year > 1970 else None

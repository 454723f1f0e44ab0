"""What earlier mail says of a message's recipients, where it says something: made by the post book, before the rules look.

Earlier is what is dated before the message, from whichever mailbox it came and whenever it was read: so a message is
judged alike, whatever the order in which mail arrives.
"""

from __future__ import annotations

from datetime import date

from auditor.values import Value


class NearMiss(Value, frozen=True):
    """An address hardly used, a slip away from one that is known well."""

    email: str
    known: str
    """An address; a domain, where the slip is in the domain."""
    times: int
    """Messages to or from the known one."""
    heard: bool
    """Whether anybody has written from the address: then the slip is in its domain."""


class Elsewhere(Value, frozen=True):
    """A person's name on a new address, who has always been written to at another."""

    email: str
    name: str
    known: str
    times: int


class OutOfPlace(Value, frozen=True):
    """Somebody who has never had a letter together with the others, and has had none for long."""

    email: str
    name: str
    """The display name, here or in earlier mail; may be empty."""
    others: tuple[str, ...]
    """Addresses of the other recipients who have had letters before."""
    usual: str
    """Somebody who has had letters with each of the others, and does not get this one."""
    last: date
    since: int
    """Messages that the sender has sent since."""


Remark = NearMiss | Elsewhere | OutOfPlace

"""The post book: who has written to whom, and when; and what that says of the recipients of a later message.

Entries are read in the order of their dates, and a message is compared with what is dated before it, no more: so what
is said of it depends on the mail there is, not on when it was read. Where there is something to say it is rarely
right to be sure of it: the rule looks at the text too (`analysers.remarks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TypeVar

import msgspec

from auditor.analysers.audience import name_words, provider
from auditor.analysers.lookalike import alike, namesakes, one_slip, registered
from auditor.analysers.vocabulary import terms
from auditor.mail.message import Address, Mail
from auditor.past import Elsewhere, NearMiss, OutOfPlace, Remark
from auditor.pipeline.neighbours import Neighbours, dressings
from auditor.policy import Policy
from auditor.store.records import Posted
from auditor.values import Value

_KNOWN = 3
"""Messages to or from an address, or a domain, that make it known. With two, a third of what is found is wrong."""
_TIMES = 10
"""How much more often the known address must have been used than the one that looks like it."""
_LONG = 50
"""Messages that a sender has sent since the last one to somebody: then it was long ago. Measured on a simulation of
wrong recipients: with 25 half as many false alarms again, with 100 a fifth fewer found."""
_FEW = 20
"""Recipients above which a message is a round letter, and nobody is out of place."""


class Entry(Value, frozen=True):
    """One message in the post book."""

    message: str
    """Its Message-ID; without one, its own hash."""
    sent: int
    """Seconds since 1970."""
    sender: Address
    recipients: tuple[Address, ...]


_encoder = msgspec.msgpack.Encoder()
_entries = msgspec.msgpack.Decoder(Entry)
_decoder = msgspec.msgpack.Decoder(tuple[Address, tuple[Address, ...]])


def entry(mail: Mail) -> Entry | None:
    """A message's line in the book; None where its date or its sender is unknown."""
    if mail.sent is None or not mail.sender.email:
        return None
    return Entry(mail.message_id or mail.sha256, int(mail.sent.timestamp()), *_people(mail))


def packed(mail: Mail) -> bytes:
    """An entry as it is handed from the child; empty for none."""
    made = entry(mail)
    return b"" if made is None else _encoder.encode(made)


def unpacked(line: bytes) -> Entry:
    """An entry from what `packed` made."""
    return _entries.decode(line)


def posted(mail: Mail) -> bytes:
    """The store's form of who wrote and to whom."""
    return _encoder.encode(_people(mail))


def unposted(line: Posted) -> Entry:
    """An entry from the store's form."""
    return Entry(line.message, line.sent, *_decoder.decode(line.post))


def _people(mail: Mail) -> tuple[Address, tuple[Address, ...]]:
    return mail.sender, tuple([one for one in mail.recipients if one.email])


class _Sender:
    """What one of the Council's people has sent."""

    def __init__(self) -> None:
        self.moments: list[int] = []
        self.recipients: list[tuple[str, ...]] = []
        self.to: dict[str, list[int]] = {}
        """The numbers of the messages to an address."""

    def add(self, moment: int, recipients: tuple[str, ...]) -> None:
        for one in recipients:
            self.to.setdefault(one, []).append(len(self.moments))
        self.moments.append(moment)
        self.recipients.append(recipients)

    def company(self, email: str) -> set[str]:
        """Everybody who had a letter together with somebody."""
        return {one for number in self.to[email] for one in self.recipients[number]}


K = TypeVar("K")


def _moment(entry: tuple[object, Entry]) -> int:
    return entry[1].sent


class PostBook:
    """Entries in the order of their dates, and what they say. The same entries say the same, in whatever order those of
    one moment come."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._mailbox: dict[str, str | None] = {
            email: one.mailbox for one in policy.people for email in (one.mailbox, *one.private)
        }
        self._people = frozenset(self._mailbox)
        self._vouched = {*self._people, *policy.known_correspondents, *policy.trusted_senders}
        self._senders: dict[str, _Sender] = {}
        self._used: Counter[str] = Counter()
        """Messages to or from an address."""
        self._heard: set[str] = set()
        """Addresses that somebody else has used."""
        self._domains: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._places: dict[str, Counter[str]] = {}
        """By a person's name, the addresses it has stood at."""
        self._near = Neighbours(one_slip)
        self._near_domains = Neighbours(lambda _one, _other: True)
        self._registered: dict[str, list[str]] = {}

    def read(self, entries: Iterable[tuple[K, Entry]]) -> Iterator[tuple[K, tuple[Remark, ...]]]:
        """Enters them; what is to be said of each message that something is to be said of. `entries` are in order of
        date, and copies of one message are entered once."""
        for _, dated in groupby(entries, _moment):
            moment = list(dated)
            for key, line in moment:
                if said := self.remarks(line):
                    yield key, said
            if len(moment) == 1:
                self._enter(moment[0][1])
                continue
            copies: dict[str, list[Entry]] = {}
            for _, line in moment:
                copies.setdefault(line.message, []).append(line)
            for message in sorted(copies):
                self._enter(_merged(copies[message]))

    def remarks(self, line: Entry) -> tuple[Remark, ...]:
        """What the entries so far say of a message's recipients; nothing of a stranger's message."""
        sender = self._own(line.sender.email)
        if sender is None:
            return ()
        said: list[Remark] = []
        emails = {one.email: one for one in line.recipients}
        for address in emails.values():
            remark = self._strange(address, emails)
            if remark is not None:
                said.append(remark)
        if 1 < len(emails) <= _FEW and sender in self._senders:
            said += self._out_of_place(self._senders[sender], emails)
        return tuple(said)

    def _own(self, email: str) -> str | None:
        """The mailbox of the Council's person who writes from an address; None for a stranger's."""
        if email not in self._mailbox:
            self._mailbox[email] = email if self._policy.inside(email) else None
        return self._mailbox[email]

    def _enter(self, line: Entry) -> None:
        if not line.sender.email:
            return
        sender = self._own(line.sender.email)
        recipients = {one.email: one.name for one in line.recipients}
        recipients.pop(line.sender.email, None)
        self._meet(line.sender.email, line.sender.name)
        self._heard.add(line.sender.email)
        for email, name in recipients.items():
            self._meet(email, name)
        if sender is None:
            self._heard.update(recipients)
        else:
            self._senders.setdefault(sender, _Sender()).add(line.sent, tuple(recipients))

    def _meet(self, email: str, name: str) -> None:
        local, _, domain = email.rpartition("@")
        if email not in self._used:
            self._near.add(domain, local)
            if domain not in self._domains:
                label = registered(domain)[0]
                if label not in self._registered:
                    self._near_domains.add("", label)
                self._registered.setdefault(label, []).append(domain)
        self._used[email] += 1
        self._domains[domain] += 1
        if name:
            self._names[email] = name
            if person := _person(name):
                self._places.setdefault(person, Counter())[email] += 1

    def _strange(self, address: Address, company: Collection[str]) -> Remark | None:
        """What is strange about an address that is hardly known."""
        email = address.email
        used = self._used[email]
        if used >= _KNOWN or email in self._vouched:
            return None
        domain = address.domain
        heard = email in self._heard
        # Who writes from such a domain may mean to be taken for the other: that somebody has written says little.
        if self._domains[domain] < _KNOWN and (near := self._domain_near(email)):
            return NearMiss(email, near, self._domains[near], heard)
        if heard:
            return None
        if near := self._mailbox_near(address, max(_KNOWN, used * _TIMES), company):
            return NearMiss(email, near, self._used[near], heard)
        return None if used or self._policy.inside(email) else self._elsewhere(address, company)

    def _mailbox_near(self, address: Address, enough: int, company: Collection[str]) -> str | None:
        """The known address at the same domain, most used, that this one is a slip away from."""
        local, _, domain = address.email.rpartition("@")
        likely = [
            f"{one}@{domain}"
            for one in self._near.of(domain, local)
            if self._used[f"{one}@{domain}"] >= enough and not self._people_apart(one, local, domain, address.name)
        ]
        return max([one for one in likely if one not in company], key=self._used.__getitem__, default=None)

    def _people_apart(self, known: str, local: str, domain: str, name: str) -> bool:
        """Whether two mailboxes that look alike are rather two people's, or one and the same."""
        if _bare(known, domain) == _bare(local, domain):
            return True
        person = _person(name)
        return namesakes(known, local) and not (person and person == _person(self._names.get(f"{known}@{domain}", "")))

    def _domain_near(self, email: str) -> str | None:
        """The known domain, most used, that a new one looks like; those of providers are known without the book.

        Under another ending the same name may be somebody else's: there the mailbox must be known too.
        """
        local, _, domain = email.rpartition("@")
        if provider(domain):
            return None
        enough = max(_KNOWN, self._domains[domain] * _TIMES)
        label = registered(domain)[0]
        near = [one for name in self._near_domains.of("", label) for one in self._registered[name]]
        near += dressings(domain)
        likely = [one for one in near if self._domains[one] >= enough and not provider(one) and alike(one, domain)]
        likely = [one for one in likely if registered(one)[0] != label or self._used[f"{local}@{one}"] >= enough]
        return max(likely, key=self._domains.__getitem__, default=None)

    def _elsewhere(self, address: Address, company: Collection[str]) -> Elsewhere | None:
        person = _person(address.name)
        places = self._places.get(person) if person else None
        if not places or len(places) > 1:
            return None
        [(known, times)] = places.items()
        own = any(len(word) > 2 and word in known.partition("@")[0] for word in person.split())
        if times < _KNOWN or known in company or not own:
            return None
        return Elsewhere(address.email, address.name, known, times)

    def _out_of_place(self, sender: _Sender, emails: dict[str, Address]) -> Iterator[OutOfPlace]:
        """Those who have had letters, but long ago, and never with any of the others, who have a companion that is missing.

        The Council's own people are in place wherever they are.
        """
        known = [email for email in emails if email in sender.to]
        for email in known if len(known) > 1 else ():
            last = sender.to[email][-1]
            since = len(sender.moments) - 1 - last
            if since <= _LONG or email in self._people:
                continue
            others = [one for one in known if one != email]
            company = sender.company(email)
            if any(one in company for one in emails if one != email):
                continue
            shared = set.intersection(*map(sender.company, others)) - emails.keys()
            if shared:
                usual = max(sorted(shared), key=lambda one: len(sender.to[one]))
                name = emails[email].name or self._names.get(email, "")
                day = datetime.fromtimestamp(sender.moments[last], self._policy.timezone).date()
                yield OutOfPlace(email, name, tuple(others), usual, day, since)


def _merged(copies: list[Entry]) -> Entry:
    """One line for all copies of a message; the sender's own shows blind copies too."""
    if len(copies) == 1:
        return copies[0]
    copies = sorted(copies, key=lambda one: (-len(one.recipients), [(a.email, a.name) for a in one.recipients]))
    first = copies[0]
    everybody = dict.fromkeys(address for one in copies for address in one.recipients)
    return Entry(first.message, first.sent, first.sender, tuple(everybody))


def _bare(local: str, domain: str) -> str:
    """A mailbox's name without the marks that some programs leave at its ends, and that Google does not see."""
    return local.replace(".", "") if domain in ("gmail.com", "googlemail.com") else local.strip(".'\"")


def _person(name: str) -> str:
    """A person's whole name, for comparing; empty for an office's, or a first name alone."""
    if "@" in name or " " not in name.strip():
        return ""
    words = name_words(name)
    return " ".join(words) if 1 < len(words) < 5 and terms("offices", "mailboxes").isdisjoint(words) else ""

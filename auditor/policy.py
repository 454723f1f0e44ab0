"""The council's e-mail policy as frozen values: its clauses, its people, and what it has agreed.

Reading files and refusing mistakes is `config`'s work; here everything is already right.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from auditor.findings import Severity
from auditor.mail.message import Address
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.mail.wording import Closing

CLAUSES: dict[str, str] = {
    "E1": "Only agreed e-mail signatures may be used.",
    "E2": "Every message uses appropriate business language.",
    "E3": "A waiver clause stands at the end of each message.",
    "E4": "No circulating of offensive, indecent or obscene material, or of anything that breaches the Equal Opportunities Policy.",
    "E5": "Confidential material is not disclosed.",
    "E6": "Attachments only from a trusted source.",
    "E7": "The recipient's address is right before sending.",
    "E8": "'Reply to all' only where appropriate.",
    "E9": "Essential files are saved before the message that brought them is deleted.",
    "E10": "E-mails that create obligations or give instructions on the Council's behalf come from the Parish Clerk only.",
    "M1": "E-mail is a written record for production, use, retention and disclosure (Freedom of Information Act 2000).",
    "M2": "Personal information is kept as data-protection law requires.",
    "I1": "Information issued in the Council's name is relevant and professional.",
    "I2": "A disclaimer is stated where personal views are expressed.",
    "U1": "No discriminatory, harassing or threatening messages or images.",
    "U2": "No fraud, no software, film or music piracy.",
    "U3": "No obtaining, using or disclosing passwords without authorisation.",
    "U4": "No sharing of confidential or proprietary information outside the Council.",
    "U5": "No hacking into unauthorised areas.",
    "U6": "No defamatory information about the Council, its services, councillors or the public.",
    "U7": "No malicious software; the security of the Council's systems is not jeopardised.",
    "U8": "No chain letters, solicitations or advertisements unrelated to Council business.",
    "U9": "Personal views are not passed off as the Council's.",
    "S1": "Only the Parish Clerk posts on websites and social media in the Council's name.",
    "S2": "Councillors, staff and volunteers are not discussed without their approval; nobody's personal contact details are published.",
    "R1": "Breaches go to the Parish Clerk, who chooses the procedure by severity.",
}
"""The adopted policy's clauses, in our words; ids are a public contract."""


RULE_NAMES = tuple(
    """signature-missing signature-not-agreed signature-altered waiver-missing waiver-altered waiver-misplaced
    language-unbusinesslike offensive-profanity offensive-sexual offensive-discriminatory offensive-harassment
    offensive-threat offensive-circulated obligation-commitment obligation-acceptance obligation-instruction
    confidential-marked confidential-personal-data confidential-special-category confidential-financial
    confidential-credentials recipient-suspect recipient-private-account reply-all-inappropriate recipients-exposed
    attachment-risky attachment-untrusted record-deleted record-unsaved-attachment views-no-disclaimer
    views-as-council views-political-religious defamation-risk chain-or-solicitation fraud-or-piracy
    social-media-post""".split()
)
"""Every rule of the contract, in its order: what `[policy.rules]` may name."""


class Role(StrEnum):
    """What a person is to the council."""

    CLERK = "clerk"
    DEPUTY_CLERK = "deputy-clerk"
    RFO = "rfo"
    EMPLOYEE = "employee"
    COUNCILLOR = "councillor"
    VOLUNTEER = "volunteer"


ROLE_TITLES = {
    Role.CLERK: "Parish Clerk",
    Role.DEPUTY_CLERK: "Deputy Clerk",
    Role.RFO: "Responsible Financial Officer",
    Role.EMPLOYEE: "Employee",
    Role.COUNCILLOR: "Councillor",
    Role.VOLUNTEER: "Volunteer",
}


class Person(Value, frozen=True):
    """A member, officer or volunteer, in post from `since` until `until` (both inclusive; None is open)."""

    name: str
    role: Role
    title: str
    mailbox: str
    """Lower case."""
    phone: str = ""
    """Empty when the configuration gives none: the blank then accepts any plausible number."""
    private: tuple[str, ...] = ()
    may_bind: bool = False
    chair: bool = False
    since: date | None = None
    until: date | None = None

    def in_post(self, day: date) -> bool:
        """Whether this person holds this role on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Wording(Value, frozen=True):
    """One agreed signature or waiver, for one person: blanks filled, except those nobody can fill."""

    name: str
    """The template file's stem, for the reason text."""
    text: str
    """Lines as agreed; a blank that the configuration cannot fill still stands as `{phone}` and the like."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What may stand under one person's mail."""

    signatures: tuple[Wording, ...]
    waivers: tuple[Wording, ...]
    waiver_link: str = ""
    """With `stamped_by … link`: a link to this address is the waiver. Empty otherwise."""
    name: str = ""
    """Whose mail it is, to know a bare first name from a signature; empty for a stranger."""
    closing: Closing = field(init=False, compare=False, repr=False)
    """The same, compiled."""

    def __post_init__(self) -> None:
        """Compiles the wordings, once for the same ones."""
        from auditor.mail.wording import (
            closing,
        )  # its patterns take time that a night with nothing to judge has no use for

        signatures = tuple((one.name, one.text) for one in self.signatures)
        waivers = tuple((one.name, one.text) for one in self.waivers)
        object.__setattr__(self, "closing", closing(self.name, signatures, waivers, self.waiver_link))


@lru_cache(maxsize=1024)
def _filled(person: Person, signatures: tuple[Wording, ...], waivers: tuple[Wording, ...], link: str) -> Agreed:
    values = {"name": person.name, "title": person.title, "mailbox": person.mailbox, "phone": person.phone}

    def fill(template: Wording) -> Wording:
        text = re.sub(r"\{(\w+)\}", lambda m: values.get(m[1]) or m[0], template.text)
        return Wording(template.name, text)

    return Agreed(tuple(map(fill, signatures)), tuple(map(fill, waivers)), link, person.name)


class StampedBy(StrEnum):
    """Who puts the wording under the mail."""

    SENDER = "sender"
    SERVER = "server"
    LINK = "link"


@lru_cache(maxsize=1024)
def _unlisted(name: str, mailbox: str) -> Person:
    return Person(name=name, role=Role.COUNCILLOR, title="", mailbox=mailbox)


LONDON = ZoneInfo("Europe/London")
BLANKS = ("name", "title", "mailbox", "phone")


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything an analyser needs to know of the council."""

    council: str
    domains: tuple[str, ...]
    """Lower case; subdomains are inside."""
    people: tuple[Person, ...]
    signatures: tuple[Wording, ...] = ()
    """Templates with their blanks."""
    waivers: tuple[Wording, ...] = ()
    signature_stamped_by: StampedBy = StampedBy.SENDER
    waiver_stamped_by: StampedBy = StampedBy.SENDER
    waiver_link: str = ""
    trusted_senders: tuple[str, ...] = ()
    known_correspondents: tuple[str, ...] = ()
    mass_recipients: tuple[int, int] = (11, 20)
    private_subjects: tuple[str, ...] = ()
    private_recipients: tuple[str, ...] = ()
    rules: dict[str, Severity | None] = field(default_factory=dict)
    """Severity set for a rule by the council; None switches it off."""
    timezone: ZoneInfo = LONDON
    retention_months: int = 24
    """How long a message is kept from the day it was sent."""

    def inside(self, email: str) -> bool:
        """Whether an address is the Council's own: its domains and their subdomains."""
        domain = email.rpartition("@")[2].lower()
        return any(domain == own or domain.endswith("." + own) for own in self.domains)

    def day(self, moment: datetime | None) -> date | None:
        """The local day of a moment."""
        return moment.astimezone(self.timezone).date() if moment else None

    def person(self, address: Address, day: date | None) -> Person | None:
        """Who an address belongs to on a day, by mailbox or private address; None for a stranger.

        When nobody held the mailbox that day (or the day is unknown) the last holder listed answers for it.
        An unknown sender at the Council's own domain is judged as a councillor.
        """
        email = address.email
        if not email:
            return None
        holders = [p for p in self.people if email == p.mailbox or email in p.private]
        if holders:
            return next((p for p in holders if day is not None and p.in_post(day)), holders[-1])
        if self.inside(email):
            name = address.name or email.partition("@")[0]
            return _unlisted(name, email)
        return None

    def kept_until(self, sent: date) -> date:
        """The day up to which a message sent on `sent` is to be kept; that month's last where it has no such day."""
        year, month = divmod(sent.year * 12 + sent.month - 1 + self.retention_months, 12)
        return date(year, month + 1, min(sent.day, monthrange(year, month + 1)[1]))

    def vacant(self, mailbox: str, day: date | None) -> bool:
        """Whether everyone who ever held a mailbox is out of post on a day; False for one that is nobody's."""
        holders = [p for p in self.people if p.mailbox == mailbox]
        return bool(holders) and day is not None and all(p.until is not None and p.until < day for p in holders)

    def agreed(self, person: Person) -> Agreed:
        """The agreed wordings with the person's own particulars in the blanks."""
        link = self.waiver_link if self.waiver_stamped_by is StampedBy.LINK else ""
        return _filled(person, self.signatures, self.waivers, link)

"""The tables of schedule.toml, as written: names, kinds and defaults of every key (a public contract)."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from auditor import secret
from auditor.findings import Severity
from auditor.policy import LONDON, ROLE_TITLES, RULE_NAMES, Person, Role, StampedBy
from auditor.secret import Secret
from auditor.tables import (
    Mistakes,
    Place,
    Table,
    anything,
    day,
    entry,
    flag,
    listed,
    mapped,
    member,
    nearest,
    number,
    one_of,
    seconds,
    table,
    text,
    words,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOLDERS = ("sent", "inbox", "deleted", "archive", "all")

_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")
_DOMAIN = re.compile(r"(?!-)[\w-]+(\.[\w-]+)+")
_SERVICE = re.compile(r"\s*https://[^\s/?#@]+(/[^\s?#]*)?\s*", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_SERVER = re.compile(r"smtps?://(\[[0-9a-fA-F:]+\]|[^\s/?#@:\[\]]+)(:\d{1,5})?/?")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""What this computer calls itself."""
_STORE = re.compile(r"sqlite:///.+|postgresql\+psycopg://.+")


def address(value: object) -> str:
    """An e-mail address, lower case."""
    if not _ADDRESS.fullmatch(text(value).strip()):
        raise ValueError(f"{value!r} is no e-mail address")
    return text(value).strip().lower()


def domain(value: object) -> str:
    """A domain name, lower case."""
    if not _DOMAIN.fullmatch(text(value).strip()):
        raise ValueError(f"{value!r} is no domain name")
    return text(value).strip().lower()


def correspondent(value: object) -> str:
    """A domain name or an e-mail address."""
    return address(value) if isinstance(value, str) and "@" in value else domain(value)


def clock(value: object) -> time:
    """A time of day."""
    if not isinstance(value, str):  # TOML has times of its own, with seconds and without quotes
        raise ValueError('must be a time of day in quotes; write it as "02:15"')
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip())
    if not match:
        raise ValueError(f"{value!r} is no time of day; write it as 02:15")
    return time(int(match[1]), int(match[2]))


def nightly(value: object) -> time:
    """A time of day that every day has exactly once."""
    moment = clock(value)
    if moment.hour == 1:
        # In Europe/London 01:00 to 01:59 comes twice in October and not at all in March.
        raise ValueError("the hour from 01:00 to 01:59 is skipped or doubled when the clocks change; choose another")
    return moment


def weekly(value: object) -> tuple[int, time]:
    """A day of the week (0 is Monday) and a time."""
    weekday, _, moment = text(value).strip().lower().partition(" ")
    if weekday not in WEEKDAYS:
        raise ValueError(f"{value!r} is no day and time; write it as 'mon 06:30'")
    return WEEKDAYS.index(weekday), clock(moment)


def zone(value: object) -> ZoneInfo:
    """A time zone by its name."""
    name = text(value)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # which of them depends on the system and on what is wrong
        raise ValueError(f"{value!r} is no time zone; write it as Europe/London") from None


def place_of_secret(value: object) -> Secret:
    """Where a secret is kept."""
    return secret.parse(value if isinstance(value, str) else "")


def rule_name(value: object) -> str:
    """A rule of the contract."""
    if value not in RULE_NAMES:
        raise ValueError(f"is no rule of ours{nearest(str(value), RULE_NAMES)}; 'auditor rules' lists them")
    return str(value)


def rule_severity(value: object) -> Severity | None:
    """What a rule's findings weigh; None for 'off'."""
    if value == "off":
        return None
    if text(value) not in tuple(Severity):
        raise ValueError(f"{value!r} is neither 'off' nor a severity ({', '.join(Severity)})")
    return Severity(str(value))


def link(value: object) -> str:
    """A web address; empty for none."""
    if text(value) and not _LINK.match(text(value)):
        raise ValueError("must begin with http:// or https://")
    return text(value)


def service(value: object) -> str:
    """The address of a provider's service."""
    if not _SERVICE.fullmatch(words(value)):
        raise ValueError("must begin with https:// and name a host")
    return str(value).strip()


def copied(value: object) -> str:
    """An id that was copied from a page, and perhaps a blank with it."""
    return words(value).strip()


def store_url(value: object) -> str:
    """Where the store is."""
    if not isinstance(value, str) or not _STORE.fullmatch(value) or not value.isprintable():
        raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
    return value


class Council(Table):
    """`[council]`."""

    name: str = entry(words)
    domains: tuple[str, ...] = entry(listed(domain, least=1))
    timezone: ZoneInfo = entry(zone, LONDON)
    users_informed_on: date | None = entry(day, None)


class PersonTable(Table):
    """One `[[people]]`."""

    name: str = entry(words)
    role: Role = entry(member(Role))
    title: str | None = entry(text, None)
    mailbox: str = entry(address)
    phone: str = entry(text, "")
    private: tuple[str, ...] = entry(listed(address), ())
    may_bind: bool | None = entry(flag, None)
    chair: bool = entry(flag, False)
    since: date | None = entry(day, None, name="from")
    until: date | None = entry(day, None)
    together = ("since", "until")

    def wrong(self) -> str | None:
        """What does not go together."""
        return "'until' is before 'from'" if self.since and self.until and self.until < self.since else None

    def person(self) -> Person:
        """The person, defaults filled in."""
        return Person(
            name=self.name,
            role=self.role,
            title=ROLE_TITLES[self.role] if self.title is None else self.title,
            mailbox=self.mailbox,
            phone=self.phone,
            private=self.private,
            may_bind=self.role is Role.CLERK if self.may_bind is None else self.may_bind,
            chair=self.chair,
            since=self.since,
            until=self.until,
        )


class _Source(Table):
    kind: str = entry(text)
    folders: tuple[str, ...] = entry(listed(one_of(*FOLDERS), least=1), ("sent",))
    mailboxes: tuple[str, ...] | None = entry(listed(address, least=1), None)
    patience: float = entry(seconds, 900.0)


class FilesSource(_Source):
    """`[[sources]]` with `kind = "files"`."""

    root: str = entry(words)


class MicrosoftSource(_Source):
    """`[[sources]]` with `kind = "microsoft365"`."""

    tenant: str = entry(copied)
    client_id: str = entry(copied)
    certificate: Secret | None = entry(place_of_secret, None)
    secret: Secret | None = entry(place_of_secret, None)
    secret_expires: date | None = entry(day, None)
    authority: str = entry(service, "https://login.microsoftonline.com")
    endpoint: str = entry(service, "https://graph.microsoft.com/v1.0")
    ca_bundle: str | None = entry(words, None)
    outside: tuple[str, ...] = entry(listed(address), ())
    """Mailboxes that the auditor must not be able to read: `check` proves that it cannot."""
    together = ("certificate", "secret")

    def wrong(self) -> str | None:
        """What does not go together."""
        if not urlsplit(self.endpoint).path.strip("/"):
            return f"'endpoint' must end in Graph's version, as in {self.endpoint.rstrip('/')}/v1.0"
        both = (self.certificate is None) == (self.secret is None)
        return "give either 'certificate' or 'secret'" if both else None


class GoogleSource(_Source):
    """`[[sources]]` with `kind = "google"`."""

    key: Secret = entry(place_of_secret)
    endpoint: str = entry(service, "https://gmail.googleapis.com")
    ca_bundle: str | None = entry(words, None)

    def wrong(self) -> str | None:
        """What cannot be so."""
        more = urlsplit(self.endpoint).path.strip("/")
        return f"'endpoint' must be a host alone: take /{more} out" if more else None


AnySource = FilesSource | MicrosoftSource | GoogleSource
SOURCES: dict[str, type[AnySource]] = {
    "files": FilesSource,
    "microsoft365": MicrosoftSource,
    "google": GoogleSource,
}


def source(value: object) -> AnySource:
    """A source, by its `kind`."""
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in SOURCES:
        raise Mistakes([((), "'kind' must be 'files', 'microsoft365' or 'google'"), *_common_mistakes(value)])
    return table(SOURCES[kind])(value)


def _common_mistakes(value: object) -> list[tuple[Place, str]]:
    """What is wrong with the keys that every kind of source has."""
    given = value if isinstance(value, dict) else {}
    common = {one.name for one in _Source.entries.values()} - {"kind"}
    try:
        table(_Source)({name: given[name] for name in given if name in common} | {"kind": ""})
    except Mistakes as mistakes:
        return mistakes.found
    return []


class Times(Table):
    """`[schedule]`."""

    nightly: time = entry(nightly, time(2, 15))
    weekly: tuple[int, time] = entry(weekly, (0, time(6, 30)))
    """Day of the week (0 is Monday) and time, in the council's time zone."""


class Stamps(Table):
    """`stamped_by` as a table."""

    signature: StampedBy = entry(member(StampedBy), StampedBy.SENDER)
    waiver: StampedBy = entry(member(StampedBy), StampedBy.SENDER)


def stamps(value: object) -> Stamps:
    """One word for both, or a table."""
    if not isinstance(value, str):
        return table(Stamps)(value)
    both = member(StampedBy)(value)
    return Stamps(signature=both, waiver=both)


def rising(value: object) -> tuple[int, ...]:
    """Two numbers, the second no less than the first."""
    low, high = listed(number(1), 2, 2)(value)
    if low > high:
        raise ValueError("the first number must not be greater than the second")
    return low, high


class PolicyTable(Table):
    """`[policy]`."""

    signatures: str = entry(words, "policy/signatures")
    waivers: str = entry(words, "policy/waivers")
    trusted_senders: tuple[str, ...] = entry(listed(correspondent), ())
    known_correspondents: tuple[str, ...] = entry(listed(address), ())
    retention_months: int = entry(number(1, 1200), 24)
    stamped_by: Stamps = entry(stamps, Stamps())
    waiver_link: str = entry(link, "")
    document: str | None = entry(words, None)
    adopted: date | None = entry(day, None)
    review: date | None = entry(day, None)
    purge: str = entry(one_of("ask", "auto"), "ask")
    mass_recipients: tuple[int, ...] = entry(rising, (11, 20))
    private_subjects: tuple[str, ...] = entry(listed(words), ())
    private_recipients: tuple[str, ...] = entry(listed(address), ())
    rules: dict[str, Severity | None] = entry(mapped(rule_name, rule_severity), None)
    together = ("stamped_by", "waiver_link")

    def wrong(self) -> str | None:
        """What does not go together."""
        linked = StampedBy.LINK in (self.stamped_by.waiver, self.stamped_by.signature)
        return "stamped_by is 'link', so 'waiver_link' must say which link" if linked and not self.waiver_link else None


class StoreTable(Table):
    """`[store]`."""

    url: str = entry(store_url, "sqlite:///data/auditor.db")
    key: Secret | None = entry(place_of_secret, None)


class ReportsTable(Table):
    """`[reports]`."""

    folder: str = entry(words, "out")
    chair_folder: str = entry(words, "out/chair")
    chair_password: Secret | None = entry(place_of_secret, None)
    names: str = entry(one_of("shown", "hidden"), "shown")
    deliver: tuple[str, ...] = entry(listed(one_of("onedrive", "sharepoint", "drive", "mail")), ())
    onedrive: dict[str, Any] | None = entry(anything, None)
    sharepoint: dict[str, Any] | None = entry(anything, None)
    drive: dict[str, Any] | None = entry(anything, None)
    mail: dict[str, Any] | None = entry(anything, None)


def mail_server(value: object) -> str:
    """A mail server's address."""
    if not _SERVER.fullmatch(words(value).strip()):
        raise ValueError("must be smtp:// or smtps:// and a host, such as smtp://mail.example.org:587")
    return str(value).strip()


def hook(value: object) -> str:
    """An address that is told of trouble: encrypted, unless it is on this computer."""
    try:
        parts = urlsplit(words(value).strip())
        parts.port  # noqa: B018  (asking is what raises)
    except ValueError:
        raise ValueError("is no web address") from None
    if parts.username or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)):
        raise ValueError("must begin with https://, and hold no user and password")
    if not parts.hostname:
        raise ValueError("must begin with https:// and name a host")
    return str(value).strip()


class NotifyTable(Table):
    """`[notify]`."""

    mail: tuple[str, ...] = entry(listed(address), ())
    smtp: str | None = entry(mail_server, None)
    smtp_user: Secret | None = entry(place_of_secret, None)
    smtp_password: Secret | None = entry(place_of_secret, None)
    through: str | None = entry(one_of("microsoft365", "google"), None)
    webhook: str | None = entry(hook, None)
    ca_bundle: str | None = entry(words, None)
    """Certificates to trust in place of the usual ones, for the mail server and the webhook."""
    together = ("smtp", "through")

    def wrong(self) -> str | None:
        """What does not go together."""
        if self.smtp and self.through:
            return "give either 'smtp' or 'through'"
        return None


class BackupTable(Table):
    """`[backup]`."""

    folder: str = entry(words, "backup")
    keep: int = entry(number(1), 14)


class AuditTable(Table):
    """`[audit]`."""

    key: Secret | None = entry(place_of_secret, None)


class EngineTable(Table):
    """`[engine]`."""

    kind: str = entry(one_of("local", "dask"), "local")
    scheduler: str | None = entry(words, None)


class Schedule(Table):
    """The whole file."""

    council: Council = entry(table(Council))
    people: tuple[PersonTable, ...] = entry(listed(table(PersonTable), least=1))
    sources: tuple[AnySource, ...] = entry(listed(source, least=1))
    schedule: Times = entry(table(Times), Times())
    policy: PolicyTable = entry(table(PolicyTable), PolicyTable())
    store: StoreTable = entry(table(StoreTable), StoreTable())
    reports: ReportsTable = entry(table(ReportsTable), ReportsTable())
    notify: NotifyTable | None = entry(table(NotifyTable), None)
    backup: BackupTable | None = entry(table(BackupTable), None)
    audit: AuditTable | None = entry(table(AuditTable), None)
    engine: EngineTable = entry(table(EngineTable), EngineTable())

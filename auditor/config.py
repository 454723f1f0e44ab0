"""schedule.toml: read once, refused with every mistake at once, frozen afterwards."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from auditor import secret
from auditor.errors import ConfigError
from auditor.findings import Severity
from auditor.policy import BLANKS, ROLE_TITLES, RULE_NAMES, Person, Policy, Role, StampedBy, Wording

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+")
_DOMAIN = re.compile(r"(?!-)[\w-]+(\.[\w-]+)+")
_BLANK = re.compile(r"\{(\w*)\}")


def _address(value: object) -> str:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value.strip()):
        raise ValueError(f"{value!r} is no e-mail address")
    return value.strip().lower()


def _domain(value: object) -> str:
    if not isinstance(value, str) or not _DOMAIN.fullmatch(value.strip()):
        raise ValueError(f"{value!r} is no domain name")
    return value.strip().lower()


def _correspondent(value: object) -> str:
    return _address(value) if isinstance(value, str) and "@" in value else _domain(value)


def _clock(value: object) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(f"{value!r} is no time of day; write it as 02:15")
    return time(int(match[1]), int(match[2]))


def _nightly(value: object) -> time:
    moment = _clock(value)
    if moment.hour == 1:
        # In Europe/London 01:00 to 01:59 comes twice in October and not at all in March.
        raise ValueError("the hour from 01:00 to 01:59 is skipped or doubled when the clocks change; choose another")
    return moment


def _weekly(value: object) -> tuple[int, time]:
    day, _, clock = value.strip().lower().partition(" ") if isinstance(value, str) else ("", "", "")
    if day not in WEEKDAYS:
        raise ValueError(f"{value!r} is no day and time; write it as 'mon 06:30'")
    return WEEKDAYS.index(day), _clock(clock)


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError on some systems, an OSError on others
        raise ValueError(f"{value!r} is no time zone; write it as Europe/London") from error
    except KeyError as error:
        raise ValueError(f"{value!r} is no time zone; write it as Europe/London") from error


def _secret(value: object) -> secret.Secret:
    if not isinstance(value, str):
        raise ValueError("must name where the secret is kept, as env:NAME, file:PATH or keyring:SERVICE/USER")
    return secret.parse(value)


def _rule(value: object) -> Severity | None:
    if value == "off":
        return None
    try:
        return Severity(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is neither 'off' nor a severity ({', '.join(Severity)})") from None


def _rule_name(value: str) -> str:
    if value not in RULE_NAMES:
        raise ValueError("is no rule of ours; 'auditor rules' lists them")
    return value


Email = Annotated[str, BeforeValidator(_address)]
Domain = Annotated[str, BeforeValidator(_domain)]
Correspondent = Annotated[str, BeforeValidator(_correspondent)]
SecretPlace = Annotated[secret.Secret, BeforeValidator(_secret)]
RuleName = Annotated[str, AfterValidator(_rule_name)]
Text = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    """A table of the file: no key that we do not know, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, strict=True, defer_build=True)


class Council(_Table):
    """`[council]`."""

    name: Text
    domains: Annotated[list[Domain], Field(min_length=1)]
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("Europe/London")
    users_informed_on: date | None = None


class PersonTable(_Table):
    """One `[[people]]`."""

    name: Text
    role: Annotated[Role, Field(strict=False)]
    title: str | None = None
    mailbox: Email
    phone: str = ""
    private: list[Email] = []
    may_bind: bool | None = None
    chair: bool = False
    since: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> PersonTable:
        if self.since and self.until and self.until < self.since:
            raise ValueError("'until' is before 'from'")
        return self

    def person(self) -> Person:
        """The person, defaults filled in."""
        return Person(
            name=self.name,
            role=self.role,
            title=ROLE_TITLES[self.role] if self.title is None else self.title,
            mailbox=self.mailbox,
            phone=self.phone,
            private=tuple(self.private),
            may_bind=self.role is Role.CLERK if self.may_bind is None else self.may_bind,
            chair=self.chair,
            since=self.since,
            until=self.until,
        )


Folder = Literal["sent", "inbox", "deleted", "archive", "all"]


class _SourceTable(_Table):
    folders: Annotated[list[Folder], Field(min_length=1)] = ["sent"]
    mailboxes: list[Email] | None = None
    patience: Annotated[float, Field(gt=0, strict=False)] = 900


class FilesSource(_SourceTable):
    """`[[sources]]` with `kind = "files"`."""

    kind: Literal["files"]
    root: Text


class MicrosoftSource(_SourceTable):
    """`[[sources]]` with `kind = "microsoft365"`."""

    kind: Literal["microsoft365"]
    tenant: Text
    client_id: Text
    certificate: SecretPlace | None = None
    secret: SecretPlace | None = None
    secret_expires: date | None = None
    authority: str = "https://login.microsoftonline.com"
    endpoint: str = "https://graph.microsoft.com/v1.0"
    ca_bundle: str | None = None

    @model_validator(mode="after")
    def _one_credential(self) -> MicrosoftSource:
        if (self.certificate is None) == (self.secret is None):
            raise ValueError("give either 'certificate' or 'secret'")
        return self


class GoogleSource(_SourceTable):
    """`[[sources]]` with `kind = "google"`."""

    kind: Literal["google"]
    key: SecretPlace
    endpoint: str = "https://gmail.googleapis.com"
    ca_bundle: str | None = None


AnySource = FilesSource | MicrosoftSource | GoogleSource
SourceTable = Annotated[AnySource, Field(discriminator="kind")]


class Times(_Table):
    """`[schedule]`."""

    nightly: Annotated[time, BeforeValidator(_nightly)] = time(2, 15)
    weekly: Annotated[tuple[int, time], BeforeValidator(_weekly)] = (0, time(6, 30))
    """Day of the week (0 is Monday) and time, in the council's time zone."""


class Stamps(_Table):
    """`stamped_by` as a table."""

    signature: Annotated[StampedBy, Field(strict=False)] = StampedBy.SENDER
    waiver: Annotated[StampedBy, Field(strict=False)] = StampedBy.SENDER


def _stamps(value: object) -> object:
    return {"signature": value, "waiver": value} if isinstance(value, str) else value


class PolicyTable(_Table):
    """`[policy]`."""

    signatures: str = "policy/signatures"
    waivers: str = "policy/waivers"
    trusted_senders: list[Correspondent] = []
    known_correspondents: list[Email] = []
    retention_months: Annotated[int, Field(ge=1, le=1200)] = 24
    stamped_by: Annotated[Stamps, BeforeValidator(_stamps)] = Stamps()
    waiver_link: str = ""
    document: str | None = None
    adopted: date | None = None
    review: date | None = None
    purge: Literal["ask", "auto"] = "ask"
    mass_recipients: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=2, max_length=2)] = [11, 20]
    private_subjects: list[Text] = []
    private_recipients: list[Email] = []
    rules: dict[RuleName, Annotated[Severity | None, BeforeValidator(_rule)]] = {}

    @model_validator(mode="after")
    def _link_given(self) -> PolicyTable:
        if StampedBy.LINK in (self.stamped_by.waiver, self.stamped_by.signature) and not self.waiver_link:
            raise ValueError("stamped_by is 'link', so 'waiver_link' must say which link")
        return self


class StoreTable(_Table):
    """`[store]`."""

    url: Annotated[str, Field(pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$")] = "sqlite:///data/auditor.db"
    key: SecretPlace | None = None


class ReportsTable(_Table):
    """`[reports]`."""

    folder: Text = "out"
    chair_folder: Text = "out/chair"
    chair_password: SecretPlace | None = None
    deliver: list[Literal["onedrive", "sharepoint", "drive", "mail"]] = []
    onedrive: dict[str, Any] = {}
    sharepoint: dict[str, Any] = {}
    drive: dict[str, Any] = {}
    mail: dict[str, Any] = {}


class NotifyTable(_Table):
    """`[notify]`."""

    mail: list[Email] = []
    smtp: str | None = None
    smtp_user: SecretPlace | None = None
    smtp_password: SecretPlace | None = None
    through: Literal["microsoft365", "google"] | None = None
    webhook: str | None = None


class BackupTable(_Table):
    """`[backup]`."""

    folder: Text = "backup"
    keep: Annotated[int, Field(ge=1)] = 14


class AuditTable(_Table):
    """`[audit]`."""

    key: SecretPlace | None = None


class EngineTable(_Table):
    """`[engine]`."""

    kind: Literal["local", "dask"] = "local"
    scheduler: str | None = None


class Schedule(_Table):
    """The whole file, as written."""

    council: Council
    people: Annotated[list[PersonTable], Field(min_length=1)]
    sources: Annotated[list[SourceTable], Field(min_length=1)]
    schedule: Times = Times()
    policy: PolicyTable = PolicyTable()
    store: StoreTable = StoreTable()
    reports: ReportsTable = ReportsTable()
    notify: NotifyTable | None = None
    backup: BackupTable | None = None
    audit: AuditTable | None = None
    engine: EngineTable = EngineTable()


class Config:
    """A checked configuration and the folder its relative paths start at."""

    def __init__(self, path: Path, schedule: Schedule, policy: Policy) -> None:
        self.path = path
        self.schedule = schedule
        self.policy = policy

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self.path.parent

    def within(self, relative: str) -> Path:
        """A path of the file, made absolute."""
        return self.folder / relative

    def mailboxes(self, source: AnySource) -> tuple[str, ...]:
        """The mailboxes of one source: those it names, else every person's, each once, in the file's order."""
        named = source.mailboxes if source.mailboxes is not None else [p.mailbox for p in self.schedule.people]
        return tuple(dict.fromkeys(named))


def load(path: Path) -> Config:
    """Reads and checks a configuration.

    Raises:
        ConfigError: with one sentence for every mistake found: file, key and reason.
    """
    document = _read(path)
    problems: list[str] = []
    schedule: Schedule | None = None
    try:
        schedule = Schedule.model_validate(document)
    except ValidationError as error:
        problems += [f"{path.name}: {_sentence(detail, document)}" for detail in error.errors()]
    # Templates are looked at even when a table is wrong, so that one reading shows everything.
    table = document.get("policy", {}) if isinstance(document.get("policy", {}), dict) else {}
    wordings = {
        key: _wordings(path, key, table[key], problems) if key in table else _default_wordings(path, key, problems)
        for key in ("signatures", "waivers")
    }
    if schedule is not None:
        problems += [f"{path.name}: {sentence}" for sentence in _contradictions(schedule)]
    if problems or schedule is None:
        raise ConfigError(problems)
    return Config(path, schedule, _policy(schedule, wordings))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(
            [f"{path} does not exist: run 'auditor init' to write one, or name it with --config PATH."]
        ) from None
    except OSError as error:
        raise ConfigError([f"{path} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError:
        raise ConfigError([f"{path} is not UTF-8 text: save it as UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path.name} is not valid TOML: {error}."]) from None


def _default_wordings(path: Path, key: str, problems: list[str]) -> tuple[Wording, ...]:
    """The default folder's wordings; none when nobody named the folder and it is not there."""
    return _wordings(path, key, f"policy/{key}", problems) if (path.parent / "policy" / key).is_dir() else ()


def _wordings(path: Path, key: str, value: object, problems: list[str]) -> tuple[Wording, ...]:
    if not isinstance(value, str):
        return ()  # the table's own check has said so
    folder = path.parent / value
    where = f"{path.name}: [policy] {key}"
    try:
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".txt")
    except OSError:
        problems.append(f"{where}: the folder {folder} cannot be read; put one agreed wording a file there.")
        return ()
    if not files:
        problems.append(f"{where}: the folder {folder} holds no .txt file; put one agreed wording a file there.")
    found = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig").strip("\r\n")
        except (OSError, UnicodeDecodeError):
            problems.append(f"{where}: {file} cannot be read as UTF-8 text.")
            continue
        if not text.strip():
            problems.append(f"{where}: {file} is empty.")
        problems += [
            f"{where}: {file} has the unknown blank {{{blank}}}; there are {', '.join('{' + b + '}' for b in BLANKS)}."
            for blank in sorted(set(_BLANK.findall(text)) - set(BLANKS))
        ]
        found.append(Wording(file.stem, text))
    return tuple(found)


def _contradictions(schedule: Schedule) -> list[str]:
    sentences = []
    if len(schedule.sources) > 1:
        sentences += [
            f"[[sources]] {number}, mailboxes: is required when several sources stand side by side."
            for number, source in enumerate(schedule.sources, 1)
            if source.mailboxes is None
        ]
    low, high = schedule.policy.mass_recipients
    if low > high:
        sentences.append("[policy] mass_recipients: the first number must not be greater than the second.")
    return sentences


def _policy(schedule: Schedule, wordings: dict[str, tuple[Wording, ...]]) -> Policy:
    table = schedule.policy
    return Policy(
        council=schedule.council.name,
        domains=tuple(schedule.council.domains),
        people=tuple(p.person() for p in schedule.people),
        signatures=wordings["signatures"],
        waivers=wordings["waivers"],
        signature_stamped_by=table.stamped_by.signature,
        waiver_stamped_by=table.stamped_by.waiver,
        waiver_link=table.waiver_link,
        trusted_senders=tuple(table.trusted_senders),
        known_correspondents=tuple(table.known_correspondents),
        mass_recipients=(table.mass_recipients[0], table.mass_recipients[1]),
        private_subjects=tuple(table.private_subjects),
        private_recipients=tuple(table.private_recipients),
        rules=dict(table.rules),
        timezone=schedule.council.timezone,
    )


def _place(location: tuple[str | int, ...], document: dict[str, Any]) -> str:
    """'[[people]] 3 (Ann Marsh), role' from ('people', 2, 'role')."""
    table, *rest = (key for key in location if key != "[key]")
    if table in ("people", "sources") and rest:
        number = int(rest[0]) if isinstance(rest[0], int) else 0
        rows = document.get(str(table))
        row = rows[number] if isinstance(rows, list) and number < len(rows) else {}
        name = row.get("name") or row.get("kind") if isinstance(row, dict) else None
        keys = [str(k) for k in rest[1:] if k not in ("files", "microsoft365", "google")]
        return ", ".join([f"[[{table}]] {number + 1}" + (f" ({name})" if name else ""), *keys])
    return f"[{table}] " + ".".join(map(str, rest)) if rest else f"[{table}]"


_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is a key nobody knows here; check the spelling",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list in [ ]",
    "date_type": "must be a date such as 2026-04-01, without quotes",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "string_too_short": "must not be empty",
    "too_short": "needs at least one entry",
    "string_pattern_mismatch": "must begin with sqlite:/// or postgresql+psycopg://",
}


def _sentence(detail: ErrorDetails, document: dict[str, Any]) -> str:
    place = _place(detail["loc"], document) if detail["loc"] else "the file"
    kind = detail["type"]
    if kind == "value_error":
        said = str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
    elif kind in ("enum", "literal_error"):
        said = f"{detail['input']!r} is not one of {detail['ctx']['expected']}"
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        said = "'kind' must be 'files', 'microsoft365' or 'google'"
    else:
        said = _SENTENCES.get(kind, detail["msg"].lower())
    return f"{place}: {said}."

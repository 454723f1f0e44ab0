"""An invented council's week, as the store would answer: twelve people, about forty findings, coverage in part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from drawn import drawn

from auditor.adopted import adopted
from auditor.findings import Finding, Rule, Severity, identity
from auditor.policy import Person, Policy, Role, StampedBy
from auditor.store.records import Coverage, FindingRow, GapRow, MailboxNight, MailboxStatus, Run, Tally
from auditor.store.trail import Deed, Entry, written
from reports.evidence import Evidence, Post, Standing
from reports.report import AdoptedPolicy, Reader, Reports, week_reports
from reports.trend import weeks_to
from reports.week import Period, sent_day, week

DOMAIN = "thorrington.example.org"
WRITTEN = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def _person(name: str, role: Role, title: str, local: str, **more: object) -> Person:
    return Person(name=name, role=role, title=title, mailbox=f"{local}@{DOMAIN}", **more)  # type: ignore[arg-type]


PEOPLE = (
    _person("Ann Marsh", Role.CLERK, "Parish Clerk", "clerk", may_bind=True),
    _person("Derek Holloway", Role.DEPUTY_CLERK, "Deputy Clerk", "deputy"),
    _person("Priya Raman", Role.RFO, "Responsible Financial Officer", "rfo"),
    _person("Joan Pettifer", Role.COUNCILLOR, "Chair of the Council", "cllr.pettifer", chair=True),
    _person("Brian Tewson", Role.COUNCILLOR, "Councillor", "cllr.tewson"),
    _person("Mary Ockenden", Role.COUNCILLOR, "Councillor", "cllr.ockenden"),
    _person("Samuel Adeyemi", Role.COUNCILLOR, "Councillor", "cllr.adeyemi"),
    _person("Elizabeth Farringdon-Hayes", Role.COUNCILLOR, "Councillor", "cllr.farringdon-hayes"),
    _person("Gwyn Prosser", Role.COUNCILLOR, "Councillor", "cllr.prosser"),
    _person("Ruth Lindqvist", Role.COUNCILLOR, "Councillor", "cllr.lindqvist"),
    _person("Tom Babbage", Role.EMPLOYEE, "Groundsman", "grounds"),
    _person("Hilary Stone", Role.VOLUNTEER, "Footpath Warden", "footpaths"),
)
POLICY = Policy(
    council="Thorrington Parish Council", domains=(DOMAIN,), people=PEOPLE, waiver_stamped_by=StampedBy.SENDER
)
RULES = (
    Rule(
        "signature-missing",
        ("E1",),
        Severity.MEDIUM,
        "No signature",
        "A message with no signature at all.",
        ("own", "signature"),
    ),
    Rule(
        "signature-not-agreed",
        ("E1",),
        Severity.MEDIUM,
        "Signature not agreed",
        "A signature that is none of the agreed ones: another business, a slogan, or a telephone's own line alone.",
        ("signature",),
    ),
    Rule(
        "signature-altered",
        ("E1",),
        Severity.LOW,
        "Signature altered",
        "An agreed signature with other words, another title or other details, or with lines added.",
        ("signature",),
    ),
    Rule(
        "waiver-missing",
        ("E3",),
        Severity.MEDIUM,
        "No waiver",
        "A message whose own part ends without the waiver clause.",
        ("waiver", "own"),
    ),
    Rule(
        "waiver-altered",
        ("E3",),
        Severity.LOW,
        "Waiver altered",
        "The agreed waiver, but reworded or cut.",
        ("waiver",),
    ),
    Rule(
        "waiver-misplaced",
        ("E3",),
        Severity.LOW,
        "Waiver misplaced",
        "The agreed waiver, but not at the end of the sender's own part.",
        ("own", "quoted", "waiver"),
    ),
    Rule(
        "obligation-acceptance",
        ("E10",),
        Severity.HIGH,
        "Accepts for the Council",
        "A member who accepts, approves or agrees a quotation, contract or booking for the Council.",
        ("own",),
    ),
    Rule(
        "offensive-harassment",
        ("E4", "U1"),
        Severity.HIGH,
        "Insult or bullying",
        "Insulting, humiliating or bullying words about a person or body.",
        ("own", "subject"),
    ),
    Rule(
        "confidential-credentials",
        ("U3", "U5"),
        Severity.CRITICAL,
        "Password disclosed",
        "Passwords, PINs, keys and codes, sent to anyone.",
        ("own", "forwarded"),
    ),
)

WHY = {
    "signature-missing": (
        "message",
        "",
        "The message ends without any signature; the agreed one has the name, the title, the address and the telephone number.",
    ),
    "signature-not-agreed": (
        "signature",
        "Sent from my phone",
        "'Sent from my phone' is put there by the telephone and is no agreed signature.",
    ),
    "signature-altered": (
        "signature",
        "Cllr Brian Tewson | Tewson & Sons Roofing",
        "The agreed signature has the title 'Councillor' where this one has 'Tewson & Sons Roofing'.",
    ),
    "waiver-missing": ("message", "", "The sender's own part has no waiver clause at its end."),
    "waiver-altered": (
        "waiver",
        "This e-mail is confidential. If it is not for you please delete it.",
        "The waiver is cut: 'and do not represent the views of the Council' is missing.",
    ),
    "waiver-misplaced": (
        "quoted",
        "The views in this e-mail are the sender's own …",
        "The waiver stands only in the quoted message below, not under the sender's own words.",
    ),
    "obligation-acceptance": (
        "own",
        "On behalf of the Council I accept your quotation of £4,200 for the pavilion roof.",
        "A councillor accepts a quotation; only the Parish Clerk may bind the Council.",
    ),
    "offensive-harassment": (
        "own",
        "anybody with half a brain would have read the minutes before whining to me",
        "Insulting words about a person: 'half a brain', 'whining'.",
    ),
    "confidential-credentials": (
        "own",
        "the wifi password for the hall is ••••••••",
        "A password is sent in clear; change it, and tell it by telephone.",
    ),
}
SUBJECTS = (
    "Pavilion roof", "RE: Allotment waiting list", "Speed sign on Church Road", "FW: Grass cutting, second quotation",
    "Remembrance Sunday road closure", "Re: Planning application 26/01184, land north of Mill Lane, Thorrington",
    "Hall bookings in December", "Dog bin", "Precept working party", "RE: RE: Footpath 14 stile",
)  # fmt: skip
OUTSIDE = (
    "office@harbornebuilders.example", "m.dunmore@example.net", "planning@tendring-dc.example.org", "j.askew@example.com",
    "bookings@thorringtonhall.example", "highways@essexcc.example.org",
)  # fmt: skip

# (rule, sender, day of the month, hour, subject, recipient): the clerk's own mail is among them.
FOUND = (
    ("confidential-credentials", "cllr.prosser", 18, 21, 6, 4), ("obligation-acceptance", "cllr.tewson", 17, 19, 0, 0),
    ("obligation-acceptance", "cllr.lindqvist", 20, 9, 3, 0), ("offensive-harassment", "cllr.farringdon-hayes", 19, 22, 7, 1),
    *(("waiver-missing", who, day, 10, subject, to) for who, day, subject, to in (
        ("cllr.tewson", 17, 0, 0), ("cllr.tewson", 18, 2, 5), ("cllr.tewson", 20, 8, 3), ("cllr.prosser", 18, 6, 4),
        ("cllr.prosser", 21, 9, 1), ("grounds", 16, 3, 0), ("grounds", 19, 7, 3), ("footpaths", 17, 9, 5),
        ("cllr.farringdon-hayes", 19, 7, 1), ("cllr.adeyemi", 12, 5, 2), ("clerk", 17, 4, 5))),
    *(("signature-missing", who, day, 10, subject, to) for who, day, subject, to in (
        ("cllr.tewson", 18, 2, 5), ("grounds", 16, 3, 0), ("grounds", 19, 7, 3), ("grounds", 20, 8, 0),
        ("footpaths", 17, 9, 5), ("cllr.farringdon-hayes", 19, 7, 1), ("cllr.ockenden", 21, 1, 3))),
    *(("signature-not-agreed", who, day, 18, subject, to) for who, day, subject, to in (
        ("cllr.prosser", 21, 9, 1), ("cllr.adeyemi", 16, 5, 2), ("cllr.adeyemi", 19, 2, 5), ("cllr.lindqvist", 20, 3, 0),
        ("cllr.ockenden", 14, 8, 3))),
    *(("signature-altered", who, day, 14, subject, to) for who, day, subject, to in (
        ("cllr.tewson", 17, 1, 3), ("cllr.tewson", 19, 6, 4), ("deputy", 18, 4, 5), ("rfo", 16, 8, 3))),
    *(("waiver-altered", who, day, 11, subject, to) for who, day, subject, to in (
        ("rfo", 16, 8, 3), ("rfo", 19, 8, 1), ("cllr.lindqvist", 20, 3, 0), ("cllr.pettifer", 18, 4, 5), ("clerk", 20, 6, 4))),
    *(("waiver-misplaced", who, day, 16, subject, to) for who, day, subject, to in (
        ("deputy", 20, 1, 3), ("cllr.ockenden", 17, 9, 5), ("cllr.ockenden", 19, 5, 2), ("cllr.pettifer", 21, 2, 5))),
)  # fmt: skip
CONFIDENCE = {"confidential-credentials": 0.93, "offensive-harassment": 0.78, "obligation-acceptance": 0.86}


def finding_row(rule: str, who: str, day: int, hour: int, subject: int, to: int) -> FindingRow:
    """One finding on a message of November 2026."""
    part, excerpt, reason = WHY[rule]
    severity = next(known.severity for known in RULES if known.name == rule)
    finding = Finding(
        rule, severity, CONFIDENCE.get(rule, 0.98), part, 0, len(excerpt), excerpt, reason, f"{who} {day}"
    )
    message_id = f"{day:02d}{subject}{to}.{who}@{DOMAIN}"
    return FindingRow(
        id=identity(finding, message_id),
        finding=finding,
        rules_version="1.0",
        run=17,
        mailbox=f"{who}@{DOMAIN}",
        folders=("Sent Items",),
        message_id=message_id,
        sha256="5d" * 32,
        sent=datetime(2026, 11, day, hour, 14, tzinfo=UTC),
        sender=f"{who}@{DOMAIN}",
        subject=SUBJECTS[subject],
        recipients=(OUTSIDE[to], f"clerk@{DOMAIN}") if to % 2 else (OUTSIDE[to],),
        reported=None,
    )


_HELD = (431, 212, 188, 260, 97, 143, 121, 58, 64, 172, 39, 45)
_CHECKED = (43, 22, 19, 24, 21, 17, 12, 9, 11, 18, 8, 10)
GAPS = (
    GapRow("microsoft365", f"rfo@{DOMAIN}", "AAMkAGI2TG93AAA=", "Encrypted (S/MIME): it can be read only with the sender's or the reader's key.", datetime(2026, 11, 4, 2, 19, tzinfo=UTC), "a1" * 32),
    GapRow("microsoft365", f"cllr.tewson@{DOMAIN}", "AAMkAGI2THVlAAA=", "The mail provider answered 'not found' for a message that it counts.", datetime(2026, 11, 20, 2, 17, tzinfo=UTC), None),
)  # fmt: skip


def coverage_line(person: Person, held: int) -> Coverage:
    """The account of one mailbox; three of them have something amiss."""
    gaps = sum(gap.mailbox == person.mailbox for gap in GAPS)
    last = datetime(2026, 11, 23, 2, 19, tzinfo=UTC)
    status, error, count = MailboxStatus.COMPLETE, None, held + gaps + 14
    if person.mailbox.startswith("cllr.adeyemi"):
        status, count, last = MailboxStatus.FAILED, held + 41, last - timedelta(days=4)
        error = "The mail provider refused the mailbox (403, access denied): ask whoever runs your Microsoft 365 to put it back into the group that the auditor may read."
    elif person.mailbox.startswith("cllr.farringdon"):
        status, count, last = MailboxStatus.PARTIAL, held + 14 + 120, last - timedelta(days=1)
        error = (
            "The mail provider asked us to wait longer than a night allows; 120 messages are left for the next nights."
        )
    return Coverage(
        mailbox=person.mailbox,
        source="microsoft365",
        status=status,
        provider_count=count,
        collected=held,
        gaps=gaps,
        outside_window=14 if status is not MailboxStatus.FAILED else 12,
        private=0,
        removed=2 if person.role is Role.COUNCILLOR else 0,
        last_complete=last,
        error=error,
        unread_parts=held // 60,
        defects={"charset": 3, "date": 1} if person.role is Role.VOLUNTEER else None,
    )


def ledger() -> list[Run]:
    """Seven nights, newest first: one without a run, two that left a mailbox."""
    runs = []
    for night in range(16, 23):
        if night == 18:
            continue
        failed = MailboxStatus.FAILED if night >= 21 else MailboxStatus.COMPLETE
        mailboxes = tuple(
            MailboxNight(
                person.mailbox, "microsoft365", failed if "adeyemi" in person.mailbox else MailboxStatus.COMPLETE
            )
            for person in PEOPLE
        )
        started = datetime(2026, 11, night + 1, 2, 15, tzinfo=UTC)
        runs.append(Run(night, started, started + timedelta(minutes=6), failed is MailboxStatus.COMPLETE, mailboxes))
    return runs[::-1]


_TEXT = """\
POLICY ON E-MAIL

1. Only agreed signatures may be used.
2. Attachments are opened only when they come from a trusted source.
3. The Data Protection Act 1998 is kept in all that we send.
4. The tea urn is rinsed.
5. Laptops are not left in cars.
"""


_ANN = "ann on office-pc"


def entry(number: int, day: int, deed: str, about: dict[str, object], who: str = _ANN) -> Entry:
    """An entry of the trail, of a morning of November 2026."""
    at = datetime(2026, 11, day, 9, 5, number % 60, tzinfo=UTC)
    return Entry(number, at, who, deed, written(about), False, "0" * 64)


QUERY = "from:m.dunmore@example.net"
ENTRIES = (
    entry(1, 10, Deed.HELD, {"hold": "Dog bin claim", "query": "dog NEAR/5 bin", "messages": 17}),
    *(entry(day, day, Deed.BACKED_UP, {"backup": f"auditor-{day}", "bytes": 9}, "auditor on office-pc") for day in range(14, 23)),
    entry(30, 16, Deed.HELD, {"hold": "Request of 12 November", "query": QUERY, "messages": 1_204}),
    entry(31, 17, Deed.SEARCHED, {"query": QUERY, "messages": 62}),
    entry(32, 17, Deed.LIFTED, {"hold": "Dog bin claim", "query": "dog NEAR/5 bin", "messages": 19, "why": "M. Dunmore has settled"}),
    entry(33, 18, Deed.EXPORTED, {"dossier": "tewson", "for": "Ivy Holt", "why": "Complaint of M. Dunmore", "findings": ["a", "b"]}),
    entry(34, 19, Deed.PURGED, {"copies": ["auditor.db.before-v2"]}),
    entry(35, 19, Deed.PURGED, {"before": "2024-11-19", "messages": 41, "evidence": 40, "findings": 1}),
    entry(36, 19, Deed.PURGED, {"rewritten": True}),
    entry(37, 20, Deed.RESTORED, {"backup": "auditor-19", "made": "2026-11-19T02:20:00+00:00", "head": "3:ab"}),
    entry(38, 21, Deed.VERIFIED, {"ok": True}),
    entry(39, 23, Deed.SEARCHED, {"query": QUERY, "messages": 63}),
)  # fmt: skip
"""Of the week, and one day before and after it."""
HOLDS = (
    Standing("Request of 12 November", ENTRIES[10].at, 1_219, _ANN),
    Standing("Old boundary dispute at Mill Lane", datetime(2025, 3, 4, 10, 0, tzinfo=UTC), None),
)
EVIDENCE = Evidence(
    since=date(2026, 4, 1),
    until=date(2026, 11, 22),
    domains=(DOMAIN,),
    own=6_411,
    elsewhere=(("Brian Tewson", 14), ("Mary Ockenden", 3)),
    posts=tuple(Post(one.name, one.mailbox, one.role is not Role.VOLUNTEER) for one in PEOPLE),
    adopted=date(2024, 3, 27),
    review=date(2025, 3, 31),
    retention_months=24,
    purged=datetime(2026, 11, 19, 2, 31, tzinfo=UTC),
    backups_kept=True,
    backed_up=datetime(2026, 11, 23, 2, 20, tzinfo=UTC),
    verified=datetime(2026, 6, 2, 14, 0, tzinfo=UTC),
    share_verified=datetime(2026, 11, 21, 2, 25, tzinfo=UTC),
    sound=True,
)


def tallies(period: Period, findings: Iterable[FindingRow], checked: Mapping[str, int]) -> Iterator[Tally]:
    """The figures that go with these findings; and nine weeks before them, with less and less found in each."""
    last = len(weeks_to(period)) - 1
    messages: dict[tuple[str, str, str], list[tuple[str, Severity]]] = {}
    for row in findings:
        if period.holds(sent_day(row.sent)):
            sort = (row.finding.rule, row.finding.severity)
            messages.setdefault((row.mailbox, row.sender, row.message_id), []).append(sort)
    alike = Counter((mailbox, sender, tuple(sorted(sorts))) for (mailbox, sender, _), sorts in messages.items())
    left = Counter(checked)
    for (mailbox, sender, sorts), many in sorted(alike.items()):
        yield Tally(last, mailbox, sender, True, sorts, many)
        left[mailbox] -= many
    yield from (Tally(last, mailbox, mailbox, True, (), many) for mailbox, many in left.items() if many > 0)
    for place in range(max(last - 9, 0), last):
        for number, (mailbox, many) in enumerate(checked.items()):
            bad = max(many * (last + 6 - place) // 60 - number % 3, 0)
            rule = RULES[(number + place // 4) % 7]
            yield Tally(place, mailbox, mailbox, True, (), many - bad)
            if bad:
                yield Tally(place, mailbox, mailbox, True, ((rule.name, rule.severity),), bad)


def sample(**changes: object) -> Reports:
    """The week's workbooks; `changes` are arguments of `week_reports`."""
    given: dict[str, object] = {
        "policy": POLICY,
        "rules": RULES,
        "findings": [finding_row(*found) for found in FOUND],
        "coverage": [coverage_line(person, held) for person, held in zip(PEOPLE, _HELD, strict=True)],
        "gaps": GAPS,
        "runs": ledger(),
        "checked": {person.mailbox: many for person, many in zip(PEOPLE, _CHECKED, strict=True)},
        "written": WRITTEN,
        "users_informed_on": date(2026, 4, 1),
        "adopted": AdoptedPolicy(adopted(_TEXT.encode()), date(2024, 3, 27), date(2025, 3, 31)),
        "entries": ENTRIES,
        "holds": HOLDS,
        "evidence": EVIDENCE,
        "samples": {Reader.CLERK: drawn()},
    }
    period = changes.pop("period", week("2026-W47"))
    given |= changes
    given.setdefault("tallies", tallies(period, given["findings"], given["checked"]))  # type: ignore[arg-type]
    return week_reports(period, **given)  # type: ignore[arg-type]

"""What the first page says, before it is drawn: whether all is well, what needs its reader, and what changed since last week.

The light cannot be green where something was not looked at. The sheet Start and the page for the Council's file say the
same, because both are drawn from this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from auditor.findings import Severity, clip
from auditor.store.records import MailboxStatus
from reports.accounts import to_be_read
from reports.exceptions import asking
from reports.figures import Figures, Part, figures
from reports.lately import Before
from reports.nights import Reach, covered
from reports.report import Listed, Reader, WeekReport, began_later
from reports.week import day_words, days_words, moment_words, span_words
from reports.words import SEVERITY, counted, listed

TITLE = "Start"
GRAVE = (Severity.CRITICAL, Severity.HIGH)
_LONGEST = 400
"""Characters of a line; what is cut off stands on the sheet that the line names."""
_COVERAGE_SHOWN = 3
_WARNINGS_SHOWN = 3
_ASKED_SHOWN = 2
_WAITING_SHOWN = 4
_TITLES_SHOWN = 4

_WHOSE = {Reader.CLERK: "e-mail from the Council's mailboxes", Reader.CHAIR: "the Clerk's own e-mail"}
_APART = "None of the figures on findings include the Clerk's mail."
_NOT_INFORMED = (
    "No day is set on which members and staff were told that e-mail is monitored. They must be told before these findings "
    "are used; then set users_informed_on in schedule.toml."
)
_BESIDE = "This week, and what changed since the week before"
HOW = (
    "On the sheet Findings choose a decision from the list in each row.",
    "Write a note where somebody may ask why.",
    "Save and close, and nothing else: it is read back before the next workbook.",
    "A decision can always be changed: choose another one and save.",
)
MEANINGS = (
    "Breach: it does not keep to the policy.",
    "Not a breach: it was wrongly listed.",
    "Permitted: it does not keep to the policy, and was agreed beforehand.",
    "Ask the Chair: the Chair is to decide.",
)


class Light(Enum):
    """How things stand."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that needs the reader."""

    said: str
    """What, and what to do."""
    sheet: str = ""
    """The sheet where it is done; empty where it is not done in this workbook."""


@dataclass(frozen=True, slots=True)
class Start:
    """The first page."""

    council: str
    week: str
    figures: str
    """What the figures are headed with."""
    about: str
    """What the workbook is, and when it was written."""
    light: Light
    verdict: str
    needs: tuple[Line, ...]
    """Most important first."""
    changed: tuple[str, ...]
    """This week's figures, and what is otherwise than the week before."""
    seal: str
    """Where the audit trail stood; empty where there is none yet."""


def start(report: WeekReport) -> Start:
    """What is said of a report."""
    counts = figures(report)
    coverage = tuple(_coverage(report))
    warnings = _warnings(report)
    findings = tuple(_findings(report))
    other = (*_asked(report), *_waiting(report), *_exceptions(report))
    light = _light(report, bool(coverage or warnings or findings or other))
    needs = (
        *_few(coverage, _COVERAGE_SHOWN, "more things were not looked at: see the sheet Coverage.", "Coverage"),
        *_few([Line(said) for said in warnings], _WARNINGS_SHOWN, "more warnings wait: 'auditor status' lists them."),
        *findings,
        *other,
        *_sample(report),
        *_notes(report),
    )
    return Start(
        council=report.council,
        week=f"E-mail policy audit: {report.period.title}, {days_words(report.period)}",
        figures=_BESIDE if report.period.days else "The figures",
        about=_about(report),
        light=light,
        verdict=_verdict(report, light, len(_undecided(report))),
        needs=tuple(Line(clip(line.said, _LONGEST), line.sheet) for line in needs),
        changed=tuple(clip(said, _LONGEST) for said in _changed(report, counts)),
        seal=_seal(report),
    )


def before(report: WeekReport) -> Before:
    """What the next week's workbook sets beside its own figures."""
    counts = figures(report)
    return Before(
        flagged=counts.messages.some,
        checked=counts.messages.of,
        findings=counts.new,
        rules=_found(counts),
        people=_people(counts),
        covered=None if _unknown(report) else covered(report.nights),
    )


# --- how things stand


def _light(report: WeekReport, waits: bool) -> Light:
    """Green only when everything was read and nothing waits; red when something was not read, or cannot wait."""
    if report.shortfalls or _pressing(report):
        return Light.RED
    return Light.AMBER if waits else Light.GREEN


def _pressing(report: WeekReport) -> list[str]:
    return [warning for warning in report.warnings if warning not in report.lately.may_wait]


def _verdict(report: WeekReport, light: Light, undecided: int) -> str:
    if report.shortfalls:
        return "COVERAGE IS NOT COMPLETE: the figures below are only about what could be read."
    if light is Light.RED:
        return "Everything was read, but something cannot wait: the first lines below say what."
    if light is Light.GREEN:
        return "Everything was read, and nothing waits for you."
    if undecided:
        waits = "waits" if undecided == 1 else "wait"
        return f"Everything there is was read; {counted(undecided, 'finding')} {waits} for your decision."
    return "Everything there is was read; the lines below wait for you."


# --- what needs the reader


def _coverage(report: WeekReport) -> Iterator[Line]:
    for short in report.shortfalls:
        yield Line(f"{short.what} {short.why}", "Coverage")
    if report.unwatched:
        many = counted(len(report.unwatched), "mailbox", "mailboxes")
        yield Line(
            f"Not read at all: {many} of people in schedule.toml that no source there names; the sheet Coverage lists them.",
            "Coverage",
        )
    if not began_later(report):
        yield from _missed(report)


def _missed(report: WeekReport) -> Iterator[Line]:
    """Nights that are no whole ones; what an earlier night left, a later one has read where nothing else is said."""
    reaches = [night.reach for night in report.nights]
    if ahead := reaches.count(Reach.AHEAD):
        are = "night of it is" if ahead == 1 else "nights of it are"
        yield Line(
            f"This week is not over: {ahead} {are} still to come. Run 'auditor report' once more when it is.",
            "Coverage",
        )
    if missed := sum(reach in (Reach.NONE, Reach.BROKEN, Reach.PART) for reach in reaches):
        nights = "1 night" if missed == 1 else f"{missed} nights"
        yield Line(
            f"On {nights} of {len(reaches)} not every mailbox was read in full; see that the computer is on at night. "
            "The sheet Coverage says which, and why.",
            "Coverage",
        )


def _warnings(report: WeekReport) -> list[str]:
    """Those that press, then that nobody was told, then the others."""
    pressing = _pressing(report)
    told = [] if report.users_informed_on else [_NOT_INFORMED]
    others = [warning for warning in report.warnings if warning in report.lately.may_wait]
    return [f"Please note: {warning}" for warning in (*pressing, *told, *others)]


def _findings(report: WeekReport) -> Iterator[Line]:
    undecided = _undecided(report)
    grave = sum(line.row.finding.severity in GRAVE for line in undecided)
    others = len(undecided) - grave
    if grave:
        them = "the finding that is" if grave == 1 else f"the {grave:,} findings that are"
        where = "its message stands first" if grave == 1 else "the most serious messages stand first"
        yield Line(f"First decide {them} critical or high: {where}, with a cell for your decision.", "Findings")
    if others:
        what = f"{'' if others == 1 else f'{others:,} '}{'other ' if grave else ''}{'finding' if others == 1 else 'findings'}"
        yield Line(
            f"Decide the {what}: choose a decision in {'its row' if others == 1 else 'each row'}, save and close.",
            "Findings",
        )


def _undecided(report: WeekReport) -> list[Listed]:
    standing = report.decisions.standing
    return [line for line in report.findings if line.row.id not in standing or standing[line.row.id].decision is None]


def _asked(report: WeekReport) -> Iterator[Line]:
    """What was not understood in earlier workbooks."""
    rest = (
        "more questions of this kind wait: 'auditor decisions' lists them all."
        if report.reader is Reader.CLERK
        else "more questions of this kind wait: they are asked when these are settled."
    )
    yield from _few([Line(f"Please look: {said}") for said in report.decisions.asked], _ASKED_SHOWN, rest)


def _waiting(report: WeekReport) -> Iterator[Line]:
    where = report.decisions.waiting
    many = sum(number for _, number in where)
    if not many:
        return
    places = [f"{number:,} in {book}" for book, number in where[:_WAITING_SHOWN]]
    if len(where) > _WAITING_SHOWN:
        places.append(f"{sum(number for _, number in where[_WAITING_SHOWN:]):,} in older ones")
    yield Line(f"Waiting for a decision in earlier workbooks: {listed(places)}. Open them, decide, save and close.")


def _exceptions(report: WeekReport) -> Iterator[Line]:
    for said in asking(report.exceptions):
        yield Line(said, "Exceptions")


def _sample(report: WeekReport) -> Iterator[Line]:
    """No light waits for it: what the rules miss is learnt from whatever is looked at."""
    drawn = report.sample.messages
    left = sum(one.drawn.name not in report.sample.said for one in drawn)
    if left:
        them = "the message" if left == 1 else f"the {left:,} messages"
        yield Line(f"When you have time, read {them} drawn by chance: they show what the rules miss.", "Sample")


def _notes(report: WeekReport) -> Iterator[Line]:
    if many := len(report.notes):
        drafts = "A draft of a note" if many == 1 else f"{many:,} drafts of notes"
        them = "it" if many == 1 else "each"
        yield Line(
            f"{drafts} to people on what you confirmed {'stands' if many == 1 else 'stand'} in the folder 'Notes {report.period.label}': read {them}, and send "
            "or delete it. Nothing is sent by itself."
        )


def _apart(report: WeekReport) -> str:
    """How much was found on the clerk, and whether anybody looked: where nothing was, there is no workbook to point to."""
    if report.apart:
        are = "is" if report.apart == 1 else "are"
        return f"The Clerk's own mail is audited too: {counted(report.apart, 'finding')} on it {are} for the Chair's workbook."
    own = [line for line in to_be_read(report.coverage) if line.mailbox in report.apart_mailboxes]
    if not own:
        return "The Clerk's own mailbox is not read, so nothing can be said of what the Clerk sends."
    if any(line.status is not MailboxStatus.COMPLETE for line in own):
        return "The Clerk's own mail is audited too: nothing was found in what could be read of it."
    return "The Clerk's own mail is audited too: nothing was found on it."


def _few(lines: Sequence[Line], most: int, rest: str, sheet: str = "") -> Iterator[Line]:
    """The first lines, and how many there are besides."""
    if len(lines) <= most:
        yield from lines
        return
    yield from lines[: most - 1]
    yield Line(f"{len(lines) - most + 1:,} {rest}", sheet)


# --- the week, beside the one before


def _about(report: WeekReport) -> str:
    return (
        f"Written for the {report.reader.value} on {moment_words(report.written)}. The workbook lists {_WHOSE[report.reader]} "
        "that may not keep to the e-mail policy. Findings are for review: a person decides."
    )


def _changed(report: WeekReport, counts: Figures) -> Iterator[str]:
    last = report.lately.before
    yield _share(counts, report, last)
    yield _listed(report, counts, last)
    if last and (other := _other_rules(report, counts, last)):
        yield other
    yield " ".join(filter(None, (_account(report), _nights(report), _nights_before(report, last))))
    yield from report.lately.changes
    if report.decisions.decided:
        decided, waiting = report.decisions.decided, sum(many for _, many in report.decisions.waiting)
        are = "is" if decided == 1 else "are"
        yield f"Your decisions in earlier workbooks: of {counted(decided + waiting, 'finding')}, {decided:,} {are} decided."
    if report.apart_mailboxes:
        yield f"{_apart(report)} {_APART}"


def _share(counts: Figures, report: WeekReport, last: Before | None) -> str:
    """'Of 214 messages checked, 9 have a finding (4%).' People are told by their number alone."""
    messages = counts.messages
    sent = "sent this week and " if report.period.days else "of the backlog "
    if messages.of:
        has = "has" if messages.some == 1 else "have"
        some = f"{messages.some:,}" if messages.some else "none"
        said = f"Of {counted(messages.of, 'message')} {sent}checked, {some} {has} a finding{_percent(messages)}."
    else:
        said = f"No message {sent}checked: there is nothing to take a share of."
    if last is None:
        return said
    part = Part(last.flagged, last.checked)
    return (
        f"{said} The week before it was {part.words}{_percent(part)}. "
        f"Mailboxes with a finding: {_people(counts):,}; the week before {last.people:,}."
    )


def _percent(part: Part) -> str:
    share = part.share
    if share is None:
        return ""
    return f" ({share * 100:.1f}%)" if 0 < share < 0.01 else f" ({share * 100:.0f}%)"


def _listed(report: WeekReport, counts: Figures, last: Before | None) -> str:
    """How many findings, how serious, how many of them on older mail, and how many the week before had."""
    beside = f" On mail of the week before there are {last.findings:,}." if last else ""
    if many := len(report.exceptions.hidden):
        beside = f" {counted(many, 'finding')} besides {'is' if many == 1 else 'are'} covered by an exception." + beside
    if not counts.findings:
        return ("No findings in what could be read." if report.shortfalls else "No findings.") + beside
    grades = [f"{many:,} {SEVERITY[grade][2:].lower()}" for grade, many in counts.by_severity if many]
    said = [f"{counted(counts.findings, 'finding')} listed: {listed(grades)}."]
    if counts.other_days:
        first, end = counts.other_days
        days = f"on {day_words(first)}" if first == end else f"on other days (from {span_words(first, end)})"
        said.append(f"{counts.new:,} on mail of this week; {counts.carried:,} on mail sent {days} and found only now.")
    if counts.undated:
        said.append(f"{counts.undated:,} on mail whose day is not known.")
    return " ".join(said) + beside


def _other_rules(report: WeekReport, counts: Figures, last: Before) -> str:
    """What was found now and not before, and the other way about."""
    found = _found(counts)
    new, gone = found - last.rules, last.rules - found
    return " ".join(
        [
            *([f"Found this week and not the week before: {_titles(report, new)}."] if new else []),
            *([f"Found the week before and not this week: {_titles(report, gone)}."] if gone else []),
        ]
    )


def _found(counts: Figures) -> frozenset[str]:
    """Rules with a finding on mail of the period."""
    return frozenset(figure.rule for figure in counts.by_rule if figure.messages.some)


def _people(counts: Figures) -> int:
    return sum(bool(figure.messages.some) for figure in counts.by_person)


def _titles(report: WeekReport, names: Iterable[str]) -> str:
    """Rules as people call them, in the order of the sheet Rules."""
    known = {line.rule.name: f"'{line.rule.title}'" for line in report.rules}
    titles = [known[name] for name in known if name in set(names)] + sorted(set(names) - known.keys())
    if len(titles) > _TITLES_SHOWN:
        titles[_TITLES_SHOWN - 1 :] = [f"{len(titles) - _TITLES_SHOWN + 1} more"]
    return listed(titles)


def _account(report: WeekReport) -> str:
    if report.shortfalls:
        return "The account of every mailbox is on the sheet Coverage."
    many = counted(len(to_be_read(report.coverage)), "mailbox", "mailboxes")
    return f"Coverage is complete: every message in {many} is accounted for."


def _nights(report: WeekReport) -> str:
    if not report.nights:
        return ""
    if began := began_later(report):
        return began
    reaches = [night.reach for night in report.nights]
    also = [
        f"{counted(reaches.count(reach), 'night')} {words}"
        for reach, words in ((Reach.AHEAD, "still to come"), (Reach.BEFORE, "before the first run of all"))
        if reach in reaches
    ]
    rest = f" ({', '.join(also)})" if also else ""
    return f"Nights on which every mailbox was read in full: {covered(report.nights)} of {len(report.nights)}{rest}."


def _nights_before(report: WeekReport, last: Before | None) -> str:
    """Whether more or fewer nights were covered than the week before; '' where that is not known."""
    if last is None or last.covered is None or _unknown(report):
        return ""
    now = covered(report.nights)
    if now == last.covered:
        return "The week before it was as many."
    return f"That is {'better' if now > last.covered else 'worse'} than the week before, which had {last.covered}."


def _unknown(report: WeekReport) -> bool:
    """Whether some nights of the week are still to come, or came before the audit began: it is not compared."""
    return not report.nights or any(night.reach in (Reach.AHEAD, Reach.BEFORE) for night in report.nights)


def _seal(report: WeekReport) -> str:
    """`auditor.cli.anchors` reads the second sentence."""
    if not report.trail.length:
        return ""
    return (
        "The seal of this workbook asks nothing of you: 'auditor verify' reads it, to prove that the records were not altered "
        f"later. Audit trail: entry {report.trail.length:,}, {report.trail.hash}."
    )

"""What the configuration says of the Council, in the words that the drafts need. What it does not say is a blank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from auditor.drafts.template import Fact
from auditor.policy import CLAUSES, ROLE_TITLES, Person, Role
from reports.week import day_words
from reports.words import SOURCES, counted, listed

if TYPE_CHECKING:
    from auditor.config import Config

FOLDERS = {
    "sent": "sent mail",
    "inbox": "the inbox",
    "deleted": "deleted mail",
    "archive": "archived mail",
    "all": "every folder that the person sees, deleted mail included; not drafts",
}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOBODY = "[name of the Clerk: enter the Clerk in schedule.toml]"
_NO_CHAIR = "[name of the Chair or other member who receives the findings on the Clerk]"


def facts(config: Config, today: date) -> dict[str, Fact]:
    """Every fact by its name. People are those in post on `today`."""
    people = [person for person in config.policy.people if person.in_post(today)]
    return {
        **_council(config),
        **_people(config, people),
        **_reading(config, people),
        **_rules(config),
        **_keeping(config),
        **_telling(config),
    }


def _council(config: Config) -> dict[str, Fact]:
    schedule = config.schedule
    policy, informed = schedule.policy, schedule.council.users_informed_on
    return {
        "council": schedule.council.name,
        "domains": listed([f"@{domain}" for domain in schedule.council.domains]),
        "adopted": _day(policy.adopted) if policy.adopted else "[date on which the e-mail policy was adopted]",
        "review": _day(policy.review) if policy.review else "[date of the next review]",
        "informed": _day(informed) if informed else "[date: not before this notice has been given to everyone]",
    }


def _day(day: date) -> str:
    """As people write it in a letter: '4 March 2025'."""
    return day_words(day).partition(" ")[2]


def _people(config: Config, people: list[Person]) -> dict[str, Fact]:
    clerks = [person for person in people if person.role is Role.CLERK]
    chairs = [person for person in people if person.chair]
    chair = listed([person.name for person in chairs]) or _NO_CHAIR
    return {
        "clerk": listed([f"{person.name} ({person.title or 'Parish Clerk'})" for person in clerks]) or _NOBODY,
        "clerk_address": listed(list(dict.fromkeys(person.mailbox for person in clerks))) or "[the Council's address]",
        "clerk_phone": listed([person.phone for person in clerks if person.phone]) or "[telephone]",
        "chair": chair,
        "chair_folder": config.schedule.reports.chair_folder,
        "folder": config.schedule.reports.folder,
        "roles": list(_counts(people)),
        "head_count": counted(len(people), "person", "people"),
    }


def _counts(people: list[Person]) -> Iterator[str]:
    order = list(ROLE_TITLES)
    for role, group in groupby(sorted(people, key=lambda one: order.index(one.role)), key=lambda one: one.role):
        yield f"{ROLE_TITLES[role]}: {len(list(group))}"


def _reading(config: Config, people: list[Person]) -> dict[str, Fact]:
    schedule = config.schedule
    read = {mailbox for table in schedule.sources for mailbox in config.mailboxes(table)}
    unread = [person.name for person in people if person.mailbox not in read]
    policy = schedule.policy
    private = [
        *(f"a message whose subject begins with '{mark}'" for mark in policy.private_subjects),
        *(f"a message to {address}" for address in policy.private_recipients),
    ]
    none = "[Nothing is set apart yet. Decide what is to be: see the keys private_subjects and private_recipients in schedule.toml]"
    at = f"{schedule.schedule.nightly:%H:%M}"
    weekday, due = schedule.schedule.weekly
    return {
        "sources": [
            (
                SOURCES[table.kind],
                "; ".join(config.mailboxes(table)),
                "; ".join(FOLDERS[name] for name in table.folders),
            )
            for table in schedule.sources
        ],
        "mailbox_count": counted(len(read), "mailbox", "mailboxes"),
        "unread": f"Mailboxes of these people are not read: {listed(unread)}." if unread else _ALL_READ,
        "private": private or [none],
        "when": f"once a night, at about {at}; the week's report is due on {_WEEKDAYS[weekday]} from {due:%H:%M}",
    }


_ALL_READ = "The mailbox of everybody who is entered as in post is read."


def _rules(config: Config) -> dict[str, Fact]:
    from auditor.analysers import ANALYSERS

    rules = [rule for analyser in ANALYSERS for rule in analyser.rules]
    off = {name for name, severity in config.policy.rules.items() if severity is None}
    clauses = {clause for rule in rules if rule.name not in off for clause in rule.clauses}
    left = [rule.title for rule in rules if rule.name in off]
    return {
        "rules": [(rule.title, rule.finds, ", ".join(rule.clauses)) for rule in rules if rule.name not in off],
        "rules_off": f"The Council has switched these off: {'; '.join(left)}." if left else "No rule is switched off.",
        "clauses": [f"{name}: {sentence}" for name, sentence in CLAUSES.items() if name in clauses],
    }


def _keeping(config: Config) -> dict[str, Fact]:
    schedule = config.schedule
    months = counted(schedule.policy.retention_months, "month")
    backup, key, trail = schedule.backup, schedule.store.key, schedule.audit and schedule.audit.key
    asked = (
        "a person is asked before it is removed" if schedule.policy.purge == "ask" else "it is removed without asking"
    )
    return {
        "months": months,
        "purge": f"When a message that is held grows older than that, {asked}; mail under a legal hold stays until it is lifted.",
        "encrypted": "The store is encrypted with a key that is kept apart from it."
        if key
        else "The store is not encrypted by the program. [Say how the computer's disk is protected, or set a key for the store]",
        "backups": f"The last {counted(backup.keep, 'backup')} are kept in the folder '{backup.folder}'; what was removed from the "
        "store is gone from the backups only when the last of them that holds it has been replaced."
        if backup
        else "[Say where backups are kept, for how long, and who can open them]",
        "trail": "Each use of the program is written into an audit trail, sealed with a key that is kept elsewhere."
        if trail
        else "Each use of the program is written into an audit trail, in which a changed entry shows.",
    }


def _telling(config: Config) -> dict[str, Fact]:
    places = list(_places(config))
    return {
        "notified": _notified(config),
        "delivered": f"The Clerk's workbook is also {listed(places)}; the one on the Clerk's own mail is not."
        if places
        else "The program sends the workbook to nobody.",
    }


def _places(config: Config) -> Iterator[str]:
    """Where the Clerk's workbook is delivered besides its folder, as `auditor.cli.delivering` has it."""
    reports = config.schedule.reports
    for way in dict.fromkeys(reports.deliver):
        match way:
            case "sharepoint" if reports.sharepoint:
                yield f"put into the Council's SharePoint at {reports.sharepoint.site}"
            case "onedrive" if reports.onedrive:
                yield f"put into the OneDrive at {reports.onedrive.site}"
            case "drive" if reports.drive:
                yield f"put into the Google Drive of {reports.drive.user}"
            case "mail" if reports.mail:
                yield f"sent by e-mail to {listed(reports.mail.to)}"


def _notified(config: Config) -> str:
    """Who is told of trouble: each way that could be taken, as `auditor.cli.ways` has it."""
    notify = config.schedule.notify
    told = []
    if notify and notify.mail and (notify.smtp or notify.through):
        told.append(f"{listed(notify.mail)} {'are' if len(notify.mail) > 1 else 'is'} told by e-mail")
    if notify and notify.webhook:
        told.append(f"the service at {urlsplit(notify.webhook).hostname} is told over the network")
    if not told:
        return "Nobody is sent word when something needs a person; who runs the program sees it."
    return (
        f"When something needs a person, {listed(told)}, with figures and addresses of mailboxes, and without words of any "
        "message."
    )

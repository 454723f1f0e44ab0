"""Who speaks, for whom and to whom, and what takes the force from words: a condition, a report, a question, a denial."""

from __future__ import annotations

from functools import cache

from auditor.analysers.audience import outside
from auditor.analysers.base import Case
from auditor.analysers.obligation_acts import ACCOUNT, FILE, Act
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.prose import Prose, Sentence
from auditor.analysers.vocabulary import terms
from auditor.mail.message import Address
from auditor.policy import Person
from auditor.values import Value

_BEHIND = 40
"""How far behind an act the words may stand that make it harmless."""
_AHEAD = 10
"""How far before it: 'planning' before 'permission'."""
_FRESH_REACH = 16
"""An act itself may begin the sentence again: 'but we accept'."""
_CIRCLE = 3
"""Outside people to whom an order may go; what tells more of them to do something is a notice."""


_OURS = "(?:^.{0,6}{ours}|^.{0,40}(?:parish|town|community) council)"
_CONDITION = "{condition} (?:.{0,20} )?{body} .{0,40}{approve}"


class Audience(Value, frozen=True):
    """To whom a message goes, as far as it matters here."""

    hears: bool
    """Somebody outside the Council gets it."""
    ordered: bool
    """Somebody gets it who may be given an order: not the Clerk, not an authority that is asked for its own duty."""
    alone: bool
    """Nobody gets it but those who may bind the Council."""


def author(case: Case) -> Person:
    """Who wrote: the Sender where it names another of the Council's people than From, sending as or on behalf of them."""
    submitter = case.mail.submitter
    person = case.policy.person(submitter, case.policy.day(case.mail.sent)) if submitter else None
    return person or case.sender


def binds(case: Case, person: Person) -> bool:
    """Whether a person may bind the Council on the day of the message; one who has left the post no longer may."""
    if not person.may_bind:
        return False
    day = case.policy.day(case.mail.sent)
    return day is None or person.in_post(day)


def audience(case: Case) -> Audience:
    """An order goes to those in To; whoever is copied is told of it."""
    mail = case.mail
    others = outside(case.policy, mail.recipients)
    asked = mail.to or mail.recipients
    strangers = outside(case.policy, asked)
    day = case.policy.day(mail.sent)
    people = [person for person in (case.policy.person(one, day) for one in asked) if person]
    workers = [one for one in strangers if not _authority(one)]
    own = not others and any(not person.may_bind for person in people)
    return Audience(
        hears=bool(others) or not mail.recipients,
        ordered=own or 0 < len(workers) <= _CIRCLE,
        alone=bool(mail.recipients) and not others and not own,
    )


def _authority(address: Address) -> bool:
    local, _, domain = address.email.partition("@")
    words = {*local.replace(".", "-").split("-"), *domain.replace(".", "-").split("-")}
    name = domain.partition(".")[0]
    return not words.isdisjoint(terms(FILE, "public")) or name.endswith(tuple(terms(FILE, "public_ends")))


def for_others(prose: Prose) -> bool:
    """Whether the sender says that he acts for another body."""
    found = prose.finds(_table("for_body"))
    return not all(pattern(_OURS, FILE).found(one.plain[end - one.start :].lstrip()) for one, _, end in found)


def charges(prose: Prose) -> bool:
    """Whether the message shows that the Council is to pay, and that more is wanted than a price."""
    return bool(prose.finds(pattern(ACCOUNT, FILE))) and not prose.finds(_table("enquire"))


def spared(act: Act, prose: Prose, sentence: Sentence, start: int, end: int) -> bool:
    """Whether something in the sentence takes the force from an act found in it at these offsets of its own."""
    text = sentence.plain
    if sentence.asks and not act.asks and not _hung_on(text, end):
        return True
    if act.unless and _table(act.unless).found(text[max(start - _AHEAD, 0) : end + _BEHIND]):
        return True
    if prose.reports(sentence.start + start, sentence.start + end):
        return True
    before = _since(text, start)
    last = before.split()[-1:]
    return bool(
        _table("pending kin").found(text)
        or pattern(_CONDITION, FILE).found(text)
        or _table("doubt").found(before)
        or terms(FILE, "teller").intersection(last)
        or (act.guides and terms(FILE, "doing").intersection(text[:start].split()[-3:]))
        or (terms(FILE, "others").intersection(last) and pattern("^{council}", FILE).found(text[start:]))
    )


def _hung_on(text: str, end: int) -> bool:
    """Whether the question of a sentence is only hung on behind an act: 'you have the job, when can you start?'"""
    first = text.partition(" ")[0].strip(",.!")
    return first not in terms(FILE, "askers") and pattern("{tag}", FILE).found(text[end:].partition(",")[2]) is not None


def _since(text: str, start: int) -> str:
    """What comes before an act, from where the sentence last began again."""
    begun = 0
    for first, stop in _fresh().spans(text[: start + _FRESH_REACH]):
        if first <= start:
            begun = min(stop, start)
    return text[begun:start]


@cache
def _fresh() -> Pattern:
    return compiled(alternatives(terms(FILE, "fresh")) + r"\b")


def _table(names: str) -> Pattern:
    return pattern("|".join(f"{{{name}}}" for name in names.split()), FILE)

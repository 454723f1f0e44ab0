"""No circulating of offensive, indecent or obscene material (E4); no discriminatory, harassing or threatening mail (U1).

What the sender wrote is judged as the sender's; what the sender forwards on is circulated; what is quoted in a reply is
neither.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from functools import cache

from auditor.analysers.aimed import aiming
from auditor.analysers.base import Case, found
from auditor.analysers.discrimination import CHARACTERISTICS, discriminating, people
from auditor.analysers.exclusion import (
    excluding,
    exclusions,
    implications,
    implying,
    reproaches,
    reproaching,
)
from auditor.analysers.hostility import bullying, hinting, hints, insults, menaces, threatening
from auditor.analysers.insinuation import insinuating, turns
from auditor.analysers.likely import Rows
from auditor.analysers.patterns import Pattern
from auditor.analysers.profanity import SLURS, Hit, phrases, sentence_of, swearing
from auditor.analysers.seen_through import Seen, seen_through
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Kind, Mail
from auditor.policy import Role

PROFANITY = Rule(
    "offensive-profanity",
    ("E4",),
    Severity.MEDIUM,
    "Swearing",
    "Swearing, written out, masked or spelled so as not to be seen (f*ck, sh1t, f u c k).",
    ("own", "subject"),
)
SEXUAL = Rule(
    "offensive-sexual",
    ("E4",),
    Severity.HIGH,
    "Indecent or sexual",
    "Indecent or obscene sexual content, and sexual advances or remarks on somebody's body.",
    ("own", "subject", "attachments"),
)
DISCRIMINATORY = Rule(
    "offensive-discriminatory",
    ("E4", "U1"),
    Severity.HIGH,
    "Discriminatory",
    "Hostile, demeaning or excluding words about people for a characteristic that the Equality Act 2010 protects.",
    ("own", "subject"),
)
HARASSMENT = Rule(
    "offensive-harassment",
    ("E4", "U1"),
    Severity.HIGH,
    "Insulting or bullying",
    "Insult, humiliation or bullying of a person or body.",
    ("own", "subject"),
)
THREAT = Rule(
    "offensive-threat",
    ("U1",),
    Severity.CRITICAL,
    "Threatening",
    "A threat of harm or of reprisal, open or veiled.",
    ("own", "subject"),
)
CIRCULATED = Rule(
    "offensive-circulated",
    ("E4",),
    Severity.MEDIUM,
    "Offensive material passed on",
    "Swearing, indecency, discrimination, insult or threat in what the sender forwards; for information only when it goes "
    "to the Clerk alone.",
    ("forwarded",),
)

_RULES = {"swearing": PROFANITY, "indecent": SEXUAL, "harassment": HARASSMENT, "threat": THREAT}
_REPLY = re.compile(r"\s*(?:re|aw|sv|antw|fwd?|wg)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_READINGS: tuple[tuple[Callable[[Seen], Iterator[Hit]], Callable[[], Pattern]], ...] = (
    (swearing, phrases),
    (discriminating, people),
    (implying, implications),
    (excluding, exclusions),
    (reproaching, reproaches),
    (bullying, insults),
    (threatening, menaces),
    (hinting, hints),
    (insinuating, turns),
)
"""What a text is read for, and the pattern without which that reading finds nothing (swearing: nor an odd word)."""


class Offence:
    """Looks at what the sender wrote, and at what the sender forwards."""

    rules = (PROFANITY, SEXUAL, DISCRIMINATORY, HARASSMENT, THREAT, CIRCULATED)

    def check(self, case: Case) -> Iterator[Finding]:
        """Findings on the subject and the sender's own words, by rule, then at most one on what is passed on."""
        mail = case.mail
        if mail.kind is not Kind.ORDINARY:
            return
        if not _REPLY.match(mail.subject):
            yield from _charged("subject", mail.subject)
        yield from _charged("own", case.parts.own.text)
        for name in (attachment.name for attachment in mail.attachments):
            yield from _named(name)
        yield from _passed_on(case)


def _charged(part: str, text: str) -> Iterator[Finding]:
    """One finding for each rule and sentence, by rule."""
    hits = _hits(text)
    for rule in Offence.rules:
        for hit, start, end in hits:
            if _rule(hit) is rule:
                yield found(rule, part, text, (start, end), _reason(rule, hit))


def _hits(text: str) -> list[tuple[Hit, int, int]]:
    """What offends in a text and the sentence it stands in; one for each rule and sentence, next sentences as one."""
    if not text:
        return []
    seen = seen_through(text)
    found_in: dict[tuple[str, int], tuple[Hit, int, int]] = {}
    for reading in _asked(seen):
        for hit in reading(seen):
            sentence = sentence_of(seen.prose, hit.start)
            start, end = seen.span(sentence.start, max(hit.end, sentence.end))
            found_in.setdefault((_rule(hit).name, start), (hit, start, end))
    return _run_together(sorted(found_in.values(), key=lambda one: (_rule(one[0]).name, one[1], one[2])), text)


def _asked(seen: Seen) -> Iterator[Callable[[Seen], Iterator[Hit]]]:
    """The readings that may find something."""
    if seen.odd:
        yield swearing
    for (trigger,) in _triggers().likely(seen.prose.words):
        if trigger.occurs(seen.prose.encoded):
            yield _by_trigger()[trigger]
    yield aiming


@cache
def _triggers() -> Rows:
    return Rows((trigger(),) for _, trigger in _READINGS)


@cache
def _by_trigger() -> dict[Pattern, Callable[[Seen], Iterator[Hit]]]:
    return {trigger(): reading for reading, trigger in _READINGS}


def _run_together(hits: list[tuple[Hit, int, int]], text: str) -> list[tuple[Hit, int, int]]:
    """Sentences that follow one another and break one rule are one incident; in reading order."""
    joined: list[tuple[Hit, int, int]] = []
    for hit, start, end in hits:
        last = joined[-1] if joined else None
        if last is not None and _rule(last[0]) is _rule(hit) and not text[last[2] : start].strip():
            joined[-1] = (last[0], last[1], max(end, last[2]))
        else:
            joined.append((hit, start, end))
    return sorted(joined, key=lambda one: (one[1], one[2], _rule(one[0]).name))


def _rule(hit: Hit) -> Rule:
    return _RULES.get(hit.kind, DISCRIMINATORY)


def _reason(rule: Rule, hit: Hit) -> str:
    said = clip(hit.detail, 60)
    if rule is PROFANITY:
        return f"Swearing, '{masked(said)}': the Council's mail is written in decent language."
    if rule is SEXUAL:
        return f"Indecent or sexual words, '{masked(said)}': these have no place in the Council's mail."
    if rule is HARASSMENT:
        return f"Insulting or bullying words about a person or body: '{said}'."
    if rule is THREAT:
        return f"Reads as a threat: '{said}'; it should be looked at without delay."
    characteristic = CHARACTERISTICS.get(SLURS.get(hit.kind, ""), hit.detail)
    word = f" ('{masked(said)}')" if hit.kind in SLURS else ""
    return f"Hostile, demeaning or excluding words about people for their {characteristic}{word} (Equality Act 2010)."


def masked(word: str) -> str:
    """A rude word as a clerk would write it down: the first letter and the last of each longer word."""
    return re.sub(r"[^\W\d_]{4,}", lambda m: f"{m[0][0]}{'*' * (len(m[0]) - 2)}{m[0][-1]}", word)


def _named(name: str) -> Iterator[Finding]:
    """An indecent name of a file."""
    words = re.sub(r"[_.-]+", " ", name)
    hit = next((one for one in swearing(seen_through(words)) if one.kind == "indecent"), None)
    if hit is not None:
        reason = f"A file with an indecent name was attached: '{masked(clip(name, 60))}'."
        yield found(SEXUAL, "attachments", name, (0, len(name)), reason)


def _passed_on(case: Case) -> Iterator[Finding]:
    """The first offensive thing in what is forwarded, in the text or as messages attached whole."""
    told = _to_the_clerk_alone(case)
    severity = Severity.INFO if told else CIRCULATED.severity
    text = case.parts.forwarded.text
    passed_on = (("forwarded", text), *(("attachments", one) for one in _attached(case.mail)))
    offending = ((part, words, hits) for part, words in passed_on if (hits := _hits(words)))
    for part, words, hits in itertools.islice(offending, 1):
        kinds = list(dict.fromkeys(_rule(hit).title.lower() for hit, _, _ in hits))
        about = ", ".join(kinds)
        reason = f"What is passed on here is offensive ({about}), whoever wrote it first."
        if told:
            reason = f"What is passed on here is offensive ({about}); it went to the Clerk alone, which is where a report of it belongs."
        _, start, end = hits[0]
        yield found(CIRCULATED, part, words, (start, end), reason, severity=severity)


def _attached(mail: Mail) -> Iterator[str]:
    for one in mail.attached:
        yield f"{one.subject}\n\n{one.body.text}"
        yield from _attached(one)


def _to_the_clerk_alone(case: Case) -> bool:
    """Whether everybody who receives it is the Clerk (R1)."""
    addresses = [address.email for address in case.mail.recipients if address.email]
    clerks = {person.mailbox for person in case.policy.people if person.role is Role.CLERK}
    return bool(addresses) and clerks.issuperset(addresses)

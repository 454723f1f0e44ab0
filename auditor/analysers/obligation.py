"""E-mails that create obligations or give instructions on the Council's behalf come from the Parish Clerk only (E10)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.analysers.base import Case, found
from auditor.analysers.obligation_acts import ACCEPTANCE, COMMITMENT, INSTRUCTION, Act
from auditor.analysers.obligation_index import ACTS, candidates
from auditor.analysers.obligation_scope import (
    Audience,
    audience,
    author,
    binds,
    charges,
    for_others,
    spared,
)
from auditor.analysers.obligation_weighing import Weighed, private, signs, weigh
from auditor.analysers.prose import Prose, Sentence, prose
from auditor.findings import Finding, Severity, clip
from auditor.mail.message import Kind
from auditor.policy import Person

_TRIES = 8
"""Readings of one act in one sentence, so that no text can be built that is read for ever."""
_SAID = 80
"""Characters of the words themselves that a reason repeats."""
_NAMED = 2
"""Signs that a reason names."""


class Obligation:
    """Reads a message of somebody who may not bind the Council, sentence by sentence."""

    rules = (COMMITMENT, ACCEPTANCE, INSTRUCTION)

    def check(self, case: Case) -> Iterator[Finding]:
        """One finding for each run of sentences that bind or direct, on the plainest of them."""
        if case.mail.kind is not Kind.ORDINARY or binds(case, writer := author(case)):
            return
        read = prose(case.parts.own.text)
        acts, likely = candidates(read), signs(case, read)
        if not (acts or likely):
            return
        to = audience(case)
        if to.alone:
            return
        runs = list(_runs(case, read, acts, to, writer)) if acts else []
        if not runs and likely and to.hears and (weighed := weigh(case, read, likely, to.ordered)):
            runs = [_heavy(case, read, writer, weighed)]
        if runs and (for_others(read) or private(case, read)):
            return
        yield from runs


def _runs(case: Case, read: Prose, acts: list[Act], to: Audience, writer: Person) -> Iterator[Finding]:
    """One finding for each run of sentences, on the plainest of them."""
    last: tuple[int, Act, Sentence, str] | None = None
    for number, act, sentence, said in _acts(read, acts, to):
        if last and number - last[0] > 1:
            yield _finding(case, read, writer, to, last)
            last = None
        if last is None or ACTS.index(act) < ACTS.index(last[1]):
            last = (number, act, sentence, said)
        else:
            last = (number, *last[1:])
    if last:
        yield _finding(case, read, writer, to, last)


def _acts(read: Prose, acts: list[Act], to: Audience) -> Iterator[tuple[int, Act, Sentence, str]]:
    """The sentences that bind or direct, by number, each with its plainest act and the words of it."""
    account = any(act.account for act in acts) and charges(read)
    able = [act for act in acts if (account or not act.account) and (to.ordered or not act.guides)]
    for number, sentence in enumerate(read.sentences):
        if done := next(((act, said) for act in able if (said := _said(read, act, sentence))), None):
            yield number, done[0], sentence, done[1]


def _said(read: Prose, act: Act, sentence: Sentence) -> str | None:
    """The words with which a sentence does an act; None when it does not."""
    at = 0
    for _ in range(_TRIES):
        match = act.pattern.found(sentence.plain[at:])
        if match is None:
            return None
        start, end = at + match.start(), at + match.end()
        if not spared(act, read, sentence, start, end):
            return read.text[sentence.start + start : sentence.start + end].strip(" ,;:.-!&(")
        at = start + 1
    return None


def _heavy(case: Case, read: Prose, writer: Person, seen: Weighed) -> Finding:
    said = " and ".join(f"'{clip(words, _SAID)}'" for words in seen.said[:_NAMED])
    reason = f"The words {said} {seen.does}, and {_who(case, writer)}; the Clerk should confirm or withdraw it."
    return found(seen.rule, "own", read.text, (seen.sentence.start, seen.sentence.end), reason)


def _finding(case: Case, read: Prose, writer: Person, to: Audience, seen: tuple[int, Act, Sentence, str]) -> Finding:
    _, act, sentence, said = seen
    then = "the Clerk should confirm or withdraw it" if to.hears else "it went to members and officers alone"
    reason = f"'{clip(said, _SAID)}' {act.does}, and {_who(case, writer)}; {then}."
    severity = None if to.hears else Severity.INFO
    return found(act.rule, "own", read.text, (sentence.start, sentence.end), reason, severity=severity)


def _who(case: Case, writer: Person) -> str:
    return (
        f"{writer.name} was no longer in post"
        if writer.may_bind
        else "only the Clerk may do that"
        if writer == case.sender
        else f"{writer.name}, who sent it as {case.sender.name}, may not do that"
    )

"""Confidential material is not disclosed (E5): business that is marked as such, or was dealt with behind closed doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from auditor.analysers.base import Case, confidence, found
from auditor.analysers.confiding import enclosed, leaves, merged, readable
from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.prose import Prose, Sentence, plain, prose
from auditor.analysers.vocabulary import terms
from auditor.findings import Finding, Rule, Severity, clip

MARKED = Rule(
    "confidential-marked",
    ("E5", "U4"),
    Severity.HIGH,
    "Confidential business sent outside",
    "Business marked confidential, exempt, privileged or not for publication, or dealt with in closed session, sent to anybody outside the Council.",
    ("own", "subject", "attachment", "forwarded"),
)

_FILE = "marked"
_ANSWER = re.compile(r"\s*(?:re|aw|sv|antw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_HEADING = 90
"""A longer line is a sentence, and no heading."""
_NAME = re.compile(r"[\W_]+")
_BUT = compiled(r"\b(?:but|however|still|anyway|nevertheless|between us)\b")
_SAYS = "This is marked or was dealt with as not for the public ({mark}), and the message went outside the Council."


def marked(case: Case) -> Iterator[Finding]:
    """One finding a part, and one for each attachment."""
    if not leaves(case):
        return
    subject = case.mail.subject
    if not _ANSWER.match(subject) and (mark := _in_subject(subject)):
        yield found(MARKED, "subject", subject, (0, len(subject)), _SAYS.format(mark=mark))
    for part, text in readable(case):
        hits = list(_in_text(prose(text)))
        spans = merged([(start, end) for start, end, _ in hits])
        for start, end in spans:
            mark = next(mark for first, _, mark in hits if start <= first < end)
            yield found(MARKED, part, text, (start, end), _SAYS.format(mark=mark))
    named: set[str] = set()
    for file in case.mail.attachments:
        if mark := _in_name(file.name):
            said = clip(file.name)
            place = f"attachment:{file.name}"
            named.add(place)
            yield Finding(
                MARKED.name, MARKED.severity, confidence(MARKED.name), place, 0, 0, said, _SAYS.format(mark=mark), said
            )

    for part, text in enclosed(case):
        if part not in named and (hit := _on_paper(text)):
            start, end, mark = hit
            yield found(MARKED, part, text, (start, end), _FILE_SAYS.format(mark=mark))


_FILE_SAYS = "This file is marked as not for the public ({mark}), and it went outside the Council."
_EDGE = 12
"""Lines at the head of a paper, and half as many at its foot, in which a mark is one."""


def _on_paper(text: str) -> tuple[int, int, str] | None:
    """The line at the head or the foot of a paper that marks all of it."""
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text)]
    for start, line in [*lines[:_EDGE], *lines[_EDGE:][-_EDGE // 2 :]]:
        bare = plain(line)
        if len(line) > _HEADING or _others().found(bare) or _boilerplate().found(bare):
            continue
        if match := _paper_mark().found(bare):
            return start, start + len(line), match.group(0).strip(" []()*:-")
    return None


_LINE = re.compile(r"[^\s][^\n]*")


@cache
def _paper_mark() -> Pattern:
    marks = alternatives(
        terms(_FILE, "plain_marks")
        | terms(_FILE, "marks") - {"part 2", "part ii", "part two", "part b", "exempt", "restricted"}
    )
    return compiled(rf"^[\W_]*{marks}(?:[\W_]*$| ?[:–-] )|[\[(*]{{1,2}}{marks}[\])*]")


_PART = re.compile(r"\s*(?:(?:FW|Fw|FWD|Fwd): *)*(PART (?:2|II|TWO|B)) ?[-:–]")
"""The second part of an agenda, from which the public is sent out; so written it is no instalment."""


def _in_subject(subject: str) -> str | None:
    said = plain(subject)
    if _others().found(said) or "?" in said:
        return None
    if part := _PART.match(subject):
        return part[1]
    match = _heading_small().found(re.sub(r"^\s*(?:(?:fwd?|tr|wg)\s*:\s*)+", "", said)) or _bracketed().found(said)
    return match.group(0).strip(" []()*:-") if match else None


def _in_name(name: str) -> str | None:
    said = " ".join(_NAME.sub(" ", plain(name.rpartition(".")[0] or name)).split())
    match = None if _others().found(said) else _named().found(said)
    return match.group(0) if match else None


def _in_text(read: Prose) -> Iterator[tuple[int, int, str]]:
    """The sentences that mark or tell, and by which words."""
    for sentence in read.sentences if _hints().found(read.plain) else ():
        if mark := _in_sentence(read, sentence):
            yield sentence.start, sentence.end, mark


def _in_sentence(read: Prose, sentence: Sentence) -> str | None:
    said = sentence.plain
    if not _hints().found(said) or _others().found(said) or _boilerplate().found(said) or _asking().found(said):
        return None
    if heading := _heading(read, sentence):
        return heading
    if sentence.asks and not _hands().found(said):
        return None
    if _refusing().found(said) and not _BUT.found(said):
        return None
    if (match := _deictic().found(said)) and not _excluding().found(said):
        return match.group(0)
    if _announcing().found(said) and not _nevertheless().found(said):
        return None
    if match := _told().found(said):
        return match.group(0)
    return None


def _heading(read: Prose, sentence: Sentence) -> str | None:
    """Whether a sentence begins as a heading that marks: in capitals, in brackets, or by itself on its line."""
    start = sentence.start
    line_end = read.text.find("\n", start)
    line = read.text[start : line_end if line_end >= 0 else len(read.text)]
    bare = plain(line)
    capital = _capitals().found(line)
    if capital:
        return capital.group(0).strip(" []()*:-")
    whole = _whole().found(bare) if len(bare) <= _HEADING else None
    return whole.group(0).strip(" []()*:-") if whole else None


@cache
def _hints() -> Pattern:
    """Words without one of which nothing is marked: read in one go."""
    return compiled(
        rf"{alternatives(terms(_FILE, 'hints'))}|\bpublic\b.{{0,30}}{alternatives(terms(_FILE, 'kept_from'))}"
    )


@cache
def _capitals() -> Pattern:
    marks = alternatives([term.upper() for term in terms(_FILE, "marks")])
    small = alternatives(terms(_FILE, "plain_marks"))
    return compiled(rf"^[\W_]*{marks}(?:[\W_]|$)|[\[(*]{{1,2}}(?:{marks}|{small})[\])*]")


@cache
def _whole() -> Pattern:
    return compiled(rf"^[\W_]*{alternatives(terms(_FILE, 'plain_marks'))}(?:[\W_]*$| ?[:–-] )")


@cache
def _heading_small() -> Pattern:
    return compiled(
        rf"(?:^|[:\-|,] ?|\bmarked )[\W_]*{alternatives(terms(_FILE, 'plain_marks') | {'exempt'})}(?:$|[\W_])"
    )


@cache
def _bracketed() -> Pattern:
    return compiled(
        rf"[\[(*]{alternatives(terms(_FILE, 'marks'))}[\])*]|[-:,] ?{alternatives(terms(_FILE, 'marks'))}\W*$|\b(?:{{sorts}}) (?:{{papers}})\b".replace(
            "{sorts}", alternatives(terms(_FILE, "sorts"))
        ).replace("{papers}", alternatives(terms(_FILE, "papers")))
    )


@cache
def _named() -> Pattern:
    sorts = terms(_FILE, "sorts") - {"part b"}
    return compiled(
        rf"\b(?:{alternatives(sorts)} {alternatives(terms(_FILE, 'papers'))}|{alternatives(terms(_FILE, 'papers'))} {alternatives(sorts)}"
        rf"|{alternatives(terms(_FILE, 'named'))})\b"
    )


@cache
def _deictic() -> Pattern:
    return pattern(
        "{deictic}|(?:marked|headed|stamped|heading|labelled)[ :\"']{1,3}{marks}"
        "|(?:is|are|was|were|being) (?:strictly |highly |supposedly |technically |still |all |meant to be )?(?:exempt|privileged|confidential|commercially sensitive|not for publication),? (?:but|so|until|till|though|although|however|and)"
        "|(?:is|are|was|were|be) (?:all |said |told |given |meant |supposed )*(?:to be )?in (?:strict |strictest |the strictest |total |complete )?confidence"
        "|(?:which|that) (?:is|are|was|were) (?:strictly |highly |supposedly |technically |still |all )?(?:exempt|privileged|confidential)",
        _FILE,
    )


@cache
def _told() -> Pattern:
    """A paper of that sort handed over or quoted, or what was said in such a session."""
    return pattern(
        "{hands}.{0,80} {sorts},? (?:[a-z'-]+ ){0,2}{papers}|{sorts},? (?:[a-z'-]+ ){0,2}{papers}.{0,60} {hands}"
        "|{sorts},? (?:[a-z'-]+ ){0,2}{papers}.{0,80} {decides}"
        "|{hands}.{0,60} {papers} (?:of|from) (?:the|our|that) {sorts} (?:session|part|meeting|bit|item|agenda)"
        "|{sessions}.{0,120} {decides}"
        "|{decides}.{0,120} {sessions}",
        _FILE,
    )


@cache
def _excluding() -> Pattern:
    return pattern("{excluding}", _FILE)


@cache
def _refusing() -> Pattern:
    return pattern("{refusing} (?:really |therefore |properly |possibly )?(?:be )?{divulging}", _FILE)


@cache
def _nevertheless() -> Pattern:
    return pattern("but .{0,60}{decides}", _FILE)


@cache
def _announcing() -> Pattern:
    return pattern("{announcing}", _FILE)


@cache
def _others() -> Pattern:
    return pattern("{others}", _FILE)


@cache
def _boilerplate() -> Pattern:
    return pattern("{boilerplate}", _FILE)


@cache
def _asking() -> Pattern:
    return pattern("{asking}", _FILE)


@cache
def _hands() -> Pattern:
    return pattern("{hands}", _FILE)

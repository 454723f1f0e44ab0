"""No campaigning for or against a party, a candidate or a faith (S2, I1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from auditor.analysers.assertion import occurs, own_words, reported
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import Pattern, compiled, pattern
from auditor.analysers.prose import Prose, Sentence, plain
from auditor.findings import Finding, Rule, Severity, clip

CAMPAIGNING = Rule(
    "views-political-religious",
    ("S2", "I1"),
    Severity.LOW,
    "Campaigning for or against a party or faith",
    "Campaigning for or against a party, a candidate or a faith; to mention one is no fault.",
    ("own",),
)

_FILE = "campaigning"
_POLITICS = pattern(
    r"{vote}(?: [a-z]+){0,3} {parties}|{parties}\b.*{oust}|{drive}(?: [a-z]+){0,2} {parties} out"
    "|(?:more|fewer|enough)(?: [a-z]+)? {parties} (?:people|members|councillors|voters|men|women)"
    r"|{keeps_out}(?: [a-z]+)? {parties}|(?:tragedy|disaster|catastrophe|crime|pity|shame|triumph|blessing|relief|joy) (?:if|when|that|for) (?:the )?{parties}|{parties}\b.*{causes}|{causes}.*\b{parties}",
    _FILE,
)
_CANDIDACY = pattern(
    "as an? (?:[a-z-]+ )?{adherents},? i|(?:let's|let us|help|help us|to) get (?:[a-z]+ ){1,3}{elected}|{stand} (?:[a-z]+ ){0,6}(?:for|as) .*{hope}|{standing}|(?:send|sending|sent)(?: [a-z]+){1,3} {packed}",
    _FILE,
)
_PARTY = pattern("{parties}", _FILE)
_FAITH = pattern("{creed}", _FILE)
_PREACHED = pattern("{preached}", _FILE)
_CONVERSION = pattern(
    "{turnings}(?: the| our)? {gods}|{gods}(?: alone| himself| still| always| only| surely| truly)? {gifts}"
    "|have you (?:[a-z]+ ){0,3}{gods}"
    "|(?:god|jesus|christ|allah|jehovah|our lord|our saviour|the lord)(?: alone| himself| still| always| only| surely| truly)? {divine}",
    _FILE,
)
_INVITED = pattern(r"{worship}\b.*\b{promised}|{promised}\b.*\b{worship}", _FILE)
_ASKED = pattern("{asking}", _FILE)
_HIRED = pattern("{bookings}", _FILE)
_BALLOT = pattern("{elections}", _FILE)
_URGED = pattern("{urges}|{begging}(?: [a-z]+){0,5} {backing}", _FILE)
_NAMED = compiled(r"(?:[a-z,;:] |^)(?:(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Col|Colonel|Sir|Lady) )?[A-Z][a-z]{2,}\b")
_TAG = compiled(r"#[A-Za-z]+(?:For|4)[A-Z][A-Za-z]+|#[Vv]ote[A-Za-z]+")
_VOTE = compiled(
    r"(?:[^I] |[.,;:!?] ?|^)(?:[Vv]ot(?:e|ing)(?: for)?|[Uu]s(?:e|ing) (?:it|them|your votes?) for|worth [a-z' ]{0,20}votes? (?:to|for))"
    r" (?:(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Col|Sir|Lady) )?([A-Z][a-z]+)"
)
_LIST = compiled(
    r"(?:[Vv]ote|[Cc]ross)(?: for| by| against| with)? (?:the )?(?:[A-Z][a-z']+ ){1,3}"
    r"(?:[Ll]ist|[Ss]late|[Tt]icket|Party|Alliance|Movement|Front|League|Coalition|Voice)\b"
)
_NO_NAMES = pattern("{no_names}", _FILE)
_NEUTRAL = pattern("{neutral}", _FILE)


class Campaigning:
    """Looks for a party or a faith, and for what the reader is asked to do or think about it."""

    rules = (CAMPAIGNING,)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding on politics, and one on religion."""
        read = own_words(case)
        text = read.text
        parties = (at for at in _firsts(read, _POLITICS) if _named(read, at[0]) and not _both(at[0]))
        politics = chain(
            (one for one, start in chain(parties, _firsts(read, _CANDIDACY)) if _meant(one, start)),
            _canvassed(read),
            _voted(read),
            (one for one, start in _firsts(read, _PARTY) if _meant(one, start) and _pressed(read, one)),
        )
        preached = (at for at in _firsts(read, _FAITH) if _PREACHED.found(at[0].plain))
        faith = (
            one
            for one, start in chain(preached, _firsts(read, _CONVERSION), _firsts(read, _INVITED))
            if _meant(one, start)
        )
        for what, sentences in (("a party or candidate", politics), ("a faith", faith)):
            if one := next(sentences, None):
                said = text[one.start : one.end]
                reason = f"This campaigns for or against {what}, which is no business of Council e-mail: '{clip(said)}'"
                yield found(CAMPAIGNING, "own", text, (one.start, one.end), reason)


def _firsts(read: Prose, shape: Pattern) -> Iterator[tuple[Sentence, int]]:
    """The sentences in which a pattern matches, and where it first does."""
    for sentence in read.sentences if occurs(read, shape) else ():
        if match := shape.found(sentence.plain):
            yield sentence, match.start()


def _meant(sentence: Sentence, start: int) -> bool:
    """Whether the writer says it, of an election at large."""
    said = sentence.plain
    return not _NEUTRAL.found(said) and not reported(said[:start])


def _named(read: Prose, sentence: Sentence) -> bool:
    """Whether a party stands in a sentence with its capital: labour and reform are words as well."""
    return any(read.text[sentence.start + start].isupper() for start, _ in _PARTY.spans(sentence.plain))


def _both(sentence: Sentence) -> bool:
    """Whether a sentence tells of two parties alike, and asks for no vote."""
    said = sentence.plain
    named = {said[start] for start, _ in _PARTY.spans(said)}
    return len(named) > 1 and _BALLOT.found(said) is None and _ASKED.found(said) is None


def _canvassed(read: Prose) -> Iterator[Sentence]:
    """The sentences that ask for a deed, shortly before or after an election and somebody who stands at it are named."""
    if "#" in read.text and (tag := _TAG.found(read.text)):
        yield from (one for one in read.sentences if one.start <= tag.start() < one.end)
    sentences = read.sentences if occurs(read, _BALLOT) and occurs(read, _URGED) else ()
    for at, sentence in enumerate(sentences):
        match = _URGED.found(sentence.plain)
        if match is None or not _meant(sentence, match.start()):
            continue
        near = sentences[max(at - 1, 0) : at + 2]
        stretch = read.text[near[0].start : near[-1].end]
        about = plain(stretch)
        if _BALLOT.found(about) and _NAMED.found(stretch) and not _NEUTRAL.found(about):
            yield sentence


def _voted(read: Prose) -> Iterator[Sentence]:
    """The sentences that ask for votes for somebody by name."""
    for sentence in read.sentences if occurs(read, _BALLOT) else ():
        written = read.text[sentence.start : sentence.end]
        listed = _LIST.found(written)
        if listed and _meant(sentence, listed.start()):
            yield sentence
        match = _VOTE.found(written)
        if match and not _NO_NAMES.found(match[1].lower()) and _meant(sentence, match.start()):
            yield sentence


def _pressed(read: Prose, sentence: Sentence) -> bool:
    """Whether a sentence draws the reader into a party's affairs, and neither lets it a room nor tells its history."""
    said = sentence.plain
    return _ASKED.found(said) is not None and not _HIRED.found(said) and _named(read, sentence)

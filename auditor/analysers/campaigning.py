"""No campaigning for or against a party, a candidate or a faith (S2, I1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from auditor.analysers.assertion import own_words, places, reported
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import pattern
from auditor.analysers.prose import Prose, Sentence
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
    "{vote}(?: [a-z]+){0,3} {parties}|{parties}.*{oust}|{oust}(?: [a-z]+){0,4} {parties}"
    "|{drive}(?: [a-z]+){0,2} {parties} out|{parties} (?:rally|rallies|fundraiser|social|action day|boards?|posters?|leaflets?|stickers?|rosettes?|window)"
    "|(?:more|fewer|enough)(?: [a-z]+)? {parties} (?:people|members|councillors|voters|men|women)"
    "|{hope}(?: [a-z]+){0,3} for(?: our| the| my)? {parties}",
    _FILE,
    "parties",
)
_CANDIDACY = pattern(
    "{stand} (?:[a-z]+ ){0,6}(?:for|as).*{hope}|{standing}|(?:send|sending|sent)(?: [a-z]+){1,3} packing",
    _FILE,
    "stand standing packing",
)
_PARTY = pattern("{parties}", _FILE)
_FAITH = pattern("{creed}", _FILE, "creed")
_PREACHED = pattern("{preached}", _FILE)
_NEUTRAL = pattern("{neutral}", _FILE)


class Campaigning:
    """Looks for a party or a faith, and for what the reader is asked to do or think about it."""

    rules = (CAMPAIGNING,)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding on politics, and one on religion."""
        read = own_words(case)
        text = read.text
        parties = (at for at in places(read, _POLITICS) if _named(read, at[0]))
        politics = (one for one, start, _ in chain(parties, places(read, _CANDIDACY)) if _meant(one, start))
        faith = (one for one, start, _ in places(read, _FAITH) if _PREACHED.found(one.plain) and _meant(one, start))
        for what, sentences in (("a party or candidate", politics), ("a faith", faith)):
            if one := next(sentences, None):
                said = text[one.start : one.end]
                reason = f"This campaigns for or against {what}, which is no business of Council e-mail: '{clip(said)}'"
                yield found(CAMPAIGNING, "own", text, (one.start, one.end), reason)


def _meant(sentence: Sentence, start: int) -> bool:
    """Whether the writer says it, of an election at large."""
    said = sentence.plain
    begun = start - sentence.start
    return not _NEUTRAL.found(said) and not reported(said[:begun])


def _named(read: Prose, sentence: Sentence) -> bool:
    """Whether a party stands in a sentence with its capital: labour and reform are words as well."""
    return any(read.text[sentence.start + start].isupper() for start, _ in _PARTY.spans(sentence.plain))

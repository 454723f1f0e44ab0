"""No fraud, no software, film or music piracy (U2), and no way into what one has no leave to enter (U5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.analysers.assertion import occurs, reported
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import prose
from auditor.findings import Finding, Rule, Severity
from auditor.mail.message import Kind

FRAUD = Rule(
    "fraud-or-piracy",
    ("U2", "U5"),
    Severity.HIGH,
    "Fraud, piracy or unauthorised access",
    "An offer, a request or an arrangement for fraud, for copies that nobody has paid for, or for getting in where one "
    "has no leave to.",
    ("own",),
)


class _Scheme(NamedTuple):
    """A way of wrongdoing: what it is called in the reason, and what shows it."""

    what: str
    shown: Pattern


def _scheme(what: str, source: str, needs: str) -> _Scheme:
    return _Scheme(what, pattern(source, "fraud", needs))


_MONEY = "arranges false or hidden dealings with money or papers"
_COPIES = "offers or arranges copies that nobody has paid for"
_ENTRY = "arranges to get in where the sender has no leave to"
_SCHEMES = (
    _scheme(_MONEY, "{backdate}.*{papers}|{papers}.*{backdate}", "backdate"),
    _scheme(_MONEY, "{book}(?: [a-z'-]+){0,4} (?:as|under|in with|it) {cover}", "cover"),
    _scheme(_MONEY, "{false}(?: [a-z]+)? {papers}", "false"),
    _scheme(_MONEY, "{concoct} (?:a|an|the|some|your|my|our|his|her|two|three)(?: [a-z-]+){0,2} {papers}", "papers"),
    _scheme(_MONEY, "{more}.*{undone}", "more"),
    _scheme(_MONEY, "{secrecy}.*{hushed}|{hushed}.*{secrecy}", "secrecy"),
    _scheme(_MONEY, "{splits}.*{limits}|{limits}.*{splits}", "limits"),
    _scheme(_MONEY, "{off_books}|{sweeteners}|{dodges}", "off_books sweeteners dodges"),
    _scheme(_MONEY, "{word}(?: [a-z'\"-]+){1,6} (?:on|in) (?:the|your|his|her) {papers}.*{instead}", "instead"),
    _scheme(
        _MONEY,
        "{reward}(?: [a-z]+){0,3} (?:for you|in it for|your way|in your pocket|for your trouble)(?: [a-z]+)? if",
        "reward",
    ),
    _scheme(_MONEY, "{cash}.*{no_trace}", "cash"),
    _scheme(_MONEY, "{bids}.*{undercut}|{undercut}.*{bids}", "bids"),
    _scheme(
        _MONEY,
        "{sign}(?: it| this| the form)?(?: (?:as|for|in))? (?:her|him|his|[a-z]+'s) (?:name|signature|initials)",
        "sign",
    ),
    _scheme(_COPIES, "{pirated}(?: [a-z-]+){0,4} {media}|{piracy}", "pirated piracy"),
    _scheme(_COPIES, "{copied}.*{saving}|{free}.*{shows}|{shows}.*{free}", "saving free"),
    _scheme(_COPIES, "{key}.*{spread}", "key"),
    _scheme(_ENTRY, "{guess}.*{secret}|{secret}.*{guess}", "secret"),
    _scheme(_ENTRY, "{lift}(?: [a-z]+){0,5} (?:off|from) (?:{theirs}|[a-z]+'s) {locked}", "locked"),
    _scheme(
        _ENTRY,
        "{enter} {theirs}(?: [a-z]+)? {locked}|{obtain} (?:{theirs}|[a-z]+'s)(?: [a-z]+)? {secret}|(?:log|logged|logging|sign|signed) (?:in|on) as (?:her|him|the clerk|[a-z]+)",
        "enter obtain",
    ),
)
_WARNING = pattern("{warnings}", "fraud")
_REFUSAL = pattern("{refusals}(?: [a-z'-]+){0,6}", "fraud")
_OTHERS = pattern("{others}(?: [a-z']+){0,3}", "fraud")


class Fraud:
    """Looks at what the sender proposes, asks for or owns up to."""

    rules = (FRAUD,)

    def check(self, case: Case) -> Iterator[Finding]:
        """The first sentence of each way of wrongdoing, in reading order."""
        text = case.parts.own.text
        read = prose(text)
        if case.mail.kind is not Kind.ORDINARY:
            return
        schemes = [one for one in _SCHEMES if occurs(read, one.shown)]
        seen: set[str] = set()
        for at, sentence in enumerate(read.sentences if schemes else ()):
            end = read.sentences[min(at + 1, len(read.sentences) - 1)].end
            for scheme in schemes:
                proposed = _proposed(scheme, read.plain[sentence.start : end], sentence.end - sentence.start)
                if proposed and scheme.what not in seen:
                    seen.add(scheme.what)
                    end = max(sentence.end, sentence.start + proposed)
                    said = text[sentence.start : end]
                    yield found(FRAUD, "own", text, (sentence.start, end), f"This {scheme.what}: '{said}'")


def _proposed(scheme: _Scheme, said: str, length: int) -> int:
    """Where a scheme ends that begins in the first `length` letters of two sentences; 0 when none is proposed."""
    match = scheme.shown.found(said)
    if match is None or match.start() >= length:
        return 0
    before = said[: match.start()]
    if _WARNING.found(said[: max(match.end(), length)]) or _just(_REFUSAL, before) or _another(before):
        return 0
    return match.end()


def _another(before: str) -> bool:
    """Whether what follows is said of somebody else."""
    return reported(before) or _just(_OTHERS, before)


def _just(words: Pattern, before: str) -> bool:
    """Whether a pattern reaches to the end of what stands before."""
    return any(last >= len(before) - 1 for _, last in words.spans(before))

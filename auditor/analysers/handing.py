"""The ways in which a letter hands over what opens something: where the value stands in each."""

from __future__ import annotations

from functools import cache

from auditor.analysers.patterns import Pattern, alternatives, compiled
from auditor.analysers.vocabulary import terms

_FILE = "credentials"

_VALUE = r"[\"'(<\[*]{0,2} ?(?P<value>[^\s\"'<>()\[\],;]{2,60})"
_MIDDLE = (
    r"(?P<middle>,? \(?(?:for|to|of|on|at|in|as|number|no\.?|code|is for|we use|you need|you want|i use|they use"
    r"|hasn't|has not|so|and here|here|that|they|you|we|i)\b[^.:;=?!]{0,60}?)?"
)
"""'for the safe', 'as the old card': between what it is and the word that gives it."""
_LINK = (
    r"(?: ?(?P<sign>:-?|=|->|=>)| -| now|,? which is"
    r"|(?: (?:is|are|remains|stays|will be)| still)"
    r"(?: (?:now|still|currently|always|simply|just|set|set to|reset to|changed to|back to|both|all))*(?P<colon>:)?"
    r"|(?: (?:has|have) been| was| is| got)?(?: (?:now|just))?"
    r" (?:set|reset|changed|updated|gone|moved)(?: from [^ ]{1,20})? to) {0,3}"
)


def _any(table: str) -> str:
    return alternatives(terms(_FILE, table))


def named(rest: str) -> Pattern:
    """What it is, by name, and then the rest."""
    return compiled(rf"\b(?P<noun>{_any('secrets')})\b{rest}")


def watching() -> str:
    """Words without one of which there is no word to be said."""
    return rf"\b(?:word(?:,? which| when| before| is|'s|:| =)|{_any('watched')}\b)"


@cache
def given() -> Pattern:
    """'The password for the ledger is …', 'pw: …', 'the PIN's …'."""
    return named(rf"\)?(?:{_MIDDLE}{_LINK}|'s {{1,3}}){_VALUE}")


@cache
def bracketed() -> Pattern:
    """'The password ( … )'."""
    return named(r" ?(?P<sign>\()(?P<colon>)(?P<middle>) ?(?P<value>[^\s()]{4,40}) ?\)")


@cache
def bare() -> Pattern:
    """'pw …', 'PIN …', 'password "…"'."""
    return named(r"[ :]{1,3}[\"'(*]{0,2} ?(?P<value>[^\s\"'<>()\[\],;]{4,40})")


@cache
def made() -> Pattern:
    """'Use … as the password'."""
    behind = r"[\"')]{0,2},? (?:is|as|being|for|was) (?:the|your|our|my|its|their|a) (?:[a-z-]+ ){0,3}"
    return compiled(rf"{_VALUE}{behind}{_any('secrets')}\b")


@cache
def described() -> tuple[Pattern, ...]:
    """'The same as the user name', 'the village name with 01', 'left 14, right 32'."""
    return (
        named(
            r" (?:is|are) (?:exactly )?the (?P<value>same as (?:the|your|his|her|their|its)"
            r" (?:user ?name|user id|login|log-in|surname|postcode|house number))"
        ),
        named(
            r" (?:is|are) (?P<value>(?:the|your|our|my) [a-z' ]{2,24}(?:name|postcode|birthday|surname|number)"
            r",? (?:with|and|plus|followed by|then|backwards|in capitals)\b[^.?!]{0,30})"
        ),
    )


@cache
def answered() -> Pattern:
    """'They wanted a password so I put …'."""
    return named(rf"[^?!=:.]{{0,80}}?(?::| put| chose| used| entered| typed| have) {_VALUE}")


@cache
def watchwords() -> tuple[Pattern, ...]:
    """What is said to whoever watches an alarm, or opens a file or an account."""
    return (
        compiled(
            rf"\b(?:alarm|keyholder'?s?|monitoring|security|starts?|start up|windows|laptop|screen|intruder|guards?)\b[^?!]{{0,60}}?"
            rf"\b(?:word|password|code ?word|key ?word|watchword)\b(?: when [a-z ]{{2,24}},| before [a-z ]{{2,24}},)?"
            rf"(?:,? which| we gave(?: them)?)?(?: is|'s| =| ?:){{1,2}} {_VALUE}",
        ),
        compiled(r"\b(?:recovery|seed|backup) phrase\b[^.:]{0,30}: ?(?P<value>[a-z]+(?: [a-z]+){2,})"),
        compiled(
            r"\b(?:unlock|open|opens|unlocks)\b[^.?!]{0,40}\bwith (?P<value>(?:the|your|my|our) [a-z' ]{2,24}(?:postcode|birthday|surname|house number)\b[^.?!]{0,30})"
        ),
        compiled(
            r"\b(?:unlocks|opens|unlock it|open it|opened|unlocked|unzip it|unzips) with ['\"](?P<value>[^'\" ]{4,30})['\"]",
        ),
        compiled(
            r"\b(?:bank|security|memorable|account|log-?in|reset)\b[^.?!]{0,60}\b(?:maiden name|first pet|first dog|first school|first car|place of birth),? ?(?:is |was |: ?|= ?)?(?P<value>[a-z]{4,})",
        ),
    )

"""What lets somebody in, as people hand it over in a letter: 'the PIN for the safe is …', 'log in as … / …'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from auditor.analysers.patterns import Pattern, alternatives, compiled, pattern
from auditor.analysers.prose import Prose, prose
from auditor.analysers.tokens import tokens
from auditor.analysers.vocabulary import terms
from auditor.values import Value

_FILE = "credentials"
_AROUND = 160
"""Characters on either side in which a meeting's joining instructions are looked for."""
_VALUE = r"[\"'(<\[*]{0,2} ?(?P<value>[^\s\"'<>()\[\],;]{2,60})"
_LINK = (
    r"(?: ?(?P<sign>:-?|=|->|=>)| -| now|,? which is|(?: (?:is|are|remains|stays|will be)|'s| still)(?: (?:now|still|currently|always|simply|just|set|set to"
    r"|reset to|changed to|back to|both|all))*(?P<colon>:)?"
    r"|(?: (?:has|have) been| was| is| got)?(?: (?:now|just))? (?:set|reset|changed|updated|gone|moved)(?: from [^ ]{1,20})? to) {0,3}"
)
_MIDDLE = r"(?P<middle>,? \(?(?:for|to|of|on|at|in|as|number|no\.?|code|is for|we use|you need|you want|i use|they use|hasn't|has not|so|and here|here)\b[^.:;=?!]{0,60}?)?"
_DIGITS = re.compile(r"[a-z#*]{0,3}\d(?:-?\d){2,9}[a-z#*xy]{0,3}")
_ENDS = re.compile(
    r"[\"')\]>]{0,2} *(?:$|[.,;:!?)\n(/-]|(?:and|but|or|for|if|with|then|as|so|when|until|in|thanks|i|it|you|user|username)\b| [A-Z])"
)
_CLOCK = re.compile(r"\d?\d:\d\d")
_ABOUT = re.compile(r".*(?:ed|ing|ly|able|ible|ful|less|'s|n't)")


class Secret(Value, frozen=True):
    """Something that lets somebody in, and the words that say so; both half-open in the text."""

    start: int
    end: int
    value: tuple[int, int]


@lru_cache(maxsize=32)  # a message's parts, for the rule and for what is masked
def secrets(text: str) -> tuple[Secret, ...]:
    """Every one in a text, in order, none within another."""
    found = [Secret(start, end, (start, end)) for start, end in tokens(text)]
    read = prose(text)
    for pattern_, check in _shapes():
        if pattern_.possible(read.words):
            found += _matches(read, pattern_, check)
    found.sort(key=lambda one: (one.value[0], -one.value[1]))
    kept: list[Secret] = []
    for one in found:
        if not kept or one.value[0] >= kept[-1].value[1]:
            kept.append(one)
    return tuple(kept)


def _matches(read: Prose, shape: Pattern, check: str) -> Iterator[Secret]:
    for match in shape.matches(read.plain):
        start, end = match.span(match.re.groupindex["value"])
        while end > start and read.plain[end - 1] in ".:?*'\"":
            end -= 1
        if _valued(read, match, start, end, check) and not _harmless(read, match.start(), end):
            yield Secret(match.start(), end, (start, end))


def _valued(read: Prose, match: re.Match[str], start: int, end: int, check: str) -> bool:
    """Whether what stands where the secret should stand can be one."""
    value, after = read.plain[start:end], read.text[end : end + 24]
    if "following" in match[0][: -len(value) or None] and not _mixed(read.text[start:end]):
        return False
    if (
        check == "noun"
        and match["noun"] in terms(_FILE, "terse")
        and match.re.groupindex.get("middle")
        and match["middle"]
    ):
        return False
    if _CLOCK.match(read.plain, max(0, start - 3)):
        return False
    if value in terms(_FILE, "not_values") or not value or "@" in value[1:-1] or value.startswith(("http", "www.")):
        return False
    if check == "digits" or (check == "noun" and _bare(match["noun"]) in terms(_FILE, "words_apart")):
        number = _DIGITS.fullmatch(value) is not None and _unit(after)
        return number or (check == "noun" and _mixed(read.text[start:end]))
    if check == "same":
        return True
    if check == "strong":
        return _mixed(read.text[start:end]) and any(map(str.isdigit, value)) and not read.text[start:end].islower()
    if check == "bare" and read.plain[start - 1] in "\"'":
        return True
    if check == "bare" and match["noun"].startswith("pin"):
        return _DIGITS.fullmatch(value) is not None
    if check in ("mixed", "bare"):
        return _mixed(read.text[start:end])
    return _password(read, match, start, end, check == "noun")


def _password(read: Prose, match: re.Match[str], start: int, end: int, named: bool) -> bool:
    """Whether it can be a password; a common word can where it was just named as one."""
    value, said, after = read.plain[start:end], read.text[start:end], read.text[end : end + 24]
    if len(value) >= 4 and any(map(str.isdigit, value)):
        return _unit(after)
    if _mixed(said) or (said.isupper() and len(said) >= 4):
        return True
    quoted = start > 0 and read.plain[start - 1] in "\"'("
    if not named or len(value) < 3 or (_ABOUT.fullmatch(value) and not quoted):
        return False
    return bool(quoted or match["sign"] or match["colon"] or len(value) > 3) and _ENDS.match(after) is not None


def _mixed(said: str) -> bool:
    """Whether somebody made this up: letters with digits, a capital within, a sign between letters."""
    digit, letter = any(map(str.isdigit, said)), any(map(str.isalpha, said))
    if digit and letter and len(said) >= 4:
        return "/" not in said.strip("/") or len(said) > 10
    return len(said) >= 6 and (
        (said[1:] != said[1:].lower() and said != said.upper()) or (letter and any(c in "!$%^&*_#+" for c in said))
    )


def _unit(after: str) -> bool:
    """Whether digits are not the measure of something."""
    word = after.strip().split(" ")[0].lower().rstrip(".,;)")
    return word not in terms(_FILE, "units")


def _bare(noun: str) -> str:
    words = noun.split()
    return words[-1] if words[-1] in terms(_FILE, "words_apart") else ("code" if "code" in words else noun)


def _harmless(read: Prose, start: int, end: int) -> bool:
    """Whether it lets people into a meeting they are asked to, or is an example of a bad one."""
    around = read.plain[max(0, start - _AROUND) : end + _AROUND]
    if _meetings().found(around) and not _rooms().found(around):
        return True
    sentence = next((one for one in read.sentences if one.start <= start < one.end), None)
    return sentence is not None and _refusals().found(sentence.plain) is not None


@cache
def _meetings() -> Pattern:
    return pattern("{meetings}", _FILE)


@cache
def _rooms() -> Pattern:
    return pattern("{meeting_accounts}", _FILE)


@cache
def _refusals() -> Pattern:
    return pattern("{refusals}", _FILE)


@cache
def _shapes() -> tuple[tuple[Pattern, str], ...]:
    """The ways of handing it over, and what the value must look like in each."""

    def table(name: str) -> str:
        return alternatives(terms(_FILE, name))

    def needs(*names: str) -> set[str]:
        return {
            word
            for name in names
            for term in terms(_FILE, name)
            for word in (term.split(" ")[0], term.split(" ")[0] + "'s")
        }

    noun, account = rf"\b(?P<noun>{table('secrets')})\b", table("accounts")
    lock = table("places")
    place = rf"(?:{table('places')}|{table('doors')})"
    number = r"(?P<value>[a-z#*]{0,2}\d(?:-?\d){2,7}[xyz#*]{0,2})\b"
    return (
        (compiled(noun + r"\)?" + _MIDDLE + _LINK + _VALUE, needs("secrets")), "noun"),
        (compiled(noun + r"[ :]{1,3}[\"'(*]{0,2} ?(?P<value>[^\s\"'<>()\[\],;]{4,40})", needs("secrets")), "bare"),
        (compiled(noun + r" ?(?P<sign>\() ?(?P<colon>)(?P<value>[^\s()]{4,40}) ?\)", needs("secrets")), "noun"),
        (
            compiled(
                noun
                + r" (?:is|are) (?:exactly )?the (?P<value>same as (?:the|your|his|her|their|its) (?:user ?name|user id|login|log-in|surname|postcode|house number))",
                needs("secrets"),
            ),
            "same",
        ),
        (compiled(noun + _MIDDLE + rf", ?{number}", needs("secrets")), "digits"),
        (
            compiled(
                rf"\b(?:code|number|combination|digits|sequence) (?:for|to|on|of) (?:the |our |my )?(?:[a-z'-]+ ){{0,3}}{place}(?: is| are|'s|,|:| =| has gone to| is now| is still){{1,2}} {number}",
                {"code", "number", "combination", "digits", "sequence"},
            ),
            "digits",
        ),
        (compiled(rf"\b{lock}\b[^?!]{{0,100}}\bit(?:'s| is)(?: (?:now|still))* {number}", needs("places")), "digits"),
        (
            compiled(
                r"\b(?:combination|safe|lock|padlock)\b[^.?!]{0,30}\b(?P<value>(?:left|right|clockwise)(?: to)? \d+[^.?!]{0,50})",
                {"left", "right", "clockwise"},
            ),
            "same",
        ),
        (
            compiled(
                r"\b(?:changed|reset|set|updated|switched)\b[^.?!]{0,40} to " + _VALUE,
                {"changed", "reset", "set", "updated", "switched"},
            ),
            "strong",
        ),
        (
            compiled(
                noun
                + r" (?:is|are) (?P<value>(?:the|your|our|my) [a-z' ]{2,24}(?:name|postcode|birthday|surname|number)(?:,? (?:with|and|plus|followed by|then|backwards|in capitals)\b[^.?!]{0,30}))",
                needs("secrets"),
            ),
            "same",
        ),
        (
            compiled(
                _VALUE
                + rf"[\"')]{{0,2}},? (?:is|as|being|for|was) (?:the|your|our|my|its|their|a) (?:[a-z-]+ ){{0,3}}(?:{table('secrets')}|code (?:for|to|on))\b",
                needs("secrets") | {"code"},
            ),
            "made",
        ),
        (
            compiled(
                rf"\b{table('enters')}\b[^.?!]{{0,60}}?(?: (?:as|with|using|is|are|by|to)|:) [\"']?[^\s/,\"']{{2,40}}[\"']? ?(?:/|,|\||&|\+| and| then| with|\bpw\b) ?"
                + _VALUE,
                needs("enters"),
            ),
            "mixed",
        ),
        (
            compiled(
                rf"\b{account}(?: details?| and pass(?:word)?| ?/ ?pass(?:word)?)*(?: ?[:=]| is| are) ?[^\s/,]{{2,40}} ?(?:/|,|\||;) ?"
                + _VALUE,
                needs("accounts"),
            ),
            "mixed",
        ),
        (
            compiled(
                rf"\b{table('places')}\b(?: (?:on|at|for|in|by|to|of) [a-z' ]{{1,30}}?)?(?: code| number)?(?: is| are| takes| wants| opens with| answers to|'s| =| ?:| -)(?: (?:now|still|set to|always|on))* {number}",
                needs("places"),
            ),
            "digits",
        ),
        (
            compiled(
                rf"\b{table('presses')}(?: the)?(?: code| number| digits)? {number}[^.?!]{{0,60}}\b{place}\b",
                needs("presses"),
            ),
            "digits",
        ),
        (
            compiled(
                rf"\b{place}\b[^.?!]{{0,60}}\b{table('presses')}(?: the)?(?: code| number| digits)? {number}",
                needs("presses"),
            ),
            "digits",
        ),
        (
            compiled(
                rf"\b{place}\b[^?!]{{0,80}}\b(?:code|number|combination)(?:'s| is| was changed to| has changed to| ?[:=]|,)?(?: (?:now|still|again))* {number}",
                {"code", "code's", "combination"},
            ),
            "digits",
        ),
        (
            compiled(
                rf"\bcode(?:'s| is| ?[:=]|,)?(?: (?:now|still|again))* {number}[^?!]{{0,80}}\b{place}\b",
                {"code", "code's"},
            ),
            "digits",
        ),
    )

"""The ways in which a letter hands over what opens something: where the value stands in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from auditor.analysers.patterns import Pattern, alternatives, compiled
from auditor.analysers.vocabulary import terms

_FILE = "credentials"

_VALUE = r"[\"'(<\[*]{0,2} ?(?P<value>[^\s\"'<>()\[\],;]{2,60})"
_NUMBER = r"(?:star |hash )?(?P<value>[a-z#*]{0,2}\d(?:-?\d){2,7}[xyz#*]{0,2}|\d(?:,? \d){3,7})\b"
_MIDDLE = (
    r"(?P<middle>,? \(?(?:for|to|of|on|at|in|as|number|no\.?|code|is for|we use|you need|you want|i use|they use"
    r"|hasn't|has not|so|and here|here)\b[^.:;=?!]{0,60}?)?"
)
"""'for the safe', 'as the old card': between what it is and the word that gives it."""
_LINK = (
    r"(?: ?(?P<sign>:-?|=|->|=>)| -| now|,? which is"
    r"|(?: (?:is|are|remains|stays|will be)|'s| still)"
    r"(?: (?:now|still|currently|always|simply|just|set|set to|reset to|changed to|back to|both|all))*(?P<colon>:)?"
    r"|(?: (?:has|have) been| was| is| got)?(?: (?:now|just))?"
    r" (?:set|reset|changed|updated|gone|moved)(?: from [^ ]{1,20})? to) {0,3}"
)
_GIVES = r"(?:'s| is| was changed to| has changed to| ?[:=]|,)?(?: (?:now|still|again))*"


def _any(table: str) -> str:
    return alternatives(terms(_FILE, table))


def _needs(table: str) -> set[str]:
    first = {term.split(" ")[0] for term in terms(_FILE, table)}
    return first | {f"{word}'s" for word in first}


def _named(rest: str) -> Pattern:
    """What it is, by name, and then the rest."""
    return compiled(rf"\b(?P<noun>{_any('secrets')})\b{rest}", _needs("secrets"))


def _each(needs: Iterable[str], *sources: str) -> Iterator[Pattern]:
    """Patterns that need the same words."""
    known = set(needs)
    yield from (compiled(source, known) for source in sources)


@cache
def name() -> Pattern:
    """Any word for what opens something."""
    return _named("")


@cache
def given() -> Pattern:
    """'The password for the ledger is …', 'pw: …'."""
    return _named(rf"\)?{_MIDDLE}{_LINK}{_VALUE}")


@cache
def bracketed() -> Pattern:
    """'The password ( … )'."""
    return _named(r" ?(?P<sign>\()(?P<colon>)(?P<middle>) ?(?P<value>[^\s()]{4,40}) ?\)")


@cache
def bare() -> Pattern:
    """'pw …', 'PIN …', 'password "…"'."""
    return _named(r"[ :]{1,3}[\"'(*]{0,2} ?(?P<value>[^\s\"'<>()\[\],;]{4,40})")


@cache
def made() -> tuple[Pattern, ...]:
    """'Use … as the password'."""
    behind = r"[\"')]{0,2},? (?:is|as|being|for|was) (?:the|your|our|my|its|their|a) (?:[a-z-]+ ){0,3}"
    return (compiled(rf"{_VALUE}{behind}(?:{_any('secrets')}|code (?:for|to|on))\b", {*_needs("secrets"), "code"}),)


@cache
def described() -> tuple[Pattern, ...]:
    """'The same as the user name', 'the village name with 01', 'left 14, right 32'."""
    return (
        _named(
            r" (?:is|are) (?:exactly )?the (?P<value>same as (?:the|your|his|her|their|its)"
            r" (?:user ?name|user id|login|log-in|surname|postcode|house number))"
        ),
        _named(
            r" (?:is|are) (?P<value>(?:the|your|our|my) [a-z' ]{2,24}(?:name|postcode|birthday|surname|number)"
            r",? (?:with|and|plus|followed by|then|backwards|in capitals)\b[^.?!]{0,30})"
        ),
        compiled(
            r"\b(?:combination|safe|lock|padlock)\b[^.?!]{0,30}"
            r"\b(?P<value>(?:left|right|clockwise)(?: to)? \d+[^.?!]{0,50})",
            {"left", "right", "clockwise"},
        ),
    )


@cache
def spelled() -> tuple[Pattern, ...]:
    """'PIN: four four seven one'."""
    digit = _any("digits")
    return (_named(rf"{_MIDDLE}{_LINK} ?(?P<value>{digit}(?:[ ,-]{{1,2}}{digit}){{2,7}})\b"),)


@cache
def paired() -> tuple[Pattern, ...]:
    """'Log in as … / …', 'user …, …'."""
    account = rf"\b{_any('accounts')}(?: details?| and pass(?:word)?| ?/ ?pass(?:word)?)*(?: for [a-z ]{{2,24}}?)?(?: ?[:=]| -| is| are)"
    enters = rf"\b{_any('enters')}\b[^.?!]{{0,60}}?(?: (?:as|with|using|is|are|by|to)|:)"
    return (
        compiled(
            enters + r" [\"']?[^\s/,\"']{2,40}[\"']? ?(?:/|,|\||&|\+| and| then| with|\bpw\b) ?" + _VALUE,
            _needs("enters"),
        ),
        compiled(account + r" ?[^\s/,]{2,40} ?(?:/|,|\||;) ?" + _VALUE, _needs("accounts")),
    )


@cache
def changed() -> tuple[Pattern, ...]:
    """'I have set the other one to …', 'they wanted a password so I put …'."""
    words = ("changed", "reset", "set", "updated")
    return (
        compiled(rf"\b{alternatives(words)}\b[^.?!]{{0,40}} to {_VALUE}", words),
        compiled(rf"\b{alternatives(words)}\b[^?!]{{0,60}} it(?:'s| is)(?: now)? {_VALUE}", words),
        _named(rf"[^?!=]{{0,80}}?(?::| put| chose| used| entered| typed| have) {_VALUE}"),
    )


@cache
def watchwords() -> tuple[Pattern, ...]:
    """What is said to whoever watches an alarm, or opens a file or an account."""
    return (
        compiled(
            rf"\b(?:alarm|keyholder'?s?|monitoring|security|starts?|start up|windows|laptop|screen|intruder|guards?)\b[^?!]{{0,60}}?"
            rf"\b(?:word|password|code ?word|key ?word|watchword)\b(?: when [a-z ]{{2,24}},| before [a-z ]{{2,24}},)?"
            rf"(?:,? which| we gave(?: them)?)?(?: is|'s| =| ?:){{1,2}} {_VALUE}",
            (
                "alarm",
                "keyholder",
                "keyholder's",
                "keyholders",
                "monitoring",
                "security",
                "start",
                "starts",
                "windows",
                "laptop",
                "screen",
                "intruder",
                "guards",
                "guard",
            ),
        ),
        compiled(r"\bssid\b[^?!]{0,60}?\b(?:key|password|pass|pw)[ :=]{1,3}(?P<value>[^ ]{6,30})", ("ssid",)),
        compiled(r"\b(?:recovery|seed|backup) phrase\b[^.:]{0,30}: ?(?P<value>[a-z]+(?: [a-z]+){2,})", ("phrase",)),
        compiled(
            r"\b(?:unlock|open|opens|unlocks)\b[^.?!]{0,40}\bwith (?P<value>(?:the|your|my|our) [a-z' ]{2,24}(?:postcode|birthday|surname|house number)\b[^.?!]{0,30})",
            ("postcode", "birthday", "surname", "house"),
        ),
        compiled(
            r"\b(?:unlocks|opens|unlock it|open it|opened|unlocked|unzip it|unzips) with ['\"](?P<value>[^'\" ]{4,30})['\"]",
            ("unlocks", "opens", "unlock", "open", "opened", "unlocked", "unzip", "unzips"),
        ),
        compiled(
            r"\b(?:bank|security|memorable|account|log-?in|reset)\b[^.?!]{0,60}\b(?:maiden name|first pet|first dog|first school|first car|place of birth),? ?(?:is |was |: ?|= ?)?(?P<value>[a-z]{4,})",
            ("maiden", "pet", "dog", "school", "car", "birth"),
        ),
    )


@cache
def dialled() -> tuple[Pattern, ...]:
    """Digits that are put in somewhere: a lock, a keypad, a door."""
    lock, place = _any("places"), rf"(?:{_any('places')}|{_any('doors')})"
    press = rf"\b{_any('presses')}(?: the)?(?: code| number| digits)? {_NUMBER}"
    codes = ("code", "code's", "number", "combination", "digits", "sequence")
    return (
        _named(rf"{_MIDDLE}, {_NUMBER}"),
        _named(rf"{_MIDDLE}{_LINK} ?(?P<value>\d(?: \d){{3,7}})\b"),
        _named(rf"(?:'s| is) (?:the|my|our|his|her|your) [^.?!]{{2,40}}, {_NUMBER}"),
        *_each(
            ("digits", "figures", "numbers", "numerals", "digit", "figure"),
            rf"\b(?:four|five|six|eight|4|5|6|8)[ -](?:digits|figures|numbers|numerals|digit code|figure code|digit number),?(?: are| is|:| -)? {_NUMBER}",
        ),
        *_each(
            ("combination", "combo", "padlock", "keypad", "keysafe", "lock", "safe", "alarm", "code"),
            r"\b(?:combination|combo|padlock|keypad|keysafe|lock|safe|alarm|code)\b[^?!]{0,80}?"
            r"\b(?:wants?|needs?|takes?|it's|its|is|try|use|with|to|on|as) (?P<value>\d(?:,? \d){2,5})\b",
        ),
        *_each(
            codes,
            rf"\b(?:code|number|combination|digits|sequence) (?:for|to|on|of) (?:the |our |my )?(?:[a-z'-]+ ){{0,3}}{place}"
            rf"(?: is| are|'s|,|:| =| has gone to| is now| is still){{1,2}} {_NUMBER}",
        ),
        *_each(
            _needs("places"),
            rf"\b{lock}\b[^?!]{{0,100}}\b(?:it|that)(?:'?s| is)(?: (?:now|still|just))* {_NUMBER}",
            rf"\b{lock}\b(?: (?:on|at|for|in|by|to|of) [a-z' ]{{1,30}}?)?(?: code| number)?"
            rf"(?: is| are| takes| wants| opens with| answers to|'s| =| ?:| -)(?: (?:now|still|set to|always|on))* {_NUMBER}",
            rf"{_NUMBER} (?:for|opens|unlocks|disarms|unsets) (?:the |our )?(?:[a-z]+ ){{0,2}}{lock}\b",
            rf"\b{lock}\b[^.?!\d]{{0,40}}\b(?:opens?|set|answers|works|unlocks?|undoes)(?: now| still)? (?:at|on|to|with|by) {_NUMBER}",
            rf"\b(?:set|unset|disarm|arm|open|unlock|reset|silence|cancel)\b[^.?!\d]{{0,40}}\b{lock}\b[^.?!\d]{{0,12}}(?:with|using|by|:) {_NUMBER}",
            rf"\b{lock}\b[^?!.]{{0,40}}[,:-] ?(?P<value>[a-z]\d{{4}}[a-z])\b",
        ),
        *_each(
            ("code", "pin", "combination", "number"),
            rf"\b(?:set|changed|reset|made|put)\b[^.?!]{{0,20}}\b(?:code|pin|combination|number)\b[^.?!]{{0,12}}\b(?:to|as|at) {_NUMBER}",
        ),
        *_each(
            _needs("doors") | _needs("places"),
            rf"\b{place}(?: (?:number|code|digits))?(?: answers to| wants| asks for) {_NUMBER}",
            rf"\b{place}(?:'?s| is| are)(?: (?:all|now|still|set))* (?:on|set to) {_NUMBER}",
        ),
        *_each(
            ("asks", "wants", "prompts", "demands"),
            rf"\b(?:asks|wants|prompts|demands)\b[^.?!]{{0,30}}[, ](?:put|type|enter|press|use|say|give it|tell it)(?: in)? {_NUMBER}",
        ),
        *_each(
            (
                "disarms",
                "unlocks",
                "opens",
                "unsets",
                "silences",
                "lets",
                "let",
                "gets",
                "pull",
                "push",
                "turn",
                "turns",
                "lean",
                "handle",
                "tick",
                "star",
                "hash",
                "green",
                "latch",
            ),
            rf"{_NUMBER} (?:(?:disarms|unlocks|opens|unsets|silences) (?:it|the)|(?:lets|will let|gets|will get) you (?:in|through|past)"
            r"|(?:and|then) (?:the |you |it )?(?:pull|push|turn|lean|handle|tick|star|hash|green|latch)s?)\b",
        ),
        *_each(
            ("voicemail", "voice", "answerphone", "answer", "answering", "remote"),
            rf"\b(?:voicemail|voice mail|answerphone|answer phone|answering machine|remote access)\b[^.?!]{{0,60}}?(?:then| is|:|,) {_NUMBER}",
        ),
        *_each(
            ("key", "keys"),
            rf"\bkeys?\b[^.?!]{{0,40}}\b(?:box|safe|tin|cabinet|pod|cupboard)\b[^.?!\d]{{0,20}}[,:-] ?{_NUMBER}",
        ),
        *_each(
            ("left", "right", "clockwise"),
            r"\b(?:safe|lock|padlock|combination|dial)\b[^?!]{0,40}?(?P<value>\d{1,2} (?:left|right|clockwise|anti-clockwise)(?:,? (?:then |and )?\d{1,2} (?:left|right|clockwise|anti-clockwise))+)",
        ),
        *_each(
            ("press", "push", "hit", "punch", "tap"),
            r"\b(?:press|push|hit|punch|tap)\b[^.?!]{0,24}?(?P<value>\d(?:(?:,|-| and| then)? \d){2,})\b",
        ),
        *_each(
            ("code", "code's", "pin", "pin's", "combination"),
            rf"\b(?:code|pin|combination)(?:'?s| has| is)?(?: been)? (?:changed|new|different|altered)[^.?!\d]{{0,20}}(?:it's|its|it is|to|now|try) {_NUMBER}",
        ),
        *_each(
            ("code",),
            rf"\bcode(?: that)?(?: (?:we|i|they|you) (?:have|use|need|want|were given|got|gave us|had))? (?:is|:|=)(?: (?:still|now))? ?{_NUMBER}",
            rf"\bcode (?:for|to|on|of|in) (?:the |our |my |your )?(?:[a-z'-]+ ){{1,4}}(?:is|=|:)(?: (?:still|now))? ?{_NUMBER}",
        ),
        *_each(
            ("two-factor", "two", "2fa", "authenticator", "verification", "one", "one-time", "security", "login"),
            r"\b(?:two-factor|2fa|authenticator|verification|one-time|security code|login code)\b[^?!]{0,50}?(?P<value>\d{3} \d{3}|\d{6})\b",
        ),
        *_each(
            _needs("presses"),
            rf"{press}[^.?!]{{0,60}}\b{place}\b",
            rf"\b{place}\b[^.?!]{{0,60}}{press}",
        ),
        *_each(("code", "code's", "combination"), rf"\b{place}\b[^?!]{{0,80}}\b(?:code|combination){_GIVES} {_NUMBER}"),
        *_each(("code", "code's"), rf"\bcode{_GIVES} {_NUMBER}[^?!]{{0,80}}\b{place}\b"),
    )

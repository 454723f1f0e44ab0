"""What lets somebody in, as people hand it over in a letter: 'the PIN for the safe is …', 'log in as … / …'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from auditor.analysers import handing, keypads
from auditor.analysers.patterns import Match, Pattern, alternatives, compiled, encoded, pattern
from auditor.analysers.prose import Prose, plain, prose
from auditor.analysers.tokens import ANY, tokens
from auditor.analysers.vocabulary import terms
from auditor.values import Value

_FILE = "credentials"
_AROUND = 160
"""Characters on either side in which a meeting's joining instructions are looked for."""
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
    what: str
    """What it is called, as the clerk would."""


@lru_cache(maxsize=64)  # a message's parts, for the rule and for what is masked
def secrets(text: str) -> tuple[Secret, ...]:
    """Every one in a text, in order; two ways of reading may each have found it."""
    raw, small = encoded(text), encoded(plain(text))
    strange, spoken = odd().occurs(raw), worth().occurs(small)
    if not (strange or spoken):
        return ()
    read = prose(text)
    ways = [way for words, some in _ways() if words.occurs(small) for way in some if way[0].occurs(small)]
    hits = [one for shape, right in ways for one in _hits(read, shape) if right(one)]
    hits += [_Hit(read, None, *key) for key in (keypads.keyed(read) if spoken else ())]
    found = [one.whole for one in hits if one.sayable and not _harmless(one)]
    if strange:
        found += [Secret(start, end, (start, end), "key or token") for start, end in tokens(text)]
        found += _contrived(read)
    return tuple(sorted(set(found), key=lambda one: (one.value, one.start, one.what)))


_Right = Callable[["_Hit"], bool]


@cache
def worth() -> Pattern:
    """Words without which a letter hands over nothing: read in one go, for a letter seldom has any."""
    return compiled(f"{handing.watching()}|{keypads.worth()}")


@cache
def odd() -> Pattern:
    """What nobody writes in a letter but as a password or a key."""
    return compiled(f"{_CONTRIVED.source}|{ANY.source}")


@cache
def _ways() -> tuple[tuple[Pattern, tuple[tuple[Pattern, _Right], ...]], ...]:
    """Every way of handing it over, with what the value must look like in it, under the words that all of some need."""
    return (
        (
            handing.named(""),
            (
                (handing.given(), _named),
                (handing.bracketed(), _named),
                (handing.bare(), _bare),
                (handing.made(), _made),
                *((shape, _described) for shape in handing.described()),
                (handing.answered(), _strong),
            ),
        ),
        (compiled(handing.watching()), tuple((shape, _told) for shape in handing.watchwords())),
    )


class _Hit(Value, frozen=True):
    """Where a way of handing over matches, and where in it the value stands."""

    read: Prose
    match: Match | None
    begun: int
    start: int
    end: int
    what: str

    def said_by(self, group: str) -> str:
        """What a group of the pattern holds."""
        return self.match[group] if self.match else ""

    @property
    def value(self) -> str:
        """In small letters."""
        return self.read.plain[self.start : self.end]

    @property
    def said(self) -> str:
        """As it stands."""
        return self.read.text[self.start : self.end]

    @property
    def after(self) -> str:
        """What stands behind it."""
        return self.read.text[self.end : self.end + 24]

    @property
    def quoted(self) -> bool:
        """Whether a quotation mark or a bracket opens it."""
        return self.read.plain[self.start - 1 : self.start] in _OPENING

    @property
    def whole(self) -> Secret:
        """The same, for those who ask."""
        return Secret(self.begun, self.end, (self.start, self.end), self.what)

    @property
    def sayable(self) -> bool:
        """Whether it is no clock, no address, and none of the words that are said about a password."""
        clock = _CLOCK.match(self.read.plain, max(0, self.start - 3))
        about = self.value in terms(_FILE, "not_values") or _WEB.match(self.value) is not None
        about = about or _ADDRESSEE.match(self.read.plain, self.end) is not None
        return any(map(str.isalnum, self.value[:3])) and not clock and not about and "@" not in self.value[1:-1]


_OPENING = tuple("'\"(")
_WEB = re.compile(r"https?\b|/?www\.")


def _hits(read: Prose, shape: Pattern) -> Iterator[_Hit]:
    for match in shape.matches(read.plain):
        start, end = match.span("value")
        while end > start and read.plain[end - 1] in ".:?*'\"":
            end -= 1
        what = match["noun"] if "noun" in shape.groups else "password"
        yield _Hit(read, match, match.start(), start, end, what)


def _named(hit: _Hit) -> bool:
    """Behind the name of a code stand digits, behind that of a password may stand anything."""
    noun, middle = hit.said_by("noun"), hit.said_by("middle")
    if middle and (noun in terms(_FILE, "terse") or ("following" in middle and not _mixed(hit))):
        return False
    clause = middle.startswith((" they", " you", " we", " i ", " that"))
    if clause or not terms(_FILE, "words_apart").isdisjoint(noun.split()):
        return _digits(hit) or _mixed(hit)
    return _made(hit) or _word(hit)


def _bare(hit: _Hit) -> bool:
    """With no 'is' between, it must look made up, stand in quotation marks, or be the digits of a PIN."""
    noun = hit.said_by("noun")
    pressed = noun.startswith(_PRESSED) or noun.endswith("code")
    if noun == "pass" and not hit.quoted:
        return _mixed(hit) and not hit.value.isalnum()
    if "\n" in hit.read.text[hit.begun + len(noun) : hit.start] and not hit.quoted:
        return False
    if hit.read.plain[hit.start - 1] == "(":
        return _mixed(hit) and any(map(str.isdigit, hit.value))
    return hit.quoted or _mixed(hit) or (pressed and _DIGITS.fullmatch(hit.value) is not None)


_PRESSED = ("pin", "otp", "pass")


def _described(hit: _Hit) -> bool:
    """The way itself says what it is."""
    return hit.end > hit.start


def _digits(hit: _Hit) -> bool:
    """Three digits or more that measure nothing."""
    return _DIGITS.fullmatch(hit.value) is not None and keypads.opens(hit.read.plain, hit.start, hit.end)


def _made(hit: _Hit) -> bool:
    """Digits in it, a capital within, or all capitals."""
    if len(hit.value) >= 4 and any(map(str.isdigit, hit.value)):
        return keypads.opens(hit.read.plain, hit.start, hit.end)
    return _mixed(hit) or (hit.said.isupper() and len(hit.said) >= 4)


def _word(hit: _Hit) -> bool:
    """A common word that ends what was said, and says nothing about a password."""
    given = hit.quoted or hit.said_by("sign") or hit.said_by("colon")
    if len(hit.value) < (3 if given else 4) or (_ABOUT.fullmatch(hit.value) and not hit.quoted):
        return False
    return _ENDS.match(hit.after) is not None


def _mixed(hit: _Hit) -> bool:
    """Whether somebody made this up: letters with digits, a capital within, a sign between letters."""
    said = hit.said
    digit, letter = any(map(str.isdigit, said)), any(map(str.isalpha, said))
    if digit and letter and len(said) >= 4:
        return "/" not in said.strip("/") or len(said) > 10
    within = any(one[1:] not in (one[1:].lower(), one[1:].upper()) for one in said.split("-"))
    return len(said) >= 6 and (within or (letter and any(c in "!$%^&*_#+" for c in said)))


def _told(hit: _Hit) -> bool:
    """A word of some length, or anything made up."""
    return len(hit.value) >= 4 and not _ABOUT.fullmatch(hit.value)


def _contrived(read: Prose) -> Iterator[Secret]:
    """What nobody writes but for a password, in a letter about an account or a machine."""
    for match in _CONTRIVED.matches(read.text):
        start, end = match.span(1)
        around = read.plain[max(0, start - _BEFORE) : start]
        topic = _topics().found(around) or _ADDRESSED.search(around) or _changing().found(around)
        if (
            topic is None
            or not any(map(str.isalpha, match[1]))
            or _ITEM.fullmatch(match[1])
            or _SUM.match(read.plain, end)
            or read.plain[start:end].rstrip("!?.*#") in terms(_FILE, "products")
            or _meetings().found(around)
            or _ADDRESSEE.match(read.plain, end)
            or _NAMES.search(around)
        ):
            continue
        given = read.text[max(0, start - 4) : start].rstrip(" ").endswith(_GIVEN)
        if not given and (read.text[start:end].islower() or not _LED.search(around)) and not _SIGNED.search(match[1]):
            continue
        sentence = next(one for one in read.sentences if one.start <= start < one.end)
        if not _refusals().found(sentence.plain):
            yield Secret(max(sentence.start, start - len(around) + topic.start()), end, (start, end), "password")


@cache
def _changing() -> Pattern:
    """'I have set the other one to', 'I reset it. It is now'."""
    return compiled(
        rf"\b{alternatives(terms(_FILE, 'changes'))}\b[^?!]{{0,60}} (?:to|(?:it's|it is)(?: now)?) ?[\"'(]?$"
    )


_BEFORE = 200
_ADDRESSED = re.compile(r"@[a-z.-]+[a-z](?:\.|,| /| and| then| with)* $")
_CONTRIVED = compiled(
    r"(?:^|\s/|[\s\"'‘“(:])("
    r"(?:[A-Z][a-z]{2,15}-?){1,3}[-_!%#*&+]?\d{1,6}[!*#?$]?|[A-Z][a-z]{2,12}\d{1,3}[A-Z][a-z]{2,12}"
    r"|[A-Za-z]{3,15}[%!#$*^][A-Za-z0-9]{2,15}[!*#?%$]?|[A-Za-z]{3,15}&[A-Za-z]{2,15}\d{1,4}|[a-z]{3,12}(?:-[a-z]{2,12})?-\d{1,4}|[a-z]{4,12}\d{2,4}[!*#]?"
    r"|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2,7}"
    r")(?:$|[.?!]?(?:$|[\s\"'’”),;]))"
)
_LED = re.compile(
    r"(?:\b(?:is|it's|as|to|with|for|use|try|now|was|and|then|it|put|enter|type|say|said|got|me|in|pass|pw|password)|[\n,;.?!/-]|^)\s*$"
)
"""What such a word stands behind where it is no name of a file or a machine."""
_ADDRESSEE = re.compile(r"['\"]{0,2} ?(?:<[^ >]*@|@)")
"""An address behind the name of whose it is."""
_ITEM = re.compile(r"[A-Za-z]+#\d{4,}")
"""The number of something."""
_SUM = re.compile(r",\d")
_NAMES = re.compile(r"\b(?:id|user ?name|user|login|handle)(?: is|:|=)? $")
"""A user name alone opens nothing."""
_SIGNED = re.compile(r"[A-Za-z][%!#$*^][A-Za-z0-9]|[0-9]-")
_GIVEN = tuple("/:'\"‘“(")
"""What small letters and digits stand behind where they are no name of a file or a road."""


def _strong(hit: _Hit) -> bool:
    """Letters, digits, and a capital."""
    return _mixed(hit) and any(map(str.isdigit, hit.said)) and not hit.said.islower()


def _harmless(hit: _Hit) -> bool:
    """Whether it lets people into a meeting they are asked to, or is an example of a bad one."""
    read, start = hit.read, hit.begun
    if read.plain[:start].rpartition("\n")[2].rstrip().rpartition(" ")[2] in terms(_FILE, "other_codes"):
        return True
    if _LINK.search(read.plain, max(0, start - _AROUND), start):
        return True
    around = read.plain[max(0, start - _AROUND) : hit.end + _AROUND]
    joins = hit.what not in terms(_FILE, "places") and (_meetings().found(around) or _called_first(hit))
    if joins and not _rooms().found(around):
        return True
    sentence = next((one for one in read.sentences if one.start <= start < one.end), None)
    return sentence is not None and _refusals().found(sentence.plain) is not None


def _called_first(hit: _Hit) -> bool:
    """Whether a number is called before it is asked for: the passcode of a conference."""
    before = hit.read.plain[max(0, hit.begun - _CALL) : hit.begun]
    return hit.what.startswith(("passcode", "pass code", "access code")) and _NUMBERED.search(before) is not None


_LINK = re.compile(r"[?&][^ ]*$")
"""Of a page's address."""
_CALL = 60
_NUMBERED = re.compile(r"\d{3}[ -]\d{3,4}[ -]?\d{3,4}")


@cache
def _meetings() -> Pattern:
    return pattern("{meetings}", _FILE)


@cache
def _topics() -> Pattern:
    return pattern("{topics}", _FILE)


@cache
def _rooms() -> Pattern:
    return pattern("{meeting_accounts}", _FILE)


@cache
def _refusals() -> Pattern:
    return pattern("{refusals}", _FILE)

"""What lets somebody in, as people hand it over in a letter: 'the PIN for the safe is …', 'log in as … / …'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, reduce
from operator import or_

from auditor.analysers import handing
from auditor.analysers.patterns import Match, Pattern, compiled, pattern
from auditor.analysers.prose import Prose, prose
from auditor.analysers.tokens import tokens
from auditor.analysers.vocabulary import terms
from auditor.values import Value

_FILE = "credentials"
_AROUND = 160
"""Characters on either side in which a meeting's joining instructions are looked for."""
_DIGITS = re.compile(
    r"[a-z#*]{0,3}\d(?:-?\d){2,9}[a-z#*xy]{0,3}|\d(?:(?:,|-| and| then)? \d){2,7}|\d{3} \d{3}|\d{1,2} (?:left|right|clock|anti).*"
)
_ENDS = re.compile(
    r"[\"')\]>]{0,2} *(?:$|[.,;:!?)\n(/-]|(?:and|but|or|for|if|with|then|as|so|when|until|in|thanks|i|it|you|user|username)\b| [A-Z])"
)
_FIGURES = compiled(
    r"(?:^|[^\d.,£/:+(-])[*#]?(?:[a-z]{0,2}\d(?:-?\d){2,7}[xyz#*]{0,2}|\d(?:(?:,|-| and| then)? \d){2,7}|\d{3} \d{3}|\d{1,2} (?:left|right|clock|anti)[a-z-]*|[a-z]\d{4}[a-z])(?:$|[^\d/:])"
)
"""What may be pressed or turned: no price, no date, no clock."""
_MORE = re.compile(r"-?\d")
_REST = re.compile(r" \d{3}")
"""Of a telephone number, whose first digits are nought and the exchange."""
_CALLED = re.compile(r"\d{3}-\d{4}|\d{3}(?= \d{3}-)")
"""A telephone number of seven digits, or the exchange before one."""
_STANDING = re.compile(r"\b(?:is|are|was|were|be|being|a|the) key in $")
"""'Is key in 2001' calls something weighty."""
_CLOCK = re.compile(r"\d?\d:\d\d")
_ABOUT = re.compile(r".*(?:ed|ing|ly|able|ible|ful|less|'s|n't)")


class Secret(Value, frozen=True):
    """Something that lets somebody in, and the words that say so; both half-open in the text."""

    start: int
    end: int
    value: tuple[int, int]


@lru_cache(maxsize=32)  # a message's parts, for the rule and for what is masked
def secrets(text: str) -> tuple[Secret, ...]:
    """Every one in a text, in order; two ways of reading may each have found it."""
    found = [Secret(start, end, (start, end)) for start, end in tokens(text)]
    read = prose(text)
    name = handing.name()
    encoded = read.encoded
    named = name.possible(read.words) and name.occurs(encoded)
    figures: bool | None = None
    for group, right in _ways():
        if (group.named and not named) or (group.wants and not read.words.mask & group.wants):
            continue
        if right is _digits:
            figures = _FIGURES.occurs(encoded) if figures is None else figures
            if not figures:
                continue
        for shape in group.shapes:
            if shape.possible(read.words) and shape.occurs(encoded):
                found += [one.whole for one in _hits(read, shape) if one.sayable and right(one) and not _harmless(one)]
    found += _contrived(read)
    return tuple(sorted(set(found), key=lambda one: (one.value, one.start)))


_Right = Callable[["_Hit"], bool]


class _Group(Value, frozen=True):
    """Ways of handing over that need the same sort of value."""

    shapes: tuple[Pattern, ...]
    named: bool
    """Whether each begins with a word for what opens something."""
    wants: int = 0
    """A mask (`gates`) that a text must share a bit with for any of them; 0 where one asks for no word."""


def _groups(shapes: tuple[Pattern, ...], right: _Right) -> Iterator[tuple[_Group, _Right]]:
    for named in (True, False):
        some = tuple(shape for shape in shapes if ("noun" in shape.groups) is named)
        if some:
            asked = [shape.wants[0] if shape.wants else 0 for shape in some]
            yield _Group(some, named, reduce(or_, asked) if all(asked) else 0), right


@cache
def _ways() -> tuple[tuple[_Group, _Right], ...]:
    """Every way of handing it over, with what the value must look like in it."""
    every: tuple[tuple[tuple[Pattern, ...], _Right], ...] = (
        ((handing.given(), handing.bracketed()), _named),
        ((handing.bare(),), _bare),
        (handing.made(), _made),
        ((*handing.described(), *handing.spelled()), _described),
        (handing.paired(), _mixed),
        (handing.changed(), _strong),
        (handing.dialled(), _digits),
        (handing.watchwords(), _told),
    )
    return tuple(one for shapes, right in every for one in _groups(shapes, right))


class _Hit(Value, frozen=True):
    """Where a way of handing over matches, and where in it the value stands."""

    read: Prose
    match: Match
    start: int
    end: int

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
        return self.read.plain[self.start - 1 : self.start] in ("'", '"', "(")

    @property
    def whole(self) -> Secret:
        """The same, for those who ask."""
        return Secret(self.match.start(), self.end, (self.start, self.end))

    @property
    def sayable(self) -> bool:
        """Whether it is no clock, no address, and none of the words that are said about a password."""
        clock = _CLOCK.match(self.read.plain, max(0, self.start - 3))
        about = self.value in terms(_FILE, "not_values") or self.value.startswith(("http", "www."))
        about = about or _ADDRESSEE.match(self.read.plain, self.end) is not None
        return any(map(str.isalnum, self.value[:3])) and not clock and not about and "@" not in self.value[1:-1]


def _hits(read: Prose, shape: Pattern) -> Iterator[_Hit]:
    for match in shape.matches(read.plain):
        start, end = match.span("value")
        while end > start and read.plain[end - 1] in ".:?*'\"":
            end -= 1
        yield _Hit(read, match, start, end)


def _named(hit: _Hit) -> bool:
    """Behind the name of a code stand digits, behind that of a password may stand anything."""
    noun = hit.match["noun"]
    if hit.match["middle"] and (
        noun in terms(_FILE, "terse") or ("following" in hit.match["middle"] and not _mixed(hit))
    ):
        return False
    if not terms(_FILE, "words_apart").isdisjoint(noun.split()):
        return _digits(hit) or _mixed(hit)
    return _made(hit) or _word(hit)


def _bare(hit: _Hit) -> bool:
    """With no 'is' between, it must look made up, stand in quotation marks, or be the digits of a PIN."""
    pressed = hit.match["noun"].startswith(_PRESSED) or hit.match["noun"].endswith("code")
    if hit.match["noun"] == "pass":
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
    dialled = hit.value.startswith("0") and _REST.match(hit.after) is not None
    if _CALLED.match(hit.value + hit.after) or _STANDING.search(hit.read.plain, max(0, hit.start - 16), hit.start):
        return False
    return _DIGITS.fullmatch(hit.value) is not None and _unit(hit.after) and not _MORE.match(hit.after) and not dialled


def _made(hit: _Hit) -> bool:
    """Digits in it, a capital within, or all capitals."""
    if len(hit.value) >= 4 and any(map(str.isdigit, hit.value)):
        return _unit(hit.after)
    return _mixed(hit) or (hit.said.isupper() and len(hit.said) >= 4)


def _word(hit: _Hit) -> bool:
    """A common word that ends what was said, and says nothing about a password."""
    given = hit.quoted or hit.match["sign"] or hit.match["colon"]
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
    if not _topics().possible(read.words) and "@" not in read.plain:
        return
    for match in _CONTRIVED.matches(read.text):
        start, end = match.span(1)
        around = read.plain[max(0, start - _BEFORE) : start]
        topic = _topics().found(around) or _ADDRESSED.search(around)
        if (
            topic is None
            or not any(map(str.isalpha, match[1]))
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
            yield Secret(max(sentence.start, start - len(around) + topic.start()), end, (start, end))


_BEFORE = 200
_ADDRESSED = re.compile(r"@[a-z.-]+[a-z](?:\.|,| /| and| then| with)* $")
_CONTRIVED = compiled(
    r"(?:^|\s/|[\s\"'‘“(:])("
    r"(?:[A-Z][a-z]{2,15}-?){1,3}[-_!%#*&+]?\d{1,6}[!*#?$]?|[A-Z][a-z]{2,12}\d{1,3}[A-Z][a-z]{2,12}"
    r"|[A-Za-z]{3,15}[%!#$*_^][A-Za-z0-9]{2,15}[!*#?%$]?|[a-z]{3,12}(?:-[a-z]{2,12})?-\d{1,4}|[a-z]{4,12}\d{2,4}[!*#]?"
    r"|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){2,7}"
    r")(?:$|[.?!]?(?:$|[\s\"'’”),;]))"
)
_LED = re.compile(
    r"(?:\b(?:is|it's|as|to|with|use|try|now|was|and|then|it|put|enter|type|say|said|got|me|in|pass|pw|password)|[\n,;.?!/-]|^)\s*$"
)
"""What such a word stands behind where it is no name of a file or a machine."""
_ADDRESSEE = re.compile(r"['\"]{0,2} ?(?:<[^ >]*@|@)")
"""An address behind the name of whose it is."""
_NAMES = re.compile(r"\b(?:id|user ?name|user|login|handle)(?: is|:|=)? $")
"""A user name alone opens nothing."""
_SIGNED = re.compile(r"[A-Za-z][%!#$*^][A-Za-z0-9]|[0-9]-")
_GIVEN = ("/", ":", "'", '"', "‘", "“", "(")
"""What small letters and digits stand behind where they are no name of a file or a road."""


def _strong(hit: _Hit) -> bool:
    """Letters, digits, and a capital."""
    return _mixed(hit) and any(map(str.isdigit, hit.said)) and not hit.said.islower()


def _unit(after: str) -> bool:
    """Whether digits are not the measure of something."""
    word = after.strip().split(" ")[0].lower().rstrip(".,;)")
    return word not in terms(_FILE, "units")


def _harmless(hit: _Hit) -> bool:
    """Whether it lets people into a meeting they are asked to, or is an example of a bad one."""
    read, start = hit.read, hit.match.start()
    if read.plain[:start].rpartition("\n")[2].rstrip().rpartition(" ")[2] in terms(_FILE, "other_codes"):
        return True
    around = read.plain[max(0, start - _AROUND) : hit.end + _AROUND]
    if (_meetings().found(around) or _called_first(hit)) and not _rooms().found(around):
        return True
    sentence = next((one for one in read.sentences if one.start <= start < one.end), None)
    return sentence is not None and _refusals().found(sentence.plain) is not None


def _called_first(hit: _Hit) -> bool:
    """Whether a number is called before it is asked for: the passcode of a conference."""
    before = hit.read.plain[max(0, hit.match.start() - _CALL) : hit.match.start()]
    return hit.match[0].startswith(("passcode", "pass code", "access code")) and _NUMBERED.search(before) is not None


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

"""What a line at the foot of a letter is: a goodbye, a name, a machine's own line, how to reach somebody, or the letter's own words.

Everything here reads plain lines (`wording.plain`) and knows its words from `terms/closings.toml`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.mail.vocabulary import alternation, closing_needs, closing_terms
from auditor.mail.wording import words

SHORT = 60
_PARAGRAPH = 140
"""Characters that no line of a signature has."""
_MOTTO = 120
"""Characters of the longest saying in quotation marks that is taken for a motto."""
WIDE = 90
"""Characters of the widest line of another's signature."""
_SLOGAN = 12
"""Words of the longest slogan."""
_FEW = 4
"""Words that may follow a name without a comma."""
STOPS = frozenset(".!?")
_QUOTES = frozenset("\"'")
EDGES = " \t*_-~=.,;:!'\"<>()[]|/\\"
_TO_WHOM = re.compile(
    r" (?:now|all|both|to (?:all|you|everyone|everybody|the family)(?: (?:both|all|and [^\W\d_]+(?: [^\W\d_]+)?))?"
    r"|for (?:now|christmas|the new year|the season|easter|the weekend|the holidays))$"
)
_VALEDICTIONS = frozenset(closing_terms("valedictions"))
_DEVICE = re.compile(rf"[\W_]*(?:{alternation(closing_terms('devices'))})\b")
# A name and not a letter more, or a few words round it: 'Sent from Nine', 'Sent from the all-new AOL app for iOS'.
_MACHINE = re.compile(
    r"[\W_]*(?:message |e-?mail )?sent (?:from|via|by|with|using|on|through|in) (?:[\w'’-]+ ){0,4}"
    rf"(?:{alternation(closing_terms('machines'))})\b(?: (?:for|on) [\w-]+(?: [\w-]+)?)?(?: *[|(:–—-]+ *[\w./:-]+)?[\W_]*"
)
_FOOTER = re.compile(alternation(closing_terms("footers")))
_FOOTER_WORDS = closing_needs("footers")
_BOUNDARY = re.compile(r"--(?=\S*\d)[\w'()+,./:=?-]{12,70}\s*")
_BELOW = re.compile(rf"[\W_]*(?:{alternation(closing_terms('below'))})(?![^\W_])")
_GREETING = re.compile(rf"[\W_]*(?:{alternation(closing_terms('greetings'))})(?![^\W_])")
_ROLE = re.compile(rf"(?<![^\W_])(?:{alternation(closing_terms('roles'))})(?![^\W_])")
_RUN = re.compile(r"[^\W_]+")
_ROLE_WORDS = frozenset(_RUN.findall(term)[0] for term in closing_terms("roles"))
"""The first word of each role: a quick look before the slow one."""
_TITLES = frozenset(closing_terms("titles"))
_LETTER = frozenset(closing_terms("letter"))
_APART = re.compile(r"[\w']+")
_PITCH = frozenset(closing_terms("pitch"))
_CONTACT = re.compile(
    r"[\w.+-]@[\w-]|www\.|https?://|(?:\+|\(?0)\d[\d ()-]{7,}\d|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|(?<!\w)@\w{3,}"
)
_REACHED = re.compile(r"[\w.+-]@[\w-]+\.\w|www\.|https?://|(?:\+|\(?0)\d[\d ()-]{7,}\d")
_CONTACT_SIGNS = re.compile(r"[@\d]")
_LETTERS = re.compile(r"[^\W\d_]+")
_KISSES = frozenset({"x", "xx", "xxx"})


def valediction(line: str) -> bool:
    """Whether the line says goodbye, a name behind it or not: 'Kind regards,' or 'Best wishes, Ann'."""
    bare = line.strip(EDGES)
    if len(bare) > SHORT:
        return False
    if bare in _VALEDICTIONS or _addressed(bare):
        return True
    head, comma, name = bare.partition(",")
    return bool(comma) and head.strip(EDGES) in _VALEDICTIONS and len(name.split()) <= 3


def _addressed(bare: str) -> bool:
    """'Kind regards to you both', 'Best wishes for Christmas': a goodbye and whom or what it is for."""
    found = _TO_WHOM.search(bare)
    return found is not None and bare[: found.start()] in _VALEDICTIONS


def device(line: str) -> bool:
    """Whether the line is a machine's own: 'Sent from my iPhone'."""
    if len(line) > 160:
        return False
    return _DEVICE.match(line) is not None or ("sent " in line and _MACHINE.fullmatch(line) is not None)


def footer(text: str) -> bool:
    """Whether a machine or a print campaign put this there: a scanner's notice, 'think before you print'.

    So is the bare boundary that is left of a broken MIME structure.
    """
    return (_footer_word(text) and _FOOTER.search(text) is not None) or (
        text[:2] == "--" and _BOUNDARY.fullmatch(text) is not None
    )


def _footer_word(text: str) -> bool:
    for word in _FOOTER_WORDS:  # noqa: SIM110 - a generator costs as much again, on every message
        if word in text:
            return True
    return False


def below(line: str) -> bool:
    """Whether a note below the name begins here: a postscript, an enclosure, a copy."""
    return _BELOW.match(line) is not None


def prose(line: str) -> bool:
    """Whether the line reads like a letter and not like a signature."""
    return len(line) > _PARAGRAPH or _reads(line)


@lru_cache(maxsize=256)  # the passes of `block` ask it of the same lines
def _reads(line: str) -> bool:
    count = len(line.split())
    if count < 4:
        return False
    ends = line.rstrip()[-1:] in ".?!…"
    if count < 9 and not ends:
        return False
    if len(line) <= _MOTTO and line.lstrip()[:1] in _QUOTES:
        return False
    return (count >= 9 and ends) or writes(line)


def writes(line: str) -> bool:
    """Whether a line has a word that a writer uses to the reader."""
    return not _LETTER.isdisjoint(_APART.findall(line))


def slogan(line: str) -> bool:
    """Whether a line that may read like a letter may as well be a trade's: 'Find us at Stall 14', 'If it leaks, we mend it'."""
    if len(line) > WIDE or len(line.split()) > _SLOGAN or line.rstrip().endswith("?") or below(line):
        return False
    return _GREETING.match(line) is None and _PITCH.issuperset(_LETTER.intersection(_APART.findall(line)))


def letterlike(line: str) -> bool:
    """Like `prose`, less sure of itself: for what stands apart from a signature."""
    end = line.rstrip()[-1:]
    sentence = end in "?!" or (end == "." and len(line.split()) >= 5)
    return below(line) or prose(line) or _GREETING.match(line) is not None or writes(line) or sentence


def particular(line: str) -> bool:
    """Whether the line tells what somebody is, or how to reach somebody."""
    if _contactable(line) and _CONTACT.search(line):
        return True
    return not _ROLE_WORDS.isdisjoint(_RUN.findall(line)) and _ROLE.search(line) is not None


def _contactable(line: str) -> bool:
    """Whether a number or an address may stand there: a quick look before the slow ones."""
    return _CONTACT_SIGNS.search(line) is not None or "www." in line or "://" in line


def reaches(line: str) -> bool:
    """Whether the line tells how to reach somebody."""
    return _contactable(line) and _REACHED.search(line) is not None


def greeting_name(line: str, name: str) -> bool:
    """Whether the line is nothing but the sender's own name, part of it, or an initial: 'Ann', 'A.', 'Ann Marsh x'."""
    if len(line) > 40:
        return False
    names = _names(name)
    first = _LETTERS.search(line)
    if first is None or not line.startswith(_initials(name), first.start()):
        return False
    said = [word for word in _LETTERS.findall(line) if word not in _KISSES]
    if not said or len(said) > 4:
        return False
    return all(any(own.startswith(word) or word.startswith(own[:3]) for own in names) for word in said)


@lru_cache(maxsize=256)
def _names(name: str) -> tuple[str, ...]:
    return tuple(_LETTERS.findall(name))


@lru_cache(maxsize=256)
def _initials(name: str) -> tuple[str, ...]:
    """The letters with which a line that is nothing but the name begins: the name's own, or a kiss."""
    return ("x", *(own[0] for own in _names(name)))


@lru_cache(maxsize=256)
def _last_name(name: str) -> str:
    own = words(name)
    return own[-1] if own else ""


def motto(line: str) -> bool:
    """'"We mend it"', '~ life is short ~', 'Your village, your say': a saying, though it has a writer's words."""
    bare = line.strip()
    return (
        bare[:1] in _QUOTES or (bare[:1] == bare[-1:] == "~") or _LETTER.intersection(_APART.findall(line)) == {"your"}
    )


def one_word(line: str) -> bool:
    """'Peggy', 'Mum', 'and Joan': a name that the configuration does not know."""
    return line.strip(EDGES).removeprefix("and ").isalpha() and not particular(line)


def narrow(line: str) -> bool:
    """Whether a line is no wider than a block's, and no letter's either, unless it is a slogan."""
    return len(line) <= WIDE and (not prose(line) or slogan(line))


def bears_name(line: str, name: str) -> bool:
    """Whether the line is the sender's name, or begins with it and tells what the sender is."""
    if greeting_name(line, name) or (" " in name and _headed_by(line, name, 0)):
        return True
    last = _last_name(name)
    if not last or len(line) > SHORT or not _headed_by(line, last, 1):
        return False
    return particular(line) or line.rstrip(EDGES).endswith(last)


def _headed_by(line: str, name: str, others: int) -> bool:
    """Whether the line is a name, or goes on from it as a signature does: 'Ann Marsh, Clerk', 'Cllr A. Marsh | …'.

    Before it may stand titles, initials and so many other words. A sentence that names the sender is the sender's own words: 'Please reply to Ann Marsh', 'Ann Marsh will open up'.
    """
    at = line.find(name)
    if at < 0 or sum(len(word) > 1 and word not in _TITLES for word in _RUN.findall(line[:at])) > others:
        return False
    after = line[at + len(name) :].lstrip()
    said = _RUN.findall(after)
    if not said or said[0] in _ROLE_WORDS:
        return True
    brief = len(said) <= _FEW and line.rstrip()[-1:] not in STOPS  # 'Ann Marsh FSLCC', 'Marsh Garden Services'
    return (brief or not after[0].isalnum()) and not writes(after)


def signs(line: str, name: str) -> bool:
    """Whether a line may be a signature's."""
    return not prose(line) or bears_name(line, name)

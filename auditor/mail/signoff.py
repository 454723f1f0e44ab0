"""The lines that stand at the foot of a letter: goodbyes, names, signature blocks, a telephone's own last line.

Everything here reads plain lines (`wording.plain`) and knows its words from `terms/closings.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from auditor.mail.vocabulary import alternation, closing_needs, closing_terms
from auditor.mail.wording import Closing, words

_MOST = 14
"""Lines of the longest signature block that is still taken for one."""
TAIL = 12
"""Lines from the end among which a machine's own line may stand."""
_SHORT = 60
_PARAGRAPH = 140
"""Characters that no line of a signature has."""
_MOTTO = 120
"""Characters of the longest saying in quotation marks that is taken for a motto."""
_ENOUGH = 5
"""Words of an agreed signature that make a likeness."""
_PARTED = 3
"""Lines between two that still belong together; paragraphs at the end among which a block may stand."""
_WIDE = 90
"""Characters of the widest line of another's signature."""
_SLOGAN = 12
"""Words of the longest slogan."""
_FEW = 4
"""Words that may follow a name without a comma."""
_STOPS = frozenset(".!?")
_QUOTES = frozenset("\"'")

_EDGES = " \t*_-~=.,;:!'\"<>()[]|/\\"
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
_TRADE = re.compile(rf"(?<![^\W_])(?:{alternation(closing_terms('trades'))})(?![^\W_])")
_CONTACT = re.compile(
    r"[\w.+-]@[\w-]|www\.|https?://|(?:\+|\(?0)\d[\d ()-]{7,}\d|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|(?<!\w)@\w{3,}"
)
_REACHED = re.compile(r"[\w.+-]@[\w-]+\.\w|www\.|https?://|(?:\+|\(?0)\d[\d ()-]{7,}\d")
_CONTACT_SIGNS = re.compile(r"[@\d]")
_RULED = frozenset("-_=*")
_DELIMITER = re.compile(r"\s*(?:-- ?|_{3,}|-{3,}|={3,}|\*{3,})\s*")
_LETTERS = re.compile(r"[^\W\d_]+")
_KISSES = frozenset({"x", "xx", "xxx"})
_SAID = re.compile(r"[^\W\d_]{3,}")


def valediction(line: str) -> bool:
    """Whether the line says goodbye, a name behind it or not: 'Kind regards,' or 'Best wishes, Ann'."""
    bare = line.strip(_EDGES)
    if len(bare) > _SHORT:
        return False
    if bare in _VALEDICTIONS or _addressed(bare):
        return True
    head, comma, name = bare.partition(",")
    return bool(comma) and head.strip(_EDGES) in _VALEDICTIONS and len(name.split()) <= 3


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
    return (count >= 9 and ends) or _writes(line)


def _writes(line: str) -> bool:
    """Whether a line has a word that a writer uses to the reader."""
    return not _LETTER.isdisjoint(_APART.findall(line))


def slogan(line: str) -> bool:
    """Whether a line that may read like a letter may as well be a trade's: 'Find us at Stall 14', 'If it leaks, we mend it'."""
    if len(line) > _WIDE or len(line.split()) > _SLOGAN or line.rstrip().endswith("?") or below(line):
        return False
    return _GREETING.match(line) is None and _PITCH.issuperset(_LETTER.intersection(_APART.findall(line)))


def letterlike(line: str) -> bool:
    """Like `prose`, less sure of itself: for what stands apart from a signature."""
    end = line.rstrip()[-1:]
    sentence = end in "?!" or (end == "." and len(line.split()) >= 5)
    return below(line) or prose(line) or _GREETING.match(line) is not None or _writes(line) or sentence


def particular(line: str) -> bool:
    """Whether the line tells what somebody is, or how to reach somebody."""
    if _contactable(line) and _CONTACT.search(line):
        return True
    return not _ROLE_WORDS.isdisjoint(_RUN.findall(line)) and _ROLE.search(line) is not None


def _contactable(line: str) -> bool:
    """Whether a number or an address may stand there: a quick look before the slow ones."""
    return _CONTACT_SIGNS.search(line) is not None or "www." in line or "://" in line


def _reaches(line: str) -> bool:
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


def block(lines: Sequence[str | None], name: str) -> range | None:
    """The signature block that ends these lines, whoever's it is; None when there is none, or but a bare name.

    A line that is None is taken already and ends the search.
    """
    last = len(lines) - 1
    while last >= 0 and (line := lines[last]) is not None and (not line.strip() or device(line) or footer(line)):
        last -= 1
    first = last
    while first >= 0 and lines[first] is not None and last - first <= _MOST * 2:
        first -= 1
    tail = [line or "" for line in lines[first + 1 : last + 1]]
    found = _after_goodbye(tail, name) or _standing_apart(tail, name) or _paragraph(tail, name)
    if found is None:
        return None
    return range(first + 1 + found.start, first + 1 + found.stop)


def _after_goodbye(tail: Sequence[str], name: str) -> range | None:
    rest: list[str] = []
    sayings = False
    for n in range(len(tail) - 1, -1, -1):
        line = tail[n]
        if not line or line.isspace():
            continue
        if valediction(line) or (line.rstrip()[-1:] in _RULED and _DELIMITER.fullmatch(line)):
            if sayings and not (valediction(line) and (_named(rest[-1], name) or _one_word(rest[-1]))):
                return None
            return _trim(tail, range(n + 1, len(tail)), name) if _speaks(rest[::-1], name) else None
        rest.append(line)
        if len(rest) > _MOST or below(line):
            return None
        if not _blocky(line, name):
            sayings = True
            if not slogan(line):
                return None
    return None


def _speaks(rest: Sequence[str], name: str) -> bool:
    """Whether lines below a goodbye are more than a name."""
    more = [line for line in rest if _SAID.search(line) and not greeting_name(line, name) and not _one_word(line)]
    if any(map(_reaches, rest)):
        return True
    if not more or all(_writes(line) and not _motto(line) for line in more):
        return False
    return len(more) > 1 or len(rest) > 1 or particular(more[0]) or len(more[0].split()) > 3


def _motto(line: str) -> bool:
    """'"We mend it"', '~ life is short ~', 'Your village, your say': a saying, though it has a writer's words."""
    bare = line.strip()
    return (
        bare[:1] in _QUOTES or (bare[:1] == bare[-1:] == "~") or _LETTER.intersection(_APART.findall(line)) == {"your"}
    )


def _one_word(line: str) -> bool:
    """'Peggy', 'Mum', 'and Joan': a name that the configuration does not know."""
    return line.strip(_EDGES).removeprefix("and ").isalpha() and not particular(line)


def _standing_apart(tail: Sequence[str], name: str) -> range | None:
    """Short lines at the very end that tell who somebody is, without a goodbye."""
    start = len(tail)
    while start and tail[start - 1].strip() and len(tail[start - 1]) <= _WIDE and _blocky(tail[start - 1], name):
        start -= 1
    lines = tail[start:]
    named = next((n for n, line in enumerate(lines) if _named(line, name)), None)
    if named is None:
        return None
    if _last_said(tail, start + named).rstrip().endswith(":"):
        return None  # What a colon announces is a list, whoever's name is in it.
    titled = lines[named].strip(_EDGES) == name and any(_SAID.search(line) for line in lines[named + 1 :])
    if not titled and not any(map(particular, lines[named:])):
        return None
    return _trim(tail, range(start + named, len(tail)), name)


def _paragraph(tail: Sequence[str], name: str) -> range | None:
    """A paragraph near the end that is a block of its own: the sender's name above a trade's lines, or these alone."""
    stop = end = len(tail)
    for after in range(_PARTED):
        while stop and not tail[stop - 1].strip():
            stop -= 1
        start = stop
        while start and tail[start - 1].strip():
            start -= 1
        lines = tail[start:stop]
        headed = _headed(lines, name, last=not after)
        if headed or (not after and _traded(lines)):
            above = _last_said(tail, start).rstrip()
            if headed and above.endswith(":"):
                return None
            if headed or above[-1:] in _STOPS:
                return range(start, end if _reached(tail[stop:end]) else stop)
        if not lines or below(lines[0]):
            return None
        stop, end = start, stop if after == 0 else end
    return None


def _headed(lines: Sequence[str], name: str, *, last: bool) -> bool:
    """Whether short lines stand below the sender's name; above other paragraphs they must tell more than a saying."""
    if (
        not 1 < len(lines) <= _MOST
        or len(lines[0]) > _WIDE
        or not _named(lines[0], name)
        or not all(map(_short, lines))
    ):
        return False
    whole = " " in name and name in lines[0]
    return any(map(particular, lines[1:])) or (last and whole and any(map(_SAID.search, lines[1:])))


def _traded(lines: Sequence[str]) -> bool:
    """Whether lines that name nobody are a firm's: what it is called, what it is, and how to reach it."""
    if not 1 < len(lines) <= _MOST or len(lines[0].split()) > _PARTED * 2 or any(len(line) > _SHORT for line in lines):
        return False
    if not all(map(_short, lines)) or ":" in lines[0] or _reaches(lines[0]) or _writes(lines[0]):
        return False
    reached = sum(map(_reaches, lines))
    return reached > 1 or (reached == 1 and any(map(_TRADE.search, lines)))


def _reached(lines: Sequence[str]) -> bool:
    """Whether a paragraph below a block goes on with how to reach somebody, and nothing else."""
    said = [line for line in lines if line.strip()]
    return bool(said) and all(len(line) <= _SHORT and _reaches(line) for line in said)


def _short(line: str) -> bool:
    return len(line) <= _WIDE and (not prose(line) or slogan(line))


def _named(line: str, name: str) -> bool:
    """Whether the line is the sender's name, or begins with it and tells what the sender is."""
    if greeting_name(line, name) or (" " in name and _headed_by(line, name, 0)):
        return True
    last = _last_name(name)
    if not last or len(line) > _SHORT or not _headed_by(line, last, 1):
        return False
    return particular(line) or line.rstrip(_EDGES).endswith(last)


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
    brief = len(said) <= _FEW and line.rstrip()[-1:] not in _STOPS  # 'Ann Marsh FSLCC', 'Marsh Garden Services'
    return (brief or not after[0].isalnum()) and not _writes(after)


def _blocky(line: str, name: str) -> bool:
    return not prose(line) or _named(line, name)


def _trim(tail: Sequence[str], found: range, name: str) -> range:
    """Without blank lines and first names above the block, which are the letter's own."""
    start, stop = found.start, found.stop
    while start < stop and not tail[start].strip():
        start += 1
    above = start
    while above < stop - 1 and (not tail[above].strip() or greeting_name(tail[above], name)):
        above += 1
        if not tail[above].strip() or greeting_name(tail[above], name):
            start = above
    return range(start, stop)


def near(lines: Sequence[str | None], closing: Closing) -> range | None:
    """The lines that look like one of the agreed signatures without being it; None when nothing does."""
    agreed = closing.signed
    if len(agreed) < _ENOUGH:
        return None
    hits = [n for n, line in enumerate(lines) if line and _agrees(line, agreed)]
    for found in reversed(clusters(hits)):
        said = {word for n in found for word in words(lines[n] or "")}
        if len(found) == 1 and (lines[found.start] or "").rstrip()[-1:] in _STOPS:
            continue  # 'Ask for Ann Marsh, the clerk.'
        round_about = lines[max(0, found.start - _PARTED) : found.stop + _PARTED]
        if len(said & agreed) >= _ENOUGH and any(line and closing.named(line) for line in round_about):
            return found
    return None


def _agrees(line: str, agreed: frozenset[str]) -> bool:
    if len(line) > 400 or prose(line):
        return False
    said = words(line)
    return sum(word in agreed for word in said) >= 0.6 * max(len(said), 1)


def clusters(hits: Sequence[int]) -> list[range]:
    """Lines, in order, as the stretches that they make: a line or two between makes no difference."""
    found: list[range] = []
    for n in hits:
        if found and n - found[-1].stop < _PARTED:
            found[-1] = range(found[-1].start, n + 1)
        else:
            found.append(range(n, n + 1))
    return found


def stretch(lines: Sequence[str | None], found: range, name: str, spaced: bool) -> range:
    """`found` with the lines that were added to it: below, or between it and a goodbye above.

    `spaced` says that the letter's paragraphs are parted by blank lines, so that what adjoins belongs.
    """
    return range(_up(lines, found.start, name), _down(lines, found.stop, spaced))


def _up(lines: Sequence[str | None], start: int, name: str) -> int:
    at = start
    while at and start - at < 4 and _added(lines[at - 1]) and not valediction(lines[at - 1] or ""):
        at -= 1
    if at == start or not at or (not valediction(lines[at - 1] or "") and (lines[at - 1] or "").strip()):
        return start
    if not valediction(_last_said(lines, at)):
        return start
    while at < start and (greeting_name(lines[at] or "", name) or _one_word(lines[at] or "")):
        at += 1
    return at


def _last_said(lines: Sequence[str | None], stop: int) -> str:
    return next((line for line in reversed(lines[:stop]) if line is None or line.strip()), None) or ""


def _added(line: str | None) -> bool:
    return line is not None and bool(line.strip()) and not prose(line) and not below(line) and not device(line)


def _down(lines: Sequence[str | None], stop: int, spaced: bool) -> int:
    """Adjoining lines are added ones, and so is a short paragraph that stands apart and is no letter, note or footer."""
    at = stop
    while at < len(lines) and at - stop < _MOST and (line := lines[at]) is not None and line.strip():
        if (
            device(line)
            or footer(line)
            or below(line)
            or (not spaced and prose(line))
            or (spaced and len(line) > 140 and prose(line))
        ):
            return at
        at += 1
    gap = at
    while gap < len(lines) and (line := lines[gap]) is not None and not line.strip():
        gap += 1
    end = gap
    while end < len(lines) and (line := lines[end]) is not None and line.strip():
        end += 1
    apart = [line or "" for line in lines[gap:end]]
    return end if apart and len(apart) <= 4 and not any(map(_letters_own, apart)) else at


def _letters_own(line: str) -> bool:
    return letterlike(line) or device(line) or footer(line) or not _SAID.search(line)

"""An agreed wording, ready to be looked for: the same words count as the same whatever a mail program did to them.

Line breaks, the width of spaces, dashes, quotes, bold marks, letter case, `<mailto:…>` clutter and a picture's mark
make no difference; a word, a number, an address or a line more or fewer does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from auditor.mail.vocabulary import alternation, closing_terms

_TELLING = 10
_NEEDLES = 4
_LONG = 5
"""Letters of a word that tells one text from another."""
BLANK = re.compile(r"\{(name|title|mailbox|phone)\}")

# What a reader sees as one sign comes as several characters; soft hyphens and zero-width marks are not seen at all.
_SAME = tuple(
    (sign, plain)
    for plain, signs in (
        (" ", "\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\t\r"),
        ("-", "\u2013\u2014\u2010\u2011\u2012\u2015\u2212"),
        ("'", "\u2018\u2019\u201a\u2032"),
        ('"', "\u201c\u201d\u201e\u00ab\u00bb"),
        ("", "\u00ad\u200b\u200c\u200d\u2060\ufeff"),
    )
    for sign in signs
)

_PICTURE = rf"\[(?:{alternation(closing_terms('pictures'))})[^\]\n]{{0,200}}\]"
# Mail with a broken MIME structure shows its HTML as it is written; a reader passes over the tags.
_TAGS = "!doctype|a|b|body|br|div|em|font|h[1-6]|head|hr|html|i|img|li|meta|o:p|ol|p|span|strong|table|tbody|td|tr|u|ul"
_TAG = rf"</?(?:{_TAGS})(?:\s[^<>]{{0,400}})?/?>"
_CLUTTER = rf"<(?:mailto|https?|tel|sms|file|cid):[^<>]{{0,400}}>|{_TAG}|&nbsp;|{_PICTURE}"
_GAP = rf"(?>[ \n](?=\w)|(?:[^\w<\[&]|_|{_CLUTTER}|[<\[&])++)"
_CLEAN_GAP = r"(?>[ \n](?=\w)|[\W_]++)"
"""The same where no clutter can be: it takes a tenth of the time to compile."""
_HYPHEN = r"[\W_]*+"
_EMAIL = r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_URL = r"(?:https?://|www\.)[^\s<>\"|\])]*[^\s<>\"|\]).,;:!?']"
_PHONE = r"(?:\+|\(?0)[\d ()/.-]{7,22}\d(?!\d)"
# In a pattern the sign before a number is already taken by what stands between two words.
_ANY_PHONE = r"(?:\+?\(?\d[\d ()/.-]{7,22}\d|\(?\d[\d ()/.-]{2,8}\n[\d ()/.-]{2,12}\d)(?!\d)"
_FREE = r"[^\W\d_][^\n|<>@]{1,60}?"
_PLAUSIBLE = {"phone": _ANY_PHONE, "mailbox": _EMAIL, "name": _FREE, "title": _FREE}

_ADDRESSED = re.compile(rf"(?P<email>{_EMAIL})|(?P<url>{_URL})|(?P<phone>{_PHONE})|\{{\w+\}}|[^\W_]+")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_CLUTTERED = re.compile(_CLUTTER)
_SEEN = re.compile(r"[^\n]")
_TRUNK = re.compile(r"(?:\+44|0044)(?:\(0\))?")
_NOT_DIGIT = re.compile(r"[^\d+]")
_EDGE = re.compile(rf"(?:{_CLUTTER}|[\W_])*+\Z")


def plain(text: str) -> str:
    """`text` in lower case with one form of each sign. Keeps every newline; offsets within a line may move."""
    if not text.isascii():
        for sign, same in _SAME:
            text = text.replace(sign, same)
    elif "\t" in text:
        text = text.replace("\t", " ")
    return text.lower()


plain_part = lru_cache(maxsize=8)(plain)
"""`plain`, for a whole part that several rules look at one after the other."""


class Token(NamedTuple):
    """A word, number or address, and where it stands in the plain text."""

    word: str
    """Addresses without their scheme, telephone numbers as national digits, everything else as it is."""
    start: int
    end: int


def national(phone: str) -> str:
    """A telephone number's digits as dialled at home: `+44 (0)1632 960114` and `01632-960114` are the same."""
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("0", phone.replace(" ", "")))
    return digits if len(digits.lstrip("+")) >= 9 else ""


def _address(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


def uncluttered(plain_text: str) -> str:
    """The text with spaces where a reader sees no words: `<mailto:…>` and the marks of pictures. Same length."""
    if "<" not in plain_text and "[" not in plain_text:
        return plain_text
    return _CLUTTERED.sub(lambda m: _SEEN.sub(" ", m[0]), plain_text)


def tokens(plain_text: str) -> list[Token]:
    """The words of a plain text in order, with their places, without clutter."""
    found: list[Token] = []
    start = 0
    for line in uncluttered(plain_text).split("\n"):
        if _particular(line):
            for match in _ADDRESSED.finditer(line):
                found += _token(match, start)
        else:
            found += [Token(m[0], start + m.start(), start + m.end()) for m in _WORD.finditer(line)]
        start += len(line) + 1
    return found


def words(plain_text: str) -> list[str]:
    """The words of a plain text in order: what `tokens` says, without their places."""
    found: list[str] = []
    for line in uncluttered(plain_text).split("\n"):
        if _particular(line):
            found += [token.word for match in _ADDRESSED.finditer(line) for token in _token(match, 0)]
        else:
            found += _WORD.findall(line)
    return found


def _particular(line: str) -> bool:
    # Looking for addresses and numbers costs ten times as much as looking for words: only where one can be.
    return "@" in line or "0" in line or "+" in line or "www." in line or "://" in line or "{" in line


def _token(match: re.Match[str], shift: int) -> list[Token]:
    word, start = match[0], match.start() + shift
    if match.lastgroup == "url":
        word = _address(word)
    elif match.lastgroup == "phone":
        number = national(word)
        if not number:
            return [Token(m[0], start + m.start(), start + m.end()) for m in _DIGITS.finditer(word)]
        word = number
    return [Token(word, start, match.end() + shift)]


def only_clutter(plain_text: str) -> bool:
    """Whether nothing stands here that a reader would miss: signs, spaces, `<mailto:…>`, a picture's mark."""
    return _EDGE.match(plain_text) is not None


def _number(digits: str) -> str:
    gap = r"[ ()/.\n-]*"
    home = gap.join(digits[1:]) if digits.startswith("0") else gap.join(map(re.escape, digits))
    return rf"\(?(?:0|(?:\+|00)?44{gap}(?:\(0\))?{gap}){gap}{home}(?!\d)" if digits.startswith("0") else home


def _element(match: re.Match[str]) -> str:
    text, kind = match[0], match.lastgroup
    blank = BLANK.fullmatch(text)
    if blank:
        return f"(?:{_PLAUSIBLE[blank[1]]})"
    if kind == "phone" and national(text):
        return _number(national(text))
    if kind == "url":
        return rf"(?:https?://)?{re.escape(_address(text))}/?"
    return re.escape(text)


def _may_be_cluttered(plain_text: str) -> bool:
    return "<" in plain_text or "[" in plain_text or "&nbsp;" in plain_text


@lru_cache(maxsize=1024)
def _pattern(template: str, cluttered: bool) -> re.Pattern[str]:
    """The template's words with anything between them that makes no difference.

    Compiled when it is first wanted: it takes milliseconds, and few people's wordings are ever met in another form.
    """
    pieces: list[str] = []
    gap = _GAP if cluttered else _CLEAN_GAP
    last = 0
    for match in _ADDRESSED.finditer(uncluttered(template)):
        between = template[last : match.start()]
        if pieces:
            pieces.append(gap if " " in between or "\n" in between or not between.startswith("-") else _HYPHEN)
        pieces.append(_element(match))
        last = match.end()
    return re.compile(rf"{''.join(pieces)}(?![^\W_])") if pieces else re.compile(r"(?!)")


def _needles(form: str) -> tuple[str, ...]:
    fixed = {m[0] for m in _ADDRESSED.finditer(uncluttered(form)) if m.lastgroup in (None, "email") and m[0][0] != "{"}
    return tuple(sorted(fixed, key=lambda word: (-len(word), word))[:_NEEDLES])


@dataclass(frozen=True, slots=True)
class Template:
    """One agreed wording for one person, compiled."""

    name: str
    """The template file's stem."""
    text: str
    """As agreed, blanks filled where the configuration can."""
    plain: str
    literal: str
    """What to look for first; empty when a blank is left open."""
    opening: str
    """The beginning of `literal`, at most a line: where it stands once, the wording stands at most once."""
    needles: tuple[str, ...]
    """The longest words and e-mail addresses of the wording, which no reading of it can do without."""
    words: tuple[str, ...]
    spans: tuple[Token, ...]
    shingles: frozenset[tuple[str, ...]]
    """Every three words that follow one another."""
    shown: str
    """The text that `spans` index: as agreed where the plain form has the same length, else the plain form."""

    def spots(self, plain_text: str) -> list[tuple[int, int]]:
        """Where the wording stands in a plain text, as agreed, in order."""
        if self.literal:
            at = plain_text.find(self.literal)
            if (
                at >= 0
                and plain_text.find(self.opening, at + 1) < 0
                and self._apart(plain_text, at, at + len(self.literal))
            ):
                return [(at, at + len(self.literal))]
        for needle in self.needles:
            if needle not in plain_text:
                return []
        # A look-behind in the pattern would take away the engine's quick search for its first word.
        spans = (match.span() for match in _pattern(self.plain, _may_be_cluttered(plain_text)).finditer(plain_text))
        return [span for span in spans if self._apart(plain_text, *span)]

    @staticmethod
    def _apart(plain_text: str, start: int, end: int) -> bool:
        return not plain_text[max(start - 1, 0) : start].isalnum() and not plain_text[end : end + 1].isalnum()


@lru_cache(maxsize=4096)
def template(name: str, text: str) -> Template:
    """A wording, compiled once."""
    form = plain(text).strip()
    found = tuple(tokens(form))
    literal = "" if BLANK.search(form) else form
    said = tuple(token.word for token in found)
    shingles = frozenset(zip(said, said[1:], said[2:], strict=False))
    agreed = text.strip()
    shown = agreed if len(agreed) == len(form) else form
    opening = literal.partition("\n")[0][:40]
    return Template(name, agreed, form, literal, opening, _needles(form), said, found, shingles, shown)


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything that may stand under one person's mail, compiled."""

    name: str
    """The person's name, to know a bare 'Ann' from a signature; may be empty."""
    signatures: tuple[Template, ...]
    waivers: tuple[Template, ...]
    link: str = ""
    """A link to this address is the waiver; empty when none is agreed."""
    waiver_shingles: frozenset[tuple[str, ...]] = frozenset()
    """What the agreed waivers say and the agreed signatures do not, three words at a time."""

    telling: tuple[str, ...] = ()
    """The longest words of the agreed waivers: two of them must be there before a likeness is worth looking for."""
    signed: frozenset[str] = frozenset()
    """Every word of the agreed signatures."""
    proofs: tuple[str, ...] = ()
    """The person's surname and the Council's domain: one must be there before a signature is taken for an agreed one."""

    def resembled(self, plain_text: str) -> bool:
        """Whether a plain text may hold something like an agreed waiver."""
        seen = 0
        for word in self.telling:
            seen += word in plain_text
            if seen > 1:
                return True
        return False

    def named(self, plain_text: str) -> bool:
        """Whether a plain text may hold something like an agreed signature."""
        for proof in self.proofs:  # noqa: SIM110 - a generator costs as much again, on every message
            if proof in plain_text:
                return True
        return False

    @property
    def shown_link(self) -> str:
        """The link as it stands in a plain text: lower case, without scheme."""
        return _address(self.link.lower())

    def leads(self, target: str) -> bool:
        """Whether a link leads where the agreed one does, whatever text it stands on."""
        return bool(self.link) and _address(target.lower()).rstrip("/") == self.shown_link.rstrip("/")


def _telling(one: Template) -> list[str]:
    """The longest words of a waiver; short ones, which every letter has, only where it has no others."""
    longest = sorted(set(one.words), key=lambda word: (-len(word), word))[:_TELLING]
    long = [word for word in longest if len(word) >= _LONG]
    return long if len(long) > 1 else longest


@lru_cache(maxsize=1024)
def closing(
    name: str, signatures: tuple[tuple[str, str], ...], waivers: tuple[tuple[str, str], ...], link: str = ""
) -> Closing:
    """A person's closing from (template name, text) pairs, blanks filled; compiled once, longest wording first."""

    def longest(pairs: tuple[tuple[str, str], ...]) -> tuple[Template, ...]:
        return tuple(sorted((template(*pair) for pair in pairs), key=lambda t: -len(t.words)))

    said, signed = longest(waivers), longest(signatures)
    told = frozenset(shingle for one in said for shingle in one.shingles)
    domains = {word.rpartition("@")[2] for one in signed for word in one.words if "@" in word}
    proofs = {*words(plain(name))[-1:], *domains}
    telling = [word for one in said for word in _telling(one)]
    shingles = told.difference(*(one.shingles for one in signed))
    every = frozenset(word for one in signed for word in one.words)
    return Closing(name, signed, said, link, shingles, tuple(dict.fromkeys(telling)), every, tuple(sorted(proofs)))

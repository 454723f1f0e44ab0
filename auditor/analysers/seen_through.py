"""A text as a reader sees through it: letters that only look like others, spaced, masked, doubled or mistyped words.

Everything keeps its place: what is found in the text as seen is quoted from the text as it stands.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from auditor.analysers.prose import Prose, plain, prose
from auditor.analysers.vocabulary import terms

_RUDE = ("swearing", "indecent", "slur_race", "slur_disability", "slur_orientation", "slur_gender", "slur_sex")
_LEET = str.maketrans("013457@$!+|9", "oieastasitlg")
_ALIKE = str.maketrans("авеһікмнорстухѕјԁɡαβεικνορτυχ", "abehikmhopctyxsjdgabeiknoptux")
_TAG = re.compile(r"(?<=[a-z])(?:<!--[^<>]{0,40}-->|</?[a-z]{1,6}/?>)+(?=[a-z])")
_SPACED = re.compile(r"(?<![a-z0-9'])[a-z0-9@$!](?:([ ._*\-]{1,2})[a-z0-9@$!])(?:\1[a-z0-9@$!])+(?![a-z0-9'])")
_WORD = re.compile(r"[^\s\"(),;:<>\[\]{}/\\=~^&?]+")
_SPELLED = re.compile(r"(?:^|[^a-z0-9])[a-z0-9@$!](?:[._*\-]{1,2}[a-z0-9@$!]){2}")
_ALONE = frozenset("bcdefghjklmnopqrstuvwxyz013457@$!")
_FEW_ALONE = 2
"""Letters that must stand alone for a word to be written letter by letter ('a' and 'i' are words)."""
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_MASKED = re.compile(r"[a-z]+[*#@]+[a-z*#]*|[a-z]+-{2,}[a-z]*|[a-z]+[.…]{2,}[a-z]+")
_MASK = re.compile(r"[*#@.…-]+")
_DOUBLED = re.compile(r"([^eo])\1+|([eo])\2{2,}")
_LEAST_SLIP = 5
"""Letters a word must have to be known with one of them missing, or two of them changed about."""
_LEAST_PART = 3
_MEMORY = 1 << 17
"""Words that are remembered as ordinary before they are forgotten all together."""


class Seen:
    """A text without its evasions."""

    __slots__ = ("_begins", "_ends", "chunks", "odd", "prose")

    def __init__(self, text: str, begins: list[int] | None = None, ends: list[int] | None = None) -> None:
        self.prose: Prose = prose(text)
        self._begins, self._ends = begins, ends
        self.chunks = frozenset(self.prose.plain.split())
        """Whatever stands between blanks."""
        self.odd: frozenset[str] = odd(self.chunks)
        """The words, with whatever is written to them, that want a closer look; most texts have none."""

    @property
    def text(self) -> str:
        """In small letters."""
        return self.prose.plain

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the text as seen stands in the text as it was."""
        if self._begins is None or self._ends is None or start >= end:
            return start, end
        return self._begins[start], self._ends[end - 1]

    def words(self) -> Iterator[tuple[str, int, int]]:
        """Each word that wants a closer look, bare of punctuation, and where it stands."""
        pieces = {chunk: tuple(_pieces(chunk)) for chunk in self.odd}
        for chunk in re.finditer(r"\S+", self.text) if pieces else ():
            for word, start in pieces.get(chunk[0], ()):
                yield word, chunk.start() + start, chunk.start() + start + len(word)

    def edited(self, edits: Iterable[tuple[int, int, str]]) -> Seen:
        """With stretches replaced, in order and apart."""
        text = self.prose.text
        pieces, begins, ends, at = [], list[int](), list[int](), 0
        for start, end, new in edits:
            pieces += [text[at:start], new]
            self._kept(at, start, begins, ends)
            first, last = self.span(start, end)
            begins += [first] * len(new)
            ends += [last] * len(new)
            at = end
        if not pieces:
            return self
        self._kept(at, len(text), begins, ends)
        return Seen("".join((*pieces, text[at:])), begins, ends)

    def _kept(self, start: int, end: int, begins: list[int], ends: list[int]) -> None:
        """Writes down where an unaltered stretch stands."""
        begins += range(start, end) if self._begins is None else self._begins[start:end]
        ends += range(start + 1, end + 1) if self._ends is None else self._ends[start:end]


@lru_cache(maxsize=32)
def seen_through(text: str) -> Seen:
    """A text without its evasions; itself when it has none."""
    seen = Seen(text)
    if not text.isascii() and any(char > "\x7f" and likeness(char) != char for char in set(text)):
        seen = seen.edited(_likenesses(seen.prose.text))
    if "<" in text:
        seen = seen.edited((m.start(), m.end(), "") for m in _TAG.finditer(seen.text))
    if len(_ALONE & seen.chunks) >= _FEW_ALONE or any(map(_SPELLED.search, seen.odd)):
        seen = seen.edited(_joined(seen.text))
    return seen.edited(_mended(seen)) if seen.odd else seen


def bare(word: str) -> tuple[str, int]:
    """A word without the punctuation before and behind it, and how much stood before."""
    left = word.lstrip("'*_.-!#+" if word[-1] in "*_'" else "'_.-!#+")
    return left.rstrip("'_.!-+" if word[0] not in "*_" else "'*_.!-+"), len(word) - len(left)


_ORDINARY: set[str] = set()


def odd(chunks: frozenset[str]) -> frozenset[str]:
    """Of what stands between blanks, what is rude or written oddly."""
    new = chunks - _ORDINARY
    found = {chunk for chunk in new if _tells(chunk)}
    if len(_ORDINARY) > _MEMORY:
        _ORDINARY.clear()
    _ORDINARY.update(new - found)
    return frozenset(found)


def _tells(chunk: str) -> bool:
    return _SPELLED.search(chunk) is not None or any(True for _ in _pieces(chunk))


def _pieces(chunk: str) -> Iterator[tuple[str, int]]:
    """What is rude or odd in a run of letters without a blank, whole where it can be, and where it begins."""
    for match in _WORD.finditer(chunk):
        word, start = bare(match[0])
        if rude(word) or mended(word):
            yield word, match.start() + start
        elif not word.isalpha():
            yield from ((m[0], match.start() + start + m.start()) for m in _LETTERS.finditer(word) if rude(m[0]))


def _likenesses(text: str) -> Iterator[tuple[int, int, str]]:
    for i, char in enumerate(text):
        new = likeness(char) if char > "\x7f" else char
        if new != char:
            yield i, i + 1, new


@lru_cache(maxsize=4096)
def likeness(char: str) -> str:
    """The letter of the alphabet that a character is read as; nothing for one that shows nothing; else itself."""
    if unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return ""
    small = plain(unicodedata.normalize("NFKD", char)).translate(_ALIKE)
    letters = "".join(c for c in small if "a" <= c <= "z" or "0" <= c <= "9")
    return letters if len(letters) == 1 else char


def _joined(text: str) -> Iterator[tuple[int, int, str]]:
    """Words written letter by letter, where they are words that matter here."""
    for match in _SPACED.finditer(text):
        gap = len(match[1])
        letters = match[0][:: gap + 1].translate(_LEET)
        known = (skip for skip in range(1 + (letters[0] in "ai")) if _matters(letters[skip:]))
        for skip in itertools.islice(known, 1):
            yield match.start() + skip * (gap + 1), match.end(), letters[skip:]


def _matters(word: str) -> bool:
    return len(word) >= _LEAST_PART and (word in _vocabulary() or rude(word) is not None)


def _mended(seen: Seen) -> Iterator[tuple[int, int, str]]:
    for word, start, end in seen.words():
        new = mended(word)
        if new is not None:
            yield start, end, new


@lru_cache(maxsize=1 << 14)
def mended(word: str) -> str | None:
    """The word, or the two words, that an odd spelling stands for; None where it is itself, or nothing known."""
    known = _vocabulary()
    if not _LEAST_PART <= len(word) <= _LONGEST or word in known or word in terms("rude", "innocent"):
        return None
    if word.isalpha():
        return _slips().get(word) or _parted(word) or _alike(word)
    if _MASKED.fullmatch(word) and (whole := _unmasked(word)):
        return whole
    if word.isdigit() or sum(map(str.isalpha, word)) < _LEAST_PART - 1:
        return None
    letters = word.translate(_LEET)
    return next((one for one in (letters, letters.replace("i", "l")) if one in known), None) or _alike(letters)


def _parted(word: str) -> str | None:
    """Two words that ran together, one of which matters here."""
    for i in range(1 if word[0] == "i" else _LEAST_PART - 1, len(word) - 1):
        left, right = word[:i], word[i:]
        if (right in _hostile() and left in _company()) or (left in _hostile() and right in _company()):
            return f"{left} {right}"
        if min(i, len(right)) > _LEAST_PART and _abuse(left, right):
            return f"{left} {right}"
    return None


def _abuse(left: str, right: str) -> bool:
    rude_words, company = _known_rude(), _company()
    return (right in rude_words and left in company) or (left in rude_words and right in company)


def _alike(word: str) -> str | None:
    """The rude word that sounds the same."""
    return _sounds().get(sound(word))


def _unmasked(word: str) -> str | None:
    """The swear word that fits round the stars."""
    source = _MASK.sub(lambda m: f"[a-z]{{{max(1, len(m[0]) - 1)},{len(m[0]) + 1}}}", word)
    fits = re.compile(source)
    exact = re.compile(_MASK.sub(lambda m: "[a-z]" * len(m[0]), word))
    masked = terms("evasion", "masked")
    first = terms("evasion", "masked_first")
    ordered = sorted(masked, key=lambda one: (exact.fullmatch(one) is None, one not in first, len(one), one))
    return next((one for one in ordered if fits.fullmatch(one)), None)


@lru_cache(maxsize=1 << 14)
def sound(word: str) -> str:
    """A word as it sounds, roughly: what is spelled to evade sounds the same."""
    word = word.translate(_LEET).replace("ph", "f").replace("fxc", "fuc").replace("fvc", "fuc").replace("z", "s")
    word = re.sub(r"f(?:c?k|q)+", "fuk", word)
    word = re.sub(r"[ckq]+", "k", re.sub(r"x", "ks", word)).replace("y", "i").replace("ie", "i")
    return _DOUBLED.sub(lambda m: m[0][0], word)


@cache
def _vocabulary() -> frozenset[str]:
    return _known_rude() | _hostile() | _company()


@cache
def _known_rude() -> frozenset[str]:
    return frozenset(word for table in _RUDE for word in terms("rude", table))


@cache
def _hostile() -> frozenset[str]:
    return terms("evasion", "hostile")


@cache
def _company() -> frozenset[str]:
    return terms("evasion", "company") | _hostile()


@cache
def _slips() -> dict[str, str]:
    """Every word with a letter missing, or two of them changed about, and what it was."""
    found: dict[str, str] = {}
    known = _vocabulary() | terms("rude", "innocent") | terms("evasion", "words_of_their_own")
    short = terms("evasion", "short")
    for word in sorted(_hostile()):
        if not word.isalpha() or (len(word) < _LEAST_SLIP and word not in short):
            continue
        for i in range(1, len(word) - 1):
            swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            for slip in (word[:i] + word[i + 1 :], swapped):
                if slip not in known:
                    found.setdefault(slip, word)
    return found


@cache
def _sounds() -> dict[str, str]:
    apart = terms("rude", "of_a_person") | terms("rude", "names")
    words = sorted(one for one in _known_rude() - apart if one.isalpha())
    return {sound(word): word for word in words if len(sound(word)) >= _clear(word)}


def _clear(word: str) -> int:
    """How many sounds tell a word from every other: fewer for plain swearing than for names that people are called."""
    if word in terms("evasion", "stems"):
        return _LEAST_PART
    return _LEAST_PART + (1 if _index()[word] in ("swearing", "indecent") else 2)


@lru_cache(maxsize=1 << 14)
def rude(word: str) -> str | None:
    """The table of `terms/rude.toml` that a word belongs to, by itself or for what it is made of."""
    if len(word) > _LONGEST or not word.isascii() or word in terms("rude", "innocent"):
        return None
    index = _index()
    single = word.removesuffix("'s")
    for one in (single, single.translate(_LEET), single.replace("-", "")):
        if one in index:
            return index[one]
    if len(word) > _LEAST_PART:
        return _compound(single.translate(_LEET).replace("-", "").replace("'", "").replace("_", ""))
    return None


_LONGEST = 30


@cache
def _index() -> dict[str, str]:
    found = {word: table for table in _RUDE for word in terms("rude", table)}
    return {**{word.replace("-", ""): table for word, table in found.items()}, **found}


@cache
def _morphemes() -> dict[str, tuple[bool, bool, bool]]:
    """How the parts of compounds sound, and whether they are rude by themselves, rude in company, company."""
    apart = terms("rude", "of_a_person") | terms("rude", "names") | terms("rude", "innocent")
    found: dict[str, tuple[bool, bool, bool]] = {}
    for words, kind in (
        (terms("rude", "endings"), (False, False, False)),
        (terms("rude", "heads"), (False, False, True)),
        (terms("rude", "parts"), (False, True, False)),
        (_known_rude() - apart, (True, True, False)),
    ):
        for word in words:
            key = sound(word)
            least = _clear(word) if kind[0] else _LEAST_PART if kind[2] else 1
            if word.isalpha() and len(key) >= least:
                old = found.get(key, (False, False, False))
                found[key] = (old[0] or kind[0], old[1] or kind[1], old[2] or kind[2])
    return found


def _compound(word: str) -> str | None:
    """Whether every letter of a word belongs to a part of a term of abuse, and enough of them do."""
    if not word.isalpha():
        return None
    stem = next((one for one in terms("evasion", "stems") if one in word), None)
    if stem is not None and not any(one in word for one in terms("evasion", "not_stems")):
        return _index().get(stem, "swearing")
    key, parts = sound(word), _morphemes()
    reached: dict[int, set[tuple[bool, int, bool]]] = {0: {(False, 0, False)}}
    for at in range(len(key)):
        for strong, weak, head in sorted(reached.get(at, ())):
            for size in range(1, min(len(key) - at, 14) + 1):
                part = parts.get(key[at : at + size])
                if part is not None and (size > 1 or at + 1 == len(key)):
                    state = (strong or part[0], min(2, weak + part[1]), head or (part[2] and weak + part[1] > part[1]))
                    reached.setdefault(at + size, set()).add(state)
    done = reached.get(len(key), set())
    if any(strong or (weak and head) or weak > 1 for strong, weak, head in done):
        return "swearing"
    return None

"""Which words a text must have for a pattern to be worth trying: looked up once a text, however many patterns ask.

What a pattern cannot do without (`demands`) is a table of words and runs of words. Each table has a bit; a text's words
are looked up once, and every pattern then asks for its bits.
"""

from __future__ import annotations

import itertools

from auditor.analysers.vocabulary import terms

APART = str.maketrans(dict.fromkeys('.,;:!?()[]{}<>"/\\|*_-+=&~#@£$€%^•…', " "))
"""What no word holds."""
_PARTS = APART | {ord("'"): " ", 0: " "}
_bits: dict[frozenset[tuple[str, ...]], int] = {}
"""By a table's terms."""
_masks: dict[str, int] = {}
"""By a term of one word: the tables it is in."""
_pairs: dict[tuple[str, ...], int] = {}
"""By two neighbouring words of a term of two: the tables it is in."""
_triples: dict[tuple[str, ...], int] = {}
"""By three neighbouring words of a longer term: the tables it is in."""
_costs: dict[int, float] = {}
"""By a table's bit: how many texts in a thousand have one of its terms, roughly."""


class Words(frozenset[str]):
    """The words of a text, lower case; of one with an apostrophe its parts too."""

    __slots__ = ("_known", "_mask", "_said")
    _known: int
    _mask: int
    _said: list[str]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text that is in small letters with one sort of apostrophe."""
        said = text.translate(_PARTS).split()
        words = cls(said)
        if "'" in text:
            whole = [word.strip("'") for word in text.translate(APART).split() if "'" in word]
            words = cls((*said, *whole))
        words._said, words._known = said, -1
        return words

    @property
    def mask(self) -> int:
        """The bits of all tables one of whose terms may occur."""
        if self._known != len(_bits):
            said = self._said
            mask = 0
            for word in self & _masks.keys():
                mask |= _masks[word]
            for pair in _pairs.keys() & itertools.pairwise(said):
                mask |= _pairs[pair]
            for triple in _triples.keys() & zip(said, said[1:], said[2:], strict=False):
                mask |= _triples[triple]
            self._mask, self._known = mask, len(_bits)
        return self._mask


def bit(table: frozenset[tuple[str, ...]]) -> int:
    """The mask of a table of terms that are parted into words (`parts`), one of which must occur.

    It is 0 for no table, and where nearly every letter has one.
    """
    if table in _bits:
        return _bits[table]
    cost = sum(map(_cost, table))
    if not table or cost >= _USELESS:
        return 0
    one = _bits[table] = 1 << len(_bits)
    _costs[one] = cost
    for words in table:
        if len(words) == 1:
            _masks[words[0]] = _masks.get(words[0], 0) | one
        else:
            known = _pairs if len(words) == 2 else _triples
            told = _told(words)
            known[told] = known.get(told, 0) | one
    return one


def parts(text: str) -> tuple[str, ...]:
    """The words of a text as they are looked up, apostrophes apart."""
    return tuple((text if text.isalnum() else text.translate(_PARTS)).split())


def in_word(letter: str) -> bool:
    """Whether a letter may be a word's."""
    return not letter.isspace() and ord(letter) not in _PARTS


def cost(mask: int) -> float:
    """How many texts in a thousand share a bit with a mask, roughly: the fewer, the better it tells."""
    together = 0.0
    while mask:
        one = mask & -mask
        together += _costs[one]
        mask ^= one
    return together


def _told(words: tuple[str, ...]) -> tuple[str, ...]:
    """Of a term's words the three neighbours that tell most."""
    if len(words) <= 3:
        return words
    return max(zip(words, words[1:], words[2:], strict=False), key=lambda three: sorted(map(_rarity, three)))


def _rarity(word: str) -> tuple[bool, int, str]:
    """Among words that not every letter has, the longest is the rarest as a rule."""
    return word not in terms("prose", "common"), len(word), word


_USELESS = 20000.0
_COSTS = {(0, 0): _USELESS, (1, 1): 300.0, (1, 0): 1.0, (2, 2): 5.0, (2, 1): 0.6, (2, 0): 0.1}
"""By how many words a term has and how many of them every letter has."""


def _cost(words: tuple[str, ...]) -> float:
    usual = len(terms("prose", "common").intersection(words))
    if len(words) >= 3:
        return 0.5 if usual == len(words) else 0.05
    return _COSTS[len(words), usual]

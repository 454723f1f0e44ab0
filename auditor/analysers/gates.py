"""Which words a text must have for a pattern to be worth trying: asked of the pattern itself, once.

A pattern is made of tables of words and what stands between them. Where a table cannot be left out, one of its words
must occur in the text. Each table has a bit; a text's words are looked up once, and every pattern then asks for its bits.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from auditor.analysers.vocabulary import terms

APART = str.maketrans(dict.fromkeys('.,;:!?()[]{}<>"/\\|*_-+=&~#@£$€%^•…', " "))
"""What no word holds."""
_PARTS = APART | {ord("'"): " "}
_bits: dict[frozenset[str], int] = {}
"""By a table's terms."""
_masks: dict[str, int] = {}
"""By a term of one word: the tables it is in."""
_pairs: dict[tuple[str, str], int] = {}
"""By two neighbouring words of a term of several: the tables it is in."""
_sizes: dict[int, int] = {}
_PIECE = re.compile(r"\{(\w+)\}|\(\?P?<\w+>|\(\?:|\(|\)|\||\[(?:\\.|[^\]\\])*\]|\\.|\{\d+(?:,\d*)?\}|.", re.DOTALL)
_PART_BEFORE = re.compile(r"(?:[\w\]]|\.[*+]\??)(?<!\\b)(?:\(\?:|\()*\Z")
_PART_AFTER = re.compile(r"\)*[?*+]?\)*(?:\(\?:|\()*(?:[A-Za-z0-9\[.]|\\[wdWDS])")
"""What makes a table's word a part of a longer word: such a table asks for nothing."""
_OPTIONAL = re.compile(r"\?|\*|\{0(?:,\d*)?\}")


class Words(frozenset[str]):
    """The words of a text, lower case; of one with an apostrophe its parts too."""

    __slots__ = ("_known", "_mask", "_said")
    _known: int
    _mask: int
    _said: list[str]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text that is in small letters with one sort of apostrophe."""
        said = text.translate(APART).split()
        if "'" not in text:
            words = cls(said)
        else:
            words = cls([part for word in said for part in (word.strip("'"), *word.split("'"))])
            said = text.translate(_PARTS).split()
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
            self._mask, self._known = mask, len(_bits)
        return self._mask


def bit(table: Iterable[str]) -> int:
    """The mask of a table, one of whose terms must occur; 0 for no table, and
    where one of its terms has no word, for it may stand anywhere."""
    held = frozenset(table)
    if held in _bits:
        return _bits[held]
    worded = [term.translate(_PARTS).split() for term in sorted(held)]
    if not worded or not all(worded):
        return 0
    one = _bits[held] = 1 << len(_bits)
    _sizes[one] = len(held)
    for words in worded:
        if len(words) == 1:
            _masks[words[0]] = _masks.get(words[0], 0) | one
        else:
            pair = max(itertools.pairwise(words), key=lambda two: sorted(map(_rarity, two)))
            _pairs[pair] = _pairs.get(pair, 0) | one
    return one


def rarest(term: str) -> str:
    """A term's rarest word; empty when it has none."""
    return max(term.translate(_PARTS).split(), key=_rarity, default="")


def wanted(source: str, tables: dict[str, frozenset[str]]) -> tuple[int, ...]:
    """Masks of a pattern, each of which a text must share a bit with for the pattern to match it.

    `source` has its tables as `{name}`. Only tables are asked for: other words may be parts of words.
    """
    pieces = list(_PIECE.finditer(source))
    found, _ = _branches(source, pieces, 0, tables)
    return tuple(sorted(found))


def _branches(
    source: str, pieces: list[re.Match[str]], at: int, tables: dict[str, frozenset[str]]
) -> tuple[set[int], int]:
    """What all branches of a group ask for together, from its first piece on; and the place behind its end."""
    branches: list[set[int]] = [set()]
    while at < len(pieces) and pieces[at][0] != ")":
        piece = pieces[at]
        at += 1
        if piece[0] == "|":
            branches.append(set())
            continue
        asked: set[int] = set()
        if piece[0].startswith("("):
            asked, at = _branches(source, pieces, at, tables)
            at += 1
        elif (
            piece[1]
            and not _PART_BEFORE.search(source, 0, piece.start())
            and not _PART_AFTER.match(source, piece.end())
        ):
            asked = {bit(tables[piece[1]])} - {0}
        after = pieces[at - 1].end() if at <= len(pieces) else len(source)
        if not _OPTIONAL.match(source, after):
            branches[-1] |= asked
    if len(branches) == 1:
        return branches[0], at
    if not all(branches):
        return set(), at
    together = 0
    for branch in branches:
        together |= min(branch, key=_size)
    return {together}, at


def _rarity(word: str) -> tuple[bool, int, str]:
    """Among words that not every letter has, the longest is the rarest as a rule."""
    return word not in terms("prose", "common"), len(word), word


def _size(mask: int) -> tuple[int, int]:
    """How many words a mask stands for: the fewer, the rarer."""
    return sum(size for one, size in _sizes.items() if mask & one), mask

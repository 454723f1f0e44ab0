"""What words a pattern cannot do without, asked of the pattern itself, once.

A pattern is made of tables of terms, of words, and of what stands between them. What it may be is written out as long as
that is a handful of phrases; where it is more, each stretch that was written out is a table of its own, of which a text
must hold a term.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from auditor.analysers.gates import bit, cost, in_word, parts
from auditor.values import Value

_MANY = 400
"""Phrases that a stretch of a pattern is written out to: where it may be more, it is parted."""
_LOOKED_UP = 3
"""Neighbouring words that are looked up together."""
_EDGE = "\0"
"""A place between two words, in a phrase that is written out."""
_PIECE = re.compile(
    r"\{(?P<table>[a-z_]+)\}|(?P<open>\((?:\?P?<\w+>|\?[a-z]*:)?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<count>[*+?]\??|\{(?P<least>\d+)(?P<upto>,(?P<most>\d*))?\}\??)"
    r"|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\]|\\p\{\w+\}|\\[pP]\w|\\[wWdDsS]|\.)|(?P<edge>\\[bAz]|\^|\$)"
    r"|(?P<letters>[a-z ]+(?![*+?]|\{\d))|\\?(?P<letter>.)",
    re.DOTALL,
)


_WORDLESS = re.compile(r"\[-?(?:[^\w\\^\]-]|\\[^\w])+-?\]|\\[Ws]")
"""A class of letters of which no word has one ('[,;:]')."""


class _Phrases(Value, frozen=True):
    """Any of some phrases."""

    said: frozenset[str]


class _Unknown(Value, frozen=True):
    """A letter of which no more is known than whether it may be a word's."""

    apart: bool


class _Chain(Value, frozen=True):
    """One after another."""

    links: tuple[_Node, ...]


class _Choice(Value, frozen=True):
    """One of several."""

    branches: tuple[_Node, ...]


class _Repeated(Value, frozen=True):
    """Between `least` and `most` times."""

    node: _Node
    least: int
    most: int


_Node = _Phrases | _Unknown | _Chain | _Choice | _Repeated
_UNENDING = 1 << 30


def demands(source: str, tables: Mapping[str, frozenset[str]]) -> tuple[int, ...]:
    """Masks (`gates`), each of which a text must share a bit with for a pattern between word boundaries to match it.

    `source` has its tables as `{name}` and one blank for any number.
    """
    pieces = list(_PIECE.finditer(source))
    node, at = _choice(pieces, 0, tables)
    if at != len(pieces):
        raise ValueError(f"A bracket too many in '{source}'.")
    return tuple(sorted(_asked(node, bounded=(True, True))))


# --- reading


def _choice(pieces: Sequence[re.Match[str]], at: int, tables: Mapping[str, frozenset[str]]) -> tuple[_Node, int]:
    """What stands from a piece on to the end of its group, and the place of that end."""
    branches: list[_Node] = []
    links: list[_Node] = []
    while at < len(pieces) and not pieces[at]["close"]:
        piece = pieces[at]
        at += 1
        if piece["bar"]:
            branches.append(_Chain(tuple(links)))
            links = []
        elif piece["open"]:
            node, at = _choice(pieces, at, tables)
            links.append(node)
            at += 1
        elif piece["count"]:
            links.append(_Repeated(links.pop(), *_times(piece)))
        else:
            links.append(_single(piece, tables))
    branches.append(_Chain(tuple(links)))
    return (branches[0] if len(branches) == 1 else _Choice(tuple(branches))), at


def _single(piece: re.Match[str], tables: Mapping[str, frozenset[str]]) -> _Node:
    if piece["table"]:
        return _Phrases(tables[piece["table"]])
    if piece["class"]:
        return _Unknown(_WORDLESS.fullmatch(piece["class"]) is not None)
    return _Phrases(frozenset({_EDGE if piece["edge"] else piece["letters"] or piece["letter"]}))


def _times(piece: re.Match[str]) -> tuple[int, int]:
    sign = piece["count"][0]
    if sign != "{":
        return int(sign == "+"), 1 if sign == "?" else _UNENDING
    least = int(piece["least"])
    return least, int(piece["most"] or _UNENDING) if piece["upto"] else least


# --- what it may be


def _written(node: _Node) -> frozenset[str] | None:
    """All that it may be; None where that is too much."""
    if isinstance(node, _Phrases):
        return node.said
    if isinstance(node, _Unknown):
        return None
    if isinstance(node, _Repeated):
        once = _written(node.node)
        if once is None or node.most > 1:
            return None
        return once | {""} if node.least == 0 else once
    if isinstance(node, _Choice):
        every = [_written(one) for one in node.branches]
        known = [one for one in every if one is not None]
        return frozenset().union(*known) if len(known) == len(every) and sum(map(len, known)) <= _MANY else None
    made = frozenset({""})
    for link in node.links:
        more = _written(link)
        if more is None or len(made) * len(more) > _MANY:
            return None
        made = frozenset(map("".join, itertools.product(made, more)))
    return made


def _parted(node: _Node, end: int) -> bool:
    """Whether whatever it may be is nothing, or has no letter at one end (0 the first, -1 the last)."""
    said = _written(node)
    if said is not None:
        return not any(phrase and in_word(phrase[end]) for phrase in said)
    if isinstance(node, _Repeated):
        return _parted(node.node, end)
    if isinstance(node, _Choice):
        return all(_parted(one, end) for one in node.branches)
    if isinstance(node, _Chain):
        for link in node.links if end == 0 else reversed(node.links):
            if not _parted(link, end):
                return False
            if not _omissible(link):
                return True
        return True
    if isinstance(node, _Unknown):
        return node.apart
    return not any(phrase and in_word(phrase[end]) for phrase in node.said)


def _omissible(node: _Node) -> bool:
    """Whether it may be nothing; a place between words is nothing that parts."""
    if isinstance(node, _Phrases):
        return "" in node.said
    if isinstance(node, _Repeated):
        return node.least == 0 or _omissible(node.node)
    if isinstance(node, _Choice):
        return any(map(_omissible, node.branches))
    return isinstance(node, _Chain) and all(map(_omissible, node.links))


# --- what it asks for


def _asked(node: _Node, bounded: tuple[bool, bool]) -> frozenset[int]:
    """Its masks; `bounded` says whether a word ends before it, and whether one begins behind it."""
    said = _written(node)
    if said is not None:
        return _table(said, bounded)
    if isinstance(node, _Phrases):
        return _table(node.said, bounded)
    if isinstance(node, _Repeated):
        return _asked(node.node, bounded if node.most == 1 else (bounded[0], False)) if node.least else frozenset()
    if isinstance(node, _Choice):
        branches = [_asked(one, bounded) for one in node.branches]
        if not all(branches):
            return frozenset()
        together = 0
        for branch in branches:
            together |= min(branch, key=cost)
        return frozenset({together})
    return frozenset(_of_chain(node.links, bounded)) if isinstance(node, _Chain) else frozenset()


def _of_chain(links: Sequence[_Node], bounded: tuple[bool, bool]) -> Iterator[int]:
    """The masks of each stretch that can be written out, and of whatever stands between two."""
    held = frozenset({""})
    before = after_held = bounded[0]
    for at, link in enumerate(links):
        more = _written(link)
        if more is None and isinstance(link, _Phrases):
            more = link.said
        if more is not None and len(held) * len(more) <= _MANY:
            held = frozenset(map("".join, itertools.product(held, more)))
            continue
        behind = _begins(links, at, bounded[1])
        yield from _table(held, (before, behind))
        after_held = _ends(links, at, bounded[0])
        if more is None:
            yield from _asked(link, (after_held, _begins(links, at + 1, bounded[1])))
            held, before = frozenset({""}), _ends(links, at + 1, bounded[0])
        else:
            held, before = more, after_held
    yield from _table(held, (before, bounded[1]))


def _begins(links: Sequence[_Node], at: int, otherwise: bool) -> bool:
    """Whether no letter follows, from a link on."""
    for link in links[at:]:
        if not _parted(link, 0):
            return False
        if not _omissible(link):
            return True
    return otherwise


def _ends(links: Sequence[_Node], at: int, otherwise: bool) -> bool:
    """Whether no letter stands before a link."""
    for link in reversed(links[:at]):
        if not _parted(link, -1):
            return False
        if not _omissible(link):
            return True
    return otherwise


@cache
def _table(said: frozenset[str], bounded: tuple[bool, bool]) -> frozenset[int]:
    """The masks of some phrases, without a word at either end that may be part of a longer one."""
    whole = [_whole(phrase, bounded) for phrase in said]
    if not all(whole):
        return frozenset()
    ends = (slice(None, _LOOKED_UP), slice(-_LOOKED_UP, None))
    return frozenset(bit(frozenset(words[end] for words in whole)) for end in ends) - {0}


def _whole(phrase: str, bounded: tuple[bool, bool]) -> tuple[str, ...]:
    words = parts(phrase)
    first = bool(words) and not bounded[0] and in_word(phrase[0])
    last = len(words) > first and not bounded[1] and in_word(phrase[-1])
    return words[int(first) : len(words) - int(last)]

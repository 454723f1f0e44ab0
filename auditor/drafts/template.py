"""A draft's text with its blanks filled: a few marks at the beginning of a line, and facts by name.

`#` and `##` are headings, `-` an entry of a list, `|` a row of a table; other lines are paragraphs, each on a line of its
own. `*Words*` are bold; `[words]` is left for the Council to fill in; `{name}` is a fact. A fact that is several things
stands on a line of its own, or alone in an entry or a row, and makes as many of them. The text is taken apart before
facts are put in: whatever a name is made of, it is a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from auditor.drafts.rtf import Block, Bullet, Grid, Heading, Line, Paragraph, Span

Fact = str | Sequence[str] | Sequence[tuple[str, ...]]
"""Some words; or entries of a list; or rows of a table."""

_PIECE = re.compile(r"\{(?P<fact>\w+)\}|\[(?P<blank>[^\]]+)\]|\*(?P<bold>[^*]+)\*")
_ALONE = re.compile(r"[-|] *\{(?P<fact>\w+)\} *\|?")


def filled(text: str, facts: Mapping[str, Fact]) -> list[Block]:
    """The blocks of a draft. Raises KeyError for a fact that there is not."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("//")]
    blocks: list[Block] = []
    for rows, group in groupby(lines, key=lambda line: line.startswith("|")):
        if rows:
            blocks.append(Grid(tuple(row for line in group for row in _rows(line, facts))))
        else:
            blocks += [block for line in group for block in _blocks(line, facts)]
    return blocks


def _blocks(line: str, facts: Mapping[str, Fact]) -> Iterator[Block]:
    if line.startswith("## "):
        yield Heading(2, _line(line[3:], facts))
    elif line.startswith("# "):
        yield Heading(1, _line(line[2:], facts))
    elif line.startswith("-"):
        alone = _ALONE.fullmatch(line)
        several = facts[alone["fact"]] if alone else ""
        if isinstance(several, str):
            yield Bullet(_line(line[1:].strip(), facts))
        else:
            yield from (Bullet((_fact(str(one)),)) for one in several)
    else:
        yield Paragraph(_line(line, facts))


def _rows(line: str, facts: Mapping[str, Fact]) -> Iterator[tuple[Line, ...]]:
    alone = _ALONE.fullmatch(line)
    if alone:
        yield from (tuple((Span(cell),) for cell in row) for row in facts[alone["fact"]])
    else:
        yield tuple(_line(cell.strip(), facts) for cell in line[1:].rstrip("|").split("|"))


def _line(text: str, facts: Mapping[str, Fact]) -> Line:
    return tuple(_spans(text, facts))


def _spans(text: str, facts: Mapping[str, Fact]) -> Iterator[Span]:
    at = 0
    for piece in _PIECE.finditer(text):
        if piece.start() > at:
            yield Span(text[at : piece.start()])
        at = piece.end()
        if piece["fact"]:
            fact = facts[piece["fact"]]
            if not isinstance(fact, str):
                raise TypeError(f"The fact {piece['fact']} is several things: it stands on a line of its own.")
            yield _fact(fact)
        elif piece["blank"]:
            yield Span(f"[{piece['blank']}]", blank=True)
        else:
            yield Span(piece["bold"], bold=True)
    if at < len(text):
        yield Span(text[at:])


def _fact(said: str) -> Span:
    """A fact that the configuration does not tell stands in brackets, and is as much of a blank as any other."""
    return Span(said, blank=said.startswith("[") and said.endswith("]"))

"""Compares what stands under a mail with what is agreed, and says the difference in words a clerk can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from auditor.findings import clip
from auditor.mail.footlines import device, footer, greeting_name, valediction
from auditor.mail.wording import Template, Token, only_clutter, plain, tokens, words

_SHOWN = 3
"""Differences told in full; the rest are counted."""
_QUOTED = 90
_LETTER = 12
"""More words than these before a waiver on its line are a letter that came without line breaks."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as agreed."""

    said: str
    """In plain words: 'it says "…" where "…" is agreed'."""
    start: int
    end: int
    """Where in the text compared; equal where something is left out."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a text comes to one agreed wording."""

    template: Template
    share: float
    """What share of the agreed words is there, in order."""
    precision: float
    """What share of the words there are agreed ones."""
    differences: tuple[Difference, ...]


class _Change(NamedTuple):
    agreed: range
    found: range


def as_agreed(text: str, templates: Sequence[Template], name: str = "") -> bool:
    """Whether a text is one of the agreed wordings and nothing else.

    A goodbye, a first name, a machine's own line and a picture beside it do not count.
    """
    bare = text.strip()
    if any(bare == template.text for template in templates):
        return True
    form = plain(text)
    return any(_nothing_else(form, spots, name.lower()) for one in templates if (spots := one.spots(form)))


def _nothing_else(form: str, spots: Sequence[tuple[int, int]], name: str) -> bool:
    at, rest = 0, []
    for start, end in spots:
        rest.append(form[at:start])
        at = end
    rest.append(form[at:])
    lines = [line for piece in rest for line in piece.split("\n") if line and not only_clutter(line)]
    return all(device(line) or valediction(line) or greeting_name(line, name) for line in lines)


def nearest(text: str, templates: Sequence[Template]) -> Likeness | None:
    """The agreed wording that a text comes nearest to; None when there is none to compare with, or no words."""
    form = plain(text)
    found = tokens(form)
    shown = text if len(form) == len(text) else form
    alike = [_likeness(one, found, shown) for one in templates if one.words and found]
    return max(alike, key=lambda one: (one.share + one.precision, -len(one.differences)), default=None)


def _likeness(template: Template, found: Sequence[Token], text: str) -> Likeness:
    changes = _changes(template.words, [token.word for token in found])
    lost = sum(len(change.agreed) for change in changes)
    added = sum(len(change.found) for change in changes)
    told = tuple(_told(change, template, found, text) for change in changes)
    return Likeness(template, 1 - lost / len(template.words), 1 - added / len(found), told)


def _changes(agreed: Sequence[str], found: Sequence[str]) -> list[_Change]:
    """What was changed, left out or added, in order; what only looks different is not listed."""
    changes: list[_Change] = []
    for op in Levenshtein.opcodes(agreed, found):
        if op.tag == "equal":
            continue
        here = _Change(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end))
        last = changes[-1] if changes else None
        if last and last.agreed.stop == here.agreed.start and last.found.stop == here.found.start:
            here = _Change(range(last.agreed.start, here.agreed.stop), range(last.found.start, here.found.stop))
            changes.pop()
        changes.append(here)
    return [kept for change in changes for kept in _real(change, agreed, found)]


def _real(change: _Change, agreed: Sequence[str], found: Sequence[str]) -> list[_Change]:
    """The change without what fills a blank, or differs by a hyphen or a space alone."""
    before = [agreed[n] for n in change.agreed]
    after = [found[n] for n in change.found]
    if "".join(before) == "".join(after) or (before and all(map(_free, before)) and 0 < len(after) <= 10):
        return []
    if before == ["{phone}"] and _fills("{phone}", "".join(after)):
        return []
    if len(before) != len(after) or not any(word.startswith("{") for word in before):
        return [change]
    pairs = zip(change.agreed, change.found, strict=True)
    return [_Change(range(a, a + 1), range(f, f + 1)) for a, f in pairs if not _fills(agreed[a], found[f])]


_BLANKS = {"{title}": "(a title)", "{phone}": "(a telephone number)"}
"""A blank that nobody could fill, as a person reads of it; whoever is judged has a name and a mailbox."""


def _free(word: str) -> bool:
    return word == "{title}"


def _fills(blank: str, word: str) -> bool:
    if blank == "{phone}":
        return word.lstrip("+").isdigit() and len(word) >= 9
    return _free(blank) and not word.isdigit()


def _told(change: _Change, template: Template, found: Sequence[Token], text: str) -> Difference:
    agreed = _Words(template.shown, template.spans, change.agreed)
    there = _Words(text, found, change.found)
    said = _sentence(agreed, there)
    for blank, filled in _BLANKS.items():
        said = said.replace(blank, filled)
    return Difference(said, there.start, there.end)


class _Words:
    """Some words of a text, and how they stand in it."""

    def __init__(self, text: str, spans: Sequence[Token], chosen: range) -> None:
        self.text, self.spans, self.chosen = text, spans, chosen
        self.none = not chosen
        before = spans[chosen.start - 1].end if chosen.start else 0
        self.start = spans[chosen.start].start if chosen else before
        self.end = spans[chosen.stop - 1].end if chosen else before
        self.last = chosen.stop == len(spans)

    def whole_lines(self) -> bool:
        """Whether these words are all that their lines hold."""
        begin, stop = self.text.rfind("\n", 0, self.start) + 1, self.text.find("\n", self.end)
        rest = self.text[begin : self.start] + " " + self.text[self.end : stop if stop >= 0 else len(self.text)]
        return not self.none and only_clutter(plain(rest))

    def shown(self, *, context: bool = False) -> str:
        """The words as they stand, a short one with the word before it."""
        start = self.start
        if context and self.end - self.start < 5 and self.chosen.start:
            before = self.spans[self.chosen.start - 1].start
            start = start if "\n" in self.text[before:start] else before
        return clip(self.text[start : self.end], _QUOTED)

    def count(self) -> int:
        """How many lines they stand on."""
        return self.text.count("\n", self.start, self.end) + 1


def _sentence(agreed: _Words, there: _Words) -> str:
    if agreed.none:
        if there.whole_lines():
            return (
                f'a line "{there.shown()}" was added'
                if there.count() == 1
                else f'the lines "{there.shown()}" were added'
            )
        return f'the words "{there.shown()}" were added'
    if there.none:
        if agreed.last and there.last and not agreed.whole_lines():
            return f'it breaks off before "{agreed.shown()}"'
        what = "line" if agreed.whole_lines() and agreed.count() == 1 else "words"
        return f'the {what} "{agreed.shown()}" {"is" if what == "line" else "are"} left out'
    context = len(agreed.chosen) == len(there.chosen)
    return f'it says "{there.shown(context=context)}" where "{agreed.shown(context=context)}" is agreed'


def told(differences: Sequence[Difference]) -> str:
    """The differences as one clause: the first few in full, the rest counted."""
    sentences = [one.said for one in differences[:_SHOWN]]
    more = len(differences) - _SHOWN
    if more > 0:
        sentences.append(f"{more} more difference{'s' if more > 1 else ''}")
    return "; ".join(sentences)


def shared_runs(text: str, template: Template) -> tuple[float, float]:
    """What share of the agreed wording's three-word runs a text has, and what share of its own are agreed ones."""
    said = words(plain(text))
    runs = set(zip(said, said[1:], said[2:], strict=False))
    both = len(runs & template.shingles)
    return both / max(len(template.shingles), 1), both / max(len(runs), 1)


def added_to(text: str, templates: Sequence[Template]) -> tuple[str, int, int] | None:
    """Words in the paragraph of an agreed wording that do not belong to it: the wording's name, and where they stand.

    None when there are none, or when only a scanner's footer or a machine's own line stands there.
    """
    bare = text.strip()
    if any(bare == template.text for template in templates):
        return None
    form = plain(text)
    spots = sorted((*spot, one.name) for one in templates for spot in one.spots(form))
    for n, (start, end, name) in enumerate(spots):
        begin, stop = form.rfind("\n\n", 0, start) + 1, form.find("\n\n", end)
        stop = min(stop if stop >= 0 else len(form), spots[n + 1][0] if n + 1 < len(spots) else len(form))
        for first, last in ((end, stop), (begin, start)):
            if not nobodys(form[first:last]) and not (first < start and len(form[first:last].split()) > _LETTER):
                return (name, first, last) if len(form) == len(text) else (name, 0, len(text))
    return None


def machine_made(text: str) -> bool:
    """Whether a text is nothing but a machine's own lines, scanners' footers, or signs."""
    return all(only_clutter(line) or device(line) or footer(line) for line in plain(text).split("\n"))


def nobodys(text: str) -> bool:
    """Whether nobody wrote a text: like `machine_made`, with footers of whole paragraphs."""
    return all(footer(block) or machine_made(block) for block in plain(text).split("\n\n"))

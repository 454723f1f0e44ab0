"""Whether a sentence states a thing: what is asked, supposed, denied or reported is not stated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from auditor.analysers.audience import outside
from auditor.analysers.base import Case
from auditor.analysers.patterns import Pattern, pattern
from auditor.analysers.prose import Prose, Sentence, prose
from auditor.mail.message import Kind

_SUPPOSED = pattern("{suppositions}", "assertion")
_REPORTED = pattern("(?:i |we |council )?{reporters}", "assertion")
_OURS = ("i ", "we ", "council think", "council believe", "council know", "council feel")
_AFFIRMED = pattern("{no_denials}", "assertion")
_DENIED = pattern("{denials}(?: [a-z']+){0,4}", "assertion")


def own_words(case: Case) -> Prose:
    """What the sender wrote; nothing where a machine wrote it."""
    return prose(case.parts.own.text if case.mail.kind is Kind.ORDINARY else "")


def stated(sentence: Sentence, start: int) -> bool:
    """Whether the writer stands by the words of a sentence from `start` on."""
    before = sentence.plain[:start]
    return not (sentence.asks or supposed(before) or reported(before) or denied(before))


def supposed(words: str) -> bool:
    """Whether what follows these words is supposed, wondered at or wished for."""
    return _SUPPOSED.found(words) is not None


def reported(words: str) -> bool:
    """Whether what follows these words is somebody else's saying; what 'I' said, or the Council thinks, is the writer's."""
    return any(not words[start:].startswith(_OURS) for start, _ in _REPORTED.spans(words))


def denied(words: str) -> bool:
    """Whether what follows these words is denied by one of the last five."""
    affirmed = {first for first, _ in _AFFIRMED.spans(words)}
    return any(first not in affirmed and last >= len(words) - 1 for first, last in _DENIED.spans(words))


def places(read: Prose, shape: Pattern) -> list[tuple[Sentence, int, int]]:
    """`Prose.finds`, of a pattern without anchors: a text that holds it nowhere is not parted into sentences for it."""
    return read.finds(shape) if occurs(read, shape) else []


def together(
    read: Prose, sides: Sequence[Pattern], around: int, says: Callable[[Sentence, Pattern], bool]
) -> Iterator[Sentence]:
    """The sentences that say the first of some things, where the few sentences around each say all the others."""
    if not all(occurs(read, one) for one in sides):
        return
    first, *others = sides
    for at, sentence in enumerate(read.sentences):
        near = read.sentences[max(at - around, 0) : at + around + 1]
        if says(sentence, first) and all(any(says(one, side) for one in near) for side in others):
            yield sentence


def occurs(read: Prose, shape: Pattern) -> bool:
    """Whether a pattern without anchors occurs anywhere in a text."""
    return shape.possible(read.words) and shape.found(read.plain) is not None


def among_ourselves(case: Case) -> bool:
    """Whether a message is known to go to members and officers alone."""
    recipients = case.mail.recipients
    return bool(recipients) and not outside(case.policy, recipients)

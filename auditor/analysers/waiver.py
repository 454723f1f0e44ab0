"""A waiver clause stands at the end of each message (E3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysers.base import Case, confidence
from auditor.analysers.matching import Likeness, added_to, nearest, nobodys, shared_runs, told
from auditor.analysers.witnesses import delivered
from auditor.findings import Finding, Rule, Severity, clip
from auditor.mail.message import Kind, Parts, Segment, Zone
from auditor.mail.wording import Closing, plain, plain_part, tokens, words
from auditor.policy import StampedBy

MISSING = Rule(
    "waiver-missing",
    ("E3",),
    Severity.MEDIUM,
    "No waiver",
    "A message without the Council's waiver in the sender's own part; another's disclaimer does not stand in for it.",
    ("waiver", "own"),
)
ALTERED = Rule(
    "waiver-altered",
    ("E3",),
    Severity.LOW,
    "Agreed waiver altered",
    "A waiver that is recognisably the agreed one, but reworded, cut or added to.",
    ("waiver",),
)
MISPLACED = Rule(
    "waiver-misplaced",
    ("E3",),
    Severity.LOW,
    "Waiver not at the end",
    "The agreed waiver above the text, before a postscript or the signature, or only in the history quoted below.",
    ("own", "signature", "waiver", "quoted", "forwarded"),
)

_RECOGNISED = 0.4
"""The share of the agreed three-word runs that makes a waiver recognisably the Council's own …"""
_CUT, _CUT_RUNS = 0.75, 8
"""… or the share of its own runs that are agreed ones, where it was cut."""
_NOT_THEIRS = re.compile(
    r"\b(?:not|nor|neither)(?: \w+){0,5}? (?:those|that|views?|opinions?|policy|position|reflect|represent|bind|commit)"
    r"(?: (?:of|the|either))* ?\Z"
)
_BEFORE = 80
"""Characters before the Council's name in which 'not those of' would stand."""
_NONE = Finding(
    MISSING.name,
    MISSING.severity,
    confidence(MISSING.name),
    "message",
    0,
    0,
    "",
    "The message has no waiver; the agreed waiver belongs at its end.",
    "no waiver",
)
"""The same of every message that has none."""


class Waiver:
    """The agreed waiver stands at the end of the sender's own part, word for word.

    A gateway's or scanner's footer and a machine's own line may follow it: nobody wrote them. A waiver with the quoted
    history below it stands at the end, for the sender's own part ends there.
    """

    rules = (MISSING, ALTERED, MISPLACED)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding. Automatic replies, meeting responses and bounces need no waiver."""
        closing = case.agreed.closing
        if case.mail.kind is not Kind.ORDINARY or not (closing.waivers or closing.link):
            return
        place = _agreed(case, closing)
        if place:
            yield from _altered_by_addition(case) or _misplaced(case, place)
        else:
            yield from filter(None, [_not_as_agreed(case)])


def _agreed(case: Case, closing: Closing) -> Segment | None:
    """The last segment that holds the agreed waiver word for word, or the agreed link."""
    part = case.parts.waiver
    linked = [link.at for link in case.mail.body.links if closing.leads(link.target)] if closing.link else []
    at = len(part.text)
    for segment in reversed(part.segments):
        at = max(0, at - (segment.end - segment.start) - 1)
        # The segments' lengths are the body's; the part puts at most a newline between them.
        if _stands(part.text[at:], closing) or any(segment.start <= one < segment.end for one in linked):
            return segment
    return None


def _stands(text: str, closing: Closing) -> bool:
    if any(one.text in text for one in closing.waivers):
        return True
    form = plain(text)
    return any(one.spots(form) for one in closing.waivers) or bool(closing.link and closing.shown_link in form)


def _altered_by_addition(case: Case) -> list[Finding]:
    text = case.parts.waiver.text
    more = added_to(text, case.agreed.closing.waivers)
    if more is None:
        return []
    return [_altered(text, more[0], f'the words "{clip(text[slice(*more[1:])], 90)}" were added', *more[1:])]


def _altered(text: str, name: str, said: str, start: int, end: int, every: str = "") -> Finding:
    reason = f'The waiver differs from the agreed "{name}": {said}.'
    start, end = (start, end) if start < end else (0, len(text.rstrip()))
    return Finding(
        ALTERED.name,
        ALTERED.severity,
        confidence(ALTERED.name),
        "waiver",
        start,
        end,
        clip(text),
        reason,
        every or said,
    )


def _misplaced(case: Case, place: Segment) -> list[Finding]:
    after = _what_follows(case, place)
    if after is None:
        return []
    text = case.parts.waiver.text
    reason = f"The agreed waiver is not at the end of the message: {after}."
    return [
        Finding(
            MISPLACED.name,
            MISPLACED.severity,
            confidence(MISPLACED.name),
            "waiver",
            0,
            len(text.rstrip()),
            clip(text),
            reason,
            after,
        )
    ]


def _what_follows(case: Case, place: Segment) -> str | None:
    """What stands between the waiver and the end of the sender's own part, in words; None when nothing does."""
    rest = _following(case.parts, place)
    text = case.mail.body.text
    own_above = any(not _idle(text, one) for one in case.parts.own.segments if one.start < place.start)
    for segment in rest:
        if segment.zone in (Zone.QUOTED, Zone.FORWARDED):
            if own_above:
                return None
        elif not _idle(text, segment):
            what = (
                "the signature"
                if segment.zone is Zone.SIGNATURE
                else f'"{clip(text[segment.start : segment.end], 60)}"'
            )
            return f"{what} stands below it"
    return None


def _following(parts: Parts, place: Segment) -> list[Segment]:
    others = (parts.own, parts.signature, parts.quoted, parts.forwarded)
    return sorted((s for part in others for s in part.segments if s.start >= place.end), key=lambda s: s.start)


def _idle(text: str, segment: Segment) -> bool:
    """Whether nobody wrote what stands there: blank lines, a scanner's or gateway's footer, a machine's own line."""
    return nobodys(text[segment.start : segment.end])


def _not_as_agreed(case: Case) -> Finding | None:
    likeness = _recognised(case)
    if likeness:
        return _reworded(case, likeness)
    if _run_into_letter(case):
        return None
    if run_in := _altered_in_letter(case):
        return run_in
    if _council_speaks(case):
        return _another_wording(case)
    seen = delivered(case, lambda parts: _told_in(parts, case.agreed.closing), case.agreed.closing.waivers)
    by_server = case.policy.waiver_stamped_by is StampedBy.SERVER
    if seen is True or (seen is None and by_server):
        return None
    return (None if by_server else _only_in_history(case)) or _missing(case)


def _reworded(case: Case, likeness: Likeness) -> Finding | None:
    """How what stands there differs from the agreed waiver that it was made from, where it does."""
    if not likeness.differences:
        return None
    first = likeness.differences[0]
    every = "; ".join(one.said for one in likeness.differences)
    name, text = likeness.template.name, case.parts.waiver.text
    return _altered(text, name, told(likeness.differences), first.start, first.end, every)


def _recognised(case: Case) -> Likeness | None:
    """The agreed waiver that what stands there was made from; None when it is another's."""
    text = case.parts.waiver.text
    alike = [(shared_runs(text, one), one) for one in (case.agreed.closing.waivers if text else ())]
    made = [
        one
        for (share, precision), one in alike
        if share >= _RECOGNISED or (precision >= _CUT and share * len(one.shingles) >= _CUT_RUNS)
    ]
    return nearest(text, made) if made else None


def _council_speaks(case: Case) -> bool:
    """Whether what stands there, a disclaimer by its form, names the Council as the one that speaks."""
    text = case.parts.waiver.text
    if not case.agreed.closing.waivers:
        return False
    said = " ".join(words(plain(text)))
    return any(_named(name, said) for name in (" ".join(words(plain(case.policy.council))), *case.policy.domains))


def _named(name: str, said: str) -> bool:
    """Whether a name stands there, and not only as the one whose views these are not: 'not those of Hadlow Council'."""
    return any(
        not _NOT_THEIRS.search(said, max(0, found.start() - _BEFORE), found.start())
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", said)
    )


def _another_wording(case: Case) -> Finding:
    text = case.parts.waiver.text
    end = len(text.rstrip())
    reason = (
        "The waiver names the Council, but its wording is none of the agreed ones; one of these belongs at the end."
    )
    return Finding(ALTERED.name, ALTERED.severity, confidence(ALTERED.name), "waiver", 0, end, clip(text), reason, text)


def _run_into_letter(case: Case) -> bool:
    """Whether the waiver ends a letter that came without line breaks."""
    form = plain_part(case.parts.own.text)
    return any(nobodys(form[end:]) for one in case.agreed.closing.waivers for _, end in one.spots(form)[-1:])


def _altered_in_letter(case: Case) -> Finding | None:
    """What a letter that came without line breaks ends with, where that was an agreed waiver."""
    own, closing = case.parts.own.text.rstrip(), case.agreed.closing
    form = plain(own[own.rfind("\n") + 1 :])
    if not closing.resembled(form):
        return None
    found = tokens(form)
    runs = list(zip(found, found[1:], found[2:], strict=False))
    for one in closing.waivers:
        theirs = one.shingles & closing.waiver_shingles
        hits = [run for run in runs if (run[0].word, run[1].word, run[2].word) in theirs]
        if not hits or len(hits) < _RECOGNISED * len(one.shingles) or len(form) - hits[-1][2].end > _BEFORE:
            continue
        likeness = nearest(form[hits[0][0].start :], [one])
        said = told(likeness.differences) if likeness else ""
        start = len(own) - len(form) + hits[0][0].start if len(own) >= len(form) else 0
        reason = f'The waiver differs from the agreed "{one.name}": {said}.'
        return Finding(
            ALTERED.name,
            ALTERED.severity,
            confidence(ALTERED.name),
            "own",
            start,
            len(own),
            clip(own[start:]),
            reason,
            said,
        )
    return None


def _told_in(parts: Parts, closing: Closing) -> bool:
    text = parts.waiver.text
    return _stands(text, closing) or any(shared_runs(text, one)[0] >= _RECOGNISED for one in closing.waivers)


def _only_in_history(case: Case) -> Finding | None:
    for name, part in (("quoted", case.parts.quoted), ("forwarded", case.parts.forwarded)):
        form = plain_part(part.text)
        spots = [spot for one in case.agreed.closing.waivers for spot in one.spots(form)]
        if spots:
            start, end = spots[0] if len(form) == len(part.text) else (0, len(part.text))
            shown = clip(part.text[start:end])
            reason = "The agreed waiver stands only in the history below; this message has none of its own at its end."
            return Finding(
                MISPLACED.name,
                MISPLACED.severity,
                confidence(MISPLACED.name),
                name,
                start,
                end,
                shown,
                reason,
                "only in the history",
            )
    return None


def _missing(case: Case) -> Finding:
    other = case.parts.waiver.text.strip()
    if not other:
        return _NONE
    reason = f'The disclaimer "{clip(other, 80)}" is not the Council\'s; the agreed waiver belongs at the end.'
    return Finding(
        MISSING.name, MISSING.severity, confidence(MISSING.name), "message", 0, 0, clip(other), reason, "no waiver"
    )

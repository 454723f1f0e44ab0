"""What was delivered may differ from what was sent: reads the other sights of a message.

A wording that the mail system adds in transit is not in the sender's copy. A copy in another Council mailbox shows it,
and so does a reply that quotes the message as far as its end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from auditor.analysers.base import Case, Witness
from auditor.mail.message import Kind, Parts
from auditor.mail.wording import Template, plain, words
from auditor.policy import StampedBy

_ANCHOR = 6
"""Last words of the sender's own text by which a quotation of it is known."""
_ROOM = 80
"""Words that may stand between the text and its closing, beyond the closing itself."""
_RECOGNISED = 0.4


def delivered(case: Case, has: Callable[[Parts], bool], wordings: Sequence[Template]) -> bool | None:
    """Whether the message as delivered carries a part; None when no witness could tell.

    `has` reads a copy's parts; `wordings` are what a quotation is searched for. One sight of it is enough.
    """
    sights = [_sight(case, witness, has, wordings) for witness in case.witnesses]
    if any(sights):
        return True
    return False if any(sight is False for sight in sights) else None


def _sight(case: Case, witness: Witness, has: Callable[[Parts], bool], wordings: Sequence[Template]) -> bool | None:
    if witness.kind == "copy":
        return has(witness.parts)
    return _quoted(words(plain(case.parts.own.text)), words(plain(witness.parts.quoted.text)), wordings)


def _quoted(own: Sequence[str], quoted: Sequence[str], wordings: Sequence[Template]) -> bool | None:
    """None when the quotation does not reach the end of the sender's text."""
    anchor = tuple(own[-_ANCHOR:])
    at = next((n for n in range(len(quoted)) if tuple(quoted[n : n + len(anchor)]) == anchor), None) if anchor else None
    if at is None:
        return None
    room = max((len(one.words) for one in wordings), default=0) + _ROOM
    after = quoted[at + len(anchor) : at + len(anchor) + room]
    runs = set(zip(after, after[1:], after[2:], strict=False))
    return any(len(runs & one.shingles) >= _RECOGNISED * max(len(one.shingles), 1) for one in wordings)


def not_checkable(case: Case) -> tuple[str, ...]:
    """Which of 'signature' and 'waiver' the mail system adds, is not in this copy, and no witness could show.

    These are counted on the Coverage sheet as 'added by the mail system, not checkable'.
    """
    if case.mail.kind is not Kind.ORDINARY:
        return ()
    closing = case.agreed.closing
    asked = (
        ("signature", case.policy.signature_stamped_by, closing.signatures),
        ("waiver", case.policy.waiver_stamped_by, closing.waivers),
    )
    return tuple(
        part
        for part, stamped_by, wordings in asked
        if stamped_by is StampedBy.SERVER
        and not getattr(case.parts, part).text.strip()
        and delivered(case, lambda parts, part=part: bool(getattr(parts, part).text.strip()), wordings) is None  # type: ignore[misc]
    )

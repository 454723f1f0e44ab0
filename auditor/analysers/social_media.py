"""Only the Parish Clerk posts on websites and social media in the Council's name (S1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.analysers.assertion import denied, occurs, own_words, supposed
from auditor.analysers.base import Case, found
from auditor.analysers.patterns import Match, pattern
from auditor.analysers.prose import Prose, Sentence, prose
from auditor.findings import Finding, Rule, Severity, clip
from auditor.policy import Role

POST = Rule(
    "social-media-post",
    ("S1",),
    Severity.MEDIUM,
    "Posted in the Council's name",
    "Somebody other than the Clerk publishes in the Council's name on a website or social media, or tells somebody to.",
    ("own", "subject"),
)

_FILE = "social_media"
_PAGE = pattern(
    "(?:page|group|account|channel|profile)(?: [a-z]+){0,2} {named} (?:[a-z]+ ){1,3}council|{ours} {places}|{places} (?:of|for|belonging to) (?:the )?{ours}",
    _FILE,
)
_NAME = pattern(
    r"(?:says|named|called|as|from|by order of|signed) (?:the |your )?(?:[a-z]+ )?(?:parish|community|town) council[^.]*\b{services}|{as_council}[^.]*\b{services}|{services}\b[^.]*{as_council}",
    _FILE,
)
_ALONE = pattern("{went_on}", _FILE)
_THITHER = pattern("{thither}", _FILE)
_OWN = pattern("{own_act}(?: [a-z'-]+){0,6} {publish}|{publish}[^.]* (?:by me|by us|myself)", _FILE)
_SHOWN = pattern(
    "{made_it}[^.]* (?:is|are|it's|they're|goes|gone|went|now)(?: [a-z]+){0,2} on (?:the )?{ours} {places}", _FILE
)
_OPENED = pattern("{own_act}(?: [a-z'-]+){0,3} {found_new}", _FILE)
_TOLD = pattern(
    "{orders} (?:[a-z']+ly |just |also |at once )?(?:[a-z]+ (?:[a-z]+ ){0,4}and )?{publish}",
    _FILE,
)
_DONE = pattern("{ours} {places}[^.]* {did_it}", _FILE)
_BIDDEN = pattern("(?:(?:log|sign|go) (?:in|on)[^.]* and )?(?:have |have just |just |already |also )?{publish}", _FILE)
_LEFT = pattern("{asked_leave}", _FILE)
_CLOSES = "'\""
"""What is put before the public may end in a mark of its own, and the sentence go on."""
_REPLY = re.compile(r"\s*(?:re|fw|fwd)\s*:", re.IGNORECASE)


class SocialMedia:
    """Looks for a page of the Council's and for who puts what on it."""

    rules = (POST,)

    def check(self, case: Case) -> Iterator[Finding]:
        """At most one finding a part."""
        if case.sender.role in (Role.CLERK, Role.DEPUTY_CLERK):
            return
        subject = "" if _REPLY.match(case.mail.subject) else case.mail.subject
        for part, read in (("own", own_words(case)), ("subject", prose(subject))):
            text = read.text
            if sentence := next((one for one in _about_pages(read) if _posts(case, one)), None):
                reason = (
                    "This publishes in the Council's name, or tells somebody to, which only the Parish Clerk does: "
                    f"'{clip(text[sentence.start : sentence.end])}'"
                )
                yield found(POST, part, text, (sentence.start, sentence.end), reason)


def _about_pages(read: Prose) -> Iterator[Sentence]:
    """The sentences that name a page of the Council's, or publishing in its name, and the next that point there."""
    shapes = [one for one in (_PAGE, _NAME, _ALONE) if occurs(read, one)]
    named = False
    before: Sentence | None = None
    for sentence in read.sentences if shapes else ():
        if before and before.plain[-1] in _CLOSES and read.text[sentence.start].islower():
            sentence = Sentence(before.start, sentence.end, read.plain[before.start : sentence.end])
        before = sentence
        pointed = named and _THITHER.found(sentence.plain) is not None
        named = any(one.found(sentence.plain) for one in shapes)
        if named or pointed:
            yield sentence


def _posts(case: Case, sentence: Sentence) -> bool:
    said = sentence.plain
    if _LEFT.found(said):
        return False
    told = _TOLD.found(said) or _starts(said)
    if told:
        return not _clerk_asked(case) and not denied(said[: told.end()])
    own = _OWN.found(said) or _OPENED.found(said) or _SHOWN.found(said) or _DONE.found(said)
    if own is None or sentence.asks:
        return False
    return not denied(said[: own.end()]) and not supposed(said[: own.start()].rpartition(":")[2])


def _starts(said: str) -> Match | None:
    """The verb that a sentence opens with: an order."""
    verb = _BIDDEN.found(said)
    return verb if verb and verb.start() == 0 else None


def _clerk_asked(case: Case) -> bool:
    """Whether the Clerk is among those the message is addressed to."""
    clerks = {one.mailbox for one in case.policy.people if one.role is Role.CLERK}
    return any(address.email in clerks for address in case.mail.to)

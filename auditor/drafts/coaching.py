"""A note to somebody on what the clerk has decided: a draft that opens in her mail program, and that she may send.

It keeps to the policy that it speaks of: the agreed signature and waiver stand below it. Nothing is attached, nothing in it
tells whether it was read, and where it repeats words of mail they are those of the workbook.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import IntEnum
from functools import cache
from pathlib import Path
from textwrap import TextWrapper

from msgspec import Struct, convert

from auditor.adopted import Adopted
from auditor.findings import clip
from auditor.policy import BLANKS, CLAUSES, Person, Policy, StampedBy, Wording
from auditor.values import Value
from reports.cells import shown
from reports.week import day_words
from reports.words import counted

SUBJECT = "A note on the Council's e-mail policy"
_WIDTH = 72
"""Of a line; RFC 3676 asks for 78 at most."""
_PLACES = 4
"""Messages that are named of one matter."""
_SUBJECT_SHOWN = 80
_WORDS_SHOWN = 120
_CLAUSE_SHOWN = 400
_MEMBERS = ("cllr", "councillor")
_WRAP = TextWrapper(_WIDTH, break_long_words=False, break_on_hyphens=False)


class Candour(IntEnum):
    """How much of the messages a note repeats."""

    DAYS = 0
    """When they were sent, and nothing that they say."""
    SUBJECTS = 1
    WORDS = 2
    """Subjects, and the words that were found where form alone is at stake."""


class Place(Value, frozen=True):
    """A message in which something was found."""

    sent: date | None
    """The London day; None when it is not known."""
    subject: str
    words: str
    """As the workbook has them; empty where there are none."""


class Matter(Value, frozen=True):
    """Everything that one rule found."""

    rule: str
    title: str
    clauses: tuple[str, ...]
    places: tuple[Place, ...]
    """In the order in which they were sent."""
    again: bool = False
    """Whether an earlier note spoke of the same."""


class _Advice(Struct, frozen=True, forbid_unknown_fields=True):
    next: str
    quote: bool = False
    holder: bool = False


def about_the_holder(rule: str) -> bool:
    """Whether a rule's findings are about whoever holds the mailbox, and not about the sender."""
    known = _advice().get(rule)
    return known is not None and known.holder


def letter(
    policy: Policy,
    adopted: Adopted | None,
    clerk: Person,
    person: Person,
    matters: Sequence[Matter],
    confirmed: datetime,
    candour: Candour = Candour.WORDS,
) -> bytes:
    """The draft, as RFC 5322 has it; the same arguments give the same bytes.

    Args:
        policy: the council's, with the wordings that stand below the note.
        adopted: the policy's text, which is quoted; the clauses stand in for it where there is none.
        clerk: from whom it is.
        person: to whom it is.
        matters: the gravest first.
        confirmed: when the last of the decisions was made (UTC).
        candour: how much of the messages is repeated.
    """
    draft = EmailMessage(policy=SMTP)
    # Outlook and Thunderbird open such a message to be edited (X-Unsent: IConverterSession; comm-central, browser_xUnsent.js).
    draft["X-Unsent"] = "1"
    draft["Date"] = confirmed
    draft["From"] = Address(clerk.name, addr_spec=clerk.mailbox)
    draft["To"] = Address(person.name, addr_spec=person.mailbox)
    draft["Subject"] = SUBJECT
    text = "\n".join(_flowed(_text(policy, adopted, clerk, person, matters, candour)))
    draft.set_content(text + "\n", charset="utf-8", cte="quoted-printable", params={"format": "flowed"})
    return draft.as_bytes()


def _text(
    policy: Policy,
    adopted: Adopted | None,
    clerk: Person,
    person: Person,
    matters: Sequence[Matter],
    candour: Candour,
) -> Iterator[str]:
    """The paragraphs; empty ones between them."""
    yield f"Dear {person.name},"
    yield ""
    yield (
        "The Council looks through its e-mail each week to see how the e-mail policy is kept. In what follows, something of "
        "yours did not keep to it. This note is only meant to help."
    )
    told: set[str] = set()
    for number, matter in enumerate(matters, 1):
        yield ""
        heading = f"{matter.title} ({', '.join(matter.clauses)})" if matter.clauses else matter.title
        yield f"{number}. {heading}" if len(matters) > 1 else heading
        for clause in matter.clauses:
            if clause not in told:
                told.add(clause)
                yield f"The policy says: {_clause(clause, adopted)} ({clause})"
        yield "Where it was, after an earlier note on the same:" if matter.again else "Where it was:"
        yield from _places(matter, candour)
        advice = _advice().get(matter.rule)
        yield f"Next time: {advice.next if advice else _ASK}"
    yield ""
    by = ", or telephone me" if clerk.phone else ""
    yield f"If anything is not clear, or if you see it otherwise, please reply to this message{by}. Thank you for your help."
    yield ""
    yield from _closing(policy, clerk)


_ASK = "please ask me how this is best done."


def _clause(clause: str, adopted: Adopted | None) -> str:
    """In the words that the Council adopted, where it has given them."""
    said = next((one.text for one in adopted.paragraphs if clause in one.clauses), "") if adopted else ""
    return clip(said or CLAUSES.get(clause, clause), _CLAUSE_SHOWN)


def _places(matter: Matter, candour: Candour) -> Iterator[str]:
    advice = _advice().get(matter.rule)
    for place in matter.places[:_PLACES]:
        said = f"on {day_words(place.sent)}" if place.sent else "on a day that is not known"
        if candour >= Candour.SUBJECTS:
            said += f", in '{_shown(place.subject, _SUBJECT_SHOWN) or '(no subject)'}'"
        if candour is Candour.WORDS and advice and advice.quote and place.words:
            said += f": '{_shown(place.words, _WORDS_SHOWN)}'"
        yield f"- {said}"
    if (more := len(matter.places) - _PLACES) > 0:
        yield f"- and in {counted(more, 'more message')}"


def _shown(text: str, limit: int) -> str:
    return clip(shown(text), limit)


def _closing(policy: Policy, clerk: Person) -> Iterator[str]:
    """What the Council has agreed; nothing that its mail system adds by itself."""
    agreed = policy.agreed(clerk)
    yield "Kind regards"
    if policy.signature_stamped_by is not StampedBy.SERVER:
        yield ""
        yield from _signature(agreed.signatures, clerk)
    match policy.waiver_stamped_by:
        case StampedBy.LINK:
            yield from ("", policy.waiver_link)
        case StampedBy.SENDER if agreed.waivers:
            yield from ("", *_wording(agreed.waivers[0]))


def _signature(agreed: Sequence[Wording], clerk: Person) -> list[str]:
    """The first that is filled in and is not a member's; where none is agreed, name and title."""
    best = min(agreed, key=lambda one: (_has_blanks(one), _is_a_members(one, clerk)), default=None)
    return _wording(best) if best else list(filter(None, (clerk.name, clerk.title)))


def _wording(wording: Wording) -> list[str]:
    text = wording.text.strip("\n")
    for blank in BLANKS:
        text = text.replace(f"{{{blank}}}", f"[{blank}]")
    return text.splitlines()


def _has_blanks(wording: Wording) -> bool:
    return any(f"{{{blank}}}" in wording.text for blank in BLANKS)


def _is_a_members(wording: Wording, clerk: Person) -> bool:
    text = wording.text.replace(clerk.title, "").lower() if clerk.title else wording.text.lower()
    return any(word in text for word in _MEMBERS)


def _flowed(paragraphs: Iterator[str]) -> Iterator[str]:
    """Lines of RFC 3676: one that goes on ends in a space, and one that begins as a quotation does has one in front."""
    for paragraph in paragraphs:
        lines = _WRAP.wrap(paragraph) or [""]
        for number, line in enumerate(lines, 1):
            stuffed = f" {line}" if line.startswith((" ", ">", "From ")) else line
            yield stuffed if number == len(lines) else f"{stuffed} "


@cache
def _advice() -> dict[str, _Advice]:
    text = Path(__file__).with_name("advice.toml").read_text("utf-8")
    return convert(tomllib.loads(text), dict[str, _Advice])

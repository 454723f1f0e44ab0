"""From a kept message to what the rules say of it: builds the case and asks every analyser. Pure.

An analyser that fails on a message costs its own rules only, and is noted: a message is never called checked against a
rule that could not be put to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.analysers import ANALYSERS
from auditor.analysers.base import Analyser, Case, Removal, Witness
from auditor.analysers.masking import Masks
from auditor.analysers.records import paper
from auditor.analysers.witnesses import not_checkable
from auditor.findings import Finding, Severity, identity
from auditor.mail.closing import close
from auditor.mail.message import Address, Kind, Mail, Parts, Zone
from auditor.mail.segments import assemble
from auditor.pipeline.reading import Record, unpack
from auditor.pipeline.tasks import Sight
from auditor.policy import Agreed, Person, Policy, Role, StampedBy
from auditor.store.records import BIN, Docket, Failed, Judgement
from auditor.values import replace

TEXT = frozenset(Zone)
"""What a rule may read that comes out of the text."""


FOLDERS = frozenset({"folder history", "deleted items"})
"""What a rule may read that is no part of a message: what became of it."""


def judge(policy: Policy, sight: Sight) -> Judgement:
    """What the rules say of one holding, and of what became of it.

    Of what it says nothing, when the sender is a stranger or another copy is the one to judge.
    """
    record = unpack(sight.docket.packed)
    if record.mail.kind is Kind.NOTICE:
        return _UNCHECKED
    others = [(docket, unpack(docket.packed)) for docket in sight.witnesses]
    said = _of_words(policy, sight, record, others)
    if not (sight.docket.gone or BIN in sight.docket.folders):
        return said
    failed: list[Failed] = []
    deleted = tuple(_identified(_removed(policy, sight.docket, record, others), _OF_FOLDERS, failed))
    return replace(said, findings=(*said.findings, *deleted), failed=(*said.failed, *failed))


def _of_words(policy: Policy, sight: Sight, record: Record, others: Sequence[tuple[Docket, Record]]) -> Judgement:
    mail = record.mail
    sender = policy.person(mail.sender, policy.day(mail.sent))
    if sender is None:
        return _UNCHECKED
    copies = [docket for docket, other in others if other.mail.message_id == mail.message_id]
    if _principal([sight.docket, *copies], sender) is not sight.docket:
        return _UNCHECKED
    agreed = policy.agreed(sender)
    seen = [(docket, other) for docket, other in others if _shows_delivered(mail, sender, docket, other)]
    witnesses = [_witness(mail, docket, other, agreed) for docket, other in seen]
    case = _case(policy, sender, record, sight.docket.mailbox, sight.docket.folders, witnesses)
    return judged(replace(case, past=sight.past) if sight.past else case)


def _removed(policy: Policy, docket: Docket, record: Record, others: Sequence[tuple[Docket, Record]]) -> Case:
    """The case of a message that was deleted: whoever held the mailbox is to answer for it."""
    mail = record.mail
    held = Address("", docket.mailbox)
    holder = policy.person(held, docket.removed or policy.day(mail.sent)) or Person(
        docket.mailbox, Role.EMPLOYEE, "", docket.mailbox
    )
    copies = [one for one, other in others if other.mail.message_id == mail.message_id]
    files = [file for file in mail.attachments if not file.inline]
    removal = Removal(
        day=docket.removed,
        gone=docket.gone,
        kept=tuple(dict.fromkeys(one.mailbox for one in copies if not one.gone and BIN not in one.folders)),
        answered=any(
            policy.person(other.mail.sender, None) for _, other in others if other.mail.message_id != mail.message_id
        ),
        unsaved=tuple(files[place].name for place in docket.unsaved if paper(files[place])),
    )
    agreed = policy.agreed(holder)
    return Case(
        mail=mail,
        parts=parts(record, agreed),
        sender=holder,
        agreed=agreed,
        policy=policy,
        mailbox=docket.mailbox,
        folders=docket.folders,
        removal=removal,
    )


def case_alone(policy: Policy, record: Record, mailbox: str, folders: tuple[str, ...]) -> Case | None:
    """The case of a message collected from `mailbox` with nothing else to bear witness of it; None for a stranger's,
    and for the auditor's own."""
    if record.mail.kind is Kind.NOTICE:
        return None
    sender = policy.person(record.mail.sender, policy.day(record.mail.sent))
    return None if sender is None else _case(policy, sender, record, mailbox, folders, ())


def judged(case: Case | None) -> Judgement:
    """What every rule says of a case; without one, none is asked."""
    if case is None:
        return _UNCHECKED
    legible = not sealed(case.mail)
    unseen = not_checkable(case) if legible else ()
    failed: list[Failed] = []
    made = tuple(identified(case, failed))
    return Judgement(made, unseen, checked=legible, failed=tuple(failed))


_UNCHECKED = Judgement((), checked=False)


def _case(
    policy: Policy,
    sender: Person,
    record: Record,
    mailbox: str,
    folders: tuple[str, ...],
    witnesses: Sequence[Witness],
) -> Case:
    agreed = policy.agreed(sender)
    own = parts(record, agreed)
    stamped = StampedBy.SERVER in (policy.signature_stamped_by, policy.waiver_stamped_by)
    itself = [Witness("copy", mailbox, own)] if stamped and _as_delivered(sender, mailbox, folders) else []
    return Case(
        mail=record.mail,
        parts=own,
        sender=sender,
        agreed=agreed,
        policy=policy,
        mailbox=mailbox,
        folders=folders,
        witnesses=(*itself, *witnesses),
    )


def parts(record: Record, agreed: Agreed) -> Parts:
    """The five parts of a message under one sender's agreed wordings."""
    text = record.mail.body.text
    return assemble(text, close(record.mail.body, record.segments, agreed))


def sealed(mail: Mail) -> bool:
    """Whether nothing of the text could be looked at: encrypted, or a form nobody here reads (`Mail.unread`)."""
    return bool(mail.unread) and not mail.body.text.strip()


def identified(case: Case, failed: list[Failed] | None = None) -> Iterator[tuple[str, Finding]]:
    """Every analyser's findings, in report order, under the council's own severities, with their identities; each once.

    The identity is made of the words as they stand; what is shown and kept of a finding has its secrets masked.

    Of a sealed message no rule that reads the text alone is asked: that nothing was seen is no proof that nothing
    is there. The Coverage sheet lists the message as not looked at, and no share is taken of it. What an analyser finds
    at `info` stays there, whatever severity the council has set: the contract caps it.

    What an analyser that fails has found until then does not count. It is noted in `failed`, once all is told; without
    it, its exception is raised.
    """
    return _identified(case, _NOT_OF_TEXT if sealed(case.mail) else _OF_MESSAGES, failed)


def _identified(
    case: Case, analysers: Sequence[Analyser], failed: list[Failed] | None
) -> Iterator[tuple[str, Finding]]:
    asked = _Asked(case)
    for analyser in analysers:
        try:
            made = asked.of(analyser)
        except Exception as error:
            if failed is None:
                raise
            failed += _failed(case.policy, analyser, error)
        else:
            yield from made


class _Asked:
    """A case that one analyser after another is asked of."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._message = case.mail.message_id or case.mail.sha256
        self._seen: set[str] = set()
        self._masks: Masks | None = None

    def of(self, analyser: Analyser) -> list[tuple[str, Finding]]:
        """What it finds, all of it or nothing."""
        return [made for finding in analyser.check(self._case) if (made := self._made(finding))]

    def _made(self, finding: Finding) -> tuple[str, Finding] | None:
        """With its identity, the council's severity and no secret; None where the rule is off, and for a second of a name."""
        severity = self._case.policy.rules.get(finding.rule, finding.severity)
        if severity is None:
            return None
        if finding.severity is Severity.INFO:
            severity = Severity.INFO
        name = identity(finding, self._message)
        if name in self._seen:
            return None
        self._seen.add(name)
        self._masks = self._masks or Masks(self._case)
        shown = finding if severity is finding.severity else replace(finding, severity=severity)
        return name, self._masks.apply(shown)


def _failed(policy: Policy, analyser: Analyser, error: Exception) -> Iterator[Failed]:
    """The analyser's rules, but for those that the council has switched off."""
    why = (
        "it needed too much memory" if isinstance(error, MemoryError) else f"the check failed ({type(error).__name__})"
    )
    if rules := tuple(rule.name for rule in analyser.rules if policy.rules.get(rule.name, rule.severity) is not None):
        yield Failed(rules, why)


def _read_only(places: frozenset[str], analyser: Analyser) -> bool:
    return all(places.issuperset(rule.reads) for rule in analyser.rules)


_OF_FOLDERS = tuple(one for one in ANALYSERS if _read_only(FOLDERS, one))
_OF_MESSAGES = tuple(one for one in ANALYSERS if one not in _OF_FOLDERS)
_NOT_OF_TEXT = tuple(one for one in _OF_MESSAGES if not _read_only(TEXT, one))


def _principal(copies: list[Docket], sender: Person) -> Docket:
    """The copy that is judged: the one in the sender's own mailbox, else the first held."""
    own = [docket for docket in copies if docket.mailbox == sender.mailbox]
    return min(own or copies, key=lambda docket: docket.holding)


def _as_delivered(sender: Person, mailbox: str, folders: tuple[str, ...]) -> bool:
    """Whether a copy shows the message after the mail system had it. The sender's own does not, unless it lies in the
    inbox. The copy that is judged may itself do."""
    return mailbox != sender.mailbox or "inbox" in folders


def _shows_delivered(mail: Mail, sender: Person, docket: Docket, other: Record) -> bool:
    """Whether a copy or an answer shows the message as delivered. The sender's own answer quotes the sender's copy."""
    if other.mail.message_id == mail.message_id:
        return _as_delivered(sender, docket.mailbox, docket.folders)
    return other.mail.sender.email != mail.sender.email


def _witness(mail: Mail, docket: Docket, other: Record, agreed: Agreed) -> Witness:
    """A copy is read as the message itself; a reply is read for what it quotes of it."""
    if other.mail.message_id == mail.message_id:
        return Witness("copy", docket.mailbox, parts(other, agreed))
    return Witness("quoted", docket.mailbox, assemble(other.mail.body.text, other.segments))

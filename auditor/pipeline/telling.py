"""What somebody who investigates may be told of one message: its text with third parties taken out. In the guarded child."""

from __future__ import annotations

from auditor.analysers.anonymous import Cast, tidy
from auditor.analysers.base import Case
from auditor.analysers.masking import Masks
from auditor.mail.message import Address
from auditor.pipeline.judging import parts
from auditor.pipeline.reading import unpack
from auditor.pipeline.tasks import Asked, Told
from auditor.policy import Person, Policy, Role

ZONES = ("own", "quoted", "forwarded", "signature", "waiver")


def tell(policy: Policy, asked: Asked) -> Told:
    """What may be told of it."""
    record = unpack(asked.packed)
    mail, day = record.mail, policy.day(asked.sent)
    author = policy.person(mail.sender, day)
    answers = author or policy.person(Address("", asked.mailbox), day)
    answers = answers or Person(asked.mailbox, Role.EMPLOYEE, "", asked.mailbox)
    receiving = [policy.person(one, day) for one in mail.recipients]
    named = [answers, *(one for one in receiving if one and (one.chair or one.role is Role.CLERK))]
    cast = Cast(policy, mail, named)
    agreed = policy.agreed(answers)
    divided = parts(record, agreed)
    masks = Masks(Case(mail, divided, answers, agreed, policy))
    texts = [(zone, getattr(divided, zone).text) for zone in ZONES]
    for text in (mail.subject, *(text for _, text in texts)):
        cast.learn(text)

    def told(text: str, zone: str = "") -> str:
        return cast.told(masks.hide(tidy(text)), guess=zone != "waiver")

    lists = (("From", (mail.sender,)), ("To", mail.to), ("Cc", mail.cc), ("Bcc", mail.bcc), ("Reply to", mail.reply_to))
    return Told(
        who=tidy(", ".join(filter(None, (answers.name, answers.title or answers.role.value, answers.mailbox)))),
        sender="" if author else cast.address(mail.sender),
        headers=tuple((name, ", ".join(map(cast.address, who))) for name, who in lists if who),
        subject=told(mail.subject),
        found=told(asked.finding.excerpt),
        reason=told(asked.finding.reason),
        texts=tuple((zone, told(text, zone).strip("\n")) for zone, text in texts if text.strip()),
        files=tuple(told(file.name) or "a file without a name" for file in mail.attachments if not file.inline),
    )

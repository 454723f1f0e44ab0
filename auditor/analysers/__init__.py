"""The rules. Adding one is one file, one line here, and its examples."""

from __future__ import annotations

from auditor.analysers.attachments import Attachments
from auditor.analysers.base import Analyser
from auditor.analysers.campaigning import Campaigning
from auditor.analysers.confidential import Confidential
from auditor.analysers.defamation import Defamation
from auditor.analysers.examples import examples
from auditor.analysers.fraud import Fraud
from auditor.analysers.language import Language
from auditor.analysers.obligation import Obligation
from auditor.analysers.offence import Offence
from auditor.analysers.passing_on import PassingOn
from auditor.analysers.recipients import Recipients
from auditor.analysers.records import Records
from auditor.analysers.reply_all import ReplyAll
from auditor.analysers.signature import Signature
from auditor.analysers.social_media import SocialMedia
from auditor.analysers.solicitation import Solicitation
from auditor.analysers.views import Views
from auditor.analysers.waiver import Waiver

ANALYSERS: tuple[Analyser, ...] = (
    Signature(),
    Waiver(),
    Language(),
    Offence(),
    Obligation(),
    Confidential(),
    Recipients(),
    ReplyAll(),
    Attachments(),
    PassingOn(),
    Records(),
    Views(),
    Campaigning(),
    Defamation(),
    Solicitation(),
    Fraud(),
    SocialMedia(),
)
"""Every analyser, in report order."""

__all__ = ["ANALYSERS", "examples"]

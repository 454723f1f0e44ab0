"""The rules. Adding one is one file, one line here, and its examples."""

from __future__ import annotations

from auditor.analysers.attachments import Attachments
from auditor.analysers.base import Analyser
from auditor.analysers.examples import examples
from auditor.analysers.passing_on import PassingOn
from auditor.analysers.recipients import Recipients
from auditor.analysers.records import Records
from auditor.analysers.reply_all import ReplyAll
from auditor.analysers.signature import Signature
from auditor.analysers.waiver import Waiver

ANALYSERS: tuple[Analyser, ...] = (
    Signature(),
    Waiver(),
    Recipients(),
    ReplyAll(),
    Attachments(),
    PassingOn(),
    Records(),
)
"""Every analyser, in report order."""

__all__ = ["ANALYSERS", "examples"]

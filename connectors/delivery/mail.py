"""The Clerk's workbook as an attachment, by the way in which notices go: nothing is read back from it."""

from __future__ import annotations

from collections.abc import Callable

from auditor.errors import DeliveryError
from auditor.values import replace
from connectors import notices
from connectors.delivery import TYPE, Way
from connectors.notices import Attachment, Notice

LARGEST = 3_000_000
"""Bytes of an attachment. Microsoft 365 takes no more in one call; for larger ones it wants a right to write into the
mailbox (Mail.ReadWrite), which is not asked for."""


class Mail(Way):
    """Mail to the Clerk. A workbook that is too large stays in its folder, and the letter says so."""

    name = "mail"
    title = "mail"
    place = "mail to the Clerk"

    def __init__(self, way: notices.Way, letter: Callable[[str, bool], Notice]) -> None:
        self._way = way
        self._letter = letter
        """The letter for a workbook of this name, which is attached or too large for that."""

    def prove(self) -> str:
        """See `Way.prove`: that of the notices' way."""
        return self._way.prove()

    def send(self, name: str, content: bytes) -> None:
        """Sends it.

        Raises:
            DeliveryError, NoticeError: it did not reach everybody.
        """
        fits = len(content) <= LARGEST
        notice = self._letter(name, fits)
        if self._way.send(replace(notice, attachment=Attachment(name, TYPE, content)) if fits else notice):
            raise DeliveryError("The mail server refused some of those named: check to in [reports.mail].")

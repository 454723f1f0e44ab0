"""The Clerk's workbook as an attachment, by the way in which notices go: nothing is read back from it."""

from __future__ import annotations

from collections.abc import Callable

from auditor.errors import DeliveryError
from auditor.values import replace
from connectors import notices
from connectors.delivery import TYPE, Way
from connectors.notices import Attachment, Notice

LARGEST = 3_000_000
"""Bytes of an attachment: Microsoft 365 takes no more in one call, and a mailbox that may be written to is not asked for."""


class Mail(Way):
    """Mail to the Clerk."""

    name = "mail"
    title = "mail"
    place = "mail to the Clerk"

    def __init__(self, way: notices.Way, letter: Callable[[str], Notice]) -> None:
        self._way = way
        self._letter = letter
        """The letter that a workbook of this name goes with."""

    def prove(self) -> str:
        """See `Way.prove`: the letter is made, and the way of notices proved."""
        self._letter("Audit.xlsx")
        return self._way.prove()

    def send(self, name: str, content: bytes) -> None:
        """Sends it.

        Raises:
            DeliveryError, NoticeError: it did not reach everybody.
        """
        if len(content) > LARGEST:
            raise DeliveryError(
                f"'{name}' is too large to be sent by mail ({len(content) / 1e6:.1f} MB, at most {LARGEST / 1e6:.0f}): take "
                "it from its folder, or have workbooks delivered to a shelf such as SharePoint."
            )
        if self._way.send(replace(self._letter(name), attachment=Attachment(name, TYPE, content))):
            raise DeliveryError("The mail server refused some of those named: check to in [reports.mail].")

"""Where the Clerk's workbook is taken besides its folder: a shelf it lies on and may be decided in, or mail.

A shelf knows its files by id. It never writes over what is no longer as it is known here, and gives back what somebody
made of it. The Chair's workbook goes by none of these ways.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime

from auditor.values import Value

LARGEST = 64 * 1024 * 1024
"""Bytes of a workbook that is fetched back; one of 50,000 findings has a tenth of that."""
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Lying(Value, frozen=True):
    """A workbook of ours on a shelf."""

    id: str
    version: str
    """Another one as soon as anybody has saved it; the shelf's own word."""
    name: str
    """What it was put there as: ours, not the shelf's word."""


class Seen(Value, frozen=True):
    """What a shelf says of a file now."""

    version: str
    saved: datetime
    """UTC."""


class Taken(Exception):
    """Something of that name is there already."""

    def __init__(self, lying: Lying) -> None:
        super().__init__(lying.name)
        self.lying = lying
        """What is there; its version is empty."""


class Changed(Exception):
    """The file is no longer as it is known here."""


class Gone(Exception):
    """The file is there no more."""


class Way(ABC):
    """One way. What is said of it goes into sentences and the audit trail, and holds no secret."""

    name: str
    """As `[reports] deliver` has it."""
    title: str
    place: str
    """Where exactly."""

    @abstractmethod
    def prove(self) -> str:
        """Goes as far as can be gone without leaving anything there; a sentence on what was proved.

        Raises:
            DeliveryError, NoticeError: it would not work.
        """


class Shelf(Way):
    """Somewhere a file lies. Every method raises DeliveryError where nothing comes of it."""

    @abstractmethod
    def put(self, name: str, content: bytes) -> Lying:
        """A new file. Raises Taken where there is one of that name."""

    @abstractmethod
    def replace(self, lying: Lying, content: bytes) -> Lying:
        """New content for a file. Raises Changed or Gone where it is not as it is known here."""

    @abstractmethod
    def look(self, lying: Lying) -> Seen:
        """What has become of a file. Raises Gone."""

    @abstractmethod
    def fetch(self, lying: Lying) -> bytes:
        """Its content now. Raises Gone."""

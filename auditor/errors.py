"""What can go wrong, grouped by what the night does next.

AuditorError
├── UsageError        the command was given something it cannot work with: stop (exit 2)
├── ConfigError       the configuration is wrong: stop before anything is touched (exit 2)
├── BusyError         another run holds the lock: leave it alone (exit 3)
├── StoreError        the store is damaged, full, locked or newer than this program: stop, nothing lost (exit 1)
│   ├── DamagedStore  the file is not as it was written: nothing is written to it any more
│   └── LockedStore   another program holds the file for longer than is waited: nothing is said of what is in it
├── WorkbookError     a workbook could not be written: the night stands, the next one tries again (exit 1)
├── NoticeError       nobody could be told of trouble this way: the night stands, the next one tries again (exit 1)
├── DeliveryError     a workbook could not be delivered: it lies in its folder, the next night tries again (exit 1)
├── BackupError       a backup could not be made or proved, or is damaged: the store stands (exit 1)
├── ReaderError       the process that mail is read in does not start: stop before all mail is called unreadable (exit 1)
├── SourceError       a mailbox could not be read
│   ├── RetrySource   wait, then ask again
│   ├── ResyncSource  the cursor is no longer honoured: read again within bounds
│   └── LostSource    leave this mailbox tonight, list it, go on with the others
└── UnreadableMail    keep the bytes, record the gap, go on

Every sentence says where, what, and what to do. A third-party library's exceptions are
translated in the one file that imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class AuditorError(Exception):
    """Something a person can act on; its text is one plain sentence."""

    exit_status = 1


class UsageError(AuditorError):
    """The command was given something it cannot work with."""

    exit_status = 2


class ConfigError(AuditorError):
    """The configuration is wrong. `problems` lists every mistake found, one sentence each."""

    exit_status = 2

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class BusyError(AuditorError):
    """Another run holds the lock."""

    exit_status = 3


class StoreError(AuditorError):
    """The store cannot be used as it is; what it holds is untouched."""


class DamagedStore(StoreError):
    """The file is not as it was written, and is left as it is."""


class LockedStore(StoreError):
    """Another program holds the file; whether it is sound nobody knows until it lets go."""


class WorkbookError(AuditorError):
    """A workbook could not be written, or read; earlier ones, and what was collected, are untouched."""

    def __init__(self, said: str, written: Sequence[Path] = ()) -> None:
        super().__init__(said)
        self.written = tuple(written)
        """The others, which were."""


class NoticeError(AuditorError):
    """A notice could not be sent; its text says why, and nothing of what the notice said."""


class DeliveryError(AuditorError):
    """A workbook could not be taken to one of the places of `[reports] deliver`, or not be looked at there; it is in its folder."""


class BackupError(AuditorError):
    """A backup could not be made or proved, or one that is there is damaged; the store and other backups are untouched."""


class ReaderError(AuditorError):
    """The process that mail is read in does not start; no message is to blame."""


class SourceError(AuditorError):
    """A mailbox could not be read."""


class RetrySource(SourceError):
    """Wait, then ask again."""

    def __init__(self, sentence: str, *, seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.seconds = seconds
        """How long the provider asked us to wait; None when it did not say."""


class ResyncSource(SourceError):
    """The cursor is no longer honoured; the mailbox is read again within its window."""


class LostSource(SourceError):
    """This mailbox cannot be read tonight."""


class UnreadableMail(AuditorError):
    """One message cannot be read; its bytes are kept and the gap is recorded."""


def plainly(error: BaseException) -> str:
    """Any error as a sentence for people; of one that is not made for them, its kind and never its words."""
    if isinstance(error, AuditorError):
        return str(error)
    if isinstance(error, OSError):
        where = f" at {error.filename}" if error.filename else ""
        return f"The system refused{where} ({error.strerror or type(error).__name__}): check the disk and this user's rights."
    return f"The auditor itself failed ({type(error).__name__}): run 'auditor --debug run', and tell whoever looks after it."

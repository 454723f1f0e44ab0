"""The account of a mailbox: what was not read, why, and one thing to do about it. Nothing else may be called clean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from auditor.store.records import Coverage, MailboxStatus
from reports.week import Period, moment_words
from reports.words import counted

ADVICE = {
    MailboxStatus.COMPLETE: "",
    MailboxStatus.PARTIAL: "The rest is read on the next nights. If it still says so next week, run 'auditor status'.",
    MailboxStatus.FAILED: "Run 'auditor check': it says what is wrong with this mailbox and how to mend it.",
    MailboxStatus.CLOSED: "Its person has left and the mailbox is gone. What was collected is kept and can be searched.",
    MailboxStatus.UNCONFIGURED: "It is not read any more. What was collected is kept and can be searched.",
    None: "It has had no night yet. Run 'auditor run', or wait for tonight.",
}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing that was not looked at."""

    what: str
    """One plain sentence."""
    why: str
    """The reason and what to do, in plain sentences."""


Unasked = Mapping[tuple[str, str], Sequence[tuple[int, str]]]
"""By source and mailbox: how many messages were not checked, and against what."""


def shortfalls(
    coverage: Iterable[Coverage],
    names: Mapping[str, str],
    period: Period,
    written: datetime,
    unasked: Unasked = MappingProxyType({}),
) -> tuple[Shortfall, ...]:
    """What was not read: whole mailboxes first, then single messages, then those not checked against every rule."""
    lines = to_be_read(coverage)
    if not lines:
        return (Shortfall("No mailbox has been read at all.", "Run 'auditor check': it says what is missing."),)
    whole = [short for line in lines for short in _mailbox(line, names, period, written)]
    single = [short for line in lines for short in _messages(line, names)]
    return (*whole, *single, *(short for line in lines for short in _unchecked(line, names, unasked)))


def to_be_read(coverage: Iterable[Coverage]) -> list[Coverage]:
    """The accounts that coverage is about: not those of mailboxes which schedule.toml no longer names."""
    return [line for line in coverage if line.status is not MailboxStatus.UNCONFIGURED]


def _mailbox(line: Coverage, names: Mapping[str, str], period: Period, written: datetime) -> Iterator[Shortfall]:
    owner = _owner(line, names)
    if line.status is None:
        yield Shortfall(f"{owner} has not been read yet.", why(line))
    elif line.status is MailboxStatus.FAILED:
        yield Shortfall(f"{owner} could not be read.", why(line))
    elif line.status is MailboxStatus.PARTIAL:
        yield Shortfall(f"{owner} was read only in part.", why(line))
    elif stale(line, period, written):
        last = (
            f"was last read in full on {moment_words(line.last_complete)}"
            if line.last_complete
            else "was never read in full"
        )
        yield Shortfall(f"{owner} {last}; later mail is not in this workbook.", _LATE)


def _messages(line: Coverage, names: Mapping[str, str]) -> Iterator[Shortfall]:
    owner = _owner(line, names)
    if line.gaps:
        it = "It is" if line.gaps == 1 else "They are"
        said = f"{it} tried again every night, and listed with the reason on the sheet Not read."
        yield Shortfall(f"{counted(line.gaps, 'message')} in {owner[0].lower()}{owner[1:]} could not be read.", said)
    if line.status is MailboxStatus.COMPLETE and unaccounted(line) != 0:
        yield Shortfall(f"The account of {owner[0].lower()}{owner[1:]} does not add up.", _UNEVEN)


def _unchecked(line: Coverage, names: Mapping[str, str], unasked: Unasked) -> Iterator[Shortfall]:
    owner = _owner(line, names)
    for many, what in unasked.get((line.source, line.mailbox), ()):
        said = f"{counted(many, 'message')} in {owner[0].lower()}{owner[1:]} could not be checked against {what}."
        yield Shortfall(said, _UNASKED)


_UNASKED = (
    "The messages are kept, and listed with the reason on the sheet Not read: a person should read them. They are tried "
    "again when the program or the policy changes."
)
_LATE = "It has not been read since. Run 'auditor run'; if that fails, it says why."
_UNEVEN = "The number of messages there is not the number collected and explained. Run 'auditor run' again; if it stays so, ask whoever looks after the auditor."


def why(line: Coverage) -> str:
    """Why a mailbox was not read, and what to do: the night's own sentence, or else standing advice."""
    return line.error or ADVICE[line.status]


def remark(line: Coverage, period: Period, written: datetime) -> str:
    """Everything to be said of one mailbox on its line of the account."""
    said = [why(line)]
    if stale(line, period, written):
        said.append(_LATE)
    if line.status is MailboxStatus.COMPLETE and unaccounted(line) != 0:
        said.append(_UNEVEN)
    return " ".join(filter(None, said))


def stale(line: Coverage, period: Period, written: datetime) -> bool:
    """Whether a mailbox that reads well was last read in full before the period was over (or, while it runs, over
    36 hours ago)."""
    if line.status is not MailboxStatus.COMPLETE:
        return False
    if line.last_complete is None:
        return True
    if period.end is not None and written >= period.end:
        return line.last_complete < period.end
    return line.last_complete < written - timedelta(hours=36)


def unaccounted(line: Coverage) -> int | None:
    """What the provider counts beyond collected + gaps + outside + private; None when it gave no count."""
    if line.provider_count is None:
        return None
    return line.provider_count - line.collected - line.gaps - line.outside_window - line.private


def _owner(line: Coverage, names: Mapping[str, str]) -> str:
    """'The mailbox of Brian Tewson (cllr.tewson@…)'."""
    name = names.get(line.mailbox, "")
    return f"The mailbox of {name} ({line.mailbox})" if name else f"The mailbox {line.mailbox}"

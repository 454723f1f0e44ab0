"""A sample of the invented week: what no rule objected to, some of it looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from auditor.store.samples import Drawn, Look, Looked, SampleTally, Verdict
from reports.estimate import estimate
from reports.sampled import Sample, Sampled

WORDS = (
    "The grass on the green was cut on Tuesday and the bins were emptied. I have asked them to come an hour earlier next time.",
    "Thank you, that is kind. I shall tell the hall that we need it until ten.",
    "",
    "Minute 26/114 is right as it stands: the figure in it is the one that the Council agreed in March, and the other is…",
)


def one(number: int, **changes: Any) -> Sampled:
    """One message of the sample."""
    values: dict[str, Any] = {
        "name": f"{number:020x}",
        "label": "2026-W47",
        "sha256": f"{number:064x}",
        "mailbox": "cllr.tewson@thorrington.example.org",
        "message_id": f"sampled-{number}@thorrington.example.org",
        "sender": "cllr.tewson@thorrington.example.org",
        "sent": datetime(2026, 11, 16 + number % 7, 9, number, tzinfo=UTC),
        "subject": ("Grass", "Re: Hall until ten", "Minutes of 4 March, the figure in minute 26/114")[number % 3],
        "recipients": tuple(f"{n}@example.com" for n in range(1 + number % 6)),
    }
    values |= changes
    return Sampled(Drawn(**values), "Brian Tewson", date(2026, 11, 16 + number % 7), WORDS[number % len(WORDS)])


def drawn(many: int = 20, unflagged: int = 186, sample_tallies: tuple[SampleTally, ...] = ()) -> Sample:
    """So many messages; the second and the third were looked at."""
    messages = tuple(one(number) for number in range(1, many + 1))
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    looks = (Look(f"{2:020x}", Verdict.FINE), Look(f"{3:020x}", Verdict.MISSED, "E10", "He orders the paint himself."))
    said = {look.name: Looked(look, at, "out/Audit 2026-W47.xlsx") for look in looks[: max(many - 1, 0)]}
    sample_tallies = sample_tallies or (SampleTally("2026-W46", 172, 20, 1), SampleTally("2026-W47", unflagged, 2, 1))
    return Sample(messages, unflagged, said, estimate(sample_tallies))

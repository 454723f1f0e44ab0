"""The mail before an example, entered in the post book."""

from __future__ import annotations

import re

from auditor.analysers.base import Case
from auditor.mail.addresses import addresses
from auditor.past import Remark
from auditor.pipeline.postbook import Entry, PostBook, entry

_BEFORE = re.compile(r"(\d+) (to|from) (.+)")


def remarks(past: tuple[str, ...], case: Case) -> tuple[Remark, ...]:
    """What the mail before a case says of its recipients; a letter a day, the last of them the day before."""
    this = entry(case.mail)
    assert this is not None
    lines = [found for line in past if (found := _BEFORE.fullmatch(line)) for _ in range(int(found[1]))]
    earlier = [_letter(found[2], found[3], this, len(lines) - n) for n, found in enumerate(lines)]
    return dict(PostBook(case.policy).read([(one.message, one) for one in (*earlier, this)])).get(this.message, ())


def _letter(way: str, others: str, this: Entry, days: int) -> Entry:
    people, _ = addresses([others], 100)
    sent, message = this.sent - days * 86_400, f"{days} before {this.message}"
    if way == "from":
        return Entry(message, sent, people[0], (this.sender,))
    return Entry(message, sent, this.sender, people)

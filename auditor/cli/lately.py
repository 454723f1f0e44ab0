"""What the first page of a workbook sets beside its week: the week before, and what was changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from auditor.cli.health import health
from auditor.store.trail import Deed

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.findings import Rule
    from auditor.store.interface import Store
    from auditor.store.records import Run
    from reports.lately import Before, Lately
    from reports.report import Reader
    from reports.week import Period


def lately(
    config: Config, store: Store, period: Period, now: datetime, rules: Sequence[Rule], runs: Sequence[Run]
) -> Mapping[Reader, Lately]:
    """For each reader.

    Args:
        config: the council.
        store: what it holds.
        period: the workbook's.
        now: UTC.
        rules: all there are.
        runs: newest first.
    """
    from reports.lately import Lately
    from reports.report import Reader

    before = _before(config, store, period, now, rules, runs)
    changes = (*_configured(store, period), *_another_version(runs, period))
    may_wait = frozenset(need.sentence for need in health(config, store, now).wants if not need.pressing)
    return {reader: Lately(before.get(reader), changes, may_wait) for reader in Reader}


def _before(
    config: Config, store: Store, period: Period, now: datetime, rules: Sequence[Rule], runs: Sequence[Run]
) -> dict[Reader, Before]:
    """The figures on mail of the week before, whichever workbook lists it; none where nothing of it was checked."""
    from reports.report import Reader, week_reports
    from reports.start import before
    from reports.week import week_of

    if period.since is None:
        return {}
    last = week_of(period.since - timedelta(days=1))
    since, until = last.days[0], last.days[-1]
    hidden = {one.finding for one in store.hidden()}
    reports = week_reports(
        last,
        policy=config.policy,
        rules=rules,
        findings=[row for row in store.findings_sent(since, until) if row.id not in hidden],
        coverage=(),
        gaps=(),
        runs=runs,
        checked=store.judged_between(since, until),
        written=now,
    )
    both = {Reader.CLERK: reports.clerk, Reader.CHAIR: reports.chair}
    return {
        reader: before(report) for reader, report in both.items() if report is not None and any(report.checked.values())
    }


def _configured(store: Store, period: Period) -> Iterator[str]:
    """Changes of schedule.toml and of the policy's files, as nights met them; its first reading is none."""
    from reports.week import day_words, local_day
    from reports.words import counted, listed

    for entry in [one for one in store.trail() if one.deed == Deed.CONFIGURED][1:]:
        day, changed = local_day(entry.at), entry.said.get("changed")
        if not period.days or not period.holds(day) or not isinstance(changed, list):
            continue
        names = [str(name) for name in changed]
        tables = [f"{name} of schedule.toml" for name in names if name.startswith("[")]
        files = len(names) - len(tables)
        what = listed([*tables, *([counted(files, "file") + " of the policy"] if files else [])])
        yield f"The settings are others since {day_words(day)}: {what}."


def _another_version(runs: Sequence[Run], period: Period) -> Iterator[str]:
    from reports.week import day_words, local_day

    for earlier, later in pairwise(reversed(runs)):
        day = local_day(later.started)
        if later.version != earlier.version and period.days and period.holds(day):
            yield f"The auditor is another version since {day_words(day)}: {later.version}, after {earlier.version}."

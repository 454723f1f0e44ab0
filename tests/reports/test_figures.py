from datetime import date

from changes import replace
from thorrington import DOMAIN, FOUND, finding_row, sample

from auditor.findings import Severity
from reports.figures import Part, figures
from reports.week import backlog

TEWSON = f"cllr.tewson@{DOMAIN}"


def test_figures_are_what_plain_counting_gives():
    report = sample().clerk
    counts = figures(report)
    inside = {line.message for line in report.findings if report.period.holds(line.day)}
    assert counts.messages == Part(len(inside), sum(report.checked.values()))
    assert counts.findings == len(report.findings) == counts.new + counts.carried + counts.undated
    assert counts.carried == 2
    assert counts.other_days == (date(2026, 11, 12), date(2026, 11, 14))
    assert sum(many for _, many in counts.by_severity) == counts.findings
    assert [grade for grade, _ in counts.by_severity] == list(reversed(Severity))
    person = next(figure for figure in counts.by_person if figure.mailbox == TEWSON)
    mine = [line for line in report.findings if line.row.mailbox == TEWSON]
    assert person.findings == len(mine)
    assert person.messages == Part(len({line.message for line in mine}), report.checked[TEWSON])
    assert person.worst is Severity.HIGH


def test_every_mailbox_is_listed_findings_or_not_but_the_clerks_is_not():
    mailboxes = [figure.mailbox for figure in figures(sample(findings=[]).clerk).by_person]
    assert len(mailboxes) == 11
    assert f"clerk@{DOMAIN}" not in mailboxes


def test_an_empty_week_has_figures_of_nothing():
    counts = figures(sample(findings=[], checked={}).clerk)
    assert counts.messages == Part(0, 0)
    assert counts.messages.share is None
    assert counts.by_rule == ()


def test_a_share_is_not_told_when_its_whole_does_not_hold_it():
    assert Part(3, 2).share is None
    assert Part(9, 214).share == 9 / 214
    assert Part(1234, 5000).words == "1,234 of 5,000"


def test_copies_of_one_message_are_one_finding():
    row = finding_row(*FOUND[1])
    copy = replace(row, mailbox=f"cllr.ockenden@{DOMAIN}", folders=("Inbox",))
    report = sample(findings=[copy, row]).clerk
    assert len(report.findings) == 1
    assert report.findings[0].row == row
    assert len(report.findings[0].places) == 2


def test_mail_without_a_day_is_counted_apart_in_a_week_and_inside_in_a_backlog():
    rows = [replace(finding_row(*FOUND[1]), sent=None)]
    counts = figures(sample(findings=rows).clerk)
    assert (counts.new, counts.carried, counts.undated) == (0, 0, 1)
    counts = figures(sample(findings=rows, period=backlog(date(2026, 11, 22), date(2026, 11, 16)), runs=[]).clerk)
    assert (counts.new, counts.carried, counts.undated) == (1, 0, 0)


def test_serious_messages_come_first_and_their_findings_stay_together():
    report = sample().clerk
    messages = [line.message for line in report.findings]
    assert report.findings[0].row.finding.severity is Severity.CRITICAL
    assert len({message for n, message in enumerate(messages) if n == 0 or messages[n - 1] != message}) == len(
        set(messages)
    )
    assert sum(n == 0 or messages[n - 1] != message for n, message in enumerate(messages)) == len(set(messages))

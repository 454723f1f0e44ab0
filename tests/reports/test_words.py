import re
from pathlib import Path

import pytest

from auditor.findings import Severity
from auditor.store.records import MailboxStatus
from reports import words

MAIL = Path(__file__).resolve().parents[2] / "auditor" / "mail"


def test_every_defect_has_plain_words():
    codes = {code for file in MAIL.glob("*.py") for code in re.findall(r'Defect\(\s*"(\w+)"', file.read_text("utf-8"))}
    assert codes <= set(words.DEFECT), "give reports/words.py plain words for these"


def test_every_status_and_severity_has_words_and_severities_sort():
    assert set(words.STATUS) == {*MailboxStatus, None}
    ordered = [words.SEVERITY[severity] for severity in Severity]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    ("share", "labelled", "said"),
    [
        (0.98, 1400, "Very likely right (98 in 100, of 1,400)"),
        (0.8, 20, "Likely right (80 in 100, of 20)"),
        (0.6, 44, "More often right than wrong (60 in 100, of 44)"),
        (0.5, 30, "Uncertain, read with care (50 in 100, of 30)"),
        (0.5, 19, "Not yet measured"),
        (0.93, 0, "Likely right (93 in 100)"),
        (0.2, 25, "Uncertain, read with care (20 in 100, of 25)"),
    ],
)
def test_confidence_is_said_in_words(share, labelled, said):
    assert words.confidence(share, labelled) == said


def test_names_are_joined_and_cut():
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.several(["a", "b"], 6) == "a\nb"
    assert words.several([str(n) for n in range(20)], 6).endswith("\n4\nand 15 more (20 in all)")


def test_parts_and_defects():
    assert words.part("attachment:plan.pdf") == "the attachment plan.pdf"
    assert words.part("own") == "the sender's own words"
    assert words.defects({"date": 1, "charset": 3, "new": 0}).startswith("3 × letters")
    assert words.defects(None) == ""
    assert words.counted(1, "mailbox", "mailboxes") == "1 mailbox"
    assert words.counted(1200, "night") == "1,200 nights"

"""Mail that the auditor itself has sent is known by its mark, and by nothing else; no rule is put to it."""

from __future__ import annotations

from datetime import date

import pytest

from auditor.mail.message import Kind
from auditor.mark import mark
from auditor.pipeline.arriving import Closed, Opened, close, divide, prepare, read
from auditor.pipeline.judging import judge
from auditor.pipeline.tasks import Admission, PrivateRules, Sight
from auditor.policy import Person, Policy, Role
from auditor.store.records import BIN, Docket

KEY, CLERK, CHAIR = b"k" * 32, "clerk@council.example", "chair@council.example"
POLICY = Policy("Stow", ("council.example",), (Person("Ann Marsh", Role.CLERK, "Clerk", CLERK),))
SUBJECT = "Mailbox auditor of Stow: 2 things need a person"
GOOD = mark(KEY, "n1@council.example", CLERK, [CLERK, CHAIR], SUBJECT)


def notice(
    head: str = f"X-Council-Auditor: {GOOD}\n", *, sender: str = CLERK, to: str = f"{CLERK}, {CHAIR}",
    subject: str = SUBJECT, body: str = "You idiot, THE CONTRACT IS YOURS.\n",
) -> bytes:  # fmt: skip
    return (
        f"Received: by relay\nFrom: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <given.by.a@provider.example>\n"
        f"Date: Thu, 26 Nov 2026 02:20:00 +0000\n{head}\n{body}"
    ).encode()


def known(raw: bytes, key: bytes = KEY) -> bool:
    made = read(Admission(PrivateRules(), POLICY, key), (raw, CLERK, ("sent",), ()))
    assert isinstance(made, Opened)
    return made.mail.kind is Kind.NOTICE


@pytest.mark.parametrize(
    "raw",
    [
        notice(),
        notice(f"X-Council-Auditor:\n {GOOD.replace(' ', chr(10) + ' ')}\n"),
        notice(subject=SUBJECT.replace("things ", "things\n ")),
        notice(to=f"Chair <{CHAIR.upper()}>, {CLERK}"),
        notice().replace(b"\n", b"\r\n"),
    ],
)
def test_a_genuine_mark_is_known_however_it_was_folded(raw: bytes) -> None:
    assert known(raw)
    assert not known(raw, b"")
    assert not known(raw, b"j" * 32)


@pytest.mark.parametrize(
    "raw",
    [
        notice(""),
        notice("X-Council-Auditor: 0000 n1@council.example\n"),
        notice("X-Council-Auditor:\n"),
        notice(f"X-Council-Auditor: {GOOD}\n" * 2),
        notice("", body=f"X-Council-Auditor: {GOOD}\n\nYou idiot.\n"),
        notice(sender="tom@council.example"),
        notice(to=f"{CLERK}, {CHAIR}, friend@elsewhere.example"),
        notice(to=CLERK),
        notice(subject="The contract"),
        notice(f"X-Council-Auditor: {GOOD.replace('n1@', 'n2@')}\n"),
    ],
)
def test_another_s_mail_is_not_known_by_it(raw: bytes) -> None:
    assert not known(raw)


def test_no_rule_is_put_to_it_neither_when_it_comes_nor_when_it_is_deleted() -> None:
    under = Admission(PrivateRules(), POLICY, KEY)
    for raw, spared in ((notice(), True), (notice(""), False)):
        made = close(under, prepare(under, divide(under, read(under, (raw, CLERK, ("sent",), ())))))
        assert isinstance(made, Closed)
        assert (made.case is None) is spared
        assert made.reading.terms.body  # it is found again all the same
        docket = Docket(1, "files", CLERK, (BIN,), "00", made.reading.packed, removed=date(2026, 11, 27))
        said = judge(POLICY, Sight(docket))
        assert (said.findings == (), said.checked) == (spared, not spared)


def test_it_costs_one_look_where_the_header_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.pipeline import arriving

    monkeypatch.setattr(arriving, "read_block", lambda *_: pytest.fail("the headers were read again"))
    assert not known(notice(""))

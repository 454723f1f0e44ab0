"""Each way of telling people, against a server of its own: what it sends, and what it refuses to send."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from providers.google import READONLY, SENDING, Workspace
from providers.loopback import Answer, Call, Loopback
from providers.mail_server import MailServer
from providers.microsoft import Tenant

from auditor.errors import NoticeError
from auditor.pipeline.pull import Clock
from auditor.schedule import source
from auditor.secret import Secret
from auditor.values import replace
from connectors import google_account, microsoft_account
from connectors.notices import Notice
from connectors.notices.google import Google
from connectors.notices.microsoft import Microsoft
from connectors.notices.smtp import Smtp
from connectors.notices.webhook import Webhook

CLERK, CHAIR = "clerk@council.example", "chair@council.example"
TEXT = "What needs a person:\n\n1. The disk is nearly full: make room.\n.\nA line of one dot stands above.\n"
NOTICE = Notice(
    council="Stow Parish Council",
    needs=("The disk is nearly full: make room.",),
    at=datetime(2026, 11, 26, 2, 20, tzinfo=UTC),
    subject="Mailbox auditor of Stow Parish Council: 1 thing needs a person",
    text=TEXT,
    name="a1@council.example",
    sender=CLERK,
    recipients=(CLERK, CHAIR),
    mark="feed a1@council.example",
)
CLOCK = Clock(time.monotonic, time.sleep)
SECRET = "quizzaciously"


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> tuple[Secret, Secret]:
    monkeypatch.setenv("STOW_USER", CLERK)
    monkeypatch.setenv("STOW_PASSWORD", SECRET)
    return Secret("env", "STOW_USER"), Secret("env", "STOW_PASSWORD")


def smtp(
    server: MailServer, host: str = "localhost", *, roots: Path | None = None, scheme: str = "smtp", **more: object
) -> Smtp:
    user, password = more.get("user"), more.get("password")
    assert user is None or isinstance(user, Secret)
    assert password is None or isinstance(password, Secret)
    return Smtp(f"{scheme}://{host}:{server.port}", user, password, Path(), roots, seconds=20)


def test_mail_is_sent_encrypted_signed_in_and_marked(tmp_path: Path, signed: tuple[Secret, Secret]) -> None:
    with MailServer(tmp_path, user=(CLERK, SECRET)) as server:
        way = smtp(server, user=signed[0], password=signed[1])
        assert "signed in" in way.prove()
        assert server.mail == []
        way.send(NOTICE)
    [mail], [to] = server.mail, server.recipients
    assert to == [CLERK, CHAIR]
    assert {"AUTH", "MAIL", "RCPT", "DATA"} <= {word for word, encrypted in server.commands if encrypted}
    assert [word for word, encrypted in server.commands if not encrypted] == ["EHLO", "STARTTLS"] * 2
    assert (mail["From"], mail["Auto-Submitted"], mail["X-Council-Auditor"]) == (CLERK, "auto-generated", NOTICE.mark)
    assert mail["Message-ID"] == "<a1@council.example>"
    assert mail.get_payload().replace("\r\n", "\n") == TEXT


def test_a_server_elsewhere_has_to_prove_who_it_is(tmp_path: Path) -> None:
    with MailServer(tmp_path) as server:
        smtp(server, "127.0.0.2", roots=server.ca).send(NOTICE)
        with pytest.raises(NoticeError, match=r"cannot prove that it is 127\.0\.0\.2"):
            smtp(server, "127.0.0.2").send(NOTICE)
        with pytest.raises(NoticeError, match="cannot prove"):
            smtp(server, "127.0.0.3", roots=server.ca).send(NOTICE)
    assert len(server.mail) == 1


def test_nothing_goes_out_unencrypted_but_to_this_computer(tmp_path: Path) -> None:
    with MailServer(tmp_path, starttls=False) as server:
        with pytest.raises(NoticeError, match="offers no encryption"):
            smtp(server, "127.0.0.2", roots=server.ca).send(NOTICE)
        assert "MAIL" not in {word for word, _ in server.commands}
        smtp(server).send(NOTICE)
    assert len(server.mail) == 1


def test_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    with MailServer(tmp_path, encrypted=True) as server:
        smtp(server, "127.0.0.2", roots=server.ca, scheme="smtps").send(NOTICE)
        with pytest.raises(NoticeError, match="cannot prove"):
            smtp(server, "127.0.0.2", scheme="smtps").prove()
    assert len(server.mail) == 1


@pytest.mark.parametrize(
    ("word", "answer", "said"),
    [
        ("AUTH", f"535 5.7.8 {CHAIR} is not you", r"refused the sign-in \(535\): check smtp_user"),
        ("RCPT", f"550 {CHAIR} unknown", "takes no mail for those named: check mail"),
        ("RCPT", f"450 {CHAIR} later", "at the moment: the next night tries again"),
        ("MAIL", f"451 {CLERK} later", r"refused the notice \(451\)"),
        ("DATA", f"554 {SECRET}", r"refused the notice \(554\)"),
    ],
)
def test_what_a_mail_server_refuses_is_one_sentence_without_its_words(
    tmp_path: Path, signed: tuple[Secret, Secret], word: str, answer: str, said: str
) -> None:
    with MailServer(tmp_path, user=(CLERK, SECRET)) as server:
        server.refuses[word] = answer
        with pytest.raises(NoticeError, match=said) as caught:
            smtp(server, user=signed[0], password=signed[1]).send(NOTICE)
    assert not any(one in str(caught.value) for one in (CHAIR, CLERK, SECRET, "unknown"))
    assert server.mail == []


def test_some_refused_are_counted_and_the_others_told_once(tmp_path: Path) -> None:
    with MailServer(tmp_path) as server:
        assert smtp(server).send(NOTICE) == ""
        server.unknown = {CHAIR}
        said = smtp(server).send(NOTICE)
    assert "refused 1 of the 2 addresses: check mail in [notify]" in said
    assert CHAIR not in said
    assert server.recipients == [[CLERK, CHAIR], [CLERK]]


def test_a_server_that_hangs_up_while_it_is_proved(tmp_path: Path) -> None:
    with MailServer(tmp_path) as server:
        server.refuses["NOOP"] = ""
        with pytest.raises(NoticeError, match=r"cannot be reached: check smtp in \[notify\]"):
            smtp(server).prove()


@pytest.mark.parametrize("signs", ["XOAUTH2", None])
def test_a_server_that_takes_no_password(tmp_path: Path, signed: tuple[Secret, Secret], signs: str | None) -> None:
    with MailServer(tmp_path, user=(CLERK, SECRET) if signs else None) as server:
        server.signs = signs or ""
        with pytest.raises(NoticeError, match="takes no sign-in with a user and a password"):
            smtp(server, user=signed[0], password=signed[1]).prove()


def test_what_cannot_be_sent_to_a_mail_server_is_said_and_not_shown(
    tmp_path: Path, signed: tuple[Secret, Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOW_PASSWORD", f"£{SECRET}")
    with MailServer(tmp_path, user=(CLERK, SECRET)) as server:
        with pytest.raises(NoticeError, match="choose another password") as caught:
            smtp(server, user=signed[0], password=signed[1]).prove()
        assert SECRET not in str(caught.value)
        with pytest.raises(NoticeError, match="no address with letters such as é"):
            smtp(server).send(replace(NOTICE, recipients=(CLERK, "zoë@council.example")))
    assert server.mail == []


def test_nobody_there_and_a_password_that_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(tmp_path) as server:
        pass
    with pytest.raises(NoticeError, match="cannot be reached"):
        smtp(server).send(NOTICE)
    monkeypatch.delenv("STOW_NONE", raising=False)
    none = Secret("env", "STOW_NONE")
    with pytest.raises(NoticeError, match="STOW_NONE is empty"):
        smtp(server, user=none, password=none).prove()


def test_a_webhook_is_told_in_json(tmp_path: Path) -> None:
    with Loopback(lambda _call: Answer(204), tmp_path) as server:
        way = Webhook(f"{server.base}/hook?key={SECRET}", server.ca, seconds=20)
        assert SECRET not in way.prove()
        assert server.calls == []
        way.send(NOTICE)
        way.send(replace(NOTICE, needs=(), test=True))
        with pytest.raises(NoticeError, match="cannot prove"):
            Webhook(f"{server.base}/hook", seconds=20).send(NOTICE)
    call, test = server.calls
    assert json.loads(test.body) == {
        "council": "Stow Parish Council",
        "needs": [],
        "at": json.loads(call.body)["at"],
        "test": True,
    }
    assert (call.method, call.target) == ("POST", f"/hook?key={SECRET}")
    assert json.loads(call.body) == {
        "council": "Stow Parish Council",
        "needs": ["The disk is nearly full: make room."],
        "at": "2026-11-26T02:20:00+00:00",
    }


@pytest.mark.parametrize(("status", "headers"), [(302, {"Location": "/elsewhere"}), (404, {}), (500, {})])
def test_a_webhook_that_answers_otherwise_has_not_told(tmp_path: Path, status: int, headers: dict[str, str]) -> None:
    def route(_call: Call) -> Answer:
        return Answer(status, b"quizzaciously", headers)

    with Loopback(route, tmp_path) as server, pytest.raises(NoticeError, match=f"status {status}") as caught:
        Webhook(f"{server.base}/hook/{SECRET}", server.ca, seconds=20).send(NOTICE)
    assert len(server.calls) == 1
    assert SECRET not in str(caught.value)


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NoticeError, match="did not answer in time"):
            Webhook(f"http://localhost:{port}/", seconds=0.2).send(NOTICE)
        with pytest.raises(NoticeError, match="did not answer in time"):
            Smtp(f"smtp://localhost:{port}", None, None, tmp_path, seconds=0.2).prove()


def test_microsoft_sends_from_one_mailbox_and_keeps_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tomllib

    with Tenant(tmp_path) as tenant:
        tenant.mailbox(CLERK)
        monkeypatch.setenv("AUDITOR_M365_SECRET", tenant.secret)
        table = source(tomllib.loads(tenant.toml([CLERK]))["sources"][0])
        way = Microsoft(microsoft_account(table, tmp_path / "schedule.toml"), CLERK, CLOCK)  # type: ignore[arg-type]
        tenant.roles = ["Mail.Read"]
        assert "--send" in way.prove()
        with pytest.raises(NoticeError, match=r"give it Mail\.Send"):
            way.send(NOTICE)
        assert tenant.sent == []
        tenant.senders = [CLERK]
        way.send(NOTICE)
        [sent] = tenant.sent
        assert sent["saveToSentItems"] is False
        assert sent["message"]["body"] == {"contentType": "Text", "content": TEXT}
        assert sent["message"]["internetMessageHeaders"] == [{"name": "X-Council-Auditor", "value": NOTICE.mark}]
        assert [one["emailAddress"]["address"] for one in sent["message"]["toRecipients"]] == [CLERK, CHAIR]
        stranger = Microsoft(microsoft_account(table, tmp_path / "schedule.toml"), CHAIR, CLOCK)  # type: ignore[arg-type]
        with pytest.raises(NoticeError, match=f"knows no mailbox {CHAIR}"):
            stranger.send(NOTICE)
    assert tenant.server.wrong == []


def test_google_sends_with_its_own_scope(tmp_path: Path) -> None:
    import tomllib

    with Workspace(tmp_path) as workspace:
        workspace.mailbox(CLERK)
        workspace.allowed = {READONLY, SENDING}
        table = source(tomllib.loads(workspace.toml([CLERK]))["sources"][0])

        def way() -> Google:
            return Google(google_account(table, tmp_path / "schedule.toml"), CLERK, CLOCK)  # type: ignore[arg-type]

        with pytest.raises(NoticeError, match=r"scope https://www.googleapis.com/auth/gmail.send"):
            way().prove()
        workspace.scopes = {READONLY, SENDING}
        assert CLERK in way().prove()
        way().send(NOTICE)
        [raw] = workspace.sent
        mail = message_from_bytes(raw)
        assert (mail["To"], mail["X-Council-Auditor"]) == (f"{CLERK}, {CHAIR}", NOTICE.mark)
        assert mail.get_payload().replace("\r\n", "\n") == TEXT
    assert workspace.server.wrong == []

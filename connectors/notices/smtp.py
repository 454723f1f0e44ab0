"""Telling people by mail through a mail server (RFC 5321, RFC 3207, RFC 8314).

Nothing is sent unencrypted except to this computer, and no password to a server that cannot prove who it is.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from auditor.errors import ConfigError, NoticeError
from auditor.schedule import HERE
from auditor.secret import Secret
from connectors.notices import SECONDS, STEP, Notice, letter
from connectors.notices.deadline import within
from connectors.notices.trust import broken, context, unproved


class Smtp:
    """A mail server: `smtp://` begins with STARTTLS, `smtps://` is encrypted from the first byte."""

    name = "mail server"

    def __init__(
        self, url: str, user: Secret | None, password: Secret | None, folder: Path, roots: Path | None = None,
        *, seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        parts = urlsplit(url)
        self._encrypted = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._encrypted else 587)
        self._user = user
        self._password = password
        self._folder = folder
        self._roots = roots
        self._seconds = seconds

    @property
    def _here(self) -> bool:
        return self._host in HERE

    def prove(self) -> str:
        """See `Way.prove`: connects, encrypts and signs in."""

        def tried() -> str:
            with self._server() as server:
                server.noop()
            signed = "signed in" if self._user and self._password else "without a sign-in"
            return f"{self._host} answers; {signed}. 'auditor check --send' sends a test."

        return within(self._seconds, tried, self._host)

    def send(self, notice: Notice) -> str:
        """See `Way.send`."""

        def sent() -> str:
            with self._server() as server:
                refused = server.send_message(letter(notice), notice.sender, list(notice.recipients))
            if not refused:
                return ""
            return (
                f"The mail server {self._host} refused {len(refused)} of the {len(notice.recipients)} addresses: check mail "
                "in [notify], then run 'auditor check --send'."
            )

        return within(self._seconds, sent, self._host)

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """Connected, encrypted and signed in."""
        secrets = self._secrets()
        trust = unproved() if self._here else context(self._roots)
        with self._told():
            server = self._connected(trust)
            try:
                self._secured(server, trust)
                if secrets:
                    self._signed_in(server, *secrets)
                yield server
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()

    def _connected(self, trust: ssl.SSLContext) -> smtplib.SMTP:
        if self._encrypted:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=STEP, context=trust)
        return smtplib.SMTP(self._host, self._port, timeout=STEP)

    def _secured(self, server: smtplib.SMTP, trust: ssl.SSLContext) -> None:
        server.ehlo_or_helo_if_needed()
        if self._encrypted:
            return
        if server.has_extn("starttls"):
            server.starttls(context=trust)
            server.ehlo()
        elif not self._here:
            raise NoticeError(
                f"The mail server {self._host} offers no encryption (STARTTLS), so nothing was sent: use smtps://, or another."
            )

    def _signed_in(self, server: smtplib.SMTP, user: str, password: str) -> None:
        if not f"{user}{password}".isascii():  # the library sends nothing else
            raise NoticeError(
                "smtp_user or smtp_password in [notify] holds a character that cannot be sent to a mail server, such as £ or "
                "é: choose another password."
            )
        try:
            server.login(user, password)
        except (smtplib.SMTPResponseException, smtplib.SMTPServerDisconnected):
            raise
        except smtplib.SMTPException:
            raise NoticeError(
                f"The mail server {self._host} takes no sign-in with a user and a password here: check smtp in [notify]."
            ) from None

    def _secrets(self) -> tuple[str, str] | None:
        if self._user is None or self._password is None:
            return None
        try:
            return self._user.read(self._folder), self._password.read(self._folder)
        except ConfigError as error:
            raise NoticeError(str(error)) from None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The library's troubles in sentences; what a server says may repeat whom a letter is for, and is left out."""
        try:
            yield
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self._trouble(error) from None

    def _trouble(self, error: Exception) -> NoticeError:
        server = f"The mail server {self._host}"
        match error:
            case smtplib.SMTPAuthenticationError(smtp_code=code):
                return NoticeError(
                    f"{server} refused the sign-in ({code}): check smtp_user and smtp_password in [notify]."
                )
            case smtplib.SMTPRecipientsRefused(recipients=refused) if all(code < 500 for code, _ in refused.values()):
                return NoticeError(f"{server} takes no mail for those named at the moment: the next night tries again.")
            case smtplib.SMTPRecipientsRefused():
                return NoticeError(f"{server} takes no mail for those named: check mail in [notify].")
            case smtplib.SMTPNotSupportedError():
                return NoticeError(f"{server} takes no address with letters such as é: check mail in [notify].")
            case smtplib.SMTPResponseException(smtp_code=code):
                return NoticeError(f"{server} refused the notice ({code}): ask whoever looks after it.")
        return broken(error, server, self._host, "smtp")

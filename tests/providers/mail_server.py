"""A mail server on 127.0.0.1: STARTTLS or encrypted from the first byte, signing in, and what it was given."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme


class MailServer:
    """A context manager. Clients reach it as `localhost`, `127.0.0.1` and, where the certificate is to be proved, `127.0.0.2`."""

    def __init__(
        self, folder: Path, *, encrypted: bool = False, starttls: bool = True, names: tuple[str, ...] = ("localhost", "127.0.0.2"),
        user: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.mail: list[Message] = []
        """What was taken, in order."""
        self.recipients: list[list[str]] = []
        self.commands: list[tuple[str, bool]] = []
        """Every command's first word, and whether it came encrypted."""
        self.refuses: dict[str, str] = {}
        """A command's first word, and what it is answered; nothing hangs up."""
        self.unknown: set[str] = set()
        """Addresses that no mail is taken for."""
        self.signs = "PLAIN"
        """How it lets a user sign in."""
        self.user = user
        self.starttls = starttls
        self.encrypted = encrypted
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        self.ca = folder / "mail-ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(self.context)
        self._server = _Server(("0.0.0.0", 0), self._handler())  # noqa: S104
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.tls = False
                self.to: list[str] = []
                if server.encrypted:
                    self.secure()
                self.say("220 mail ready")
                while line := self.lines.readline():
                    word = line.split()[0].decode("ascii", "replace").upper() if line.split() else ""
                    server.commands.append((word, self.tls))
                    if (said := server.refuses.get(word)) is not None:
                        if not said:
                            return
                        self.say(said)
                    elif word == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.obey(word, line.decode("utf-8", "replace").strip())

            def setup(self) -> None:
                self.lines = self.request.makefile("rb")

            def finish(self) -> None:
                self.lines.close()
                self.request.close()

            def secure(self) -> None:
                self.lines.close()
                self.request = server.context.wrap_socket(self.request, server_side=True)
                self.lines = self.request.makefile("rb")
                self.tls = True

            def say(self, *lines: str) -> None:
                self.request.sendall("".join(f"{line}\r\n" for line in lines).encode())

            def obey(self, word: str, line: str) -> None:
                match word:
                    case "EHLO":
                        more = [] if self.tls or not server.starttls else ["250-STARTTLS"]
                        self.say(
                            "250-mail", *more, *([f"250-AUTH {server.signs}"] if server.user else []), "250 8BITMIME"
                        )
                    case "STARTTLS":
                        self.say("220 go ahead")
                        self.secure()
                    case "AUTH":
                        given = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
                        self.say("235 welcome" if server.user == tuple(given) else "535 5.7.8 not you")
                    case "MAIL" if server.user and not any(one == ("AUTH", True) for one in server.commands):
                        self.say("530 sign in first")
                    case "RCPT":
                        address = line.partition("<")[2].partition(">")[0]
                        if address in server.unknown:
                            self.say(f"550 {address} unknown")
                        else:
                            self.to.append(address)
                            self.say("250 ok")
                    case "DATA":
                        self.say("354 go ahead")
                        self.take()
                    case _:
                        self.say("250 ok")

            def take(self) -> None:
                raw = bytearray()
                while (line := self.lines.readline()) not in (b".\r\n", b""):
                    raw += line.removeprefix(b".") if line.startswith(b"..") else line
                server.mail.append(message_from_bytes(bytes(raw)))
                server.recipients.append(self.to)
                self.to = []
                self.say("250 taken")

        return Handler


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or does not believe the certificate, is nobody's business here."""

"""TLS servers on 127.0.0.1 that stand in for a provider: one authority made for the test, faults by script, every call noted."""

from __future__ import annotations

import json
import re
import socket
import ssl
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.message import Message
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import trustme

JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asked."""

    method: str
    path: str
    """Percent-encoding undone."""
    query: dict[str, list[str]]
    target: str
    """Path and query exactly as they came."""
    headers: Message
    body: bytes

    @property
    def line(self) -> str:
        """What a fault is matched against: 'GET /v1.0/users/…?…'."""
        return f"{self.method} {self.target}"

    def one(self, name: str) -> str | None:
        """A parameter that may stand at most once."""
        values = self.query.get(name, [])
        assert len(values) <= 1, f"{name} stands {len(values)} times"
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What it is told."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, document: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
        return cls(status, json.dumps(document).encode(), JSON | (headers or {}))


@dataclass(slots=True)
class Fault:
    """Something that goes wrong with calls whose `line` matches; the first fault that is due is the one that happens."""

    call: str
    """A regular expression."""
    after: int = 0
    """So many matching calls are answered first."""
    times: int | None = 1
    """How often it happens; None for ever."""
    status: int = 0
    """The answer's, where it is an answer."""
    body: Any = None
    """Text, or what is sent as JSON."""
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "answer"
    """answer | reset (before anything is sent) | cut (in the middle of the true answer's body) | drip (the true answer, a
    few bytes at a time, `seconds` in all) | late (the true answer after `seconds`) | half (the true answer's first half,
    and a length that says so) | html (status 200 and a log-in page)."""
    seconds: float = 0.0
    met: int = 0
    """Matching calls so far."""

    def due(self, line: str) -> bool:
        if not re.search(self.call, line):
            return False
        self.met += 1
        return self.met > self.after and (self.times is None or self.met <= self.after + self.times)


PAGE = b"<!DOCTYPE html><html><body><form>Log in to the wireless network</form></body></html>"


class Loopback:
    """A server; a context manager. `route` answers each call, in any of several threads at once."""

    def __init__(self, route: Callable[[Call], Answer], folder: Path, *, name: str = "localhost") -> None:
        self.route = route
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        """Every call that came, in order, those that met a fault too."""
        self.wrong: list[str] = []
        """What a client did that no true client does; a test that ends with any of these has failed."""
        self.skew = 0.0
        """Seconds by which the Date header is ahead of this machine."""
        self.most_in_flight = 0
        self._in_flight = 0
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        self.ca = folder / f"{name}-ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self._server = _Server(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_port
        self.base = f"https://localhost:{self.port}"
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

    def matching(self, pattern: str) -> list[Call]:
        """The calls that a pattern fits."""
        return [call for call in self.calls if re.search(pattern, call.line)]

    def script(self, faults: Iterable[Fault]) -> None:
        """These go wrong from now on, besides what was to go wrong already."""
        self.faults += faults

    def answer(self, call: Call) -> tuple[Answer, Fault | None]:
        """What becomes of a call."""
        with self._lock:
            self.calls.append(call)
            fault = next((fault for fault in self.faults if fault.due(call.line)), None)
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            if fault and fault.how == "answer":
                body = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
                return Answer(fault.status, b"" if fault.body is None else body.encode(), JSON | fault.headers), fault
            if fault and fault.how == "html":
                return Answer(200, PAGE, {"Content-Type": "text/html"}), fault
            if fault and fault.how == "reset":
                return Answer(), fault
            if fault and fault.how == "late":
                time.sleep(fault.seconds)
            return self.route(call), fault
        except AssertionError as error:
            self.wrong.append(f"{call.line}: {error}")
            return Answer.json({"error": {"code": "BadRequest", "message": str(error)}}, 400), fault
        finally:
            with self._lock:
                self._in_flight -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                pass

            def date_time_string(self, timestamp: float | None = None) -> str:
                return formatdate((timestamp or time.time()) + loopback.skew, usegmt=True)

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urllib.parse.urlsplit(self.path)
                query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
                path = urllib.parse.unquote(parts.path)
                call = Call(self.command, path, query, self.path, self.headers, body)
                answer, fault = loopback.answer(call)
                how = fault.how if fault else "answer"
                if how == "reset":
                    self._hang_up()
                    return
                whole = answer.body
                length = len(whole)
                if how == "half":
                    whole, length = whole[: length // 2], length // 2
                self.send_response(answer.status)
                for name, value in ({"Content-Type": "application/octet-stream"} | answer.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                if how == "cut":
                    self.wfile.write(whole[: len(whole) // 2])
                    self.wfile.flush()
                    self._hang_up()
                elif how == "drip" and fault:
                    for at in range(0, len(whole), max(1, len(whole) // 20)):
                        self.wfile.write(whole[at : at + max(1, len(whole) // 20)])
                        self.wfile.flush()
                        time.sleep(fault.seconds / 20)
                else:
                    self.wfile.write(whole)

            def _hang_up(self) -> None:
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is nobody's business here."""

"""A Google Workspace on this machine: the token endpoint for service accounts, and the Gmail API with its batches."""

from __future__ import annotations

import base64
import email
import json
import secrets
import threading
import time
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from providers.gmail import Mailbox
from providers.gmail_api import GMAIL, READING, Operation, check, forbid, operation
from providers.gmail_errors import TOKEN_ERRORS, Refusal, token_error
from providers.google_drive import GoogleDrive
from providers.loopback import Answer, Call, Loopback

READONLY = GMAIL + "readonly"
SENDING = GMAIL + "send"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""What an assertion is for, wherever it is sent."""
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ROBOT = "auditor@thorrington-audit.iam.gserviceaccount.com"
HOUR = 3600
MOST_PARTS = 100
LOST = (
    b"<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>"
    b"<p>The requested URL was not found on this server. <ins>That\xe2\x80\x99s all we know.</ins></html>"
)


@dataclass(slots=True)
class Grant:
    """What an access token stands for."""

    user: str
    scopes: frozenset[str]
    until: float
    """By the server's clock."""
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class _Ready:
    """A call let in."""

    call: Call
    operation: Operation
    mailbox: Mailbox
    names: dict[str, str]


class Workspace:
    """A context manager. Mailboxes are made as they are first named; an address never named is no user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Loopback(self._route, folder, name="google")
        self.scopes = {READONLY}
        """Delegated to the service account; a token for any other is refused."""
        self.allowed = {READONLY}
        """What a client may ask for without a word in `server.wrong`, delegated or not."""
        self.sent: list[bytes] = []
        """What was sent, as it was given."""
        self.refuses: str | None = None
        """Why no token is given, one of `TOKEN_ERRORS`."""
        self.expires_in = 3599
        self.leeway = 10.0
        """Seconds that an assertion may come before its time."""
        self.elapsed: Callable[[], float] = lambda: 0.0
        """Seconds that have passed by a clock that a test turns, besides this machine's own."""
        self.altered: Callable[[Answer], Answer] = lambda answer: answer
        """What becomes of every answer of Gmail's that is no refusal."""
        self.gzip = True
        """Answers are zipped for a client that wants it and has gzip in its name, as Google's are."""
        self.calls: list[Call] = []
        """Every call of Gmail's operations, those in batches one by one; those that `server.faults` met are not here."""
        self.grants: dict[str, Grant] = {}
        """Access tokens given out."""
        self._mailboxes: dict[str, Mailbox] = {}
        self.drive = GoogleDrive(self.server.base)
        """The Google Drive of every user."""

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.__exit__(kind, error, trace)

    @property
    def endpoint(self) -> str:
        """Stands for https://gmail.googleapis.com."""
        return self.server.base

    @property
    def ca(self) -> Path:
        return self.server.ca

    @property
    def token_uri(self) -> str:
        return self.server.base + "/token"

    @property
    def batch_uri(self) -> str:
        return self.server.base + "/batch/gmail/v1"

    def now(self) -> float:
        """Epoch seconds, by the server's clock: `server.skew` ahead of this machine's."""
        return time.time() + self.server.skew + self.elapsed()

    def mailbox(self, address: str) -> Mailbox:
        return self._mailboxes.setdefault(address.lower(), Mailbox(address.lower(), self.now))

    def key(self) -> Path:
        """The service account's key file, which only its owner can read."""
        path = self.folder / "service-account.json"
        if not path.exists():
            # Whole or not there: several threads may ask at once.
            whole = path.with_suffix(f".{threading.get_ident()}")
            whole.touch(mode=0o600)
            whole.write_text(json.dumps(self._account(), indent=2))
            whole.replace(path)
        return path

    def toml(self, mailboxes: Iterable[str] = (), folders: Iterable[str] = (), extra: str = "") -> str:
        """A `[[sources]]` table; without mailboxes or folders these keys are left out, so `extra` may hold them."""
        lines = [
            "[[sources]]",
            'kind = "google"',
            f"key = {json.dumps(f'file:{self.key()}')}",
            f"endpoint = {json.dumps(self.endpoint)}",
            f"ca_bundle = {json.dumps(str(self.ca))}",
        ]
        lines += [f"mailboxes = {json.dumps(list(mailboxes))}"] if mailboxes else []
        lines += [f"folders = {json.dumps(list(folders))}"] if folders else []
        return "\n".join([*lines, *extra.splitlines()]) + "\n"

    def revoke(self, address: str | None = None) -> None:
        """No token given out so far is good any more, or none of one user's."""
        for grant in self.grants.values():
            grant.revoked = grant.revoked or address is None or grant.user == address.lower()

    def _account(self) -> dict[str, str]:
        secret = _key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "thorrington-audit",
            "private_key_id": _key_id(),
            "private_key": secret.decode(),
            "client_email": ROBOT,
            "client_id": "104857600000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": self.token_uri,
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_x509_cert_url": "https://www.googleapis.com/robot/v1/metadata/x509/auditor",
            "universe_domain": "googleapis.com",
        }

    # Answers

    def _route(self, call: Call) -> Answer:
        try:
            return self._zipped(call, self._answer(call))
        except Refusal as refusal:
            return refusal.answer()
        except AssertionError as error:
            return self._wrong(call, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of this server must not look like the network's
            self.server.wrong.append(f"{call.line}: {error!r}")
            return Refusal("backend").answer()

    def _answer(self, call: Call) -> Answer:
        if call.path == "/token":
            return self._token(call)
        if call.path == "/batch/gmail/v1":
            return self._batch(call)
        if call.path.startswith(("/drive/v3/", "/upload/drive/v3/")):
            return self.drive.answer(call, self._grant(call).scopes)
        if call.path.endswith("/messages/send"):
            return self._sent(call)
        return self._answers([_overridden(call)])[0]

    def _wrong(self, call: Call, why: str) -> Answer:
        self.server.wrong.append(f"{call.line}: {why}")
        return token_error("invalid_request") if call.path == "/token" else Refusal("argument", why).answer()

    def _lost(self, call: Call) -> Answer:
        self.server.wrong.append(f"{call.line}: there is no such path")
        return Answer(404, LOST, {"Content-Type": "text/html; charset=UTF-8"})

    def _zipped(self, call: Call, answer: Answer) -> Answer:
        agrees = "gzip" in call.headers.get("Accept-Encoding", "") and "gzip" in call.headers.get("User-Agent", "")
        if not (self.gzip and agrees and answer.body):
            return answer
        packer = zlib.compressobj(1, wbits=31)
        body = packer.compress(answer.body) + packer.flush()
        return Answer(answer.status, body, answer.headers | {"Content-Encoding": "gzip"})

    # Tokens

    def _token(self, call: Call) -> Answer:
        assert call.method == "POST", "a token is asked for with POST"
        assert call.headers.get_content_type() == "application/x-www-form-urlencoded", "a form is expected"
        form = dict(urllib.parse.parse_qsl(call.body.decode(), strict_parsing=True))
        assert set(form) == {"grant_type", "assertion"}, f"the form holds {', '.join(sorted(form))}"
        assert form["grant_type"] == GRANT, "the grant type is not jwt-bearer"
        try:
            claims = self._claims(form["assertion"])
        except jwt.InvalidSignatureError:
            return token_error("signature")
        except jwt.InvalidTokenError as error:
            raise AssertionError(f"the assertion cannot be read: {error}") from error
        why = self.refuses or self._against(claims)
        assert why is None or why in TOKEN_ERRORS, why
        return token_error(why) if why else self._granted(claims)

    def _claims(self, assertion: str) -> dict[str, Any]:
        about = jwt.get_unverified_header(assertion)
        assert about["alg"] == "RS256", "the assertion is not signed with RS256"
        assert about.get("kid") == _key_id(), "the assertion names another key"
        unchecked = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(assertion, _key().public_key(), ["RS256"], options=unchecked)
        assert claims["aud"] == AUDIENCE, f"the assertion is for {claims['aud']}"
        assert claims["iss"] == ROBOT, f"the assertion is by {claims['iss']}"
        return claims

    def _against(self, claims: dict[str, Any]) -> str | None:
        """Why these claims give no token; None where they do."""
        now, made, until = self.now(), claims["iat"], claims["exp"]
        if made > now + self.leeway or until <= now or until - made > HOUR:
            return "clock"
        scopes = set(claims["scope"].split())
        if scopes - self.allowed:
            self.server.wrong.append(f"POST /token: asked for {', '.join(sorted(scopes - self.allowed))}")
        if not scopes or scopes - self.scopes:
            return "unauthorized_client"
        box = self._mailboxes.get(claims.get("sub", "").lower())
        if "sub" in claims and (box is None or box.deleted):
            return "user"
        return None

    def _granted(self, claims: dict[str, Any]) -> Answer:
        token = "ya29." + secrets.token_urlsafe(48)
        scopes = frozenset(claims["scope"].split())
        user = claims.get("sub", ROBOT).lower()
        self.grants[token] = Grant(user, scopes, self.now() + self.expires_in)
        return Answer.json({"access_token": token, "expires_in": self.expires_in, "token_type": "Bearer"})

    def _grant(self, call: Call) -> Grant:
        """Raises `Refusal`: credentials."""
        scheme, _, token = call.headers.get("Authorization", "").partition(" ")
        grant = self.grants.get(token)
        if grant is None:
            self.server.wrong.append(f"{call.line}: without a token that was given out")
        if scheme != "Bearer" or grant is None or grant.revoked or grant.until <= self.now():
            raise Refusal("credentials", headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'})
        return grant

    # Gmail

    def _sent(self, call: Call) -> Answer:
        """`users.messages.send`: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send."""
        grant = self._grant(call)
        assert call.method == "POST", "send is a POST"
        assert call.path == "/gmail/v1/users/me/messages/send", "the token is one user's"
        if SENDING not in grant.scopes:
            raise Refusal("scopes")
        said = json.loads(call.body)
        assert set(said) == {"raw"}, "a message is given raw"
        self.sent.append(base64.urlsafe_b64decode(said["raw"]))
        return Answer.json({"id": "18c0ffee", "threadId": "18c0ffee", "labelIds": ["SENT"]})

    def _answers(self, calls: Sequence[Call]) -> list[Answer]:
        """The answers, in order, to calls that are in flight at once."""
        ready = [self._let_in(call) for call in calls]
        inside = [one for one in ready if isinstance(one, _Ready)]
        try:
            time.sleep(max((one.mailbox.limits.takes for one in inside if one.mailbox.limits), default=0.0))
            return [self._answered(one) if isinstance(one, _Ready) else one for one in ready]
        finally:
            for one in inside:
                if one.mailbox.limits:
                    one.mailbox.limits.leave()

    def _let_in(self, call: Call) -> _Ready | Answer:
        self.calls.append(call)
        found = operation(call.path)
        if found is None:
            return self._lost(call)
        what, user, names = found
        try:
            mailbox = self._opened(call, user)
            if mailbox.limits:
                mailbox.limits.enter(what.units)
        except Refusal as refusal:
            return refusal.answer()
        return _Ready(call, what, mailbox, names)

    def _opened(self, call: Call, user: str) -> Mailbox:
        """Raises `Refusal` where the caller has nothing to look for."""
        grant = self._grant(call)
        if call.method != "GET":
            self.server.wrong.append(f"{call.line}: nothing is ever written")
        if call.method != "GET" or not grant.scopes & READING:
            raise Refusal("scopes")
        forbid(call, grant.scopes)
        mailbox = self._mailboxes.get(grant.user)
        if mailbox is None:
            self.server.wrong.append(f"{call.line}: the service account has no mailbox of its own")
            raise Refusal("precondition")
        if user.lower() not in ("me", mailbox.address):
            self.server.wrong.append(f"{call.line}: asked for with the token of {mailbox.address}")
            raise Refusal("delegation", user)
        mailbox.enter()
        return mailbox

    def _answered(self, one: _Ready) -> Answer:
        try:
            return one.mailbox.fault(one.call) or self._operated(one)
        except Refusal as refusal:
            return refusal.answer()
        except AssertionError as error:
            return self._wrong(one.call, str(error))

    def _operated(self, one: _Ready) -> Answer:
        check(one.call, one.operation)
        return self.altered(one.operation.answer(one.mailbox, one.call, one.names))

    # Batches

    def _batch(self, call: Call) -> Answer:
        assert call.method == "POST", "a batch is sent with POST"
        assert not call.query, "a batch has no parameters"
        assert call.headers.get_content_type() == "multipart/mixed", "a batch is multipart/mixed"
        parts = email.message_from_bytes(
            b"Content-Type: " + call.headers["Content-Type"].encode() + b"\r\n\r\n" + call.body
        ).get_payload()
        assert isinstance(parts, list), "the batch has no parts"
        assert len(parts) <= MOST_PARTS, f"the batch has {len(parts)} parts"
        names = [str(part["Content-ID"]).strip().removeprefix("<").removesuffix(">") for part in parts]
        assert len(set(names)) == len(names), "two parts have the same Content-ID"
        calls = [_part(part.get_payload(), call) for part in parts]
        return _bundled(_shuffled(list(zip(names, self._answers(calls), strict=True))))


def _part(text: str, batch: Call) -> Call:
    """A call within a batch; it is by whom the batch is where it says nothing of that itself."""
    line, _, rest = text.partition("\n")
    words = line.split()
    assert len(words) == 3, f"a part begins with {line}"
    method, target, _ = words
    head, _, body = rest.replace("\r\n", "\n").partition("\n\n")
    headers = email.message_from_string(head + "\n\n")
    if "Authorization" not in headers and "Authorization" in batch.headers:
        headers["Authorization"] = batch.headers["Authorization"]
    where = urllib.parse.urlsplit(target)
    query = urllib.parse.parse_qs(where.query, keep_blank_values=True)
    return Call(method, urllib.parse.unquote(where.path), query, target, headers, body.encode())


def _overridden(call: Call) -> Call:
    """A GET too long for a line comes as a POST with its parameters as a form."""
    if call.method != "POST" or call.headers.get("X-HTTP-Method-Override") != "GET":
        return call
    query = urllib.parse.parse_qs(call.body.decode(), keep_blank_values=True)
    target = f"{call.target}?{call.body.decode()}"
    return Call("GET", call.path, call.query | query, target, call.headers, b"")


def _shuffled(parts: list[tuple[str, Answer]]) -> list[tuple[str, Answer]]:
    """Not in the order asked, and the same way each time."""
    return parts[1::2] + parts[::2]


def _bundled(parts: list[tuple[str, Answer]]) -> Answer:
    """One answer of several; `parts` is used up, so that no large one is held twice."""
    boundary = "batch_" + secrets.token_urlsafe(12)
    body = bytearray()
    parts.reverse()
    while parts:
        name, answer = parts.pop()
        body += _written(boundary, name, answer)
        body += answer.body
        body += b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return Answer(200, body, {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _written(boundary: str, name: str, answer: Answer) -> bytes:
    headers = answer.headers | {"Content-Length": str(len(answer.body))}
    lines = [
        f"--{boundary}",
        "Content-Type: application/http",
        f"Content-ID: <response-{name}>",
        "",
        f"HTTP/1.1 {answer.status} {'OK' if answer.status == 200 else 'Error'}",
        *(f"{header}: {value}" for header, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def _key_id() -> str:
    return secrets.token_hex(20)

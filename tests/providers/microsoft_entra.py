"""Microsoft Entra ID as an application that signs in meets it: discovery, tokens by secret or certificate, its errors."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from providers.loopback import Answer, Call

TENANT = "0f3c5a2e-0000-4000-8000-000000000001"
CLIENT = "97e0a5b7-d745-40b6-94fe-5f77d35c6e05"
SCOPE = "https://graph.microsoft.com/.default"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

ERRORS: dict[int, tuple[int, str, str]] = {
    7000222: (
        401,
        "invalid_client",
        (
            "The provided client secret keys for app '{app}' are expired. Visit the Azure portal to create new keys for your "
            "app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: "
            "https://aka.ms/certCreds."
        ),
    ),
    7000215: (
        401,
        "invalid_client",
        (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the "
            "client secret ID, for a secret added to app '{app}'."
        ),
    ),
    700027: (
        401,
        "invalid_client",
        (
            "The certificate with identifier used to sign the client assertion is not registered on application. "
            "[Reason - The key was not found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see "
            "configured keys for app Id '{app}'."
        ),
    ),
    700024: (
        401,
        "invalid_client",
        (
            "Client assertion is not within its valid time range. Current time: {now}, expiry time of assertion {now}. Review "
            "the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
        ),
    ),
    700016: (
        400,
        "unauthorized_client",
        (
            "Application with identifier '{app}' was not found in the directory 'Thorrington Parish Council'. This can happen "
            "if the application has not been installed by the administrator of the tenant or consented to by any user in the "
            "tenant. You may have sent your authentication request to the wrong tenant."
        ),
    ),
    90002: (
        400,
        "invalid_request",
        (
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct "
            "cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the "
            "tenant."
        ),
    ),
    900144: (400, "invalid_request", "The request body must contain the following parameter: '{parameter}'."),
    70011: (
        400,
        "invalid_scope",
        (
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' "
            "is not valid. The scope {parameter} is not valid."
        ),
    ),
    500011: (
        400,
        "invalid_resource",
        "The resource principal named {parameter} was not found in the tenant named Thorrington Parish Council.",
    ),
    7000112: (400, "unauthorized_client", "Application '{app}'(auditor) is disabled."),
    90055: (429, "temporarily_unavailable", "The server is terminated the request due to excessive request rate."),
}
"""By AADSTS number: status, error, text."""


@dataclass
class Denied(Exception):
    """A sign-in that fails, and what of."""

    number: int
    parameter: str = ""
    slip: bool = False
    """Whether only a careless client can bring it about."""


@dataclass(frozen=True, slots=True)
class Key:
    """A certificate that is registered for the application."""

    public: rsa.RSAPublicKey
    thumbprints: frozenset[str]
    """SHA-256's and SHA-1's."""


class Entra:
    """The directory's tokens. `base` is the scheme and host it is reached at; what no careful client does goes to `wrong`."""

    def __init__(self, base: str, clock: Callable[[], float], folder: Path, wrong: list[str]) -> None:
        self.base = base
        self.clock = clock
        self.folder = folder
        self.wrong = wrong
        self.tenant = TENANT
        self.client_id = CLIENT
        self.secret = "a secret of the council's"
        self.expires_in = 3599
        self.roles: list[str] | None = ["Mail.Read"]
        self.refuses = 0
        """An AADSTS number of `ERRORS`: what every request for a token is answered with; 0 for none."""
        self.old_assertions = False
        """Whether RS256 with a SHA-1 thumbprint will do, as it does for Entra still."""
        self.retry_after = "5"
        """What 90055 says."""
        self.issued = 0
        """Tokens, so far."""
        self._tokens: dict[str, tuple[float, frozenset[str]]] = {}
        self._keys: list[Key] = []
        self._lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        """Where tokens are asked for."""
        return f"{self.base}/{self.tenant}/oauth2/v2.0/token"

    def allows(self, token: str) -> frozenset[str] | str:
        """The roles that a token has; 'expired' or 'unknown' for one that is no good."""
        with self._lock:
            until, roles = self._tokens.get(token, (None, frozenset()))
        return "unknown" if until is None else roles if self.clock() < until else "expired"

    def revoke(self) -> None:
        """No token issued so far is known any more."""
        with self._lock:
            self._tokens.clear()

    def certificate(self, *, registered: bool = True, until: datetime | None = None, name: str = "auditor") -> Path:
        """A PEM file with a key and its certificate that nobody else can read."""
        key = rsa.generate_private_key(65537, 2048)
        now = datetime.fromtimestamp(time.time(), UTC)
        who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        until = until or now + timedelta(days=365)
        builder = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(until - timedelta(days=730))
        made = builder.not_valid_after(until).sign(key, hashes.SHA256())
        if registered:
            der = made.public_bytes(serialization.Encoding.DER)
            digests = hashlib.sha256(der).digest(), hashlib.sha1(der, usedforsecurity=False).digest()
            self._keys.append(Key(key.public_key(), frozenset(_unpadded(digest) for digest in digests)))
        path = self.folder / f"{name}.pem"
        path.touch(0o600)
        path.chmod(0o600)
        form = serialization.PrivateFormat.PKCS8
        pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
        return path

    def answer(self, call: Call) -> Answer | None:
        """The answer, or None when this is nothing for it."""
        if call.path.endswith("/.well-known/openid-configuration"):
            return self._caught(self._discovery, call)
        if call.path.endswith("/oauth2/v2.0/token"):
            return self._caught(self._token, call)
        assert call.path != "/common/discovery/instance", "Microsoft's own instances are looked up"
        return None

    def _caught(self, answer: Callable[[Call], Answer], call: Call) -> Answer:
        try:
            return answer(call)
        except Denied as denied:
            if denied.slip:
                self.wrong.append(f"{call.line}: AADSTS{denied.number} {denied.parameter}")
            return self._error(denied)
        except AssertionError as error:
            self.wrong.append(f"{call.line}: {error}")
            return Answer.json({"error": "invalid_request", "error_description": str(error), "error_codes": []}, 400)

    def _discovery(self, call: Call) -> Answer:
        assert call.method == "GET", "discovery is a GET"
        realm, _, rest = call.path[1:].partition("/")
        assert rest == "v2.0/.well-known/openid-configuration", "not the authority's form"
        if realm != self.tenant or self.refuses == 90002:
            raise Denied(90002)
        at = f"{self.base}/{realm}"
        document = {
            "issuer": f"{at}/v2.0",
            "authorization_endpoint": f"{at}/oauth2/v2.0/authorize",
            "token_endpoint": f"{at}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{at}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{at}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
        }
        return Answer.json(document)

    def _token(self, call: Call) -> Answer:
        assert call.method == "POST", "a token is asked for with POST"
        assert call.headers.get_content_type() == "application/x-www-form-urlencoded", "not a form"
        assert not call.query, "parameters in the address of a token request"
        form = dict(urllib.parse.parse_qsl(call.body.decode(), keep_blank_values=True, strict_parsing=True))
        if call.path[1:].partition("/")[0] != self.tenant:
            raise Denied(90002)
        if self.refuses:
            raise Denied(self.refuses)
        if form.get("client_id", self.client_id) != self.client_id:
            raise Denied(700016)
        self._check_form(form)
        self._check_credential(form)
        return Answer.json(self._issue(form["scope"]), headers={"Cache-Control": "no-store, no-cache"})

    def _check_form(self, form: dict[str, str]) -> None:
        missing = next((name for name in ("client_id", "grant_type", "scope") if not form.get(name)), "")
        if missing:
            raise Denied(900144, missing, slip=True)
        assert form["grant_type"] == "client_credentials", "grant_type"
        if not form["scope"].endswith("/.default"):
            raise Denied(70011, form["scope"], slip=True)
        if form["scope"] not in (SCOPE, f"{self.base}/.default"):
            raise Denied(500011, form["scope"].removesuffix("/.default"), slip=True)
        assert ("client_secret" in form) != ("client_assertion" in form), "a secret or an assertion, one of them"

    def _check_credential(self, form: dict[str, str]) -> None:
        if "client_secret" in form:
            if not secrets.compare_digest(form["client_secret"].encode(), self.secret.encode()):
                raise Denied(7000215)
            return
        assert form.get("client_assertion_type") == ASSERTION, "client_assertion_type"
        self._check_assertion(form["client_assertion"])

    def _check_assertion(self, text: str) -> None:
        header = jwt.get_unverified_header(text)
        assert header["alg"] == "PS256" or self.old_assertions, f"an assertion signed with {header['alg']}"
        thumbprint = header.get("x5t#S256" if header["alg"] == "PS256" else "x5t", "").rstrip("=")
        key = next((key for key in self._keys if thumbprint in key.thumbprints), None)
        if key is None:
            raise Denied(700027)
        lax: Any = {"verify_exp": False, "verify_iat": False, "require": ["iss", "sub", "iat", "exp", "jti"]}
        try:
            claims = jwt.decode(text, key.public, ["PS256", "RS256"], audience=self.endpoint, options=lax)
        except jwt.InvalidSignatureError:
            raise Denied(700027) from None
        except jwt.InvalidTokenError as error:
            raise AssertionError(f"an assertion with {error}") from None
        assert claims["iss"] == claims["sub"] == self.client_id, "an assertion of somebody else's"
        # Five minutes are allowed for a clock that is ahead of the directory's.
        if not claims["iat"] - 300 <= self.clock() < claims["exp"]:
            raise Denied(700024)

    def _issue(self, scope: str) -> dict[str, Any]:
        now = int(self.clock())
        claims: dict[str, Any] = {
            "aud": scope.removesuffix("/.default"),
            "iss": f"https://sts.windows.net/{self.tenant}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.expires_in,
            "app_displayname": "auditor",
            "appid": self.client_id,
            "idtyp": "app",
            "oid": str(uuid.uuid5(uuid.NAMESPACE_URL, self.client_id)),
            "tid": self.tenant,
            "uti": secrets.token_urlsafe(16),
            "ver": "1.0",
        }
        if self.roles is not None:
            claims["roles"] = list(self.roles)
        parts = [{"typ": "JWT", "alg": "RS256", "kid": "loopback"}, claims]
        text = [_unpadded(json.dumps(part).encode()) for part in parts]
        token = ".".join([*text, secrets.token_urlsafe(256)])
        with self._lock:
            self._tokens[token] = (self.clock() + self.expires_in, frozenset(self.roles or ()))
            self.issued += 1
        times = {"expires_in": self.expires_in, "ext_expires_in": self.expires_in}
        return {"token_type": "Bearer", **times, "access_token": token}

    def _error(self, denied: Denied) -> Answer:
        status, error, text = ERRORS[denied.number]
        now = datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        text = text.format(app=self.client_id, tenant=self.tenant, parameter=denied.parameter, now=now)
        body = {
            "error": error,
            "error_description": f"AADSTS{denied.number}: {text} Trace ID: {trace} Correlation ID: {correlation} "
            f"Timestamp: {now}",
            "error_codes": [denied.number],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={denied.number}",
        }
        return Answer.json(body, status, {"Retry-After": self.retry_after} if denied.number == 90055 else None)


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


__all__ = ["CLIENT", "ERRORS", "TENANT", "Entra"]

"""What Google says when it refuses: statuses, reasons and sentences as its services write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.loopback import Answer, Fault

GONE = "Requested entity was not found."
QUOTA = (
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
    "'gmail.googleapis.com' for consumer 'project_number:407408718192'."
)
NOT_ENABLED = "Gmail API has not been used in project 407408718192 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=407408718192 then retry."

KINDS: dict[str, tuple[int, str, str, str]] = {
    "gone": (404, "notFound", "NOT_FOUND", GONE),
    "argument": (400, "invalidArgument", "INVALID_ARGUMENT", "{}"),
    "credentials": (401, "authError", "UNAUTHENTICATED", "Invalid Credentials"),
    "scopes": (403, "insufficientPermissions", "PERMISSION_DENIED", "Request had insufficient authentication scopes."),
    "metadata q": (403, "forbidden", "PERMISSION_DENIED", "Metadata scope does not support 'q' parameter"),
    "metadata format": (403, "forbidden", "PERMISSION_DENIED", "Metadata scope doesn't allow format {}"),
    "delegation": (403, "forbidden", "PERMISSION_DENIED", "Delegation denied for {}"),
    "policy": (403, "domainPolicy", "PERMISSION_DENIED", "The domain administrators have disabled Gmail apps."),
    "api off": (403, "accessNotConfigured", "PERMISSION_DENIED", NOT_ENABLED),
    "no service": (400, "failedPrecondition", "FAILED_PRECONDITION", "Mail service not enabled"),
    "precondition": (400, "failedPrecondition", "FAILED_PRECONDITION", "Precondition check failed."),
    "suspended": (400, "failedPrecondition", "FAILED_PRECONDITION", "Precondition check failed."),
    "backend": (500, "backendError", "INTERNAL", "Backend Error"),
    "unavailable": (503, "backendError", "UNAVAILABLE", "The service is currently unavailable."),
    "concurrent": (429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", "Too many concurrent requests for user"),
    "exhausted": (429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    "header": (429, "rateLimitExceeded", "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    "quota": (403, "rateLimitExceeded", "PERMISSION_DENIED", QUOTA),
    "quota new style": (403, "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", QUOTA),
    "user rate": (403, "userRateLimitExceeded", "PERMISSION_DENIED", "User-rate limit exceeded.  Retry after {}"),
    "user rate 429": (
        429,
        "userRateLimitExceeded",
        "RESOURCE_EXHAUSTED",
        "User-rate limit exceeded.  Retry after {}",
    ),
    "daily": (403, "dailyLimitExceeded", "PERMISSION_DENIED", "Daily Limit Exceeded"),
    "day's quota": (403, "quotaExceeded", "PERMISSION_DENIED", "The request cannot be completed: quota exceeded."),
}
"""Name: HTTP status, reason, status, sentence."""

USAGE = frozenset(
    {
        "concurrent",
        "exhausted",
        "header",
        "quota",
        "user rate",
        "user rate 429",
        "daily",
        "day's quota",
        "api off",
    }
)

UNAUTHORIZED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes "
    "requested."
)
CLOCK = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp "
    "values in the JWT claim."
)
TOKEN_ERRORS: Mapping[str, tuple[int, str, str]] = {
    "unauthorized_client": (401, "unauthorized_client", UNAUTHORIZED),
    "user": (400, "invalid_grant", "Invalid email or User ID"),
    "clock": (400, "invalid_grant", CLOCK),
    "signature": (400, "invalid_grant", "Invalid JWT Signature."),
    "invalid_scope": (400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    "access_denied": (400, "access_denied", "Account restricted"),
    "invalid_request": (400, "invalid_request", "Missing or malformed parameter."),
    "internal_failure": (500, "internal_failure", "Internal failure."),
    "temporarily_unavailable": (503, "temporarily_unavailable", "The service is temporarily unavailable."),
}
"""Name: HTTP status, error, description; `Workspace.refuses` is one of the names."""


@dataclass(eq=False)
class Refusal(Exception):
    """A call that Gmail turns down."""

    kind: str
    """One of `KINDS`."""
    about: str = ""
    """What stands in the sentence's blank."""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return KINDS[self.kind][0]

    def body(self) -> dict[str, Any]:
        """The error document: in the old style, except where the kind is the new one."""
        code, reason, status, sentence = KINDS[self.kind]
        said = sentence.format(self.about)
        error: dict[str, Any] = {"code": code, "message": said, "status": status}
        if self.kind == "quota new style":
            about = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
            return {"error": error | {"details": [about]}}
        first = {"message": said, "domain": "usageLimits" if self.kind in USAGE else "global", "reason": reason}
        if code == 401:
            first |= {"location": "Authorization", "locationType": "header"}
        return {"error": error | {"errors": [first]}}

    def answer(self) -> Answer:
        return Answer.json(self.body(), self.status, self.headers)


def fault(kind: str, call: str = "", *, about: str = "", after: int = 0, times: int | None = 1) -> Fault:
    """A refusal by script, for `Workspace.server.faults` (whole calls) or `Mailbox.faults` (batch parts too)."""
    refusal = Refusal(kind, about)
    return Fault(call, after=after, times=times, status=refusal.status, body=refusal.body())


def token_error(name: str) -> Answer:
    """How the token endpoint refuses."""
    status, error, description = TOKEN_ERRORS[name]
    return Answer.json({"error": error, "error_description": description}, status)

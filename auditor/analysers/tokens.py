"""What machines are let in by: keys and tokens that are known by their own shape, wherever they stand."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator

from auditor.analysers.patterns import compiled

# As their issuers print them; `(?:^|[^…])` stands where a word boundary would cut a token that may hold '-'.
_EDGE = r"(?:^|[^\w.-])"
_SHAPES = compiled(
    rf"{_EDGE}("
    r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}"  # Amazon Web Services
    r"|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,90}"  # GitHub
    r"|gl(?:pat|dt|ft|rt|soat|cbt)-[\w-]{20,60}|glimt-[\w-]{25}|glptt-[\w-]{40}|glagent-[\w-]{50,1000}|gloas-[\w-]{64}"  # GitLab
    r"|AKC[A-Za-z0-9]{10,}|AP[\dABCDEF][A-Za-z0-9]{10,}"  # Artifactory
    r"|[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,50}"  # Discord
    r"|[0-9a-f]{32}-us\d{1,2}"  # Mailchimp
    r"|pypi-AgEIcHlwaS5vcmc[\w-]{70,}"  # PyPI
    r"|SG\.[\w-]{22}\.[\w-]{43}"  # SendGrid
    r"|[sr]k_live_[A-Za-z0-9]{24,}"  # Stripe
    r"|\d{8,10}:[\w-]{35}"  # Telegram
    r"|xox[abeoprs]-[\w-]{10,}"  # Slack
    r"|AIza[\w-]{35}"  # Google
    r"|sk-(?:proj-|ant-)?[A-Za-z0-9_-]{40,}"  # OpenAI, Anthropic
    r"|SK[0-9a-fA-F]{32}"  # Twilio
    r"|npm_[A-Za-z0-9]{36}"  # npm
    r")(?:$|\.(?:$|[^\w])|[^\w.-])"
)
_ASSIGNED = compiled(r"(?:AccountKey|_password|_authToken|SharedAccessKey)=([A-Za-z0-9+/=_-]{12,})")
_ADDRESS = compiled(r"\b[A-Za-z][a-z+]{1,9}://[^\s/:@<>\[\]()\"']{1,40}:([^\s/:@<>\"']{1,60})@[\w.-]+")
_BEGINS = compiled(r"-----BEGIN (?:RSA |DSA |EC |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----")
_WEB = compiled(r"\beyJ[\w-]{8,}\.eyJ[\w-]*\.?[\w-]*")


ANY = compiled("|".join(f"(?:{one.source})" for one in (_SHAPES, _ASSIGNED, _ADDRESS, _BEGINS, _WEB)))
"""Read in one go: a text seldom holds any."""


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand, by shape and not by place."""
    if not ANY.found(text):
        return
    for one in (_SHAPES, _ASSIGNED, _ADDRESS):
        for match in one.matches(text):
            yield match.span(1)
    yield from _BEGINS.spans(text)
    for start, end in _WEB.spans(text):
        if _web(text[start:end]):
            yield start, end


def _web(token: str) -> bool:
    """Whether it is a JSON Web Token: two parts of JSON (RFC 7519), whatever its signature."""
    try:
        parts = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]
    except (ValueError, binascii.Error):
        return False
    return all(isinstance(part, dict) for part in parts)

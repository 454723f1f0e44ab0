"""What machines are let in by: keys and tokens that are known by their own shape, wherever they stand."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator

from auditor.analysers.patterns import compiled
from auditor.analysers.vocabulary import terms

_SHAPES = compiled(rf"(?:^|[^\w.-])({'|'.join(sorted(terms('tokens', 'shapes')))})(?:$|\.(?:$|\W)|[^\w.-])")
"""No word boundary: it would cut a token that may hold '-'."""
_ASSIGNED = compiled(r"(?:AccountKey|_password|_authToken|SharedAccessKey)=([A-Za-z0-9+/=_-]{12,})")
_ADDRESS = compiled(r"\b[A-Za-z][a-z+]{1,9}://[^\s/:@<>\[\]()\"']{1,40}:([^\s/:@<>\"']{1,60})@[\w.-]+")
_BEGINS = compiled(r"-----BEGIN (?:RSA |DSA |EC |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----")
_WEB = compiled(r"\beyJ[\w-]{8,}\.eyJ[\w-]*\.?[\w-]*")


ANY = compiled("|".join(f"(?:{one.source})" for one in (_SHAPES, _ASSIGNED, _ADDRESS, _BEGINS, _WEB)))
"""Any of them."""


def tokens(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand, by shape and not by place."""
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

"""When a certificate ends."""

from __future__ import annotations

import re
from datetime import date

from cryptography import x509

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def ends(text: str) -> date | None:
    """The last day (UTC) of the first certificate of a PEM file; None where there is none that can be read."""
    found = _CERTIFICATE.search(text)
    try:
        return x509.load_pem_x509_certificate(found[0].encode()).not_valid_after_utc.date() if found else None
    except ValueError:
        return None

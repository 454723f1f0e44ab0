"""Addresses that open a message in the mail provider's own pages: no other address ever becomes a link."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

HOSTS = frozenset({"outlook.office365.com", "outlook.office.com", "outlook.cloud.microsoft", "mail.google.com"})
"""Where Graph's `webLink` and Gmail lead to."""
LONGEST = 2_000
"""Characters; Excel takes a little more."""
# What RFC 3986 gives a meaning to, and escapes that are there already.
_KEPT = "%:/?#[]@!$&'()*+,;=-._~"


def link(address: str) -> str:
    """A provider's address, its odd characters percent-encoded; empty where it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    # The whole of it is compared: a port, a user or a backslash makes another host of it. What is not printable `urlsplit`
    # passes over and a browser may not.
    if parts.scheme != "https" or parts.netloc.lower() not in HOSTS or not address.isprintable():
        return ""
    safe = quote(address, safe=_KEPT)
    return safe if len(safe) <= LONGEST else ""

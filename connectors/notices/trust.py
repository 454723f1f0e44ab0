"""Whose certificates are believed when people are told, and what a connection that fails is called."""

from __future__ import annotations

import ssl
from pathlib import Path

from auditor.errors import NoticeError


def context(roots: Path | None) -> ssl.SSLContext:
    """The usual certificates, or those of a file.

    Raises:
        NoticeError: the file cannot be read, or holds none.
    """
    try:
        return ssl.create_default_context(cafile=roots)
    except ssl.SSLError:
        raise NoticeError(f"{roots} holds no certificate in PEM form: mend ca_bundle in [notify].") from None
    except OSError as error:
        said = error.strerror or "it is not there"
        raise NoticeError(f"{roots} cannot be read ({said}): mend ca_bundle in [notify].") from None


def unproved() -> ssl.SSLContext:
    """For a server on this computer, which has nobody to prove itself to: encrypted, whoever it is."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def broken(error: Exception, whom: str, host: str, key: str) -> NoticeError:
    """What a connection that failed comes to; `key` is the one of `[notify]` that names the host."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoticeError(
            f"{whom} cannot prove that it is {host}: check {key} in [notify], or set ca_bundle to its certificate."
        )
    return NoticeError(f"{whom} cannot be reached: check {key} in [notify] and the network.")

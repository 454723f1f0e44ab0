"""Where a secret is kept: the configuration names the place, never the secret itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import ConfigError
from auditor.scrub import hide
from auditor.values import Value

SCHEMES = ("env", "file", "keyring")


class Secret(Value, frozen=True):
    """A reference such as `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`. Printing it shows the place only."""

    scheme: str
    place: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.place}"

    def read(self, folder: Path) -> str:
        """The secret, without a trailing newline; a relative file starts at `folder`.

        Raises:
            ConfigError: it is not there, or others can read it.
        """
        match self.scheme:
            case "env":
                value = self._from_environment()
            case "file":
                value = self._from_file(folder)
            case _:
                value = self._from_keyring()
        hide(value)
        return value

    def _from_environment(self) -> str:
        value = os.environ.get(self.place, "")
        if not value:
            raise ConfigError([f"The environment variable {self.place} is empty: set it before starting the auditor."])
        return value

    def _from_file(self, folder: Path) -> str:
        path = folder / self.place
        try:
            if problem := exposed(path):
                raise ConfigError([problem])
            return path.read_text(encoding="utf-8-sig").rstrip("\r\n")  # some editors put a mark in front
        except OSError as error:
            raise ConfigError(
                [f"The secret file {path} cannot be read ({error.strerror}): check the place that schedule.toml names."]
            ) from error
        except UnicodeDecodeError:
            raise ConfigError([f"The secret file {path} is not UTF-8 text: save it as UTF-8."]) from None

    def _from_keyring(self) -> str:
        try:
            import keyring  # an optional part: most servers have no desktop keyring
            from keyring.errors import KeyringError
        except ImportError as error:
            raise ConfigError([f"{self}: the keyring package is not installed: pip install keyring."]) from error
        service, _, user = self.place.partition("/")
        try:
            value = keyring.get_password(service, user)
        except KeyringError as error:
            raise ConfigError([f"The keyring cannot be asked for {self.place}: {error}."]) from error
        if not value:
            raise ConfigError([f"The keyring holds nothing under {self.place}: store it there first."])
        return str(value)


def parse(text: str) -> Secret:
    """A reference from its text.

    Raises:
        ValueError: it is no reference; the text itself is not repeated, since it may be the secret.
    """
    scheme, colon, place = text.partition(":")
    # A keyring asks for both names; with one of them it would find nothing, night after night.
    whole = all(place.partition("/")) if scheme == "keyring" else bool(place)
    if not colon or scheme not in SCHEMES or not whole or "\0" in place:
        raise ValueError("must name where the secret is kept, as env:NAME, file:PATH or keyring:SERVICE/USER")
    return Secret(scheme, place)


def places(document: object, scheme: str) -> Iterator[str]:
    """Every place that a schedule.toml, as TOML has it, names by this scheme; also one that nobody asks any more."""
    if isinstance(document, str) and document.startswith(f"{scheme}:"):
        yield document.removeprefix(f"{scheme}:")
    for one in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from places(one, scheme)


def exposed(path: Path) -> str | None:
    """A sentence when others than the owner can read the file; None when all is well (or on Windows, which has no mode bits)."""
    if os.name != "posix":
        return None
    mode = path.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"The secret file {path} can be read by others: run chmod 600 {path}."
    return None

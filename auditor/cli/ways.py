"""From `[notify]` to the ways in which people are told; also from a schedule.toml that is spoilt elsewhere."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import AuditorError, NoticeError
from auditor.schedule import AnySource, GoogleSource, MicrosoftSource, NotifyTable, StoreTable, source
from auditor.tables import Mistakes, table
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.config import Config
    from connectors.notices import Notice, Way

_SQLITE = "sqlite:///"
_HEAD = re.compile(r"^\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(#.*)?$", re.MULTILINE)


class Addressees(Value, frozen=True):
    """Who is told, and by what."""

    council: str
    notify: NotifyTable | None
    sources: tuple[AnySource, ...]
    path: Path
    """Of schedule.toml."""
    store: Path
    """The store's file, beside which it is remembered what was told."""

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self.path.parent


class Unusable(Value, frozen=True):
    """A way that schedule.toml asks for and that cannot be made."""

    name: str
    why: str

    def prove(self) -> str:
        """See `Way.prove`."""
        raise NoticeError(self.why)

    def send(self, _notice: Notice) -> str:
        """See `Way.send`."""
        raise NoticeError(self.why)


def addressees(config: Config) -> Addressees:
    """Those of a checked configuration."""
    from auditor.cli.workplace import store_path

    schedule = config.schedule
    return Addressees(schedule.council.name, schedule.notify, schedule.sources, config.path, store_path(config))


def ways(to: Addressees) -> list[Way]:
    """Every way that is asked for, mail first."""
    notify = to.notify
    if notify is None:
        return []
    made: list[Way] = []
    roots = to.folder / notify.ca_bundle if notify.ca_bundle else None
    if notify.mail and (notify.smtp or notify.through):
        made.append(_by_mail(to, notify, roots))
    if notify.webhook:
        from connectors.notices.webhook import Webhook

        made.append(Webhook(notify.webhook, roots))
    return made


def _by_mail(to: Addressees, notify: NotifyTable, roots: Path | None) -> Way:
    if notify.smtp:
        from connectors.notices.smtp import Smtp

        return Smtp(notify.smtp, notify.smtp_user, notify.smtp_password, to.folder, roots)
    try:
        return _through(to, notify)
    except AuditorError as error:
        return Unusable(notify.through or "mail", str(error))


def _through(to: Addressees, notify: NotifyTable) -> Way:
    import time

    from auditor.pipeline.pull import Clock
    from connectors import google_account, microsoft_account

    clock = Clock(time.monotonic, time.sleep)

    for one in to.sources:
        if isinstance(one, MicrosoftSource) and notify.through == one.kind:
            from connectors.notices.microsoft import Microsoft

            return Microsoft(microsoft_account(one, to.path), notify.mail[0], clock)
        if isinstance(one, GoogleSource) and notify.through == one.kind:
            from connectors.notices.google import Google

            return Google(google_account(one, to.path), notify.mail[0], clock)
    raise NoticeError(
        f"[notify] through is '{notify.through}', and no [[sources]] of that kind says how to sign in there."
    )


def salvaged(path: Path) -> Addressees | None:
    """Who is to be told, from a schedule.toml that cannot be used: each table is read by itself, and what does
    not make sense is passed over. None where nothing of it says so."""
    try:
        found = _tables(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None
    notify = _first([sound for one in found.get("notify", []) if (sound := _sound(one))], NotifyTable)
    if notify is None:
        return None
    store = _first(found.get("store", []), StoreTable) or StoreTable()
    council = next(
        (str(one["name"]) for one in found.get("council", []) if isinstance(one.get("name"), str)), "the Council"
    )
    url = store.url.removeprefix(_SQLITE) if store.url.startswith(_SQLITE) else "data/auditor.db"
    return Addressees(council, notify, tuple(_sources(found.get("sources", []))), path, path.parent / url)


def _tables(text: str) -> dict[str, list[dict[str, Any]]]:
    """Those parts between two headings that are TOML by themselves, by heading."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)][: len(heads)]
    found: dict[str, list[dict[str, Any]]] = {}
    for head, end in zip(heads, ends, strict=True):
        try:
            found.setdefault(head[1], []).append(tomllib.loads(text[head.end() : end]))
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
    return found


def _first(given: Sequence[dict[str, Any]], made: type[Any]) -> Any:
    """The first of these that can be read; None where none can."""
    for one in given:
        try:
            return table(made)(one)
        except (Mistakes, ValueError):
            continue
    return None


def _sound(given: dict[str, Any]) -> dict[str, Any]:
    """What makes sense by itself of a spoilt `[notify]`: one mistyped address is no reason to tell nobody of it."""
    kept: dict[str, Any] = {}
    for key, value in given.items():
        said = [one for one in value if _first([{key: [one]}], NotifyTable)] if isinstance(value, list) else value
        if said and _first([{key: said}], NotifyTable):
            kept[key] = said
    return kept


def _sources(given: Sequence[dict[str, Any]]) -> list[AnySource]:
    found = []
    for one in given:
        try:
            found.append(source(one))
        except (Mistakes, ValueError):
            continue
    return found

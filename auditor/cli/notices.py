"""Who is told that something needs a person: after a night, and when none could begin. A need is told once a week.

What was told is remembered beside the store, in `notices.json`. A notice that fails is a need itself: it is told by
another way, and the next night tries again; it never stops a night.
"""

from __future__ import annotations

import platform
import re
import secrets
from calendar import day_name, month_name
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.cli.health import Need, health
from auditor.cli.notes import put, taken
from auditor.cli.ways import Addressees, addressees, salvaged, ways
from auditor.errors import AuditorError, BusyError, ConfigError, NoticeError, UsageError, plainly
from auditor.values import Value, replace

if TYPE_CHECKING:
    from auditor.config import Config
    from auditor.pipeline.night import NightResult
    from auditor.store.interface import Store
    from connectors.notices import Notice, Way

AGAIN = timedelta(days=7)
"""A need that stays is told again after so long."""
STUCK = timedelta(days=1)
"""A run that has been at work for longer than this needs a person."""
_VARYING = re.compile(rf"\d[\d.,:]*(?<=\d)|\.auditor-\w+|\b({'|'.join([*day_name, *month_name[1:]])})\b")
"""What the same trouble says otherwise on another day: figures, days, and the names of drafts (`auditor.whole`)."""
_SCREEN = 10
"""Needs told in one notice; of the others it says how many there are."""


class Memory(Value, frozen=True):
    """What one way was last told."""

    told: dict[str, datetime]
    """By the name of a need: when."""
    failed: str | None = None
    """Why the last notice did not go out."""
    short: str | None = None
    """How many of those named were refused when the last notice went out; None when none was."""


def tell_the_night(config: Config, store: Store, result: NightResult, now: datetime) -> Iterator[str]:
    """The last step of a night: what needs a person is told where it is new. A sentence for each way that failed."""
    wants = [*health(config, store, now).wants, *troubles(result.troubles)]
    yield from tell(addressees(config), wants, now, store)


def troubles(sentences: Sequence[str]) -> list[Need]:
    """What went wrong besides the mailboxes."""
    return [Need(one, ("trouble " + _VARYING.sub("#", one),), True) for one in sentences]


def tell(to: Addressees, wants: Sequence[Need], now: datetime, store: Store | None) -> list[str]:
    """Tells by every way what that way has not been told; a sentence for each that failed."""
    trouble: list[str] = []
    place = _place(to)
    memories = remembered(place)
    before = dict(memories)
    for way in ways(to):
        memory, why = _told_by(way, to, wants, memories.get(way.name, Memory({})), now, store)
        memories[way.name] = memory
        if why:
            trouble.append(why)
        if memories != before:
            with suppress(OSError):  # then it is told once more than need be
                remember(place, memories)
    return trouble


def _told_by(
    way: Way, to: Addressees, wants: Sequence[Need], memory: Memory, now: datetime, store: Store | None
) -> tuple[Memory, str]:
    """What the way remembers from now on, and a sentence where not everybody was told."""
    # That this way itself failed is no news to those it reaches.
    wants = [need for need in wants if need.names != (f"notice {way.name}",)]
    names = {name for need in wants for name in need.names}
    still = {name: at for name, at in memory.told.items() if name in names}
    fresh = [need for need in wants if any(_is_news(still.get(name), now) for name in need.names)]
    if not fresh and (wants or not memory.told):
        return Memory(still, short=memory.short), ""
    rest = [need for need in wants if need not in fresh]
    try:
        short = way.send(notice(to, [*fresh, *rest], now, store))
    except NoticeError as error:
        return Memory(memory.told, str(error), memory.short), f"The notice by {way.name} did not go out. {error}"
    _record(store, way, {"needs": len(wants)}, now)
    told = dict.fromkeys(sorted(names), now)
    if not short:
        return Memory(told), ""
    # Those who were reached are told of it when they are told again, and not at once.
    return Memory(
        told | {f"short {way.name}": now}, short=short
    ), f"The notice by {way.name} did not reach everybody. {short}"


def _is_news(told: datetime | None, now: datetime) -> bool:
    return told is None or now - told >= AGAIN or told > now


def _record(store: Store | None, way: Way, about: dict[str, object], at: datetime) -> None:
    from auditor.cli.trailing import recorded
    from auditor.store.trail import Deed

    if store is not None:
        with suppress(AuditorError):  # a store in trouble is what is being told of
            recorded(store, Deed.NOTIFIED, {"way": way.name, **about}, at)


def notice(to: Addressees, wants: Sequence[Need], now: datetime, store: Store | None) -> Notice:
    """What is told of these needs; of none, that all is well again."""
    if not wants:
        what = "all is well again"
        text = f"{_wrapped(' '.join(['Nothing needs a person any more.', *_left(store)]))}\n\n{_where(to)}"
    else:
        many = len(wants)
        what = "1 thing needs a person" if many == 1 else f"{many} things need a person"
        lines = [_wrapped(f"{number}. {need.sentence}", "   ") for number, need in enumerate(wants[:_SCREEN], 1)]
        if many > _SCREEN:
            there = "There is 1" if many == _SCREEN + 1 else f"There are {many - _SCREEN}"
            lines.append(f"{there} more: 'auditor status' lists them all.")
        said = "\n\n".join(lines)
        text = f"What needs a person, and what to do:\n\n{said}\n\n{_where(to)}\n\n{_wrapped(_AGAIN)}"
    return addressed(to, what, text, tuple(need.sentence for need in wants), now, store)


def _left(store: Store | None) -> Iterator[str]:
    """What stays open and needs nobody yet."""
    from reports.words import counted

    many = len(store.gaps()) if store else 0
    if many:
        yield (
            f"{counted(many, 'message')} could not be read so far; each night tries again, and the sheet 'Not read' of the next "
            "workbook lists them."
        )


_AGAIN = f"What stays as it is is told again in {AGAIN.days} days. A notice never says what stands in anybody's mail."


def _where(to: Addressees) -> str:
    return _wrapped(
        f"Where: the computer {platform.node() or 'of the auditor'}, in the folder {to.folder}; 'auditor status' says more."
    )


def _wrapped(paragraph: str, following: str = "") -> str:
    """In lines that every mail program shows whole; an address or a path is not broken."""
    from textwrap import fill

    return fill(paragraph, 74, subsequent_indent=following, break_long_words=False, break_on_hyphens=False)


def addressed(
    to: Addressees, what: str, text: str, needs: tuple[str, ...], now: datetime, store: Store | None
) -> Notice:
    """A notice ready to go, with the mark by which it is known again."""
    from auditor.mark import mark
    from connectors.notices import Notice

    council = " ".join(to.council.split())
    subject = f"Mailbox auditor of {council}: {what}"
    people = tuple(dict.fromkeys(to.notify.mail)) if to.notify else ()
    sender = people[0] if people else ""
    name = f"{secrets.token_hex(16)}@{sender.rpartition('@')[2] or 'localhost'}"
    key = store.mark_key() if store else b""
    signed = mark(key, name, sender, people, subject) if key and sender else ""
    opening = f"This is the mailbox auditor of {council}.\n\n"
    return Notice(council, needs, now, subject, f"{opening}{text}\n", name, sender, people, signed)


def send_test(way: Way, to: Addressees, now: datetime, store: Store) -> None:
    """What `auditor check --send` does. From now on the test is the last notice by this way.

    Raises:
        NoticeError: not everybody was told.
    """
    text = f"This is a test: notices reach you. Nothing needs to be done.\n\n{_where(to)}"
    short = way.send(replace(addressed(to, "a test", text, (), now, store), test=True))
    _record(store, way, {"test": True}, now)
    memories = remembered(_place(to))
    before = memories.get(way.name, Memory({}))
    after = Memory(before.told, short=short or None)
    if after != before:
        with suppress(OSError):  # then the next notice is the last one
            remember(_place(to), memories | {way.name: after})
    if short:
        raise NoticeError(f"A test was sent, but did not reach everybody. {short}")


# --- when a night could not begin


NIGHT = "No night could be done.", "The night did not come to its end."
WEEK = "The week's workbook could not be written.", "The week's workbook was not finished."
"""What is said of a piece of work that was refused, and of one that broke."""


@contextmanager
def failures_told(path: Path, work: tuple[str, str] = NIGHT) -> Iterator[None]:
    """Whatever keeps a piece of work from beginning, or ends it, is told to people, and goes on its way.

    Args:
        path: of schedule.toml, which may itself be what is spoilt.
    """
    refused, broken = work
    try:
        yield
    except UsageError:
        raise
    except BusyError as error:
        if since := _stuck(path):
            said = f"A run has been at work since {since} and no other can begin: see whether it hangs, and end it if it does."
            _tell_of_failure(path, said)
        raise error from None
    except AuditorError as error:
        _tell_of_failure(path, _of(error, path.name, refused))
        raise
    except Exception as error:
        _tell_of_failure(path, f"{broken} {plainly(error)}")
        raise


def _of(error: AuditorError, name: str, refused: str) -> str:
    """The sentence; of a spoilt configuration the first of its mistakes, without what was written there."""
    if isinstance(error, ConfigError):
        many = len(error.problems)
        return (
            f"{name} cannot be used ({many} {'mistake' if many == 1 else 'mistakes'}), so no night can begin: run "
            "'auditor check' and mend what it says."
        )
    return f"{refused} {error}"


def _tell_of_failure(path: Path, sentence: str) -> None:
    """By whatever can be made out; its own trouble is one more line, and no error."""
    import click

    try:
        to = salvaged(path)
        for trouble in tell(to, troubles([sentence]), datetime.now(UTC), None) if to else ():
            click.echo(trouble, err=True)
    except Exception as error:  # noqa: BLE001  (what went wrong first must be said, whatever goes wrong here)
        click.echo(f"Nobody could be told ({type(error).__name__}): see 'auditor check'.", err=True)


def _stuck(path: Path) -> str:
    """Since when a run has been at work, where that is longer than it may be; else empty."""
    from auditor.cli.workplace import held_since, open_the_store
    from auditor.config import load
    from reports.week import moment_words

    try:
        config = load(path)
        held = held_since(config)
        with open_the_store(config, read_only=True) as store:
            run = next(iter(store.runs(1)), None)
    except (AuditorError, OSError):
        return ""
    # A run that a power cut ended is not at work, whoever holds the store since.
    if run is None or run.ended is not None or datetime.now(UTC) - max(run.started, held or run.started) < STUCK:
        return ""
    return moment_words(run.started)


# --- what is remembered


def last(config: Config) -> dict[str, Memory]:
    """What is remembered of each way that is asked for now."""
    to = addressees(config)
    names = {way.name for way in ways(to)}
    return {name: memory for name, memory in remembered(_place(to)).items() if name in names}


def _place(to: Addressees) -> Path:
    return to.store.parent / "notices.json"


def remembered(place: Path) -> dict[str, Memory]:
    """By way. What makes no sense is forgotten: then something is told once more."""
    return {name: _memory(said) for name, said in taken(place).items() if isinstance(said, dict)}


def _memory(said: dict[str, Any]) -> Memory:
    told: dict[str, datetime] = {}
    given = said.get("told")
    for name, at in (given if isinstance(given, dict) else {}).items():
        with suppress(ValueError, TypeError):
            moment = datetime.fromisoformat(at)
            told[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    failed, short = (why if isinstance(why := said.get(key), str) else None for key in ("failed", "short"))
    return Memory(told, failed, short)


def remember(place: Path, memories: dict[str, Memory]) -> None:
    """Written whole, for its owner alone."""
    said = {
        name: {
            "told": {need: at.isoformat() for need, at in memory.told.items()},
            "failed": memory.failed,
            "short": memory.short,
        }
        for name, memory in memories.items()
    }
    put(place, said)

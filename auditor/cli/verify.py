"""`auditor verify`: the store proved whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from auditor.cli.jsonl import line
from auditor.cli.progress import Ticker
from auditor.cli.trailing import recorded
from auditor.cli.workplace import loaded, locked, open_the_store, refuse_unavailable, store_path
from auditor.errors import AuditorError, DamagedStore, LockedStore, StoreError
from auditor.store.trail import Deed
from auditor.values import Value

if TYPE_CHECKING:
    from auditor.cli.anchors import TrailProof
    from auditor.config import Config
    from auditor.pipeline.proving import Looked, Result
    from auditor.store.interface import Store

_NAMED = 5
"""Messages named at most."""


class Check(Value, frozen=True):
    """One check and what it came to."""

    check: str
    checked: int
    wrong: int
    detail: str
    """One plain sentence."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


@click.command(epilog="Example: auditor verify --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> int:
    """Prove that the store is whole: nothing damaged, nothing missing, nothing altered.

    Every message is unpacked, compared with its hash and read again; the search index, the findings, the account of each
    mailbox and the audit trail are proved too, the trail also against what each backup and workbook noted of it. Nothing
    is changed, but that the audit trail says it was done. No mailbox is asked for anything.
    """
    config = loaded(ctx)
    refuse_unavailable(config)
    ticker = Ticker()
    with locked(config):
        checks, trail = _whole(config, ticker)
        ticker.close()
        ok = all(check.ok for check in checks)
        # What is damaged is left as it is: not even the trail is written to.
        if checks[0].ok:
            with open_the_store(config) as store:
                head = recorded(store, Deed.VERIFIED, _figures(checks, store)).length
        else:
            head = trail.head.length if trail else 0
    document = {"ok": ok, "checks": [_row(check) for check in checks], "audit_trail": _trail_row(trail, head)}
    click.echo(line(document) if as_json else "\n".join(check.detail for check in checks if check.ok))
    for trouble in dict.fromkeys(check.detail for check in checks if not check.ok):
        click.echo(trouble, err=True)
    if trail:
        for note in notes(trail):
            click.echo(note, err=True)
    if not ok:
        click.echo(mend(config), err=True)
    return 0 if ok else 1


def _whole(config: Config, ticker: Ticker) -> tuple[list[Check], TrailProof | None]:
    """The same for a file that may be too much damaged to be opened."""
    try:
        with open_the_store(config, read_only=True) as store:
            return proved(config, store, ticker)
    except DamagedStore as error:
        return [Check("file", 1, 1, str(error))], None


def proved(config: Config, store: Store, ticker: Ticker) -> tuple[list[Check], TrailProof | None]:
    """Every check, and the trail's proof where it could be read."""
    from auditor.cli import anchors
    from auditor.pipeline.guard import Guard
    from auditor.pipeline.proving import prove
    from auditor.pipeline.reader import reader_version

    checks = [_tried("file", lambda: _file(store))]
    trail: list[TrailProof] = []

    def mail() -> Iterator[Check]:
        with Guard() as guard:
            yield from _mail(prove(store, guard, True, lambda count: ticker("Proving", count)))

    def audit_trail() -> Iterator[Check]:
        trail.append(anchors.proved(config, store, anchors.workbooks(config)))
        yield trail_check(trail[0])

    for name, work in (
        ("evidence", mail),
        ("structure", lambda: _structure(store, reader_version())),
        ("audit trail", audit_trail),
    ):
        checks += _tried_all(name, work)
    return checks, trail[0] if trail else None


def _tried(name: str, work: Callable[[], Check]) -> Check:
    return _tried_all(name, lambda: iter((work(),)))[0]


def _tried_all(name: str, work: Callable[[], Iterator[Check]]) -> list[Check]:
    """The checks, or one that says that they could not be made to the end: a damaged file refuses to be read."""
    try:
        return list(work())
    except LockedStore:
        raise
    except StoreError as error:
        return [Check(name, 0, 1, str(error))]
    except AuditorError:
        raise
    except Exception as error:  # noqa: BLE001 - damage puts any value into any column
        said = f"The store is damaged: something in it is of a kind that it cannot be ({name}, {type(error).__name__})."
        return [Check(name, 0, 1, said)]


def _file(store: Store) -> Check:
    from auditor.pipeline.reader import reader_version

    troubles = store.proving(reader_version()).troubles()
    if not troubles:
        return Check("file", 1, 0, "The file is as SQLite wrote it.")
    said = f"The store's file is damaged: SQLite finds {_many(len(troubles), 'fault')} in it."
    return Check("file", 1, len(troubles), said)


def _mail(result: Result) -> Iterator[Check]:
    looked = result.looked
    yield evidence_check(looked)
    said = f"{_many(looked.readings, 'message')} read again"
    said += f"; {looked.earlier:,} were read by an earlier version, which reads otherwise" if looked.earlier else ""
    said += f"; {looked.unread:,} were too much to be read again this time" if looked.unread else ""
    if looked.other:
        kinds = ", ".join(kind for kind, _ in Counter(looked.what).most_common(_NAMED))
        said += f": what is kept of {len(looked.other):,} is not what they give ({kinds}; {_names(looked.other)})"
    else:
        said += ": what is kept of them is what they give"
    yield Check("readings", looked.readings, len(looked.other), f"{said}.")
    wrong = result.index_wrong + result.strangers
    said = f"The search index holds the words of {_many(result.index_checked, 'message')}"
    said += f", {result.index_earlier:,} as an earlier version wrote them" if result.index_earlier else ""
    if wrong:
        said = (
            f"The search index is damaged: of {_many(result.index_checked, 'message')}, {result.index_wrong:,} have "
            f"other words there than they should, and {result.strangers:,} have words there and are not in the store"
        )
    yield Check("index", result.index_checked, wrong, f"{said}.")


def evidence_check(looked: Looked) -> Check:
    """The bytes."""
    if not looked.spoilt:
        return Check(
            "evidence", looked.pieces, 0, f"{_many(looked.pieces, 'message')} unpacked: each matches its hash."
        )
    said = f"{len(looked.spoilt):,} of {_many(looked.pieces, 'message')} are damaged ({_names(looked.spoilt)}): they no longer match their hash."
    return Check("evidence", looked.pieces, len(looked.spoilt), said)


def _structure(store: Store, reader: str) -> Iterator[Check]:
    misfits = store.proving(reader).misfits()
    wrong = [misfit for misfit in misfits if misfit.many]
    if not wrong:
        yield Check("structure", len(misfits), 0, f"The parts of the store fit together ({len(misfits)} checks).")
        return
    said = "; ".join(f"{misfit.many:,} {misfit.what}" for misfit in wrong)
    yield Check(
        "structure", len(misfits), sum(misfit.many for misfit in wrong), f"The store does not fit together: {said}."
    )


def trail_check(trail: TrailProof) -> Check:
    """The audit trail."""
    length = trail.head.length
    said = []
    if trail.altered is not None:
        said.append(f"entry {trail.altered:,} of the audit trail is not as it was written")
    if trail.missing:
        said.append(f"the last {_many(trail.missing, 'entry', 'entries')} of the audit trail have been cut off")
    if trail.unlike:
        said.append(f"the audit trail is another one than {_places(trail.unlike)} noted")
    if said:
        first, *rest = said
        return Check("audit trail", length, len(said), f"{'; '.join((first[0].upper() + first[1:], *rest))}.")
    said_well = f"The audit trail is whole: {_many(length, 'entry', 'entries')}, noted in {_many(trail.anchors, 'place')} besides the store."
    return Check("audit trail", length, 0, said_well)


def notes(trail: TrailProof) -> Iterator[str]:
    """What is no damage and worth knowing."""
    if trail.unreadable:
        yield f"Not read, so the audit trail was not compared with it: {_places(trail.unreadable)}. Open it to see whether it is damaged."
    if trail.locked:
        yield (
            "Not compared with the audit trail, because [reports] chair_password does not open it: "
            f"{_places(trail.locked)}. Set the password of that time there to have it compared."
        )
    if trail.unproved:
        yield (
            f"{_many(trail.unproved, 'entry', 'entries')} of the audit trail were made with a key: set [audit] key, so "
            "that they can be proved."
        )
    if trail.unkeyed:
        yield f"{_many(trail.unkeyed, 'entry', 'entries')} of the audit trail stand from before there was a key."


def mend(config: Config) -> str:
    """What to do about damage."""
    from auditor.cli.anchors import newest_sound_backup

    found = newest_sound_backup(config)
    if found is not None:
        what = f"restore the newest sound backup, '{found}'"
    else:
        what = "there is no sound backup in the backup folder, so ask for help before the next night"
    return f"Nothing in the mailboxes is affected. Keep {store_path(config)} as it is, and {what}."


def _figures(checks: list[Check], store: Store) -> dict[str, object]:
    from auditor.pipeline.reader import reader_version

    figures: dict[str, object] = {check.check: [check.checked, check.wrong] for check in checks}
    return figures | {"ok": all(check.ok for check in checks), "upto": store.proving(reader_version()).last()}


def _row(check: Check) -> dict[str, object]:
    return {
        "check": check.check,
        "ok": check.ok,
        "checked": check.checked,
        "wrong": check.wrong,
        "detail": check.detail,
    }


def _trail_row(trail: TrailProof | None, length: int) -> dict[str, object] | None:
    if trail is None:
        return None
    return {
        "ok": trail.whole,
        "length": trail.head.length,
        "head": trail.head.hash if trail.head.length else None,
        "altered": trail.altered,
        "missing": trail.missing,
        "unproved": trail.unproved,
        "unkeyed": trail.unkeyed,
        "anchors": trail.anchors,
        "unlike": list(trail.unlike),
        "unreadable": list(trail.unreadable),
        "locked": list(trail.locked),
        "recorded": length,
    }


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _names(sha256: tuple[str, ...]) -> str:
    short = [name[:12] + "…" if len(name) == 64 else name for name in sha256[:_NAMED]]
    return ", ".join(short) + (f" and {len(sha256) - _NAMED:,} more" if len(sha256) > _NAMED else "")


def _places(places: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{place}'" for place in places[:_NAMED])
    return shown + (f" and {len(places) - _NAMED:,} more" if len(places) > _NAMED else "")

"""The folders of a mailbox, and which of them a person sees.

https://learn.microsoft.com/graph/api/resources/mailfolder
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auditor.values import Value
from connectors.folders import Place, place
from connectors.graph.line import Denied, Line, Refused
from connectors.said import total

_RECOVERABLE = "recoverableitemsdeletions"
_KNOWN = {
    "sentitems": "Sent Items",
    "inbox": "Inbox",
    "archive": "Archive",
    "deleteditems": "Deleted Items",
    "junkemail": "Junk Email",
    "drafts": "Drafts",
    "outbox": "Outbox",
    _RECOVERABLE: "Recoverable Items",
}
"""Graph's names, whatever the mailbox's language, and ours. Recoverable items lie outside of what is listed."""
_SELECT = "$select=id,displayName,parentFolderId,childFolderCount,totalItemCount,isHidden"
_UNSENT = frozenset({"drafts", "outbox"})
_DEEPEST = 300
"""Exchange allows as many levels."""


class Folder(Value, frozen=True):
    """A folder that mail may lie in."""

    id: str
    place: Place
    total: int | None
    """How many items Graph counts in it; None where it does not say."""


Tree = Mapping[str, Folder]
"""By id, in the order they are read: what is sent first."""


def tree(line: Line) -> Tree:
    """Every folder but hidden ones, search folders, drafts and the outbox.

    Raises:
        Refused, SourceError: the mailbox cannot be read.
    """
    known = {said["id"]: (name, said) for name in _KNOWN if (said := _well_known(line, name))}
    names = {one: _KNOWN[name] for one, (name, _) in known.items()}
    top = line.each(line.url("mailFolders", query=f"{_SELECT}&$top=100"))
    met: set[str] = set()
    found = list(_below(line, top, (), names, met))
    found += [_folder(said, (names[one],)) for one, (_, said) in known.items() if one not in met]
    kept = [folder for folder in found if not folder.place.kinds & _UNSENT]
    kept.sort(key=lambda folder: "sent" not in folder.place.kinds)
    return {folder.id: folder for folder in kept}


def seen(line: Line, folder: str, known: Tree) -> bool:
    """Whether a folder that the tree lacks is one that people see, and the tree should have: nothing on the way up to the
    mailbox's top is hidden, or for what is not sent yet."""
    top, *unsent = [
        said["id"] if (said := _well_known(line, name)) else None for name in ("msgfolderroot", *sorted(_UNSENT))
    ]
    one = folder
    for _ in range(_DEEPEST):
        if one == top or one in known:
            return one != folder
        if not one or one in unsent:
            return False
        try:
            said = line.document(line.url("mailFolders", one, query=_SELECT))
        except (Refused, Denied):
            return False
        if said.get("isHidden") is True:
            return False
        one = str(said.get("parentFolderId") or "")
    return False


def _well_known(line: Line, name: str) -> dict[str, Any] | None:
    """A folder by Graph's name for it; None where the mailbox has none."""
    try:
        # Asked until it answers: without it drafts would be taken for mail, and the bin for a folder.
        return line.document(line.url("mailFolders", name, query=_SELECT))
    except Refused:
        return None
    except Denied:
        if name == _RECOVERABLE:
            return None  # it lies outside of the mailbox's folders, and may be closed where they are open
        raise


def _below(
    line: Line, listed: Iterable[dict[str, Any]], path: tuple[str, ...], names: Mapping[str, str], met: set[str]
) -> Iterator[Folder]:
    """The folders listed and those below them; `met` are those that were there already, which end a circle."""
    for said in listed:
        one = said.get("id")
        if not isinstance(one, str) or not one:
            raise Refused(200, "nofolder")
        if one in met or said.get("isHidden") is True:
            continue
        met.add(one)
        if "searchfolder" in str(said.get("@odata.type", "")).lower():
            continue  # what it shows lies in other folders
        here = (*path, names.get(one) or str(said.get("displayName") or "without a name").replace("/", "-"))
        yield _folder(said, here)
        if said.get("childFolderCount") != 0 and len(path) < _DEEPEST:
            yield from _below(line, _children(line, one), here, names, met)


def _children(line: Line, folder: str) -> Iterable[dict[str, Any]]:
    """Empty for a folder that has been deleted meanwhile."""
    try:
        return list(line.each(line.url("mailFolders", folder, "childFolders", query=f"{_SELECT}&$top=100")))
    except Refused as error:
        if error.status != 404:
            raise
        return ()


def _folder(said: Mapping[str, Any], path: tuple[str, ...]) -> Folder:
    return Folder(str(said["id"]), place(path), total(said, "totalItemCount"))

"""Scenarios of Microsoft 365, read from files: what lies in mailboxes, what is done to them. See scenarios/README.md."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from urllib.parse import quote

from builders import eml

from providers.loopback import Answer, Call, Fault
from providers.microsoft import Limits, Mailbox, Tenant
from providers.microsoft_letters import lasting
from providers.scenarios import FIRST, Quick, Scenario, address, lines, many, scenario

TOP = ("shared", "adds_keys", "without")
NIGHT = ("during", "secret")
END = ("json_form", "throttled")
SECRET = "AUDITOR_M365_SECRET"


def microsoft(path: Path) -> Scenario:
    """A file read."""
    return scenario(path, TOP, NIGHT, END)


@dataclass(slots=True)
class Post:
    """A message that was delivered under a name."""

    box: Mailbox
    id: str
    raw: bytes
    """As it is now."""

    @property
    def address(self) -> str:
        return self.box.address


@dataclass
class Stage:
    """A tenant set up for a scenario; see `scenarios.Stage`."""

    tenant: Tenant
    scenario: Scenario
    day: date = FIRST
    """Tonight's."""
    posts: dict[str, Post] = field(default_factory=dict)
    """By name."""
    phantoms: dict[str, int] = field(default_factory=dict)
    """By folder: how many more are counted than there are."""
    beginnings: int = 0
    """Of the server's calls, those before tonight."""
    _hooks: list[tuple[Fault, Sequence[Mapping[str, Any]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in [*self.scenario.mailboxes, *self.scenario.shared]:
            box = self.tenant.mailbox(address(name), **_part(self.scenario.said, name, {"locale"}))
            box.limits = Limits(in_flight=4)
            _set(box, self.scenario.said.get("box", {}).get(name, {}), {"locale"})
        for place, names in self.scenario.said.get("mail", {}).items():
            for name in many(names):
                self.do({"deliver": name, "in": place.replace("#", name)})
        answer = self.tenant.server.route

        def route(call: Call) -> Answer:
            for due in [steps for hook, steps in self._hooks if hook.due(call.line)]:
                for step in due:
                    self.do(step)
            return self._altered(answer(call))

        self.tenant.server.route = route

    def _altered(self, answer: Answer) -> Answer:
        """JSON with keys that are new, and without some that may be missing."""
        add, without = self.scenario.said.get("adds_keys", False), set(self.scenario.said.get("without", []))
        if (
            not (add or without or self.phantoms)
            or answer.status != 200
            or "json" not in answer.headers.get("Content-Type", "")
        ):
            return answer
        said = json.loads(answer.body)
        for one in [said, *said.get("value", [])]:
            for key in without & set(one):
                del one[key]
            if one.get("id") in self.phantoms and "totalItemCount" in one:
                one["totalItemCount"] += self.phantoms[one["id"]]
            one |= {"newInGraph": {"of": ["2027", None]}, "@odata.new": True} if add else {}
        return replace(answer, body=json.dumps(said).encode())

    # What the nights ask

    def source(self, boxes: Sequence[str], keys: dict[str, Any]) -> str:
        folders = keys.pop("folders")
        days = keys.pop("certificate_days", None)
        until = None if days is None else datetime.combine(self.day, time(12), UTC) + timedelta(days=days)
        registered = keys.pop("registered", True)
        certificate = self.tenant.certificate(registered=registered, until=until) if until else None
        wrong = {name: keys.pop(name) for name in ("tenant", "client_id", "ca_bundle", "endpoint") if name in keys}
        text = self.tenant.toml(boxes, folders, lines(keys), certificate=certificate)
        for name, value in wrong.items():
            text = re.sub(rf"(?m)^{name} = .*$", f'{name} = "{value}"', text)
        return text

    def begin(self, night: Mapping[str, Any], clock: Quick) -> dict[str, str]:
        for step in night.get("do", []):
            self.do(step)
        self._hooks = [
            (Fault(self.pattern(one["call"]), one.get("after", 0)), one["do"]) for one in night.get("during", [])
        ]
        faults = [Fault(**{**one, "call": self.pattern(one["call"])}) for one in night.get("faults", [])]
        assert all(fault.status or fault.how != "answer" for fault in faults), "a fault has a status, or another way"
        self.tenant.server.faults = faults
        self.beginnings = len(self.tenant.server.calls)
        return {SECRET: night.get("secret", self.tenant.secret)}

    def calls(self, pattern: str) -> int:
        made = self.tenant.server.calls[self.beginnings :]
        return sum(re.search(self.pattern(pattern), call.line) is not None for call in made)

    def pattern(self, text: str) -> str:
        """With the ids that letters' names in braces stand for; `{folder:inbox}` is the first mailbox's."""
        box, _ = self.place("")
        text = re.sub(r"\{folder:([^}]+)\}", lambda found: re.escape(box.folder(found[1]).rstrip("=")), text)
        return re.sub(r"\{(\w*[a-z]\w*)\}", lambda found: re.escape(self.posts[found[1]].id.rstrip("=")), text)

    def counted(self, name: str) -> int:
        box = self.tenant.mailboxes[address(name)]
        return sum(_seen(box, letter.folder_id) and not letter.draft for letter in box.everything())

    def link(self, box: str, id_: str) -> str:
        return quote(id_, safe="")

    # Hands

    def place(self, text: str) -> tuple[Mailbox, str]:
        """'tom/inbox' as a mailbox and a folder; the first mailbox where none is named."""
        first, _, rest = text.partition("/")
        if first in [*self.scenario.mailboxes, *self.scenario.shared]:
            return self.tenant.mailboxes[address(first)], rest
        return next(iter(self.tenant.mailboxes.values())), text

    def do(self, step: Mapping[str, Any]) -> None:
        """One step; its first key says which."""
        verb, what = next(iter(step.items()))
        more = {key: value for key, value in step.items() if key != verb}
        match verb:
            case "deliver":
                for name in many(what):
                    self._deliver(name, **more)
            case "hide":
                # Delta tells an entry of a folder's log where it is the newest about its message.
                for name in many(what):
                    for folder in self.posts[name].box.folders:
                        folder.last = {n: -1 if self._named(name, n) else at for n, at in folder.last.items()}
            case "phantoms":
                box, folder = self.place(what)
                self.phantoms[box.folder(folder)] = more["count"]
            case "copy":
                one = self.posts[what]
                self.posts[more["as"]] = Post(one.box, one.box.copy(one.id, more["to"]), one.raw)
            case "move" | "recycle" | "purge" | "remove" | "touch" | "spoil":
                for name in many(what):
                    one = self.posts[name]
                    getattr(one.box, verb)(one.id, *more.values())
            case "change" | "mend":
                one = self.posts[what]
                if verb == "change" or more:
                    one.raw = one.raw.replace(b"is mended", more["text"].encode())
                getattr(one.box, verb)(one.id, one.raw)
            case "rename" | "transfer" | "drop":
                box, folder = self.place(what)
                getattr(box, verb)(folder, *more.values())
            case "close" | "open" | "clear" | "forget":
                getattr(self.tenant.mailboxes[address(what)], verb)(**more)
            case "box":
                _set(self.tenant.mailboxes[address(what)], more, set())
            case "tenant":
                for name, value in what.items():
                    setattr(self.tenant.server if name == "skew" else self.tenant, name, value)
            case "other":
                self.tenant.mailbox(what)
            case "revoke":
                self.tenant.revoke()
            case _:
                raise AssertionError(f"no such step: {verb}")

    def _named(self, name: str, number: int) -> bool:
        post = self.posts[name]
        return lasting(post.box._seed, number) == post.id

    def _deliver(self, name: str, **more: Any) -> None:
        if str(more.get("in", "")).startswith("*/"):
            for who in self.scenario.mailboxes:
                self._deliver(f"{name}-{who}", **{**more, "in": f"{who}/{more['in'][2:]}"})
            return
        assert name not in self.posts, name
        box, folder = self.place(more.pop("in", "sentitems"))
        inward = folder.partition("/")[0] in ("inbox", "junkemail") and "from" not in more
        sender = more.pop("from", "resident@example.org" if inward else box.address)
        noon = datetime.combine(self.day, time(12), UTC)
        sent = noon - timedelta(days=more.pop("days_ago", 1), minutes=-len(self.posts) % 600)
        raw = eml(
            sender=sender,
            to=more.pop("to", [box.address if inward else "resident@example.org"]),
            subject=more.pop("subject", f"About {name}"),
            body=f"Dear Resident,\n\n{name} is mended.\n" + _filler(more.pop("megabytes", 0)),
            n=zlib.crc32(f"{name} {box.address}".encode()),
            sent=sent,
        )
        if more.pop("attach", False):
            raw = _with_files(raw)
        if more.pop("sealed", False):
            raw = raw.replace(b'text/plain; charset="utf-8"', b"application/pkcs7-mime; smime-type=enveloped-data")
        self.posts[name] = Post(box, box.deliver(raw, folder, **more), raw)


def _filler(megabytes: int) -> str:
    return "The hedge by the footpath has been cut back again and looks the better for it.\n" * (megabytes * 13_273)


def _with_files(raw: bytes) -> bytes:
    """With a file and another message attached."""
    mail = message_from_bytes(raw, policy=SMTP.clone(linesep="\n"))
    assert isinstance(mail, EmailMessage)
    mail.add_attachment(b"%PDF-1.4 the minutes", maintype="application", subtype="pdf", filename="minutes.pdf")
    mail.add_attachment(message_from_bytes(b"Subject: Inside\n\nThe letter inside.\n", policy=SMTP))
    return mail.as_bytes()


def _part(said: Mapping[str, Any], name: str, keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in said.get("box", {}).get(name, {}).items() if key in keys}


def _set(box: Mailbox, values: Mapping[str, Any], but: set[str]) -> None:
    for name, value in values.items():
        if name not in but:
            target = box.limits if hasattr(box.limits, name) else box
            assert hasattr(target, name), name
            setattr(target, name, value)


def _seen(box: Mailbox, folder_id: str) -> bool:
    folders = {folder.id: folder for folder in box.folders}
    at = folders.get(folder_id)
    while at is not None:
        if at.hidden or at.search or at.well_known in ("drafts", "outbox"):
            return False
        at = folders.get(box.parent(at))
    return True

"""Scenarios of Google Workspace: what lies in the mailboxes, and what is done to them. See scenarios/README.md."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from builders import eml

from providers.gmail import Mail, Mailbox
from providers.gmail_errors import KINDS, fault
from providers.gmail_limits import Limits
from providers.google import Workspace
from providers.loopback import Answer, Call, Fault
from providers.scenarios import FIRST, Quick, Scenario, address, lines, many, scenario

NEEDLESS = {
    "https://mail.google.com/",
    "https://www.googleapis.com/auth/gmail.modify",
    "https://www.googleapis.com/auth/gmail.metadata",
}
TOP = ("adds_keys", "without")
NIGHT = ("during",)
PLACES = {"inbox": "INBOX", "sent": "SENT", "deleted": "TRASH", "spam": "SPAM", "drafts": "DRAFT", "chats": "CHAT"}
"""Labels by the names that scenarios have for them; 'archive' is none of them, any other is a label of the user's."""


def google(path: Path) -> Scenario:
    """A file read."""
    return scenario(path, TOP, NIGHT)


@dataclass(slots=True)
class Post:
    """A message that was delivered under a name."""

    box: Mailbox
    id: str
    raw: bytes

    @property
    def address(self) -> str:
        return self.box.address


@dataclass
class Stage:
    """A Workspace set up for a scenario; see `scenarios.Stage`."""

    workspace: Workspace
    scenario: Scenario
    day: date = FIRST
    posts: dict[str, Post] = field(default_factory=dict)
    clock: Quick = field(default_factory=Quick)
    _chosen: frozenset[str] = frozenset()
    _before: tuple[int, int] = (0, 0)
    """The server's calls, and Gmail's operations, before tonight."""
    _hooks: list[tuple[Fault, Sequence[Mapping[str, Any]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in self.scenario.mailboxes:
            self._set(self.workspace.mailbox(address(name)), self.scenario.said.get("box", {}).get(name, {}))
        for place, names in self.scenario.said.get("mail", {}).items():
            self.do({"deliver": names, "in": place})
        answer = self.workspace.server.route

        def route(call: Call) -> Answer:
            for due in [steps for hook, steps in self._hooks if hook.due(call.line)]:
                for step in due:
                    self.do(step)
            return answer(call)

        self.workspace.server.route = route
        self.workspace.elapsed = lambda: self.clock.slept
        self.workspace.altered = self._altered

    def _altered(self, answer: Answer) -> Answer:
        """JSON with keys that are new, and without some that may be missing."""
        add, without = self.scenario.said.get("adds_keys", False), set(self.scenario.said.get("without", []))
        if not (add or without):
            return answer
        more = {"newInGmail": {"of": ["2027", None]}, "etag": True} if add else {}
        said = json.loads(bytes(answer.body), object_pairs_hook=lambda pairs: _but(pairs, without) | more)
        return replace(answer, body=json.dumps(said).encode())

    # What the nights ask

    def source(self, boxes: Sequence[str], keys: dict[str, Any]) -> str:
        folders = keys.pop("folders")
        self._chosen = frozenset(folders)
        wrong = {name: keys.pop(name) for name in ("key", "endpoint", "ca_bundle") if name in keys}
        text = self.workspace.toml(boxes, folders, lines(keys))
        for name, value in wrong.items():
            text = re.sub(rf"(?m)^{name} = .*\n", f"{name} = {json.dumps(value)}\n" if value else "", text)
        return text

    def begin(self, night: Mapping[str, Any], clock: Quick) -> dict[str, str]:
        self.clock = clock
        for step in night.get("do", []):
            self.do(step)
        for limits in [box.limits for box in self._boxes() if box.limits]:
            limits.clock = clock.now
        self._hooks = [
            (Fault(self.pattern(one["call"]), one.get("after", 0)), one["do"]) for one in night.get("during", [])
        ]
        self.workspace.server.faults = []
        for box in self._boxes():
            box.faults = []
        for one in night.get("faults", []):
            self._fault(**one)
        if night.get("command") == "check":
            self.workspace.allowed |= NEEDLESS  # it asks for them to prove that it does not get them
        self._before = len(self.workspace.server.calls), len(self.workspace.calls)
        return {}

    def calls(self, pattern: str) -> int:
        """'part …' counts Gmail's operations, those in batches one by one; others the calls over the wire."""
        whole, parts = self._before
        made = self.workspace.server.calls[whole:]
        if pattern.startswith("part "):
            made, pattern = self.workspace.calls[parts:], pattern.removeprefix("part ")
        return sum(re.search(self.pattern(pattern), call.line) is not None for call in made)

    def counted(self, name: str) -> int:
        return sum(_taken(mail, self._chosen) for mail in self.workspace.mailbox(address(name)).mails())

    def link(self, box: str, id_: str) -> str:
        return f"authuser={box}#all/{id_}"

    # Hands

    def pattern(self, text: str) -> str:
        """With the ids that letters' names in braces stand for."""
        return re.sub(r"\{(\w*[a-z]\w*)\}", lambda found: self.posts[found[1]].id, text)

    def place(self, text: str) -> tuple[Mailbox, list[str]]:
        """'tom/inbox+Planning' as a mailbox and labels; the first mailbox where none is named."""
        first, slash, rest = text.partition("/")
        named = bool(slash) and first in self.scenario.mailboxes
        box = self.workspace.mailbox(address(first if named else self.scenario.mailboxes[0]))
        names = (rest if named else text).split("+")
        return box, [PLACES.get(name) or box.label(name) for name in names if name != "archive"]

    def do(self, step: Mapping[str, Any]) -> None:
        """One step; its first key says which."""
        verb, what = next(iter(step.items()))
        more = {key: value for key, value in step.items() if key != verb}
        match verb:
            case "deliver":
                for name in many(what):
                    self._deliver(name, **more)
            case "label":
                for one in self._named(what):
                    add, remove = (self.place(more.get(key, "archive"))[1] for key in ("add", "remove"))
                    one.box.relabel(one.id, add=add, remove=remove)
            case "trash" | "untrash" | "remove" | "spoil" | "mend":
                for one in self._named(what):
                    getattr(one.box, verb)(one.id, *more.values())
            case "overlook" | "stray":
                for one in self._named(what):
                    patterns = one.box.overlooked if verb == "overlook" else one.box.strayed
                    patterns[one.id] = more["where"]
            case "close" | "open" | "clear" | "forget_history" | "silence":
                getattr(self.workspace.mailbox(address(what)), verb)(**more)
            case "autosave":
                self._autosave(what, **more)
            case "rename" | "drop":
                box, [label] = self.place(what)
                self._relabelled(box, label, more.get("to"))
            case "box":
                self._set(self.workspace.mailbox(address(what)), more)
            case "workspace":
                for name, value in what.items():
                    self._workspace(name, value)
            case "key":
                path = self.workspace.key()
                path.write_text(json.dumps(json.loads(path.read_text()) | what))
            case "revoke":
                self.workspace.revoke(address(what) if what else None)
            case _:
                raise AssertionError(f"no such step: {verb}")

    def _named(self, names: str | Sequence[str]) -> list[Post]:
        return [self.posts[name] for name in many(names)]

    def _deliver(self, name: str, **more: Any) -> None:
        where = str(more.pop("in", "sent"))
        if where.startswith("*/"):
            for who in self.scenario.mailboxes:
                self._deliver(f"{name}-{who}", **{**more, "in": f"{who}/{where[2:]}"})
            return
        assert name not in self.posts, name
        box, labels = self.place(where)
        raw, sent = self._letter(name, box, labels, more)
        self.posts[name] = Post(box, box.deliver(raw, labels, received=more.pop("received", sent), **more), raw)

    def _letter(self, name: str, box: Mailbox, labels: Sequence[str], more: dict[str, Any]) -> tuple[bytes, datetime]:
        """Takes what it needs from `more`."""
        inward = not {"SENT", "DRAFT"} & set(labels)
        noon = datetime.combine(self.day, time(12), UTC)
        sent = noon - timedelta(days=more.pop("days_ago", 1), minutes=-len(self.posts) % 600)
        raw = eml(
            sender=more.pop("from", "resident@example.org" if inward else box.address),
            to=more.pop("to", [box.address if inward else "resident@example.org"]),
            subject=more.pop("subject", f"About {name}"),
            body=f"Dear Resident,\n\n{name} is mended.\n" + _filler(more.pop("kilobytes", 0)),
            n=zlib.crc32(f"{name} {box.address}".encode()),
            sent=sent,
        )
        if bcc := more.pop("bcc", None):
            raw = raw.replace(b"\nSubject:", f"\nBcc: {bcc}\nSubject:".encode(), 1)
        if zeros := more.pop("zeros", 0):
            raw += b"0" * (zeros << 20)
        if "days_late" in more:
            more["received"] = sent + timedelta(days=more.pop("days_late"))
        return raw, sent

    def _autosave(self, name: str, times: int = 1, to: str = "drafts") -> None:
        """A draft saved so often; `to = "sent"` sends it, which makes another message of it."""
        box, labels = self.place("drafts")
        raw, _ = self._letter(name, box, labels, {})
        for number in range(times):
            draft = box.autosave(raw + b"More. " * number)
        if to == "sent":
            box.remove(draft)
            self.do({"deliver": name, "in": "sent"})

    def _relabelled(self, box: Mailbox, label: str, to: str | None) -> None:
        if to is None:
            box.drop_label(label)
        else:
            box.labels = {to if i == label else name: i for name, i in box.labels.items()}

    def _workspace(self, name: str, value: Any) -> None:
        if name in ("scopes", "allowed"):
            value = getattr(self.workspace, name) | set(value) if value else set()
        setattr(self.workspace.server if name == "skew" else self.workspace, name, value)

    def _boxes(self) -> list[Mailbox]:
        return [self.workspace.mailbox(address(name)) for name in self.scenario.mailboxes]

    def _set(self, box: Mailbox, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            assert hasattr(box, name), name
            setattr(box, name, Limits(**value, clock=self.clock.now) if name == "limits" and value else value)

    def _fault(self, call: str, *, on: str = "", kind: str = "", wait: float | None = None, **more: Any) -> None:
        """`kind`: one of Gmail's refusals, with `wait` one that says for how many seconds; without it as `loopback.Fault`
        has it. `on` a mailbox: it happens to parts of batches too."""
        made: Fault
        if kind:
            assert kind in KINDS, kind
            until = datetime.now(UTC) + timedelta(seconds=wait or 0)
            about = f"{until:%Y-%m-%dT%H:%M:%S}.{until.microsecond // 1000:03}Z" if wait is not None else ""
            headers = more.pop("headers", {})
            made = fault(kind, self.pattern(call), about=about, **more)
            made.headers |= headers
        else:
            made = Fault(self.pattern(call), **more)
            assert made.status or made.how != "answer", f"what goes wrong with {call}?"
        for name in self.scenario.mailboxes if on == "*" else [on] if on else []:
            self.workspace.mailbox(address(name)).faults.append(replace(made))
        if not on:
            self.workspace.server.faults.append(made)


def _but(pairs: list[tuple[str, Any]], without: set[str]) -> dict[str, Any]:
    return {key: value for key, value in pairs if key not in without}


def _taken(mail: Mail, chosen: frozenset[str]) -> bool:
    """Whether a person sees a message in one of the chosen folders."""
    if mail.labels & {"DRAFT", "CHAT"}:
        return False
    if "all" in chosen:
        return True
    if mail.labels & {"TRASH", "SPAM"}:
        return "TRASH" in mail.labels and "deleted" in chosen
    there = {name for name in ("sent", "inbox") if PLACES[name] in mail.labels} or {"archive"}
    return bool(there & chosen)


def _filler(kilobytes: int) -> str:
    return "The hedge by the footpath has been cut back again and looks the better for it.\n" * (kilobytes * 13)

"""Microsoft Entra ID and Microsoft Graph v1.0 on 127.0.0.1, as strict as a test can wish.

A tenant is made, mailboxes are put into it, and a test delivers, moves and spoils messages while a client reads them:

    with Tenant(tmp_path) as tenant:
        box = tenant.mailbox("clerk@thorrington.example.org")
        i = box.deliver(raw, "sentitems")
        …
    assert tenant.server.wrong == []

What no careful client does is noted in `tenant.server.wrong` and answered with 400: a parameter that Graph does not know,
`$top` on delta, a path that is not among these, anything but a reading, a token sent nowhere. A request without
`Prefer: IdType="ImmutableId"` is noted and answered with ids of the other kind. What the provider itself does wrong is
switched on by `server.script` (see `loopback.Fault`), by `Mailbox.spoil`, `close`, `forget`, and by a mailbox's and the
tenant's attributes.
"""

from __future__ import annotations

import base64
import json
import re
import time
import urllib.parse
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from providers import microsoft_query as asked
from providers.loopback import Answer, Call, Fault, Loopback
from providers.microsoft_drive import Site
from providers.microsoft_entra import Entra
from providers.microsoft_letters import PROPERTIES, Letter, Wish, attachments, moment, shown
from providers.microsoft_mailbox import CLOSED, MIME, Folder, Limits, Mailbox, Refused, absent, spoilt
from providers.microsoft_query import IMMUTABLE, VERSION


class Tenant:
    """A directory with mailboxes, and the server that answers for them; a context manager."""

    def __init__(self, folder: Path, *, name: str = "microsoft") -> None:
        self.server = Loopback(self.answer, folder, name=name)
        self.entra = Entra(self.server.base, self.now, folder, self.server.wrong)
        self.mailboxes: dict[str, Mailbox] = {}
        """By address, lower case."""
        self.scoped: Collection[str] | None = None
        """The addresses that RBAC for Applications lets the application read, without any role in its tokens."""
        self.senders: Collection[str] = ()
        """The addresses that RBAC for Applications lets the application send from."""
        self.sent: list[dict[str, Any]] = []
        """What was sent, as it was asked for."""
        self.site = Site(lambda: self.server.base)
        """A SharePoint site, or a person's OneDrive."""
        self.item_faults: list[Fault] = []
        """What goes wrong inside `$batch`; matched against 'GET /users/…'."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.__exit__(kind, error, trace)

    # What a configuration needs

    @property
    def authority(self) -> str:
        """What `authority` is in a configuration: without the tenant."""
        return self.server.base

    @property
    def endpoint(self) -> str:
        return self.server.base + VERSION

    @property
    def ca(self) -> Path:
        return self.server.ca

    @property
    def tenant(self) -> str:
        return self.entra.tenant

    @property
    def client_id(self) -> str:
        return self.entra.client_id

    @property
    def secret(self) -> str:
        """The one that is accepted; set it to make another so."""
        return self.entra.secret

    @secret.setter
    def secret(self, secret: str) -> None:
        self.entra.secret = secret

    @property
    def expires_in(self) -> int:
        return self.entra.expires_in

    @expires_in.setter
    def expires_in(self, seconds: int) -> None:
        self.entra.expires_in = seconds

    @property
    def roles(self) -> list[str] | None:
        """What tokens say from now on; None for no claim at all."""
        return self.entra.roles

    @roles.setter
    def roles(self, roles: list[str] | None) -> None:
        self.entra.roles = roles

    @property
    def refuses(self) -> int:
        """The AADSTS number that every request for a token meets; 0 for none."""
        return self.entra.refuses

    @refuses.setter
    def refuses(self, number: int) -> None:
        self.entra.refuses = number

    def certificate(self, *, registered: bool = True, until: datetime | None = None, name: str = "auditor") -> Path:
        """A PEM file with a key and a certificate, accepted when it is registered."""
        return self.entra.certificate(registered=registered, until=until, name=name)

    def revoke(self) -> None:
        """No token issued so far is any good."""
        self.entra.revoke()

    def toml(
        self,
        mailboxes: Iterable[str] | None = None,
        folders: Iterable[str] = ("sent",),
        extra: str = "",
        *,
        certificate: Path | None = None,
    ) -> str:
        """A `[[sources]]` table for this tenant, signing in by AUDITOR_M365_SECRET or with a certificate."""
        addresses = mailboxes if mailboxes is not None else [box.address for box in self.mailboxes.values()]
        table = {
            "kind": "microsoft365",
            "tenant": self.tenant,
            "client_id": self.client_id,
            **({"certificate": f"file:{certificate}"} if certificate else {"secret": "env:AUDITOR_M365_SECRET"}),
            "authority": self.authority,
            "endpoint": self.endpoint,
            "ca_bundle": str(self.ca),
            "mailboxes": list(addresses),
            "folders": list(folders),
        }
        lines = [f"{name} = {json.dumps(value)}" for name, value in table.items()]
        return "\n".join(["[[sources]]", *lines, *([extra] if extra else [])]) + "\n"

    def mailbox(self, address: str, name: str = "", *, locale: str = "en") -> Mailbox:
        """A new mailbox."""
        box = self.mailboxes[address.lower()] = Mailbox(address, name, self.now, locale)
        return box

    def now(self) -> float:
        """The server's own clock."""
        return time.time() + self.server.skew

    @property
    def throttled(self) -> int:
        """Requests that were answered 429, in all mailboxes."""
        return sum(box.throttled for box in self.mailboxes.values())

    # Answers

    def answer(self, call: Call) -> Answer:
        """The answer to a call."""
        if not call.path.startswith(VERSION + "/"):
            answered = self.site.direct(call) or self.entra.answer(call)
            return answered or self._foreign(call)
        reply = str(uuid.uuid4())
        theirs = call.headers.get("client-request-id", reply)
        headers = {"request-id": reply, "client-request-id": theirs}
        try:
            answered = self._graph(call)
        except Refused as refused:
            answered = self._refusal(call, refused, headers)
        return replace(answered, headers=answered.headers | headers)

    def _graph(self, call: Call) -> Answer:
        roles = self._roles(call)
        if call.path == f"{VERSION}/$batch":
            return self._batch(call, roles)
        if call.path.startswith(f"{VERSION}/sites/"):
            return self.site.graph(call, roles) or self._foreign(call)
        return self._read(call, roles)

    def _roles(self, call: Call) -> frozenset[str]:
        kind, _, token = call.headers.get("Authorization", "").partition(" ")
        assert kind == "Bearer", "no token is sent"
        roles = self.entra.allows(token)
        if isinstance(roles, str):
            expired = "Lifetime validation failed, the token is expired."
            unknown = "CompactToken validation failed with reason code: 80049228."
            text = expired if roles == "expired" else unknown
            realm = f'Bearer realm="", authorization_uri="{self.authority}/common/oauth2/authorize"'
            raise Refused(401, "InvalidAuthenticationToken", text, {"WWW-Authenticate": realm})
        return roles

    def _refusal(self, call: Call, refused: Refused, headers: dict[str, str]) -> Answer:
        if refused.code == "ErrorInvalidIdMalformed":
            self.server.wrong.append(f"{call.line}: not an id")
        return _error(refused, self.now(), headers)

    def _foreign(self, call: Call) -> Answer:
        self.server.wrong.append(f"{call.line}: no such path")
        return _error(Refused(404, "UnknownPath", f"There is nothing at {call.path}."), self.now(), {})

    def _read(self, call: Call, roles: frozenset[str]) -> Answer:
        segments = asked.segments(call.path)
        assert segments[0] != "me", "/me request is only valid with delegated authentication flow."
        if segments[0] != "users" or len(segments) < 2:
            return self._foreign(call)
        box = self._box(segments[1])
        if segments[2:] == ["sendMail"]:
            return self._sent(call, box, roles)
        assert call.method == "GET", "nothing is to be written"
        if len(segments) == 2:
            return self._user(call, box, segments[1], roles)
        if box is None:
            raise replace(CLOSED["ErrorInvalidUser"], message=f"The requested user '{segments[1]}' is invalid.")
        basic = self._permitted(box, roles)
        request = Request(self, call, box, segments[1], self._wish(call, basic))
        answer = request.route(segments[2:])
        if answer is None:
            return self._foreign(call)
        with box.admitted():
            return answer()

    def _sent(self, call: Call, box: Mailbox | None, roles: frozenset[str]) -> Answer:
        """`sendMail` in its JSON form: https://learn.microsoft.com/graph/api/user-sendmail."""
        assert call.method == "POST", "sendMail is a POST"
        assert call.headers.get_content_type() == "application/json", "a message is JSON"
        if box is None:
            raise replace(CLOSED["ErrorInvalidUser"], message="The requested user is invalid.")
        if "Mail.Send" not in roles and box.address not in self.senders:
            raise replace(CLOSED["ErrorAccessDenied"])
        said = json.loads(call.body)
        assert set(said) <= {"message", "saveToSentItems"}, "sendMail has two parameters"
        message = said["message"]
        known = {"subject", "body", "toRecipients", "internetMessageHeaders", "attachments"}
        assert set(message) <= known, "nobody sends more"
        assert len(call.body) < 4 << 20, "a call has at most 4 MB"
        for file in message.get("attachments", []):
            assert set(file) == {"@odata.type", "name", "contentType", "contentBytes"}, "a file has these"
        for header in message.get("internetMessageHeaders", []):
            assert header["name"].lower().startswith("x-"), "only headers that begin with x- may be added"
        self.sent.append(said)
        return Answer(202)

    def _box(self, who: str) -> Mailbox | None:
        found = self.mailboxes.get(who.lower())
        return found or next((box for box in self.mailboxes.values() if box.user_id == who), None)

    def _permitted(self, box: Mailbox, roles: frozenset[str]) -> bool:
        """Whether only what Mail.ReadBasic shows is permitted.

        Raises:
            Refused: nothing is.
        """
        if roles & {"Mail.Read", "Mail.ReadWrite"} or (self.scoped is not None and box.address in self.scoped):
            return False
        if roles & {"Mail.ReadBasic.All", "Mail.ReadBasic"}:
            return True
        raise replace(CLOSED["ErrorAccessDenied"])

    def _wish(self, call: Call, basic: bool) -> Wish:
        preferences = asked.preferences(call.headers)
        if IMMUTABLE not in preferences:
            self.server.wrong.append(f"{call.line}: no Prefer: {IMMUTABLE}")
        text = 'outlook.body-content-type="text"' in preferences
        return Wish(immutable=IMMUTABLE in preferences, text=text, basic=basic)

    def _user(self, call: Call, box: Mailbox | None, who: str, roles: frozenset[str]) -> Answer:
        if not roles & {"User.Read.All", "Directory.Read.All", "User.ReadWrite.All"}:
            raise replace(CLOSED["Authorization_RequestDenied"])
        if box is None:
            missing = CLOSED["Request_ResourceNotFound"]
            raise replace(missing, message=missing.message.format(who))
        asked.only(call, "$select")
        user: dict[str, Any] = {
            "id": box.user_id,
            "businessPhones": [],
            "displayName": box.name,
            "givenName": box.name.partition(" ")[0],
            "jobTitle": None,
            "mail": box.address,
            "mobilePhone": None,
            "officeLocation": None,
            "preferredLanguage": "en-GB",
            "surname": box.name.rpartition(" ")[2],
            "userPrincipalName": box.address,
        }
        more = {
            "accountEnabled": box.enabled,
            "proxyAddresses": [f"SMTP:{box.address}"],
            "userType": "Member",
            "assignedLicenses": [],
        }
        select = asked.select(call, user | more)
        chosen = {name: (user | more)[name] for name in select} if select else user
        return Answer.json({"@odata.context": f"{self.endpoint}/$metadata#users/$entity"} | chosen)

    # $batch

    def _batch(self, call: Call, roles: frozenset[str]) -> Answer:
        assert call.method == "POST", "$batch is a POST"
        assert call.headers.get_content_type() == "application/json", "a batch is JSON"
        items = json.loads(call.body)["requests"]
        assert 0 < len(items) <= 20, f"{len(items)} requests in a batch"
        assert len({item["id"] for item in items}) == len(items), "two requests have one id"
        replies: dict[str, dict[str, Any]] = {}
        for item in items:
            replies[item["id"]] = self._item(item, roles, replies) | {"id": item["id"]}
        return Answer.json({"responses": list(reversed(replies.values()))})

    def _item(self, item: dict[str, Any], roles: frozenset[str], replies: dict[str, dict[str, Any]]) -> dict[str, Any]:
        call = _inner(item)
        for other in item.get("dependsOn", []):
            assert other in replies, f"{other} does not come before {item['id']}"
            if replies[other]["status"] >= 400:
                return _reply(_error(Refused(424, "FailedDependency", "Failed Dependency"), self.now(), {}))
        fault = next((fault for fault in self.item_faults if fault.due(f"{item['method']} {item['url']}")), None)
        if fault:
            return _reply(Answer.json(fault.body, fault.status, fault.headers))
        try:
            return _reply(self._read(call, roles))
        except Refused as refused:
            return _reply(self._refusal(call, refused, {}))
        except AssertionError as error:
            self.server.wrong.append(f"{call.line}: {error}")
            return _reply(_error(Refused(400, "BadRequest", str(error)), self.now(), {}))


@dataclass(frozen=True, slots=True)
class Request:
    """A reading of a mailbox."""

    tenant: Tenant
    call: Call
    box: Mailbox
    who: str
    """As the client names the mailbox's owner."""
    wish: Wish

    def route(self, path: list[str]) -> Callable[[], Answer] | None:
        """What answers it, None where there is no such path."""
        match path:
            case ["mailFolders"]:
                return lambda: self.children("msgfolderroot")
            case ["mailFolders", folder]:
                return lambda: self.folder(folder)
            case ["mailFolders", folder, "childFolders"]:
                return lambda: self.children(folder)
            case ["mailFolders", folder, "messages"]:
                return lambda: self.messages(folder)
            case ["mailFolders", folder, "messages", "delta"]:
                return lambda: self.delta(folder)
            case ["messages", "delta"]:
                return None
            case ["messages"]:
                return lambda: self.messages(None)
            case ["messages", message] | ["mailFolders", _, "messages", message]:
                return lambda: self.message(message)
            case ["messages", message, "$value"] | ["mailFolders", _, "messages", message, "$value"]:
                return lambda: self.value(message)
            case ["messages", message, "attachments"]:
                return lambda: self.attachments(message)
            case ["messages", message, "attachments", attachment]:
                return lambda: self.attachment(message, attachment)
            case ["messages", message, "attachments", attachment, "$value"]:
                return lambda: self.attached(message, attachment)
        return None

    def context(self, what: str) -> dict[str, str]:
        who = urllib.parse.quote(self.who)
        return {"@odata.context": f"{self.tenant.endpoint}/$metadata#users('{who}')/{what}"}

    # Folders

    def folder(self, name: str) -> Answer:
        asked.only(self.call, "$select")
        return Answer.json(self.context("mailFolders/$entity") | self._folder(self.box.find(name)))

    def children(self, name: str) -> Answer:
        asked.only(self.call, "$select", "$top", "$skip", "includeHiddenFolders", "$count")
        hidden = self.call.one("includeHiddenFolders")
        assert hidden in (None, "true", "false"), "includeHiddenFolders"
        folders = self.box.children(self.box.find(name), hidden == "true")
        return self._listed("mailFolders", folders, self._folder)

    def _folder(self, folder: Folder) -> dict[str, Any]:
        with self.box.lock:
            inside = self.box.contents(folder) if folder.search else list(folder.members.values())
            facts: dict[str, Any] = {
                "displayName": folder.name,
                "parentFolderId": self.box.parent(folder),
                "childFolderCount": len(self.box.children(folder, False)),
                "unreadItemCount": sum(not letter.read for letter in inside),
                "totalItemCount": len(inside),
                "sizeInBytes": sum(letter.size for letter in inside),
                "isHidden": folder.hidden,
            }
        more = {"isSupported": True, "includeNestedFolders": True, "filterQuery": "isRead eq false"}
        known = facts | (more if folder.search else {})
        select = asked.select(self.call, {"id": "", **facts, **more})
        kind = {"@odata.type": "#microsoft.graph.mailSearchFolder"} if folder.search else {}
        return kind | {"id": folder.id} | {name: known[name] for name in known if not select or name in select}

    def _listed(self, what: str, rows: list[Any], show: Callable[[Any], dict[str, Any]]) -> Answer:
        """A page of a list, ten unless `$top` says otherwise, with the link to the next."""
        top, skip = asked.number(self.call, "$top", 10), asked.number(self.call, "$skip", 0)
        assert 1 <= top <= 1000, "The limit of '1000' for Top query has been exceeded."
        page = rows[skip : skip + top]
        body: dict[str, Any] = self.context(what)
        if self.call.one("$count") == "true":
            body["@odata.count"] = len(rows)
        body["value"] = [show(row) for row in page]
        if skip + top < len(rows):
            query = {name: values[0] for name, values in self.call.query.items()} | {"$skip": str(skip + top)}
            path = urllib.parse.quote(self.call.path, safe="/'()$")
            body["@odata.nextLink"] = f"{self._links}{path}?{urllib.parse.urlencode(query)}"
        return self._json(body)

    @property
    def _links(self) -> str:
        return self.box.links_to or self.tenant.server.base

    def _json(self, body: dict[str, Any]) -> Answer:
        applied = 'outlook.body-content-type="text"' if self.wish.text and not self.box.ignores_text else ""
        return Answer.json(body, headers={"Preference-Applied": applied} if applied else None)

    # Messages

    def _wish(self) -> Wish:
        select = asked.select(self.call, {"id": "", **PROPERTIES})
        expand = self.call.one("$expand")
        size = expand is not None and re.fullmatch(EXTENDED, expand, re.IGNORECASE) is not None
        assert expand is None or size, f"$expand={expand}"
        return replace(self.wish, select=select, size=size, text=self.wish.text and not self.box.ignores_text)

    def messages(self, name: str | None) -> Answer:
        asked.only(self.call, "$select", "$top", "$skip", "$filter", "$orderby", "$count", "$expand")
        with self.box.lock:
            rows = self._rows(self.box.everything() if name is None else self.box.contents(self.box.find(name)))
            wish = self._wish()
            self._bear(asked.number(self.call, "$top", 10), wish)
            return self._listed("messages", rows, lambda letter: _shown(letter, wish))

    def _rows(self, inside: list[Letter]) -> list[Letter]:
        """Those that are asked for, in the order asked for; the same as for the page before while nothing has changed."""
        query = self.call.one("$filter"), self.call.one("$orderby")
        if query == (None, None):
            return inside
        if self.box.answered is None or self.box.answered[0] != query or self.box.answered[1] is not inside:
            self.box.answered = query, inside, asked.ordered(asked.filtered(inside, self.call), self.call)
        return self.box.answered[2]

    def _bear(self, size: int, wish: Wish) -> None:
        bodies = not wish.select or "body" in wish.select
        if bodies and self.box.heavy is not None and size > self.box.heavy:
            raise replace(MIME["slow"])

    def delta(self, name: str) -> Answer:
        call, box = self.call, self.box
        folder = box.find(name)
        assert not folder.search, "a search folder has no changes of its own"
        assert "$top" not in call.query, "$top on delta: it is odata.maxpagesize that says how long a page is"
        wish, size = self._wish(), asked.page_size(call, box.page_limit)
        here = self._round(folder, wish, f"{self._links}{self._path(folder)}")
        self._bear(size, here.wish)
        entries, kind, token = box.turn(folder, here, wish, size)
        name = "@odata.deltaLink" if kind == "$deltatoken" else "@odata.nextLink"
        link = f"{self._links}{self._path(folder)}?{kind}={urllib.parse.quote(token, safe='|')}"
        context = {"@odata.context": f"{self.tenant.endpoint}/$metadata#Collection(message)"}
        return self._json(context | {name: link, "value": entries})

    def _path(self, folder: Folder) -> str:
        # Graph's own links name keys so: users('…')/mailFolders('…').
        return f"{VERSION}/users('{urllib.parse.quote(self.who)}')/mailFolders('{folder.id}')/messages/delta"

    def _round(self, folder: Folder, wish: Wish, start: str) -> Any:
        call = self.call
        given = [name for name in ("$skiptoken", "$deltatoken") if call.one(name)]
        if given:
            asked.only(call, given[0])
            return self.box.resume(folder, given[0], str(call.one(given[0])), start)
        asked.only(call, "$select", "$filter", "$expand", "changeType", "$deltatoken")
        changes = call.one("changeType") or ""
        assert changes in ("", "created", "updated", "deleted"), "changeType"
        return self.box.begin(folder, wish, asked.after(call), changes)

    def message(self, i: str) -> Answer:
        asked.only(self.call, "$select", "$expand")
        with self.box.lock:
            letter = self.box.letter(i)
            wish = self._wish()
            if letter.mime == "lost" and (not wish.select or "body" in wish.select):
                raise replace(MIME["lost"])
            return self._json(self.context("messages/$entity") | _shown(letter, wish))

    def value(self, i: str) -> Answer:
        asked.only(self.call)
        self._whole()
        with self.box.lock:
            letter = self.box.letter(i)
            if letter.mime in MIME:
                raise replace(MIME[letter.mime])
            source = b"" if letter.mime == "empty" else letter.source
        raw = source if isinstance(source, bytes) else source.read_bytes()
        return Answer(200, raw, {"Content-Type": "text/plain"})

    def _whole(self) -> None:
        if self.wish.basic:
            raise replace(CLOSED["ErrorAccessDenied"])

    # Attachments

    def attachments(self, i: str) -> Answer:
        asked.only(self.call, "$select", "$top", "$skip", "$count")
        self._whole()
        with self.box.lock:
            found = attachments(self.box.letter(i))
        return self._listed("attachments", found, self._attachment)

    def _attachment(self, one: tuple[dict[str, Any], bytes | None]) -> dict[str, Any]:
        facts, data = one
        known = {"id": "", "lastModifiedDateTime": "", "contentBytes": "", "contentLocation": "", "contentId": ""}
        select = asked.select(self.call, known | {"name": "", "contentType": "", "size": "", "isInline": ""})
        bytes_wanted = not select or "contentBytes" in select
        if facts["@odata.type"] == "#microsoft.graph.fileAttachment" and data is not None and bytes_wanted:
            facts = facts | {"contentBytes": base64.b64encode(data).decode()}
        kept = {"@odata.type", "id", *select}
        return {name: value for name, value in facts.items() if not select or name in kept}

    def _one(self, message: str, i: str) -> tuple[dict[str, Any], bytes | None]:
        self._whole()
        with self.box.lock:
            found = [one for one in attachments(self.box.letter(message)) if one[0]["id"] == i]
        if not found:
            raise absent()
        return found[0]

    def attachment(self, message: str, i: str) -> Answer:
        asked.only(self.call, "$select", "$expand")
        facts, data = self._one(message, i)
        body = self.context("attachments/$entity") | self._attachment((facts, data))
        expand = self.call.one("$expand")
        if expand is not None:
            assert expand.lower() == "microsoft.graph.itemattachment/item", f"$expand={expand}"
            body |= self._item(facts, data)
        return Answer.json(body)

    def _item(self, facts: dict[str, Any], data: bytes | None) -> dict[str, Any]:
        if facts["@odata.type"] != "#microsoft.graph.itemAttachment" or data is None:
            return {}
        now = datetime.fromtimestamp(self.tenant.now(), UTC)
        inner = Letter(0, self.box.address, "A" * 10, 0, "", data, "", now, now)
        item = shown(inner, replace(self.wish, select=tuple(name for name in PROPERTIES if name not in NOT_INSIDE)))
        return {"item": item | {"@odata.type": "#microsoft.graph.message", "id": ""}}

    def attached(self, message: str, i: str) -> Answer:
        asked.only(self.call)
        facts, data = self._one(message, i)
        if data is None:
            raise Refused(405, "ErrorInvalidOperation", "A reference attachment has no value.")
        return Answer(200, data, {"Content-Type": facts["contentType"] or "text/plain"})


EXTENDED = r"singleValueExtendedProperties\(\$filter=id eq '(?:Integer|Long) 0x0?E08'\)"
NOT_INSIDE = {"changeKey", "parentFolderId", "webLink", "uniqueBody", "internetMessageHeaders", "isRead"}


def _shown(letter: Letter, wish: Wish) -> dict[str, Any]:
    if letter.mime == "page":
        raise spoilt()
    return shown(letter, wish)


def _error(refused: Refused, now: float, headers: dict[str, str]) -> Answer:
    at = moment(datetime.fromtimestamp(now, UTC)).removesuffix("Z")
    inner = {"date": at, "request-id": str(uuid.uuid4()), "client-request-id": str(uuid.uuid4())} | headers
    body = {"error": {"code": refused.code, "message": refused.message, "innerError": inner}}
    return Answer.json(body, refused.status, refused.headers)


def _inner(item: dict[str, Any]) -> Call:
    """An item of a batch as a call."""
    assert item["url"].startswith("/"), f"an address in a batch is relative: {item['url']}"
    parts = urllib.parse.urlsplit(VERSION + item["url"])
    headers = Message()
    for name, value in item.get("headers", {}).items():
        headers[name] = value
    query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
    path = urllib.parse.unquote(parts.path)
    return Call(item["method"], path, query, VERSION + item["url"], headers, b"")


def _reply(answer: Answer) -> dict[str, Any]:
    """An answer as an item of a batch's: JSON, or base64."""
    reads = answer.headers.get("Content-Type", "").startswith("application/json")
    body = json.loads(answer.body) if reads else base64.b64encode(answer.body).decode()
    return {"status": answer.status, "headers": dict(answer.headers), "body": body}


__all__ = ["CLOSED", "IMMUTABLE", "MIME", "Limits", "Mailbox", "Tenant"]

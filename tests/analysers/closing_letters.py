"""Letters of the example council, as the mail programs of its people would send them."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable
from email.message import EmailMessage

from auditor.analysers import ANALYSERS
from auditor.analysers.base import Case, Witness
from auditor.analysers.examples import council
from auditor.findings import Finding
from auditor.mail.closing import close
from auditor.mail.message import Parts
from auditor.mail.parse import parse
from auditor.mail.segments import assemble, split
from auditor.policy import Policy

CLERK, COUNCILLOR = "clerk@ashmere.example", "cllr.arden@ashmere.example"

HEADERS = {"Date": "Mon, 02 Nov 2026 09:14:00 +0000", "Message-ID": "<1@ashmere.example>", "Subject": "The pond"}


def plain(body: str) -> EmailMessage:
    mail = EmailMessage()
    mail.set_content(body, cte="8bit")
    return mail


def wrapped(body: str) -> EmailMessage:
    return plain(
        "\n".join(textwrap.fill(line, 66, break_long_words=False, break_on_hyphens=False) for line in body.split("\n"))
    )


def narrow(body: str) -> EmailMessage:
    return plain(
        "\n".join(textwrap.fill(line, 38, break_long_words=False, break_on_hyphens=False) for line in body.split("\n"))
    )


def flowed(body: str) -> EmailMessage:
    lines = [
        " \n".join(textwrap.wrap(line, 66, break_long_words=False, break_on_hyphens=False)) or ""
        for line in body.split("\n")
    ]
    mail = EmailMessage()
    mail.set_content("\n".join(lines), cte="8bit", params={"format": "flowed"})
    return mail


def markup(markup: str, alternative: str = "") -> EmailMessage:
    mail = EmailMessage()
    if alternative:
        mail.set_content(alternative, cte="8bit")
        mail.add_alternative(markup, subtype="html", cte="quoted-printable")
    else:
        mail.set_content(markup, subtype="html", cte="quoted-printable")
    return mail


def outlook(body: str) -> EmailMessage:
    lines = "".join(
        f'<p class="MsoNormal">{html.escape(line) or "<o:p>&nbsp;</o:p>"}<o:p></o:p></p>\n' for line in body.split("\n")
    )
    return markup(f'<html><body lang="EN-GB"><div class="WordSection1">{lines}</div></body></html>', body)


def compact(body: str) -> EmailMessage:
    """Outlook with its paragraphs set close: no blank line is left."""
    lines = "".join(
        f'<p class="MsoNormal" style="margin:0">{html.escape(line)}</p>\n' for line in body.split("\n") if line
    )
    return markup(f"<html><body>{lines}</body></html>")


def gmail(body: str) -> EmailMessage:
    lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in body.split("\n"))
    return markup(f'<div dir="ltr">{lines}</div>', body)


def apple(body: str) -> EmailMessage:
    lines = "<br>".join(html.escape(line) for line in body.split("\n"))
    return markup(f'<html><body style="overflow-wrap: break-word;">{lines}</body></html>')


def table(body: str) -> EmailMessage:
    """The letter in paragraphs, what stands below the goodbye in table rows, as signature programs lay it out."""
    blocks = body.split("\n\n")
    letter = "".join(f"<p>{html.escape(block).replace(chr(10), '<br>')}</p>" for block in blocks[:-2])
    rows = (
        "".join(f"<tr><td><b>{html.escape(line)}</b></td></tr>" for line in blocks[-2].split("\n"))
        if len(blocks) > 1
        else ""
    )
    foot = html.escape(blocks[-1]).replace("\n", "<br>")
    return markup(f"<html><body>{letter}<table>{rows}</table><table><tr><td>{foot}</td></tr></table></body></html>")


def cluttered(body: str) -> EmailMessage:
    """Plain text as Outlook makes it from HTML: links doubled in angle brackets, bold as asterisks, a crest."""
    body = body.replace("clerk@ashmere.example", "clerk@ashmere.example<mailto:clerk@ashmere.example>")
    body = body.replace("cllr.arden@ashmere.example", "cllr.arden@ashmere.example<mailto:cllr.arden@ashmere.example>")
    body = body.replace(
        "www.ashmere.example/privacy", "www.ashmere.example/privacy<http://www.ashmere.example/privacy>"
    )
    body = body.replace("Ashmere Parish Council\n", "[cid:image001.png@01DC] *Ashmere Parish Council*\n")
    return plain(body)


def dressed(body: str) -> EmailMessage:
    """With the dashes, quotes and spaces that a word processor puts in."""
    return plain(
        body.replace("'", "\u2019").replace(" - ", " \u2013 ").replace("Parish Council", "Parish\u00a0Council")
    )


LAYOUTS: dict[str, Callable[[str], EmailMessage]] = {
    made.__name__: made
    for made in (plain, wrapped, narrow, flowed, outlook, compact, gmail, apple, table, cluttered, dressed)
}


def case(message: EmailMessage | str, sender: str = COUNCILLOR, policy: Policy | None = None, **headers: str) -> Case:
    """The case that a message makes, `sender` writing to one address outside."""
    mail = plain(message) if isinstance(message, str) else message
    for name, value in {"From": sender, "To": "mary@homemail.example", **HEADERS, **headers}.items():
        mail[name] = value
    policy = policy or council()
    read = parse(mail.as_bytes())
    person = policy.person(read.sender, policy.day(read.sent))
    assert person is not None
    agreed = policy.agreed(person)
    segments = close(read.body, split(read.body, read.subject), agreed)
    return Case(read, assemble(read.body.text, segments), person, agreed, policy)


def findings(made: Case) -> list[Finding]:
    return [finding for analyser in ANALYSERS for finding in analyser.check(made)]


def rules(message: EmailMessage | str, sender: str = COUNCILLOR, **headers: str) -> list[str]:
    """The names of the closing rules found in a message."""
    return [
        finding.rule
        for finding in findings(case(message, sender, **headers))
        if finding.rule.startswith(("signature", "waiver"))
    ]


def witness(parts: Parts, kind: str = "copy") -> Witness:
    return Witness(kind, CLERK, parts)


def agreed(kind: str, sender: str = COUNCILLOR, phone: str = "07700 900118") -> str:
    """An agreed wording as this sender would have it: 'full', 'short', 'standard' or 'brief'."""
    policy = council()
    person = next(one for one in policy.people if one.mailbox == sender)
    filled = policy.agreed(person)
    return next(one.text for one in (*filled.signatures, *filled.waivers) if one.name == kind).replace("{phone}", phone)


LETTER = "Dear Mrs Quill,\n\nThe pond has been cleared and the ducks are back. I shall bring your photographs to the meeting on Tuesday.\n\nKind regards"

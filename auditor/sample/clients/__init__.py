"""How mail programs lay out a letter: one file a program, one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.sample.clients import apple, gmail, outlook, thunderbird
from auditor.sample.clients.words import preformatted
from auditor.sample.letter import Letter


@dataclass(frozen=True, slots=True)
class Client:
    """A mail program's ways. The functions take the letter and what it quotes, laid out already."""

    mailer: str
    """What it says of itself; 'Header: value', or nothing."""
    plain: Callable[[Letter, str], str]
    markup: Callable[[Letter, str], str] | None = None
    """None for a program that writes plain text only."""
    document: Callable[[str], str] = gmail.document
    """The whole HTML document around the markup."""
    answer: str = "Re: "
    forward: str = "Fwd: "
    charset: str = "utf-8"
    encoding: str = "quoted-printable"


_OUTLOOK = "X-Mailer: Microsoft Outlook 16.0"
_PHONE = "X-Mailer: Outlook for Android 4.2611"

CLIENTS: dict[str, Client] = {
    "outlook": Client(_OUTLOOK, outlook.plain, outlook.markup, outlook.document, "RE: ", "FW: "),
    "outlook-crest": Client(_OUTLOOK, outlook.plain, outlook.crest, outlook.document, "RE: ", "FW: "),
    "outlook-plain": Client(_OUTLOOK, outlook.plain_only, answer="RE: ", forward="FW: ", charset="windows-1252"),
    "outlook-phone": Client(_PHONE, outlook.phone_plain, outlook.phone_markup, outlook.phone_document, "Re: ", "Fw: "),
    "gmail": Client("", gmail.plain, gmail.markup),
    "apple-mail": Client("X-Mailer: Apple Mail (2.3864.100.1)", apple.plain, apple.markup, apple.document),
    "iphone": Client("X-Mailer: iPhone Mail (23B85)", apple.phone_plain, apple.phone_markup, apple.document),
    "thunderbird": Client("User-Agent: Mozilla Thunderbird", thunderbird.plain, encoding="8bit"),
}


def plain(letter: Letter) -> str:
    """The message as plain text, history and all."""
    past = plain(letter.parent) if letter.parent else ""
    return CLIENTS[letter.client].plain(letter, past)


def markup(letter: Letter) -> str:
    """The message as HTML without the document around it; escaped plain text from a program that writes no HTML."""
    client = CLIENTS[letter.client]
    if client.markup is None:
        return f"<div>{preformatted(plain(letter))}</div>"
    return client.markup(letter, markup(letter.parent) if letter.parent else "")

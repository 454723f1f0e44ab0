"""The search language: what a person types becomes one frozen tree that any engine can answer, or a sentence that says
where it was not understood and what to write instead. It never becomes 'nothing found'.

    words                 all of them, in any order, in any form (drain finds drains and drained)
    "words in a row"      side by side; so are the pieces of a name with punctuation, a reference, an address
    word*                 words that begin so
    A AND B, A B          both; A OR B either; NOT A, -A not; NOT binds before AND, AND before OR; ( ) groups
    A NEAR/5 B            at most five words between them, whichever comes first; NEAR alone is NEAR/10
    from: to: cc: subject: body: attachment:      a word, a "phrase" or a group in that part of a message
    mailbox: rule: has:attachment                 where it lies, what was found in it, whether files came with it
    after: before: on:    from that day; until the day before; that day (days in London)

Operators are in capitals. `body:` holds the text of files too, `attachment:` their names. `to:` is To, `cc:` is Cc and
Bcc. A whole address after from:, to: or cc: is that address and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn, cast

from auditor.errors import UsageError
from auditor.store.terms import beginnings, terms, whole_address
from auditor.values import Value

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

LONGEST = 2000
"""Characters of a query."""
MOST_TERMS = 100
DEEPEST = 20
"""Brackets inside one another."""
FURTHEST = 1000
"""Words that NEAR may leave between."""
NEAR_BY = 10
"""What NEAR alone leaves between."""


class QueryError(UsageError):
    """A query that was not understood: where, and what to write instead."""


class Field(StrEnum):
    """A part of a message."""

    SENDER = "from"
    RECIPIENTS = "to"
    COPIED = "cc"
    SUBJECT = "subject"
    BODY = "body"
    ATTACHMENTS = "attachment"


class Phrase(Value, frozen=True):
    """Terms side by side in one field."""

    terms: str
    """Normalised, joined by single spaces; never empty."""
    begins: bool = False
    """Whether the last of them need only begin so."""


class Text(Value, frozen=True):
    """Any of these phrases, in one field or in any."""

    phrases: tuple[Phrase, ...]
    field: Field | None = None


class Near(Value, frozen=True):
    """Two texts in one field with at most so many terms between them, in either order."""

    left: Text
    right: Text
    distance: int


class InMailbox(Value, frozen=True):
    """What lies, or lay, in a mailbox: its address in lower case, or what stands before the @."""

    name: str


class Sent(Value, frozen=True):
    """What was sent on these London days, both ends included, None open. Where a message bears no date: received."""

    since: date | None
    until: date | None


class HasAttachment(Value, frozen=True):
    """What files came with; pictures shown in the text are none."""


class Found(Value, frozen=True):
    """What this rule has a finding on, in force."""

    rule: str


class Not(Value, frozen=True):
    """All that does not answer."""

    of: Asked


class All(Value, frozen=True):
    """What answers each of these."""

    of: tuple[Asked, ...]


class AnyOf(Value, frozen=True):
    """What answers at least one of these."""

    of: tuple[Asked, ...]


Asked = Text | Near | InMailbox | Sent | HasAttachment | Found | Not | All | AnyOf
"""A query as a tree."""

_GRAMMAR = r"""
start: either
either: both (_OR both)*
both: one (_AND? one)*
one: (NOT | MINUS)* (near | _atom)
near: leaf NEAR leaf
_atom: leaf | group
group: [FIELD] "(" either ")"
leaf: [FIELD] (WORD | PHRASE)

_OR.3: /OR(?=[\s()"]|$)/
_AND.3: /AND(?=[\s()"]|$)/
NOT.3: /NOT(?=[\s()"]|$)/
NEAR.3: /NEAR(?:\/[0-9]{1,9})?(?=[\s()"]|$)/
MINUS.3: /-(?=[^\s)-])/
FIELD.2: /(?:from|to|cc|subject|body|attachment|mailbox|after|before|on|has|rule):\s*(?=[^\s)])/i
PHRASE.2: /"[^"]*"/
WORD: /[^\s"()]+/
%ignore /\s+/
"""
_QUOTES = str.maketrans("“”„‟\0", '""""\ufffd')
_OTHER_FIELD = re.compile(r"([^\W\d_][\w-]*):(?!//)")
_DAY = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")
_FILTERS = ("mailbox", "after", "before", "on", "has", "rule")
_FIELDS = (*Field, *_FILTERS)


def parsed(text: str) -> Asked:
    """The tree of a query.

    Raises:
        QueryError: it was not understood, is empty or too large.
    """
    plain = text.translate(_QUOTES)
    if not plain.strip():
        raise QueryError(
            "The query is empty: write at least one word, or a filter such as mailbox:clerk@council.example."
        )
    if len(plain) > LONGEST:
        raise QueryError(f"The query has {len(plain):,} characters, and may have {LONGEST:,}: ask in several queries.")
    _refuse_depth(plain)
    tree = _tree(plain)
    return _Reader(plain).asked(tree.children[0])


def _refuse_depth(text: str) -> None:
    depth = 0
    for place, mark in enumerate(re.sub(r'"[^"]*"', lambda quoted: " " * len(quoted[0]), text)):
        depth += (mark == "(") - (mark == ")")
        if depth > DEEPEST:
            _refuse(text, place, f"brackets stand more than {DEEPEST} deep; ask in several queries")


def _refuse(text: str, place: int, said: str) -> NoReturn:
    here = " ".join(text[place : place + 30].split())
    where = f"at character {place + 1}, '{here}'" if here else "at its end"
    raise QueryError(f"The query was not understood {where}: {said}.")


def _tree(text: str) -> Tree[Token]:
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    try:
        return _parser().parse(text)
    except UnexpectedCharacters as error:
        _refuse(text, error.pos_in_stream or 0, _unreadable(text[error.pos_in_stream or 0 :]))
    except UnexpectedToken as error:
        token = error.token
        ends = token.type == "$END"
        _refuse(text, len(text) if ends else token.start_pos or 0, _out_of_place(token.type, error.expected))
    except UnexpectedInput as error:
        _refuse(text, max(error.pos_in_stream or 0, 0), "write it another way")


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=True)


def _unreadable(rest: str) -> str:
    """Why the beginning of `rest` is no word of the language there."""
    if rest.startswith('"'):
        return "a quotation mark is opened and not closed; write another one where the phrase ends"
    return _out_of_place({"(": "LPAR", ")": "RPAR"}.get(rest[:1], ""), set())


def _out_of_place(kind: str, expected: set[str]) -> str:
    match kind:
        case "RPAR":
            return "a bracket is closed that was not opened, or holds nothing; take it out or fill it"
        case "$END" if "RPAR" in expected:
            return "a bracket is opened and not closed; write ')' where the group ends"
        case "NEAR":
            return "NEAR joins two words or phrases, such as drain NEAR/5 survey; join groups and more words with AND"
        case "LPAR":
            return "a group cannot stand here; NEAR joins two words or phrases, and groups are joined with AND, OR, NOT"
        case "$END" | "_OR" | "_AND" | "NOT" | "MINUS":
            return "AND, OR, NOT and '-' stand before a word or a group; to look for the word itself, put it in quotation marks"
        case _:
            return "write words, or put what you look for in quotation marks"


class _Reader:
    """Makes the tree of what was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.terms = 0

    def refuse(self, token: Token, said: str) -> NoReturn:
        _refuse(self.text, token.start_pos or 0, said)

    def asked(self, node: Tree[Token] | Token, field: Token | None = None) -> Asked:
        """A node, inside a group of `field`."""
        node = cast("Tree[Token]", node)  # the grammar gives rules here, never tokens
        match str(node.data):
            case "either":
                return _joined(AnyOf, [self.asked(one, field) for one in node.children])
            case "both":
                return _joined(All, [self.asked(one, field) for one in node.children])
            case "one":
                *signs, last = node.children
                made = self.asked(last, field)
                return _negated(made) if len(signs) % 2 else made
            case "near":
                return self.near(node, field)
            case "group":
                return self.group(node, field)
            case _:
                return self.leaf(node, field)

    def group(self, node: Tree[Token], field: Token | None) -> Asked:
        """A group in brackets, of one field or none."""
        own, inner = _field(node), node.children[1]
        if own is None:
            return self.asked(inner, field)
        if (name := _name(own)) in _FILTERS:
            self.refuse(own, f"{name}: takes one value and no group; write ({name}:a OR {name}:b)")
        return self.asked(inner, self.inner(own, field))

    def inner(self, own: Token | None, outer: Token | None) -> Token | None:
        """The field that counts inside a group of another: it must be the same."""
        if own is not None and outer is not None and _name(own) != _name(outer):
            self.refuse(own, f"{_name(own)}: cannot stand inside {_name(outer)}:( ); take it out of the group")
        return own or outer

    def near(self, node: Tree[Token], field: Token | None) -> Near:
        """Two words or phrases that stand near each other."""
        left, sign, right = (cast("Tree[Token]", one) for one in node.children)
        fields = [_field(one) for one in (left, right)]
        for one in filter(None, fields):
            if _name(one) in _FILTERS:
                self.refuse(one, "NEAR joins words and phrases, not filters; join these with AND")
        own = self.inner(fields[0], self.inner(fields[1], field))
        distance = int(str(sign).partition("/")[2] or NEAR_BY)
        if distance > FURTHEST:
            self.refuse(cast("Token", sign), f"NEAR leaves at most {FURTHEST:,} words between")
        return Near(cast("Text", self.leaf(left, own)), cast("Text", self.leaf(right, own)), distance)

    def leaf(self, node: Tree[Token], outer: Token | None) -> Asked:
        """A word, a phrase or a filter."""
        field, value = self.inner(_field(node), outer), cast("Token", node.children[1])
        written = str(value).strip('"')
        if field is None:
            return self.words(written, value, None)
        if (name := _name(field)) in _FILTERS:
            return self.filter(name, written, value)
        return self.words(written, value, Field(name))

    def words(self, written: str, token: Token, field: Field | None) -> Text:
        """Words that stand side by side."""
        if token.type == "WORD":
            self.refuse_strange(written, token)
        if field in (Field.SENDER, Field.RECIPIENTS, Field.COPIED) and _is_address(written):
            self.count(1, token)
            return Text((Phrase(whole_address(written)),), field)
        begins = written.endswith("*")
        if "*" in written.rstrip("*"):
            self.refuse(token, "'*' can only stand at the end of a word, as in allot*")
        made = beginnings(written.rstrip("*")) if begins else [(terms(written), False)]
        phrases = tuple(Phrase(words, open_) for words, open_ in made if words)
        if not phrases:
            self.refuse(token, "there is no letter and no digit in it; take it out")
        self.count(len(phrases[0].terms.split(" ")), token)
        return Text(phrases, field)

    def refuse_strange(self, written: str, token: Token) -> None:
        """A field that there is not, and one with nothing after it."""
        from auditor.tables import nearest

        if not (other := _OTHER_FIELD.match(written)):
            return
        name = other[1].lower()
        if name in _FIELDS:
            self.refuse(token, f"nothing stands after {name}: ; write a word there, or put it in quotation marks")
        near = nearest(name, _FIELDS)
        self.refuse(
            token, f"there is no field '{name}:'{near}; to look for the words themselves, put them in quotation marks"
        )

    def count(self, many: int, token: Token) -> None:
        """So many terms more."""
        self.terms += many
        if self.terms > MOST_TERMS:
            self.refuse(token, f"a query has at most {MOST_TERMS} words; ask in several queries")

    def filter(self, name: str, written: str, token: Token) -> Asked:
        """What is asked of a message besides its words."""
        self.count(1, token)
        match name:
            case "mailbox":
                return InMailbox(written.strip().lower())
            case "rule":
                return Found(self.rule(written.strip().lower(), token))
            case "has":
                if written.strip().lower() not in ("attachment", "attachments"):
                    self.refuse(token, "only has:attachment can be asked")
                return HasAttachment()
            case _:
                return self.days(name, written, token)

    def rule(self, name: str, token: Token) -> str:
        """A rule's name."""
        from auditor.policy import RULE_NAMES
        from auditor.tables import nearest

        if name not in RULE_NAMES:
            self.refuse(token, f"there is no rule '{name}'{nearest(name, RULE_NAMES)}; 'auditor rules' lists them")
        return name

    def days(self, name: str, written: str, token: Token) -> Sent:
        """after:, before: or on: a day."""
        try:
            found = _DAY.fullmatch(written.strip())
            day = date(*(int(found[part]) for part in (1, 3, 4))) if found else None
        except ValueError:
            day = None
        if day is None or not date(1000, 1, 1) <= day < date(9999, 12, 30):
            self.refuse(token, "that is no day; write it as 2025-01-31")
        match name:
            case "after":
                return Sent(day, None)
            case "before":
                return Sent(None, date.fromordinal(day.toordinal() - 1))
            case _:
                return Sent(day, day)


def _field(node: Tree[Token]) -> Token | None:
    return cast("Token | None", node.children[0])


def _joined(kind: type[All | AnyOf], made: list[Asked]) -> Asked:
    return made[0] if len(made) == 1 else kind(tuple(made))


def _negated(made: Asked) -> Asked:
    return made.of if isinstance(made, Not) else Not(made)


def _name(field: Token) -> str:
    return str(field).rstrip().rstrip(":").lower()


def _is_address(written: str) -> bool:
    local, _, domain = written.strip("<>,;").partition("@")
    return bool(local and domain) and not any(mark in written for mark in " *")


def texts(asked: Asked) -> Iterator[Text]:
    """Every text in a tree that is asked for, not those that are excluded: what a reader of the hits looks for."""
    match asked:
        case Text():
            yield asked
        case Near(left, right):
            yield from (left, right)
        case All(of) | AnyOf(of):
            for one in of:
                yield from texts(one)
        case _:
            return

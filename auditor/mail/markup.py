"""HTML's vocabulary as mail uses it: kinds of element, mail programs' own names, and documents built to do harm."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping

from selectolax.lexbor import create_tag

from auditor.mail.layout import Layout
from auditor.mail.message import Hint

TEXT, COMMENT = 2, 4
"""Lexbor's tag ids for nodes that are no elements."""

INLINE, SKIP, RAW, IMAGE, BREAK = 0, 1, 2, 3, 4
BLOCK, ROW, CELL, ITEM = 10, 11, 12, 13
PARAGRAPH, LIST, QUOTATION, PRE = 20, 21, 22, 23
"""Kinds of element; from BLOCK on each begins a line, from PARAGRAPH on a blank line stands round it."""

_ELEMENTS = {
    SKIP: "script style head title meta link base template colgroup col input",
    RAW: "iframe noframes noembed object audio video canvas datalist",
    IMAGE: "img area",
    BREAK: "br",
    BLOCK: "address article aside body caption center dd details dialog div dt fieldset figcaption figure footer form"
    " header hgroup hr html legend main nav option section summary table tbody tfoot thead frameset optgroup",
    ROW: "tr",
    CELL: "td th",
    ITEM: "li",
    PARAGRAPH: "p h1 h2 h3 h4 h5 h6",
    LIST: "ul ol dir menu dl",
    QUOTATION: "blockquote",
    PRE: "pre listing xmp plaintext textarea",
}
KINDS: dict[int, int] = {create_tag(tag).tag_id: kind for kind, tags in _ELEMENTS.items() for tag in tags.split()}
"""Lexbor's tag id to the kind of element; what is not here is INLINE."""

_CLASSES = {
    "gmail_quote": Hint.QUOTE,
    "gmail_attr": Hint.QUOTE,
    "gmail_extra_quote": Hint.QUOTE,
    "yahoo_quoted": Hint.QUOTE,
    "moz-cite-prefix": Hint.QUOTE,
    "protonmail_quote": Hint.QUOTE,
    "gmail_signature": Hint.SIGNATURE,
    "moz-signature": Hint.SIGNATURE,
    "protonmail_signature_block": Hint.SIGNATURE,
}
_IDS = {
    "divRplyFwdMsg": Hint.HISTORY,
    "appendonsend": Hint.HISTORY,
    "Signature": Hint.SIGNATURE,
    "AppleMailSignature": Hint.SIGNATURE,
    "ms-outlook-mobile-signature": Hint.SIGNATURE,
}


def hint(quotation: bool, attributes: Mapping[str, str | None]) -> Hint | None:
    """What a mail program's own name on an element says of what is in it."""
    if quotation and (attributes.get("type") or "").lower() == "cite":
        return Hint.QUOTE
    classes = attributes.get("class")
    if classes:
        for name in classes.split():
            if name in _CLASSES:
                return _CLASSES[name]
    if "data-smartmail" in attributes:
        return Hint.SIGNATURE
    identity = attributes.get("id")
    return _IDS.get(identity) if identity else None


_MANY_TAGS = 5_000
_DEEP = 2_000
_LONG_TAG = 4_096
_MANY_ATTRIBUTES = 400
_ATTRIBUTE = re.compile(r"[\s\"'/][^\s\"'/>=]+")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_WHOLE_TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*+>""")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements whose end tag may be left out, or that have none: they do not nest in themselves.
_UNNESTED = frozenset(
    {"p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "br", "hr", "img", "input", "meta"}
    | {"link", "base", "area", "col", "wbr", "source", "html", "head", "body", "a"}
)


def hostile(html: str) -> bool:
    """Whether a tree builder would need more than linear time: very deep nesting, very many attributes on one tag.

    Both cost the square of their number: 30,000 levels take seconds, 100,000 attributes most of a minute.
    """
    if html.count("<") > _MANY_TAGS and _depth(html) > _DEEP:
        return True
    if len(html) <= _LONG_TAG:
        return False
    pieces = html.split("<")
    return max(map(len, pieces)) > _LONG_TAG and any(
        len(piece) > _LONG_TAG and _attributes(piece) > _MANY_ATTRIBUTES for piece in pieces
    )


def _depth(html: str) -> int:
    """At most how deep the elements nest."""
    open_now: dict[str, int] = {}
    depth = deepest = 0
    for slash, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _UNNESTED:
            continue
        count = open_now.get(tag, 0)
        if not slash:
            open_now[tag] = count + 1
            depth += 1
            deepest = max(deepest, depth)
        elif count:
            open_now[tag] = count - 1
            depth -= 1
    return deepest


def _attributes(piece: str) -> int:
    """How many attributes the tag has with which this piece begins."""
    if not piece[0].isalpha():
        return 0
    whole = _WHOLE_TAG.match(piece)
    inside = _QUOTED.sub('""', whole[0]) if whole else piece.partition(">")[0]
    return len(_ATTRIBUTE.findall(inside))


_NAMES = {tag: kind for kind, tags in _ELEMENTS.items() for tag in tags.split()}
_CLOSED_BY = {"script": "</script", "style": "</style", "title": "</title"}


def plainly(html: str) -> str:
    """All text of a document, tag by tag, without a tree: linear in time, deaf to styles."""
    lines = Layout()
    at, size = 0, len(html)
    lower = html.lower()
    while at < size:
        start = html.find("<", at)
        if start < 0:
            start = size
        if start > at:
            lines.text(entities.unescape(html[at:start]), False)
        at = _past(html, lower, start, lines) if start < size else size
    text, _ = lines.finish()
    return text


def _past(html: str, lower: str, start: int, lines: Layout) -> int:
    """Where reading goes on after the mark-up at `start`, with the line break it makes."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return end + 3 if end >= 0 else start + 4
    match = _TAG.match(html, start)
    end = html.find(">", start)
    if match is None or end < 0:
        lines.text("<", False)
        return start + 1
    tag = match[2].lower()
    kind = _NAMES.get(tag, INLINE)
    if kind == BREAK:
        lines.newline()
    elif kind >= BLOCK:
        lines.block(1)
    if not match[1] and tag in _CLOSED_BY:
        close = lower.find(_CLOSED_BY[tag], end)
        return close if close >= 0 else end + 1
    return end + 1

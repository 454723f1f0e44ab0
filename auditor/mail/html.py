"""HTML to the text a reader sees, with what the mark-up itself says of it; what a reader does not see is kept apart.

What the marks mean (`message.Hint`):

- QUOTE: `<blockquote type=cite>` (Apple Mail, Thunderbird, Yahoo), Gmail's blockquote and its 'On … wrote:' line,
  Thunderbird's `moz-cite-prefix`, the quote containers of Gmail, Yahoo and Proton. Where a container holds
  blockquotes, what stands between and after them is an answer inside the quotation and is left unmarked; a container
  without one (a Gmail forward) is marked whole. An author's own `<blockquote>` gets no mark.
- HISTORY: Outlook's reply-forward divider (`divRplyFwdMsg`, `appendonsend`) or the thin grey line that desktop
  Outlook draws above 'From: … Sent: …', to the end of the text. Nothing after it is marked again.
- SIGNATURE: the signature container of Gmail, Outlook, Thunderbird, Apple Mail and Proton, outside quotations.

The walk goes from node to node without recursion, so depth hides nothing. Documents built to make a tree builder crawl
(`markup.hostile`) are read tag by tag instead: all their text is seen, nothing in them counts as hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.mail import css, markup
from auditor.mail.layout import Layout
from auditor.mail.message import Hint, Link, Mark

_TAGGED = re.compile(r"<[^<>]*>")
_CONDITION = re.compile(r"^\s*\[if[^\]]*\]>|<!\[endif\]$|<(xml|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_SILENT_COMMENTS = ("StartFragment", "EndFragment", "[endif]", "converted from")
_LONG_COMMENT = 20_000
_WEB = ("http://", "https://")
_LINKS = 200
"""As many links are noted, each of at most _LONGEST_LINK characters: a waiver's is among them."""
_LONGEST_LINK = 500
_GAP = 8.0
"""Margins of at least this many pixels show as a blank line."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read."""

    text: str
    """Ends with a newline unless it is empty."""
    marks: tuple[Mark, ...]
    hidden: str
    links: tuple[Link, ...] = ()
    simply: bool = False
    """Whether it had to be read tag by tag."""
    pictures: int = 0


def read(html: str) -> Reading:
    """The text of an HTML document, its marks with offsets into that text, and its hidden text.

    Never raises on any string without lone surrogates; time grows with the length.
    """
    if markup.hostile(html):
        return Reading(markup.plainly(html), (), "", simply=True)
    tree = LexborHTMLParser(html)
    root = tree.root
    if root is None:
        return Reading("", (), "")
    styles = "\n".join(node.text() for node in tree.css("style"))
    walk = _Walk(css.sheet(styles) if styles else {})
    walk.read(root)
    if "<template" in html:
        walk.lines.hidden.extend(fragment.text(separator=" ") for fragment in tree.template_fragments())
    text, marks = walk.lines.finish()
    return Reading(text, marks, walk.lines.unseen(), tuple(walk.lines.links), pictures=walk.pictures)


# What the surroundings of a text say: gone, tiny, unseen, colour, background, as typed.
_State = tuple[bool, bool, bool, css.Colour | None, css.Colour | str | None, bool]
# What `look` and `markup.hint` read: a link's address or a cell's width tells nothing.
_TELLING = frozenset({"style", "class", "id", "hidden", "bgcolor", "color", "background", "type", "data-smartmail"})
_UNTOLD: Mapping[str, str | None] = {}
_NOTHING: tuple[css.Look, Hint | None] = (css.PLAIN, None)
_START: _State = (False, False, False, None, css.WHITE, False)


# An element whose end has yet to come: node, kind, margin after it, and what to go back to; its mark and where it began; where its
# link leads and what was shown before it.
_Open = tuple[LexborNode, int, int, _State, bool, Hint | None, int, str, int]


class _Walk:
    """One pass over a document's nodes, in reading order."""

    def __init__(self, rules: Mapping[str, css.Look]) -> None:
        self.lines = Layout()
        self.rules = rules
        self.known: dict[object, tuple[css.Look, Hint | None]] = {}
        self.state = _START
        self.open: list[_Open] = []
        self.marking = 0
        """How many marked elements are open: the outermost speaks for what is in it."""
        self.lists: list[int] = []
        """For each open list the next number, or -1 where it has bullets."""
        self.pictures = 0

    def read(self, root: LexborNode) -> None:
        # What stands beside <html> is comments.
        node = root.parent.first_child if root.parent is not None else root
        kinds, lines = markup.KINDS, self.lines
        while True:
            if node is None:
                if not self.open:
                    return
                node = self.leave(self.open.pop())
                continue
            tag = node.tag_id
            if tag == markup.TEXT:
                lines.text(node.text_content or "", self.state[5])
                node = node.next
            elif tag == markup.COMMENT:
                self.comment(node)
                node = node.next
            else:
                node = self.enter(node, tag, kinds.get(tag, markup.INLINE))

    def enter(self, node: LexborNode, tag: int, kind: int) -> LexborNode | None:
        """Begins an element; the node to read next."""
        if kind == markup.BREAK:
            self.lines.newline()
            return node.next
        if kind == markup.SKIP:
            return node.next
        attributes = node.attributes
        if kind == markup.IMAGE:
            self.pictures += 1
            self.lines.hide(attributes.get("alt") or "")
            return node.next
        state, hidden = self.state, self.lines.hiding
        telling = _UNTOLD if _TELLING.isdisjoint(attributes) else attributes
        look, hint = self.said(node, tag, kind, telling) if telling or self.rules else _NOTHING
        if look is not css.PLAIN or kind in (markup.RAW, markup.PRE):
            self.restyle(look, kind)
        below = self.begin(node, kind, look, attributes) if kind >= markup.BLOCK else 0
        mark, opened = None, 0
        if hint is not None and not self.marking and not self.lines.hiding:
            mark, opened = self.mark(node, kind, hint)
        target = self.target(attributes["href"] or "") if "href" in attributes else ""
        self.open.append((node, kind, below, state, hidden, mark, opened, target, self.lines.shown))
        return node.first_child

    def target(self, address: str) -> str:
        """A web link's address, as long as there are not too many; empty otherwise."""
        web = len(address) <= _LONGEST_LINK and address.lower().startswith(_WEB)
        return address if web and len(self.lines.links) < _LINKS else ""

    def said(
        self, node: LexborNode, tag: int, kind: int, attributes: Mapping[str, str | None]
    ) -> tuple[css.Look, Hint | None]:
        """What an element's style and name say; most elements of a document repeat one another."""
        key: object = (tag, *attributes, *attributes.values()) if attributes else tag
        found = self.known.get(key)
        if found is None:
            look = self.look(node, kind, attributes)
            hint = markup.hint(kind == markup.QUOTATION, attributes)
            found = self.known[key] = (look, Hint.HISTORY if hint is None and look.divider else hint)
        return found

    def look(self, node: LexborNode, kind: int, attributes: Mapping[str, str | None]) -> css.Look:
        """The element's own style, over what the style sheet says of its name, class and id."""
        found = css.PLAIN
        if self.rules:
            for name in _names(node.tag or "", attributes):
                if name in self.rules:
                    found = css.over(found, self.rules[name])
        style = attributes.get("style")
        if style:
            own = css.look(style)
            found = css.over(found, own) if found is not css.PLAIN else own
        if "hidden" in attributes:
            found = css.over(found, css.Look(gone=True))
        if "bgcolor" in attributes or "color" in attributes or "background" in attributes:
            found = css.over(
                css.Look(
                    colour=css.colour(attributes.get("color") or ""),
                    back="picture" if attributes.get("background") else css.colour(attributes.get("bgcolor") or ""),
                ),
                found,
            )
        if kind == markup.PARAGRAPH and (attributes.get("class") or "").startswith(("Mso", "xMso", "x_Mso")):
            # Word gives its paragraphs no margin unless the style says otherwise.
            found = css.over(css.Look(above=0.0, below=0.0), found) if found.above is None else found
        return found

    def restyle(self, look: css.Look, kind: int) -> None:
        gone, tiny, unseen, colour, back, pre = self.state
        if look.unseen is not None:
            unseen = look.unseen
        state = (
            gone or look.gone or kind == markup.RAW,
            tiny if look.tiny is None else look.tiny,
            unseen,
            look.colour or colour,
            look.back or back,
            kind == markup.PRE if look.pre is None and kind == markup.PRE else pre if look.pre is None else look.pre,
        )
        if state == self.state:
            return
        self.state = state
        hiding = state[0] or state[1] or unseen or css.same(state[3], state[4])
        if hiding and not self.lines.hiding:
            self.lines.hidden.append("\n")
        self.lines.hiding = hiding

    def begin(self, node: LexborNode, kind: int, look: css.Look, attributes: Mapping[str, str | None]) -> int:
        """The line break, margin, bullet or tab that a block begins with; what it will end with."""
        if kind == markup.CELL:
            self.lines.cell()
            return 0
        apart = kind >= markup.PARAGRAPH and not (kind == markup.LIST and self.lists)
        above = apart if look.above is None else look.above >= _GAP
        below = apart if look.below is None else look.below >= _GAP
        self.lines.block(2 if above else 1)
        if kind == markup.ROW:
            self.lines.row()
        elif kind == markup.LIST:
            self.lists.append(_first_number(attributes) if node.tag == "ol" else -1)
        elif kind == markup.ITEM:
            self.lines.bullet(self.bullet())
        return 2 if below else 1

    def bullet(self) -> str:
        if not self.lists or self.lists[-1] < 0:
            return "• "
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}. "

    def mark(self, node: LexborNode, kind: int, hint: Hint) -> tuple[Hint | None, int]:
        """The mark that an element opens, and the offset at which it does."""
        if self.lines.history or (hint is Hint.QUOTE and _answered(node, kind)):
            return None, 0
        opened = self.lines.begin()
        if hint is Hint.HISTORY:
            self.lines.history = True
            self.lines.marks.append(Mark(opened, -1, hint))
            return None, 0
        self.marking += 1
        return hint, opened

    def leave(self, entry: _Open) -> LexborNode | None:
        """Ends an element; the node after it."""
        node, kind, below, self.state, hidden, mark, opened, target, shown = entry
        if target:
            self.lines.link(target, shown)
        if mark is not None:
            self.marking -= 1
            self.lines.marks.append(Mark(opened, self.lines.end(), mark))
        if below:
            self.lines.block(below)
            if kind == markup.LIST and self.lists:
                self.lists.pop()
            elif kind == markup.ITEM:
                self.lines.bullet("")
        elif kind == markup.CELL:
            self.lines.end_cell()
        self.lines.hiding = hidden
        return node.next

    def comment(self, node: LexborNode) -> None:
        text = node.comment_content or ""
        if text and not text.lstrip().startswith(_SILENT_COMMENTS):
            # Past this length the search for the end of what Word put there could cost the square of it.
            bare = _CONDITION.sub(" ", text) if len(text) < _LONG_COMMENT else text
            self.lines.hide(_TAGGED.sub(" ", bare))


def _names(tag: str, attributes: Mapping[str, str | None]) -> list[str]:
    names = [tag]
    for name in (attributes.get("class") or "").lower().split():
        names += [f".{name}", f"{tag}.{name}"]
    if identity := (attributes.get("id") or "").lower():
        names += [f"#{identity}", f"{tag}#{identity}"]
    return names


def _first_number(attributes: Mapping[str, str | None]) -> int:
    start = attributes.get("start") or "1"
    return int(start) if start.isdecimal() and len(start) < 6 else 1


def _answered(node: LexborNode, kind: int) -> bool:
    """Whether a quote container holds blockquotes of its own, which are marked one by one."""
    if kind == markup.QUOTATION:
        return False
    child = node.first_child
    for _ in range(200):
        if child is None:
            return False
        if markup.KINDS.get(child.tag_id) == markup.QUOTATION:
            return True
        child = child.next
    return False

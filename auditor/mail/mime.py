"""The tree of a message's parts (RFC 2045, 2046), read without recursion and within the limits.

Nodes point into the raw bytes; a part is decoded when it is asked for. Boundaries are found from the outside in, so
that a part that never ends cannot swallow its neighbours.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from auditor.mail.headers import Block, Headers, Value, decoded, read_block, structured, unbase64
from auditor.mail.limits import Limits
from auditor.mail.message import Defect

_EMPTY = Value("", {})
_TEXT = Value("text/plain", {})
_MESSAGE = Value("message/rfc822", {})
_GUESS = re.compile(rb"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?\n(?=content-)", re.MULTILINE | re.IGNORECASE)
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+")
_USUAL_PREAMBLE = re.compile(rb"multi-?part|mime|your mail (?:reader|program)", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """One part: a container with children, or a leaf."""

    headers: Headers
    type: str
    """The media type, lower case: `text/plain`."""
    media: Value
    disposition: Value
    start: int
    """Where its body begins in the raw bytes, after its own headers."""
    end: int
    depth: int
    children: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file name the sender gave it, decoded; empty when there is none."""
        name = self.disposition.params.get("filename") or self.media.params.get("name") or ""
        return decoded(name) if name else ""

    def header(self, name: str) -> str:
        """The first value of a header, '' when it is missing."""
        values = self.headers.get(name)
        return values[0] if values else ""


@dataclass(slots=True)
class Tree:
    """A message's parts, and what lay outside them or was not read."""

    root: Node
    defects: list[Defect] = field(default_factory=list)
    outside: list[bytes] = field(default_factory=list)
    """Text before the first and after the last boundary, which mail programs do not show."""
    cut: list[tuple[Node, str]] = field(default_factory=list)
    """Containers that were not opened, or not to their end, with the reason."""
    count: int = 1


def read_tree(raw: bytes, block: Block, limits: Limits, depth: int, spare: int) -> Tree:
    """The parts of a message whose header block is `block`.

    `depth` is where the message itself stands; `spare` is how many parts may still be opened.
    """
    root = _node(block.headers, block.body, len(raw), depth, _TEXT)
    tree = Tree(root, list(block.defects))
    if not root.type.startswith("multipart/"):
        return tree
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.depth >= limits.depth:
            tree.cut.append((node, f"nested more than {limits.depth} deep"))
            continue
        for child in _children(raw, node, tree, limits):
            if tree.count >= spare:
                tree.cut.append((node, f"more than {limits.parts:,} parts"))
                return tree
            tree.count += 1
            node.children.append(child)
        waiting.extend(child for child in reversed(node.children) if child.type.startswith("multipart/"))
    return tree


def _node(headers: Headers, start: int, end: int, depth: int, default: Value) -> Node:
    types = headers.get("content-type")
    media = structured(types[0]) if types else default
    if media is not default and media is not _TEXT and not _TYPE.fullmatch(media.word):
        # RFC 2045 5.2: a type that cannot be read is plain text.
        media = Value("text/plain", media.params)
    dispositions = headers.get("content-disposition")
    disposition = structured(dispositions[0]) if dispositions else _EMPTY
    return Node(headers, media.word, media, disposition, start, end, depth)


def _children(raw: bytes, node: Node, tree: Tree, limits: Limits) -> Iterator[Node]:
    default = _MESSAGE if node.type == "multipart/digest" else _TEXT
    boundary = _boundary(raw, node, tree)
    if not boundary:
        node.type = "text/plain"
        return
    for start, end in _slices(raw, node, boundary, tree):
        block = read_block(raw, start, end, limits.headers)
        tree.defects.extend(block.defects)
        if block.body - start > limits.headers:
            tree.defects.append(Defect("size", f"a part's headers are over {limits.headers:,} bytes"))
        yield _node(block.headers, min(block.body, end), end, node.depth + 1, default)


def _boundary(raw: bytes, node: Node, tree: Tree) -> bytes:
    """The boundary that is really there; b'' when the container has none and is read as text."""
    declared = node.media.params.get("boundary", "").rstrip().encode("utf-8", "replace")
    if declared and raw.find(b"--" + declared, node.start, node.end) >= 0:
        return declared
    guess = _GUESS.search(raw[node.start : node.end])
    if guess:
        tree.defects.append(Defect("boundary", "the declared boundary is not there; another was found and used"))
        return guess[1]
    if raw[node.start : node.end].strip():
        tree.defects.append(Defect("boundary", "a container without its boundary was read as plain text"))
    else:
        tree.defects.append(Defect("boundary", "a container is empty"))
    return b""


def _slices(raw: bytes, node: Node, boundary: bytes, tree: Tree) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends, headers included, the line end before the boundary left out."""
    start = -1
    for at, after, last in _delimiters(raw, node, boundary):
        if start < 0:
            _outside(raw[node.start : at], tree)
        else:
            yield start, _line_end(raw, start, at)
        start = after
        if last:
            _outside(raw[after : node.end], tree)
            return
    if start < 0:
        tree.defects.append(Defect("boundary", "a container's boundary does not stand on a line of its own"))
        yield node.start, node.end
        return
    tree.defects.append(Defect("boundary", "the last boundary is missing; the message may be cut short"))
    if start < node.end:
        yield start, node.end


def _line_end(raw: bytes, start: int, at: int) -> int:
    if at > start and raw[at - 1] == 10:
        at -= 1
        if at > start and raw[at - 1] == 13:
            at -= 1
    return at


def _delimiters(raw: bytes, node: Node, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each boundary line: where it begins, where the next line begins, and whether it is the last."""
    mark = b"--" + boundary
    at = raw.find(mark, node.start, node.end)
    while at >= 0:
        after = at + len(mark)
        if at == node.start or raw[at - 1] == 10:
            last = raw.startswith(b"--", after)
            if last:
                after += 2
            stop = raw.find(b"\n", after, node.end)
            stop = node.end if stop < 0 else stop
            if not raw[after:stop].strip():
                yield at, min(stop + 1, node.end), last
        at = raw.find(mark, after, node.end)


def _outside(data: bytes, tree: Tree) -> None:
    if data and (text := data.strip()) and not (len(text) < 600 and _USUAL_PREAMBLE.search(text)):
        tree.outside.append(text)


def content(raw: bytes, node: Node) -> tuple[bytes, str]:
    """A leaf's bytes with the transfer encoding taken off, and a sentence when that went wrong ('' when not)."""
    data = raw[node.start : node.end]
    encodings = node.headers.get("content-transfer-encoding")
    if not encodings:
        return data, ""
    encoding = encodings[0].lower().strip("\"' ;")
    if encoding in ("7bit", "8bit", "binary"):
        return data, ""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), ""
    if encoding == "base64":
        decoded_bytes, whole = unbase64(data)
        return decoded_bytes, "" if whole else "the base64 is damaged; what could be decoded was kept"
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecode(data)
    return data, f"the transfer encoding '{encoding[:40]}' is unknown; the bytes were read as they stand"


def _uudecode(data: bytes) -> tuple[bytes, str]:
    out: list[bytes] = []
    lines = iter(data.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    for line in lines:
        if line.strip() == b"end":
            return b"".join(out), ""
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            return b"".join(out) or data, "the uuencoded part is damaged; what could be decoded was kept"
    return b"".join(out) or data, "the uuencoded part has no end; what could be decoded was kept"

"""What a command prints as JSON is one line, by every program's notion of a line."""

from __future__ import annotations

import json

_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""JSON lets them stand as they are; str.splitlines and other readers of lines end one there."""


def line(document: object) -> str:
    """The document without its line end."""
    return json.dumps(document, ensure_ascii=False).translate(_LINE_ENDS)

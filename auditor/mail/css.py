"""The little of CSS that decides what a reader of a mail sees: hidden or not, apart or together, wrapped or as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
_NAMED: dict[str, Colour] = {
    "white": WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "window": WHITE, "windowtext": (0, 0, 0),
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*([\d.]+))?")
_LENGTH = re.compile(r"(-?\d{0,6}\.?\d{0,6})\s*(px|pt|em|rem|cm|mm|in|%)?")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "cm": 37.8, "mm": 3.78, "in": 96.0, "%": 0.0}
_BRACE = re.compile(r"[{}]")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[.#][\w-]+)?")
_DIVIDER = re.compile(r"solid\s+#(?:e1e1e1|b5c4df)")
_FAR = -900.0
_TINY = 1.5
_CACHED = 600
_CACHED_SHEET = 20_000


@dataclass(frozen=True, slots=True)
class Look:
    """What one style says; None where it says nothing and the surroundings decide."""

    gone: bool = False
    """display:none, opacity 0, a box of no size, off the page, mso-hide: nothing inside can show itself again."""
    tiny: bool | None = None
    """Letters of at most one pixel; text inside may be larger again."""
    unseen: bool | None = None
    """visibility:hidden or a transparent colour."""
    colour: Colour | None = None
    back: Colour | str | None = None
    """The background; 'picture' when it cannot be told."""
    pre: bool | None = None
    """Line ends and spaces count as typed."""
    above: float | None = None
    """Margin in pixels."""
    below: float | None = None
    divider: bool = False
    """The thin grey line that Outlook draws above the header block of the message answered."""


PLAIN = Look()


def look(style: str) -> Look:
    """What a `style` attribute says."""
    return _cached(style) if len(style) < _CACHED else _look(style)


def _look(style: str) -> Look:
    says: dict[str, str] = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            says[name.strip()] = value.replace("!important", "").strip()
    above, below = _margins(says)
    return Look(
        gone=_gone(says),
        tiny=_tiny(says),
        unseen=_unseen(says),
        colour=colour(says.get("color", "")),
        back=_background(says),
        pre=says["white-space"].startswith(("pre", "break-spaces")) if "white-space" in says else None,
        above=above,
        below=below,
        divider="border-top" in says and bool(_DIVIDER.search(says["border-top"])),
    )


_cached = lru_cache(maxsize=4096)(_look)


def pixels(value: str) -> float | None:
    """A CSS length in pixels, roughly; None when it is none ('auto', 'inherit')."""
    match = _LENGTH.match(value)
    if match is None or match[1] in ("", "-", ".", "-."):
        return None
    return float(match[1]) * _PIXELS[match[2] or "px"]


def _zero(says: dict[str, str], name: str) -> bool:
    size = pixels(says.get(name, ""))
    return size is not None and size <= 1 and not says[name].rstrip().endswith("%")


def _gone(says: dict[str, str]) -> bool:
    if says.get("display", "").startswith("none") or says.get("mso-hide") == "all":
        return True
    opacity = pixels(says.get("opacity", ""))
    if opacity is not None and opacity < 0.05:
        return True
    if says.get("overflow", "").startswith(("hidden", "clip")) and any(
        _zero(says, name) for name in ("height", "max-height", "width", "max-width")
    ):
        return True
    if says.get("position") in ("absolute", "fixed") and any(
        (pixels(says.get(name, "")) or 0) < _FAR for name in ("left", "top", "right")
    ):
        return True
    return (pixels(says.get("text-indent", "")) or 0) < _FAR


def _tiny(says: dict[str, str]) -> bool | None:
    size = says.get("font-size") or _font_size(says.get("font", ""))
    if not size:
        return None
    if size.endswith("%"):
        return size in ("0%", "1%")
    length = pixels(size)
    return length is not None and length <= (0.0 if size.endswith(("em", "in", "cm")) else _TINY)


def _font_size(font: str) -> str:
    match = re.search(r"(?:^|\s)(\d[\d.]*(?:px|pt)?)(?:/|\s)", font)
    return match[1] if match and not match[1].endswith("00") else ""


def _unseen(says: dict[str, str]) -> bool | None:
    if says.get("color", "").startswith("transparent") or _alpha(says.get("color", "")) == 0:
        return True
    if "visibility" in says:
        return says["visibility"] in ("hidden", "collapse")
    return False if colour(says.get("color", "")) else None


def _alpha(value: str) -> float | None:
    match = _RGB.match(value)
    return float(match[4]) if match and match[4] and match[4].count(".") < 2 and match[4] != "." else None


def colour(value: str) -> Colour | None:
    """A CSS or HTML colour; None when it is unknown."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if match := _HEX.match(value if value.startswith("#") else f"#{value}"):
        digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := _RGB.match(value):
        return int(match[1]), int(match[2]), int(match[3])
    # A colour by a name that is not in the table is not white.
    return (128, 0, 0) if value.isalpha() and value not in ("inherit", "initial", "transparent", "unset") else None


def _background(says: dict[str, str]) -> Colour | str | None:
    value = says.get("background-color") or says.get("background") or ""
    if "background-image" in says or "url(" in value or "gradient" in value:
        return "picture"
    return (
        colour(value.partition(" ")[0]) if value and not value.startswith(("none", "transparent", "inherit")) else None
    )


def same(text: Colour | None, back: Colour | str | None) -> bool:
    """Whether text in one colour cannot be read on the other."""
    if text is None or back is None or isinstance(back, str):
        return False
    return abs(text[0] - back[0]) <= 6 and abs(text[1] - back[1]) <= 6 and abs(text[2] - back[2]) <= 6


def _margins(says: dict[str, str]) -> tuple[float | None, float | None]:
    above = below = None
    if "margin" in says:
        sides = says["margin"].split()
        if sides:
            above, below = pixels(sides[0]), pixels(sides[2] if len(sides) > 2 else sides[0])
    for name, keep in (("margin-top", "above"), ("margin-bottom", "below")):
        if name in says:
            length = pixels(says[name])
            above, below = (length, below) if keep == "above" else (above, length)
    return above, below


def sheet(text: str) -> Mapping[str, Look]:
    """The rules with a simple selector (`p`, `.name`, `#name`, `p.name`) in a style sheet, lower case.

    Rules inside `@media` speak of other screens and are left out.
    """
    return _cached_sheet(text) if len(text) < _CACHED_SHEET else _sheet(text)


def _sheet(text: str) -> Mapping[str, Look]:
    rules: dict[str, Look] = {}
    for piece in _flat(_uncommented(text)).split("}"):
        selectors, _, body = piece.partition("{")
        says = look(body)
        if says == PLAIN:
            continue
        for selector in selectors.lower().split(","):
            name = selector.strip()
            if name and _SIMPLE.fullmatch(name):
                rules[name] = over(rules[name], says) if name in rules else says
    return rules


# Outlook puts the same sheet into every message it writes.
_cached_sheet = lru_cache(maxsize=64)(_sheet)


def _uncommented(text: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := text.find("/*", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("*/", start + 2)
        at = end + 2 if end >= 0 else len(text)
    kept.append(text[at:])
    return "".join(kept).replace("<!--", "").replace("-->", "")


def _flat(text: str) -> str:
    """A style sheet without its `@media` blocks."""
    if "@" not in text:
        return text
    kept: list[str] = []
    at = 0
    while (start := text.find("@media", at)) >= 0:
        kept.append(text[at:start])
        depth, at = 0, start
        for match in _BRACE.finditer(text, start):
            depth += 1 if match[0] == "{" else -1
            at = match.end()
            if depth <= 0:
                break
        if depth > 0:
            return "".join(kept)
    kept.append(text[at:])
    return "".join(kept)


def over(under: Look, upper: Look) -> Look:
    """Two looks of one element; what `upper` says counts."""
    return Look(
        gone=upper.gone or under.gone,
        tiny=under.tiny if upper.tiny is None else upper.tiny,
        unseen=under.unseen if upper.unseen is None else upper.unseen,
        colour=under.colour if upper.colour is None else upper.colour,
        back=under.back if upper.back is None else upper.back,
        pre=under.pre if upper.pre is None else upper.pre,
        above=under.above if upper.above is None else upper.above,
        below=under.below if upper.below is None else upper.below,
        divider=upper.divider or under.divider,
    )

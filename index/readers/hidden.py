"""What a page holds but does not show, dropped: text for machines that no reader of it can see.

Only what stands in the tree itself is looked at. Style sheets are not computed: what a class hides
may be what a click shows, and to lose an article's text is worse than to keep a line too many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["drop_hidden"]

Node = Any  # an element of lxml, which has no types of its own

# What a page has for programs, or for browsers that cannot do better.
_UNSEEN = frozenset("template noscript svg iframe object select button textarea".split())
_SIZE = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|%|)")
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z])")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+(\d*\.?\d+)%?)?\s*\)"
)
_NAMED = {"white": (255, 255, 255), "snow": (255, 250, 250), "black": (0, 0, 0)}
_ALIKE = 16  # of 255, in each colour: nobody reads that
_READABLE = 2.0  # points, pixels; what is smaller is a dot
_FAR = -500.0  # pixels to the left of the page, or above it
_SIDES = ("left", "right", "top", "bottom")
_BOX = ("width", "height", "max-width", "max-height")
_NO_BOX = re.compile(r"0(?:px|pt|em|%)?|[01](?:\.\d+)?px")
_CLIPPED = re.compile(r"rect\((?:0|1px)|inset\((?:50|100)%|circle\(0")

_Colour = tuple[int, int, int]
_WHITE: _Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to what is in it; None for a colour that is not known."""

    shown: bool = True
    size: float = 16.0
    colour: _Colour | None = (0, 0, 0)
    ground: _Colour | None = None

    @property
    def visible(self) -> bool:
        """Whether a person can read text that looks like this."""
        if not self.shown or self.size < _READABLE:
            return False
        if self.colour is None or self.ground is None:
            return True
        return any(abs(a - b) > _ALIKE for a, b in zip(self.colour, self.ground, strict=True))


def drop_hidden(top: Node) -> None:
    """Take out of a tree what is not seen, as far as its tags and attributes tell.

    That is what is for programs, not displayed, transparent, of no size, off the page, or in the
    colour that it stands on. An empty element stays in its place, and the text around it.
    """
    waiting = [(top, _look(top, _Look(ground=None if _has_styles(top) else _WHITE)))]
    while waiting:
        node, look = waiting.pop()
        if not look.visible and node.text:
            node.text = None
        for child in list(node):
            if not look.visible:
                child.tail = None
            if _is_hidden(child):
                child.clear(keep_tail=True)
                child.tag = "span"
            else:
                waiting.append((child, _look(child, look)))


def _has_styles(top: Node) -> bool:
    """Say whether a style sheet may give the page another ground than white."""
    page = top.getroottree().getroot()
    links = (node for node in page.iter("link") if "stylesheet" in node.get("rel", "").lower())
    return next(page.iter("style"), None) is not None or next(links, None) is not None


def _styles(node: Node) -> dict[str, str]:
    written = (one.partition(":") for one in node.get("style", "").lower().split(";"))
    return {name.strip(): value.split("!")[0].strip() for name, _, value in written}


def _is_hidden(node: Node) -> bool:
    """Say whether nothing in an element can be seen, however it looks itself."""
    if node.tag in _UNSEEN or node.get("hidden") is not None:
        return True
    style = _styles(node) if node.get("style") else {}
    if style.get("display") == "none" or style.get("mso-hide") == "all":
        return True
    if _size(style.get("opacity")) == 0 or _CLIPPED.match(style.get("clip-path", "")):
        return True
    if style.get("position") in ("absolute", "fixed") and (
        any(_is_far(style.get(side)) for side in _SIDES) or _CLIPPED.match(style.get("clip", ""))
    ):
        return True
    boxed = style.get("overflow", "").startswith("hidden")
    return _is_far(style.get("text-indent")) or (
        boxed and any(_NO_BOX.fullmatch(style.get(side, "")) for side in _BOX)
    )


def _look(node: Node, around: _Look) -> _Look:
    """Return how text in an element looks, as far as its attributes tell."""
    look = around
    if node.get("class") or node.get("id"):  # a style sheet may colour it
        look = replace(look, colour=None, ground=None)
    style = _styles(node) if node.get("style") else {}
    if seen := style.get("visibility"):
        look = replace(look, shown=seen not in ("hidden", "collapse"))
    if (size := _size(style.get("font-size"), look.size)) is not None:
        look = replace(look, size=size)
    elif "font-size" in style:
        look = replace(look, size=_Look().size)  # "medium"
    ground = style.get("background-color") or style.get("background") or node.get("bgcolor")
    if ground:
        look = replace(look, ground=_colour(ground, None))
    if colour := style.get("color") or (node.tag == "font" and node.get("color")):
        look = replace(look, colour=_colour(colour, look.ground))
    return look


def _size(written: str | None, whole: float = 16.0) -> float | None:
    """Return a length in pixels, or about; None for what is none."""
    match = _SIZE.fullmatch(written or "")
    if not match:
        return None
    return float(match.group(1)) * {"em": whole, "rem": 16.0, "%": whole / 100}.get(
        match.group(2), 1.0
    )


def _is_far(written: str | None) -> bool:
    length = _size(written)
    return length is not None and length <= _FAR


def _colour(written: str, ground: _Colour | None) -> _Colour | None:
    """Return a colour; one that lets everything through is that of the ground."""
    text = written.strip().lower()
    if match := _RGB.match(text):
        if match.group(4) and not float(match.group(4)):
            return ground
        red, green, blue = (min(255, int(match.group(n))) for n in (1, 2, 3))
        return red, green, blue
    if match := _HEX.match(text):
        digits = match.group(1)
        pairs = [d * 2 for d in digits] if len(digits) == 3 else re.findall("..", digits)
        red, green, blue = (int(pair, 16) for pair in pairs)
        return red, green, blue
    return ground if text == "transparent" else _NAMED.get(text.split(" ")[0])

"""HTML as a tree of bounded size, and a tree as plain text: a block a paragraph.

A hostile page can make parsers take hours or drop what follows in silence, so that its tags are
counted first, in one pass that takes time with the length alone.
"""

from __future__ import annotations

import re
from typing import Any

from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, canonical
from index.readers.hidden import drop_hidden

__all__ = ["Node", "parsed", "plain_text"]

Node = Any
"""An element of lxml, which has no types of its own."""

# lxml drops everything below 256 levels without a word, and takes time with the square of the
# attributes of one tag: 35 s for 200,000.
_DEPTH_AT_MOST = 250
_ATTRIBUTES_AT_MOST = 1_000
_ELEMENTS_AT_MOST = 500_000

# What a tree cannot hold, and the soft hyphen: it is invisible and keeps a word from being found.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\ud800-\udfff\ufffe\uffff]")
# Newsletters pad their preview with zero-width characters between spaces.
_SPACE = re.compile(r"\s+(?:[\u034f\u200b-\u200d\u2060\ufeff]+\s+)*")

_UNSEEN = frozenset("script style title".split())
_PARAGRAPHS = frozenset(
    "p div section article main header footer aside nav address blockquote figure figcaption "
    "h1 h2 h3 h4 h5 h6 head ul ol dl list table form fieldset hr center details quote pre".split()
)
_LINES = frozenset("br lb tr row caption summary dt dd".split())
_ITEMS = frozenset(("li", "item"))
_BLOCKS = _PARAGRAPHS | _ITEMS
_CELLS = frozenset(("td", "th", "cell"))
_ROWS = frozenset(("tr", "row"))


class _Count:
    """Counts the tags of a page as they come, and stops at what no article has."""

    def __init__(self, uri: str, elements: int) -> None:
        self._uri = uri
        self._at_most = elements
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEPTH_AT_MOST:
            self._refuse(f"has tags more than {_DEPTH_AT_MOST} deep inside each other")
        if self._elements > self._at_most:
            self._refuse(f"has more than {self._at_most:,} tags")
        if len(attributes) > _ATTRIBUTES_AT_MOST:
            self._refuse(f"has a tag with more than {_ATTRIBUTES_AT_MOST:,} attributes")

    def end(self, tag: str) -> None:
        self._depth -= 1

    def close(self) -> None:
        pass

    def _refuse(self, problem: str) -> None:
        raise ReadError(f"{self._uri!r} {problem}", "save its text as .txt or .md")


def parsed(text: str, uri: str, elements: int = _ELEMENTS_AT_MOST) -> Node:
    """Return the tree of an HTML page or fragment: ``html`` with a ``body``.

    Args:
        elements: The most tags that it may have.

    Raises:
        ReadError: It is empty, too large, nested too deep or not to be parsed at all.
    """
    from lxml import etree, html

    if len(text) > TEXT_AT_MOST:
        raise ReadError(f"{uri!r} has more than {TEXT_AT_MOST:,} characters", "split it")
    data = _clean(text).encode("utf-8")
    usual = {"encoding": "utf-8", "remove_comments": True, "remove_pis": True, "huge_tree": True}
    try:
        etree.fromstring(data, etree.HTMLParser(target=_Count(uri, elements), **usual))
        tree = html.document_fromstring(data, html.HTMLParser(**usual), ensure_head_body=True)
    except (etree.LxmlError, AssertionError) as error:
        raise ReadError(f"{uri!r} is empty or not HTML") from error
    for node in tree.iter():
        # written as "&#1;", or "&shy;", they are in the tree, and would not be taken a second time
        node.text = node.text and _clean(node.text)
        node.tail = node.tail and _clean(node.tail)
    return tree


def _clean(text: str) -> str:
    return _UNWANTED.sub("", text.replace("\v", " ").replace("\f", " "))


def plain_text(top: Node) -> str:
    """Return the canonical text below this element, as it is read and not as it is laid out.

    Paragraphs have an empty line between them; an item of a list is a line that begins with "- ",
    a row of a table a line with " | " between its cells. What a page hides is left out, and taken
    out of the tree.
    """
    from lxml import etree

    drop_hidden(top)
    lines = _Lines()
    hidden: Node = None
    for event, node in etree.iterwalk(top, events=("start", "end")):
        if event == "start":
            if hidden is None and node.tag in _UNSEEN:
                hidden = node
            if hidden is None:
                lines.open(node)
                lines.say(node.text, kept=_keeps_lines(node))
        else:
            if hidden is None:
                lines.close(node)
            if hidden is node:
                hidden = None
            if hidden is None and node is not top:
                lines.say(node.tail, kept=_keeps_lines(node.getparent()))
    return canonical("".join(lines.parts))


def _keeps_lines(node: Node) -> bool:
    return node.tag == "pre" or (node.tag == "code" and "\n" in (node.text or ""))


def _is_data(row: Node) -> bool:
    """Say whether a row of a table holds values side by side, not the columns of a layout."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    return len(cells) > 1 and all(_is_value(cell) for cell in cells)


def _is_value(cell: Node) -> bool:
    blocks = [node.tag for node in cell.iterdescendants() if node.tag in _BLOCKS]
    return not blocks or blocks == ["p"]


class _Lines:
    """Text as it grows; breaks and marks are written once there is text after them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._break = 0
        self._mark = ""
        self._row: Node = None

    def open(self, node: Node) -> None:
        if self._row is None:
            self._start(node)
            if node.tag in _ROWS and _is_data(node):
                self._row = node
        elif node.tag in _CELLS and not self._break:
            self._mark = " | "
        elif node.tag in _LINES | _PARAGRAPHS:
            self.say(" ")

    def close(self, node: Node) -> None:
        if node is self._row:
            self._row = None
        if self._row is None:
            self._start(node, closing=True)

    def _start(self, node: Node, closing: bool = False) -> None:
        inline = (
            node.tag == "quote" and node.getparent() is not None and node.getparent().tag == "p"
        )
        if node.tag in _PARAGRAPHS and not inline:
            nested = node.tag in ("ul", "ol", "list") and node.getparent() is not None
            self._ends(1 if nested and node.getparent().tag in _ITEMS else 2)
        elif node.tag in _LINES | _ITEMS:
            self._ends(1)
            self._mark = "- " if node.tag in _ITEMS and not closing else ""
        elif node.tag in _CELLS:
            self._ends(2)

    def _ends(self, lines: int) -> None:
        if not self._mark:
            self._break = max(self._break, lines)

    def say(self, text: str | None, *, kept: bool = False) -> None:
        if not text:
            return
        if not kept:
            text = _SPACE.sub(" ", text)
            if self._break or self._mark or not self.parts or self.parts[-1][-1:].isspace():
                text = text.lstrip()
        if not text:
            return
        if self._break or self._mark:
            self._flush()
        self.parts.append(text)

    def _flush(self) -> None:
        if self.parts:
            self.parts[-1] = self.parts[-1].rstrip()
            self.parts.append("\n" * self._break)
        self.parts.append(self._mark)
        self._break, self._mark = 0, ""

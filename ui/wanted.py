"""What a visitor of the Library page wants to see: the query of its address, read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kb import Filter, Order

__all__ = [
    "ARTICLE",
    "DUPLICATES",
    "LIBRARY",
    "REMOVED",
    "Span",
    "Wanted",
    "article_at",
    "number",
    "spans",
]

LIBRARY = "/library"
ARTICLE = f"{LIBRARY}/article"
DUPLICATES = f"{LIBRARY}/duplicates"
REMOVED = f"{LIBRARY}/removed"

Span = tuple[int, int]
"""Characters of an article that are marked: from the first, up to the second."""

_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_SPANS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles, in which order, and which page of them, from 1."""

    text: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    order: Order = Order.NEWEST
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Return what a query says; an order or a page that is none counts as not said."""
        order = query.get("order", "")
        return cls(
            text=query.get("text", "").strip(),
            source=query.get("source", "").strip(),
            since=query.get("since", "").strip(),
            until=query.get("until", "").strip(),
            order=Order(order) if order in set(Order) else Order.NEWEST,
            page=number(query.get("page", "")),
        )

    def filter(self) -> Filter:
        """Return which articles are meant; raises ``QuestionError`` if a value is none."""
        sources = [self.source] if self.source else None
        return Filter.of(sources=sources, since=self.since, until=self.until, text=self.text)

    @property
    def some(self) -> bool:
        """Whether not all articles are meant."""
        return bool(self.text or self.source or self.since or self.until)

    def sorted(self, order: Order) -> Wanted:
        """Return the same articles in this order, from the first page."""
        return replace(self, order=order, page=1)

    def on(self, page: int) -> Wanted:
        """Return another page of the same."""
        return replace(self, page=page)

    @property
    def address(self) -> str:
        """Where they are shown."""
        said = {"text": self.text, "source": self.source, "since": self.since, "until": self.until}
        query = {name: value for name, value in said.items() if value}
        if self.order is not Order.NEWEST:
            query["order"] = self.order.value
        if self.page > 1:
            query["page"] = str(self.page)
        return f"{LIBRARY}?{urlencode(query, errors='replace')}" if query else LIBRARY


def article_at(id: str, *marked: Span) -> str:
    """Return where an article is read: in the query, as an id may be anything, ``..`` too."""
    query = [("id", id), *(("at", f"{start}-{end}") for start, end in marked)]
    return f"{ARTICLE}?{urlencode(query, errors='replace')}"


def spans(words: Sequence[str], length: int) -> list[Span]:
    """Return what an address wants marked in a text of this length; what is not in it, is not."""
    found = (_SPAN.fullmatch(word) for word in words[:_SPANS_AT_MOST])
    wanted = ((int(match[1]), int(match[2])) for match in found if match)
    return [(start, end) for start, end in wanted if start < end <= length]


def number(word: str) -> int:
    """Return the number of a page as an address has it; 1 if it has none."""
    return max(1, int(word)) if word.isascii() and word.isdigit() and len(word) < 9 else 1

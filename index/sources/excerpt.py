"""What a feed says of one of its entries: fills what the page lacks, stands in for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from index.article import Article
from index.readers.metadata import Metadata
from index.sources.stamp import body_digest

__all__ = ["Excerpt", "addressed"]

_GUESSED = ("first line", "file name")
_FILLED = ("source", "author", "published_at", "language")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An entry of a feed.

    Attributes:
        text: Its content or summary, canonical; "" if the feed has but the link.
        values: What else it says, by field.
        origins: Where each of the values stood.
    """

    text: str
    values: Mapping[str, str]
    origins: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Changes with any part of it."""
        return body_digest(self.text, *(part for item in self.values.items() for part in item))

    def article(self, id: str, url: str, uri: str) -> Article:
        """Return the entry as an article by itself, of the page at ``url``."""
        known = Metadata(uri)
        known.offer("url", url, "the address")
        for name, value in self.values.items():
            known.offer(name, value, self.origins[name])
        return known.article(id, self.text)

    def fill(self, article: Article) -> Article:
        """Return the page's article with what only the feed knows."""
        origins = dict(article.origins)
        lacking = [name for name in _FILLED if getattr(article, name) is None]
        if origins.get("title") in _GUESSED:
            lacking.append("title")
        values: dict[str, Any] = {
            name: self.values[name] for name in lacking if name in self.values
        }
        origins |= {name: self.origins[name] for name in values}
        return replace(article, **values, origins=tuple(origins.items()))


def addressed(article: Article, url: str) -> Article:
    """Return the article with the address from which it came, whatever the page says its is."""
    origins = {**dict(article.origins), "url": "the address"}
    return replace(article, url=url, origins=tuple(origins.items()))

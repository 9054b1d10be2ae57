"""What is read, cut and found: ``Article``, ``Passage``, ``Hit``."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass, field

__all__ = ["Article", "Hit", "Passage", "digest"]


def digest(*parts: str) -> str:
    """Return 32 hexadecimal digits (128 bits of BLAKE2b) that stand for these strings, in order."""
    packed = json.dumps(parts, ensure_ascii=True).encode("ascii")
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Article:
    """One document: its canonical text, into which every offset counts, and what is known of it.

    Attributes:
        id: Stable for the same document, unique in a knowledge base.
        uri: Where it came from, readable, relative to what was synced (``news/kursk.md``).
        text: The canonical text (see ``index.readers.canonical``).
        published_at: ISO 8601, to the day or to the second, as the document gives it.
        language: ISO 639-1, as the document says or as its text shows; None if neither is clear.
        pages: Where each page begins in the text, for a document that has pages.
        origins: Where each value came from, as (field, where) pairs: ("title", "og:title").
    """

    id: str
    uri: str
    title: str
    text: str
    source: str | None = None
    author: str | None = None
    published_at: str | None = None
    url: str | None = None
    language: str | None = None
    pages: tuple[int, ...] = ()
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def fingerprint(self) -> str:
        """A hash of the canonical text and the metadata: equal exactly if nothing changed.

        Where the document lies is no part of it, so that it stays when a file is moved.
        """
        known = (self.title, self.source, self.author, self.published_at, self.url, self.language)
        pages = ",".join(map(str, self.pages))
        return digest(self.text, pages, *("\0" if value is None else value for value in known))

    def page(self, offset: int) -> int | None:
        """Return the number of the page, from 1, on which this character stands; None without."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article; ``article.text[start:end] == text``, always.

    Attributes:
        heading: The heading in the article under which the passage stands, if there is one.
    """

    id: str
    article_id: str
    start: int
    end: int
    text: str
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its article.

    Attributes:
        score: Orders the hits of one search, the best being 1; means nothing between searches.
        similarity: Cosine of question and passage, -1 to 1; comparable between questions.
        copies: Other articles with this passage, or nearly, that are not hits of their own for it.
        signals: What each signal adds, if that was asked for; "second look" is the reranker's, and
            "article again" is lost by a further passage of an article. Only differences between
            hits count: of their sums they are three times that of the scores' logarithms.
    """

    passage: Passage
    article: Article
    score: float
    similarity: float
    copies: tuple[Article, ...] = ()
    signals: tuple[tuple[str, float], ...] = field(default=(), compare=False)

    @property
    def page(self) -> int | None:
        """The page of its article, from 1, on which the passage begins; None without pages."""
        return self.article.page(self.passage.start)

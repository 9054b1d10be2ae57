"""How tests read a file, and what they hold against whatever comes of it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator

from index.article import Article
from index.errors import ReadError
from index.readers import open_reader

__all__ = ["Outcome", "check", "outcome", "read", "spelled"]

Outcome = tuple[list[Article | ReadError], ReadError | None]


def outcome(articles: Iterator[Article | ReadError]) -> Outcome:
    """Return what came and how it ended; anything but a ``ReadError`` is the test's failure."""
    found: list[Article | ReadError] = []
    try:
        for one in articles:
            found.append(one)  # noqa: PERF402 - what came before an error counts
    except ReadError as error:
        return found, error
    return found, None


def read(data: bytes, suffix: str) -> Outcome:
    return outcome(open_reader(suffix)(io.BytesIO(data), id="id", uri=f"news/a{suffix}"))


def spelled(found: Outcome) -> list[object]:
    """Return an outcome so that it can be compared, errors and origins too."""
    parts = [*found[0], found[1]]
    return [(one, one.origins) if isinstance(one, Article) else str(one) for one in parts]


def check(found: Outcome) -> None:
    """Assert what holds for whatever a reader was given."""
    articles, raised = found
    assert articles or raised
    for error in [one for one in [*articles, raised] if isinstance(one, ReadError)]:
        assert "\n" not in str(error)
        assert len(str(error)) < 600
    for article in [one for one in articles if isinstance(one, Article)]:
        text = article.text
        assert text
        assert text == text.strip() == unicodedata.normalize("NFC", text)
        assert not {"\r", "\0", "\u2028"} & set(text)
        text.encode()
        assert article.id
        assert article.title == " ".join(article.title.split()) != ""
        assert article.uri.startswith("news/a.")
        assert list(article.pages) == sorted(article.pages)
        assert all(0 <= page <= len(text) for page in article.pages)
        fields = ("title", "source", "author", "published_at", "url", "language")
        known = {field for field in fields if getattr(article, field) is not None}
        assert {field for field, where in article.origins if where} == known

"""Feeds: which pages an RSS or Atom file names, and what it says of them itself."""

from __future__ import annotations

from collections.abc import Iterator

from index.errors import ReadError
from index.readers.canonical import one_line
from index.readers.feed import Entry, feed_entries
from index.sources.document import Skipped
from index.sources.excerpt import Excerpt
from index.sources.urls import normalised, readable

__all__ = ["FEED_ROOTS", "entries"]

FEED_ROOTS = ("rss", "feed", "RDF")
"""The names of a feed's outermost element."""


def entries(data: bytes, url: str, at_most: int) -> Iterator[tuple[str, Excerpt] | Skipped]:
    """Return, for each page once, its address and what the feed says of it, or why it is left out.

    Raises:
        ReadError: This is no feed.
    """
    feed = feed_entries(data, url)

    def each() -> Iterator[tuple[str, Excerpt] | Skipped]:
        seen: set[str] = set()
        for entry in feed.entries:
            page = _page(entry)
            if isinstance(page, Skipped):
                yield page
            elif page not in seen:
                if len(seen) == at_most:
                    reason = f"names more than {at_most:,} pages; the rest is left out"
                    yield Skipped(readable(url), reason)
                    return
                seen.add(page)
                known = feed.metadata(entry, url)
                yield page, Excerpt(_text(entry), known.values, known.origins)

    return each()


def _page(entry: Entry) -> str | Skipped:
    if entry.link is None:
        return Skipped(one_line(entry.title or entry.key, 200), "has no link to a page")
    try:
        return normalised(entry.link)
    except ReadError as error:
        return Skipped(one_line(entry.link, 200), str(error))


def _text(entry: Entry) -> str:
    try:
        return entry.text()
    except ReadError:
        return ""  # the page may still be read

"""A source that is looked at as a sync does, with readers that read in this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from index.article import Article
from index.errors import ReadError
from index.readers.apart import ReaderProcess
from index.readers.metadata import Metadata
from index.sources.document import Document, Skipped
from index.sources.fetch import Client
from index.sources.web import Web
from tests.index.sources.site import Clock


class Readers:
    """Reads pages in this process, plainly; remembers which formats it was given."""

    def __init__(self) -> None:
        self.suffixes: list[str] = []

    def read(
        self, file: BinaryIO, suffix: str, *, id: str, uri: str
    ) -> Iterator[Article | ReadError]:
        """Yield one article: the title, and the text without its tags."""
        self.suffixes.append(suffix)
        html = file.read().decode("utf-8-sig")
        known = Metadata(uri)
        if title := re.search("<title>(.*?)</title>", html):
            known.offer("title", title[1], "<title>")
        known.offer("url", "https://elsewhere.example/", "canonical link")
        text = re.sub("<title>.*?</title>|<[^>]*>", "", html).strip()
        if not text:
            raise ReadError(f"{uri!r} is empty")
        yield known.article(id, text)


class Visit:
    """A source that is looked at as a sync does: what was read is remembered by its stamp."""

    def __init__(self, url: str, **limits: int) -> None:
        self.readers = Readers()
        self.url = url
        self.limits = limits
        self.known: dict[str, str] = {}
        self.articles: dict[str, list[Article]] = {}
        self.skipped: list[str] = []
        self.errors: list[str] = []
        self.whole = True

    def __call__(self) -> list[str]:
        """Sync; return the paths that were read anew, in order."""
        clock = Clock()
        client = Client(allow_private=True, clock=clock, sleep=clock.sleep)
        readers = cast(ReaderProcess, self.readers)
        web = Web(self.url, readers, client=client, **self.limits)  # type: ignore[arg-type]
        found = list(web.documents(dict(self.known)))
        self.whole = web.whole
        self.skipped = [f"{one.uri} {one.reason}" for one in found if isinstance(one, Skipped)]
        self.errors = []
        listed = [one for one in found if isinstance(one, Document)]
        anew = [path for one in listed if (path := self._read(web, one))]
        if self.whole:
            locations = {one.location for one in listed}
            for location in [one for one in self.known if one not in locations]:
                del self.known[location], self.articles[location]
        return anew

    def _read(self, web: Web, document: Document) -> str:
        location = document.location
        stamp = self.known.get(location, "")
        if document.stamp and document.stamp == stamp:
            return ""
        try:
            reading = web.read(document, "id", stamp)
            articles = None if reading.articles is None else list(reading.articles)
        except ReadError as error:
            self.errors.append(str(error))
            return ""
        self.known[location] = reading.stamp
        if articles is None:
            return ""
        self.articles[location] = [one for one in articles if isinstance(one, Article)]
        if not articles:
            del self.known[location], self.articles[location]
        return "/" + location.partition("://")[2].partition("/")[2]

    def article(self, path: str) -> Article:
        """Return the one article of the page at this path."""
        (article,) = next(found for at, found in self.articles.items() if at.endswith(path))
        return article

"""The web as a source: a page, the pages that a feed names, or those of a sitemap."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from typing import BinaryIO, ParamSpec, TypeVar

from index.article import Article
from index.errors import ReadError, SourceError, Unreachable
from index.readers.apart import ReaderProcess
from index.sources.document import Document, Reading, Skipped
from index.sources.excerpt import Excerpt, addressed
from index.sources.feed import FEED_ROOTS, entries
from index.sources.fetch import GONE, Client, Fetched, Limits
from index.sources.media import for_reader, suffix
from index.sources.sitemap import ROOTS, Sitemap, root_of, xml_of
from index.sources.stamp import Stamp, body_digest
from index.sources.urls import host_of, normalised, readable

__all__ = ["Web"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_DOCUMENTS_AT_MOST = 50_000
_MANY = (".jsonl", ".csv", ".tsv")  # each article of such a file may have its own address


class Web:
    """A page, a feed or a sitemap; which of them, its content tells when it is looked at.

    Args:
        url: Its address.
        readers: Reads every page; stays the caller's to close.
        allow_private: Whether it, and what it leads to, may be in a private network.
        delay: Seconds between two requests to one host, if its robots.txt does not want more.
        limits: What one request may take.
        client: Does the requests, if it is to be another one than these settings make.
        at_most: How many pages are listed of one feed or sitemap.

    Raises:
        SourceError: The address is none that can be read.
    """

    def __init__(
        self,
        url: str,
        readers: ReaderProcess,
        *,
        allow_private: bool = False,
        delay: float = 1.0,
        limits: Limits | None = None,
        client: Client | None = None,
        at_most: int = _DOCUMENTS_AT_MOST,
    ) -> None:
        self._origin = _given(normalised, url)
        self._readers = readers
        self._limits = limits or Limits()
        self._client = client or Client(
            allow_private=allow_private, delay=delay, limits=self._limits
        )
        self._at_most = at_most
        self._whole = True
        self._held: dict[str, Fetched] = {}
        self._excerpts: dict[str, Excerpt] = {}

    @property
    def origin(self) -> str:
        """The address, normalised."""
        return self._origin

    @property
    def whole(self) -> bool:
        """Whether what is not listed any more is gone; known when ``documents`` has ended.

        Not so for a feed, and for a sitemap of which a part could not be read.
        """
        return self._whole

    def holds(self, location: str) -> bool:
        """Say whether this is the page at the address; others may be named elsewhere, too."""
        return location == self._origin

    def documents(self, known: Mapping[str, str]) -> Iterator[Document | Skipped]:
        """Fetch the address, and yield the page there or those that it names.

        A page of a sitemap has the stamp that is known of it if the sitemap says that it is as old
        as then; whether another is the same, only reading it can tell.
        """
        self._whole = True
        self._held.clear()
        self._excerpts.clear()
        before = Stamp.parse(known.get(self._origin, ""))
        answer = _given(self._client.get, self._origin, before)
        if answer.status in GONE and self._origin not in known:
            raise SourceError(f"there is no page {self._origin!r}", "check the address")
        root = root_of(_given(xml_of, answer, self._limits.size))
        if root in ROOTS:
            yield from self._of_sitemap(answer, known)
        elif root in FEED_ROOTS:
            yield from self._of_feed(answer)
        else:
            same = answer.status == HTTPStatus.NOT_MODIFIED
            if not same:
                self._held[self._origin] = answer
            stamp = known[self._origin] if same else ""
            yield Document(self._origin, readable(self._origin), stamp, len(answer.body))

    def read(self, document: Document, id: str, known: str) -> Reading:
        """Fetch a page, unless its host says or its bytes show that it is the same.

        Of a feed's entry whose page cannot be had, the feed's own text is read, unless the page
        could be read before.
        """
        before = Stamp.parse(known)
        excerpt = self._excerpts.get(document.location)
        try:
            answer = self._held.pop(document.location, None)
            answer = answer or self._client.get(document.location, before)
        except ReadError as error:
            if excerpt is None or not excerpt.text or (known and not before.excerpt):
                raise Unreachable(error.problem, error.remedy) from error
            return _of_excerpt(excerpt, document, id, before)
        if answer.status in GONE:
            if excerpt is not None and excerpt.text:
                return _of_excerpt(excerpt, document, id, before)
            return Reading("", iter(()))
        lastmod = Stamp.parse(document.stamp).lastmod
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Reading(str(replace(before, lastmod=lastmod)), None)
        etag, modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
        digest = body_digest(answer.body, answer.url)
        stamp = str(Stamp(etag, modified, lastmod, digest))
        if digest == before.digest:
            return Reading(stamp, None)
        return Reading(stamp, self._articles(document, id, answer, excerpt))

    def _of_sitemap(
        self, answer: Fetched, known: Mapping[str, str]
    ) -> Iterator[Document | Skipped]:
        hosts = frozenset((host_of(self._origin), host_of(answer.url)))
        sitemap = Sitemap(self._client.get, hosts, self._limits.size, self._at_most)
        for found in sitemap.pages(answer):
            if isinstance(found, Skipped):
                # Without its location: it is no document, and its pages stay as they are not whole.
                self._whole = self._whole and not found.location
                yield replace(found, location="")
            elif found.url != self._origin:  # a list is no page of its own
                stamp = known.get(found.url, "")
                if not found.lastmod or Stamp.parse(stamp).lastmod != found.lastmod:
                    stamp = str(Stamp(lastmod=found.lastmod))
                yield Document(found.url, readable(found.url), stamp)

    def _of_feed(self, answer: Fetched) -> Iterator[Document | Skipped]:
        self._whole = False
        for found in _given(entries, xml_of(answer, self._limits.size), answer.url, self._at_most):
            if isinstance(found, Skipped):
                yield found
            elif found[0] != self._origin:
                url, excerpt = found
                self._excerpts[url] = excerpt
                yield Document(url, readable(url), "")

    def _articles(
        self, document: Document, id: str, answer: Fetched, excerpt: Excerpt | None
    ) -> Iterator[Article | ReadError]:
        parts = self._parts(document, id, answer)
        if excerpt is None:
            yield from parts
            return
        try:
            first = next(parts, None)
        except ReadError:
            if not excerpt.text:
                raise
            first = None
        if first is None:
            yield excerpt.article(id, answer.url, document.uri)
            return
        for part in chain((first,), parts):
            yield part if isinstance(part, ReadError) else excerpt.fill(part)

    def _parts(self, document: Document, id: str, answer: Fetched) -> Iterator[Article | ReadError]:
        ending = suffix(answer)
        with _file_of(for_reader(answer, ending)) as file:
            for part in self._readers.read(file, ending, id=id, uri=document.uri):
                if isinstance(part, ReadError) or (ending in _MANY and part.url):
                    yield part
                else:
                    yield addressed(part, answer.url)


def _given(call: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
    """Call for what the whole sync depends on: that it cannot be read is a ``SourceError``."""
    try:
        return call(*args, **named)
    except ReadError as error:
        raise SourceError(error.problem, error.remedy) from error


def _of_excerpt(excerpt: Excerpt, document: Document, id: str, before: Stamp) -> Reading:
    stamp = Stamp(digest=excerpt.digest, excerpt=True)
    if before.excerpt and before.digest == stamp.digest:
        return Reading(str(stamp), None)
    return Reading(str(stamp), iter((excerpt.article(id, document.location, document.uri),)))


def _file_of(data: bytes) -> BinaryIO:
    """Return a file without a name that holds these bytes, to be read from the beginning."""
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
        file.write(data)
        file.seek(0)
    except OSError as error:
        raise ReadError(f"cannot keep a page for reading: {error.strerror}") from error
    return file

"""A home made equal to its sources: added, updated, moved and removed, and nothing else touched."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.article import Article
from index.home import Home
from index.listing import compared, listed
from index.mirror import Mirror
from index.prepared import Prepared
from index.protocols import Source
from index.records import Known
from index.sources.document import Document, Skipped
from index.store import Stopped, Store

__all__ = ["Progress", "SyncReport", "sync"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync is.

    Attributes:
        share: Of what is to be read, from 0 to 1.
        uri: What was stored last.
        articles, passages: How many were stored.
        seconds: Since it began.
    """

    share: float
    uri: str
    articles: int
    passages: int
    seconds: float

    @property
    def rate(self) -> float:
        """Passages a second."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it takes if it goes on like this; None while that cannot be told."""
        return self.seconds * (1 - self.share) / self.share if self.share >= 0.01 else None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, or with ``dry_run`` would do; uris, except where it says a number.

    Attributes:
        moved: For each article that only lies elsewhere now, where it lay and where it lies.
        kept: The number of articles that were the same.
        passages: The number of passages in the home afterwards.
        stopped: Whether it was stopped before its end; the next sync goes on.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    kept: int
    skipped: tuple[Skipped, ...]
    passages: int
    seconds: float
    dry_run: bool = False
    stopped: bool = False


def sync(
    home: Home,
    sources: Sequence[Source],
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    allow_empty: bool = False,
    welcome: bool = False,
) -> SyncReport:
    """Make the home equal to these sources: add, update, move, remove; keep what is the same.

    Articles from elsewhere stay. What cannot be read is reported, and an earlier version of it
    stays too. Each batch is stored whole or not at all, so that an interrupted sync can be run
    again and goes on.

    Args:
        dry_run: Read, but change nothing.
        progress: Called after every stored batch.
        stop: Asked between articles; once it says so, nothing more is begun.
        allow_empty: Whether a source may be empty that was not, and all of it be removed.
        welcome: Whether what was removed by hand is taken in, as somebody gives it now.

    Raises:
        SourceError: A source cannot be looked at, or is empty and may not be; then nothing is
            changed.
        EmbedderError, CatalogError, HomeError: Writing failed; what was stored before it stays.
    """
    begun = time.perf_counter()
    remembered = home.catalog.documents()
    listings = listed(sources, remembered)
    compared(listings, remembered, allow_empty=allow_empty)
    pace = _Pace(begun, progress)
    store = None if dry_run else Store(home, stop, pace.stored)
    mirror = Mirror(home.catalog, listings, store, welcome=welcome)
    stopped = False
    try:
        _carry_out(mirror, store, pace, stop)
    except Stopped:
        stopped = True
    found = mirror.found
    if store:
        found.leave_out(store.waiting)
        store.close()
    return SyncReport(
        added=_uris(found.added),
        updated=_uris(found.updated),
        moved=tuple((before.uri, now.uri) for before, now in found.moved),
        removed=_uris(found.removed),
        kept=found.kept,
        skipped=tuple(found.skipped),
        passages=home.catalog.count("passages"),
        seconds=round(time.perf_counter() - begun, 3),
        dry_run=dry_run,
        stopped=stopped,
    )


def _carry_out(mirror: Mirror, store: Store | None, pace: _Pace, stop: Callable[[], bool]) -> None:
    mirror.keep()
    documents = mirror.to_read()
    while documents:
        pace.expect([document for _, document in documents])
        for source, document in documents:
            for article in mirror.read(source, document):
                if stop():
                    raise Stopped
                pace.read(document, article)
            pace.done(document)
        documents = mirror.contested()
    if store:
        store.flush()
    mirror.remove()


def _uris(articles: Sequence[Known]) -> tuple[str, ...]:
    return tuple(one.uri for one in articles)


class _Pace:
    """Keeps count of what has been read and stored."""

    def __init__(self, begun: float, tell: Callable[[Progress], None] | None) -> None:
        self._begun = begun
        self._tell = tell
        self._expected = self._done = self._within = 0.0
        self._articles = self._passages = 0

    def expect(self, documents: Sequence[Document]) -> None:
        self._expected += sum(max(1, document.size) for document in documents)

    def read(self, document: Document, article: Article) -> None:
        self._within = min(max(1, document.size), self._within + len(article.text))

    def done(self, document: Document) -> None:
        self._done += max(1, document.size)
        self._within = 0

    def stored(self, batch: Sequence[Prepared]) -> None:
        self._articles += len(batch)
        self._passages += sum(len(one.passages) for one in batch)
        if self._tell:
            share = min(1.0, (self._done + self._within) / max(1.0, self._expected))
            seconds = time.perf_counter() - self._begun
            uri = batch[-1].article.uri
            self._tell(Progress(share, uri, self._articles, self._passages, seconds))

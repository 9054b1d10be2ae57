"""The articles of a home: brought in, handed in, listed and removed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from threading import Event as Signal
from threading import Lock

from index import curate, uploads
from index.article import Article
from index.filter import Filter
from index.home import Home
from index.readers.apart import ReaderProcess
from index.records import Order
from index.reindex import ReindexProgress, ReindexReport, reindex
from index.sources import open_source
from index.sync import Progress, SyncReport, sync
from index.timeline import Timeline, Unit, timeline
from index.watch import watch
from kb.errors import HomeError, ReadError

__all__ = ["Library"]


class Library:
    """What a knowledge base knows; ``KnowledgeBase`` is one that answers."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._syncing = Lock()
        self._reindexing = Lock()
        self._closing = Signal()

    @property
    def syncing(self) -> bool:
        """Whether articles are being brought in or removed at this moment."""
        return self._syncing.locked()

    def announce(self, server: str) -> None:
        """Let other processes know at which address this knowledge base can be asked."""
        self._home.announce(server)

    def sync(
        self,
        *places: str | Path,
        dry_run: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        allow_private: bool = False,
        file_dates: bool = False,
        allow_empty: bool = False,
    ) -> SyncReport:
        """Make the home equal to these places, and return what was done.

        Args:
            places: Folders, files, and addresses of pages, feeds and sitemaps.
            dry_run: Only report what would be done.
            progress: Called after every stored batch.
            stop: Asked between articles; once it says so, the sync ends and can be gone on with.
            allow_private: Whether addresses may be in a private network.
            file_dates: Whether an article without a date has that of its file.
            allow_empty: Whether a place may be empty that was not, and all of it be removed.

        Raises:
            SourceError: A place cannot be looked at, or is empty and may not be, as a disk that is
                not mounted; then nothing is changed.
        """
        with self._syncing, ReaderProcess() as readers:
            sources = [
                open_source(place, readers, allow_private=allow_private, file_dates=file_dates)
                for place in dict.fromkeys(places)
            ]
            return sync(
                self._home,
                sources,
                dry_run=dry_run,
                progress=progress,
                stop=lambda: stop() or self._closing.is_set(),
                allow_empty=allow_empty,
            )

    def watch(
        self,
        *places: str | Path,
        stop: Signal,
        progress: Callable[[Progress], None] | None = None,
        allow_private: bool = False,
        file_dates: bool = False,
        sync: Callable[..., SyncReport] | None = None,
    ) -> Iterator[SyncReport]:
        """Sync, and again whenever something changes, until ``stop`` is set; yield each report.

        Paths are watched; addresses are looked at every quarter of an hour. What goes wrong after
        the first time is told by the log, and tried again.

        Args:
            sync: Called in place of ``sync``, with what that takes, by who wants to know of each.

        Raises:
            SourceError: A place cannot be looked at, the first time.
        """

        def again(due: Sequence[str | Path]) -> SyncReport:
            return (sync or self.sync)(
                *due,
                progress=progress,
                stop=stop.is_set,
                allow_private=allow_private,
                file_dates=file_dates,
            )

        return watch(again, places, stop)

    def put(self, name: str, data: bytes) -> list[Article]:
        """Take in a document that was handed in, and return its articles without their texts.

        It is kept in the home, in the place of one that had the same name before.

        Args:
            name: Of a file; its ending says what it is, and nothing else of it is a path.

        Raises:
            ReadError: It cannot be read, or nothing knows what it is; nothing is changed then.
        """
        return self._put(uploads.place(self._home.folder, name), data, whole=False)

    def put_article(
        self,
        id: str,
        *,
        title: str,
        text: str,
        source: str | None = None,
        author: str | None = None,
        published_at: str | date | None = None,
        url: str | None = None,
        language: str | None = None,
    ) -> Article:
        """Take in an article as it is given, in the place of the one that had this id before.

        Raises:
            ReadError: It has no id or no text, or a value of it is none; nothing is changed then.
        """
        day = published_at.isoformat() if isinstance(published_at, date) else published_at
        known = {"source": source, "author": author, "published_at": day, "url": url}
        record = {"id": id, "title": title, "text": text, **known, "language": language}
        path = uploads.place(self._home.folder, f"{id}.jsonl")
        (article,) = self._put(path, json.dumps(record).encode(), whole=True)
        return article

    def _put(self, path: Path, data: bytes, *, whole: bool) -> list[Article]:
        """Take in a document.

        Args:
            whole: Whether all of it has to be read; else what can be is.
        """
        before = path.read_bytes() if path.exists() else None
        uploads.keep(path, data)
        try:
            planned = self.sync(path, dry_run=True)
            if planned.skipped and (whole or not (planned.added or planned.updated)):
                raise ReadError(planned.skipped[0].reason)
        except BaseException:
            if before is None:
                path.unlink(missing_ok=True)
            else:
                uploads.keep(path, before)
            raise
        gone = [id for id, uri in self.excluded().items() if uri.partition("#")[0] == path.name]
        self._home.catalog.readmit(gone, reread=False)
        self.sync(path)
        return self._home.catalog.articles_at(str(path))

    def articles(
        self,
        wanted: Filter | None = None,
        *,
        order: Order = Order.NEWEST,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Return the articles that a filter lets through, their texts left empty.

        Args:
            order: The newest first, if nothing else is said.
            limit, offset: How many at most, and how many of the first are left out.
        """
        return self._home.catalog.articles(wanted, order=order, limit=limit, offset=offset)

    def sources(self) -> list[str]:
        """Return the sources that articles have, each once."""
        return self._home.catalog.sources()

    def count(self, wanted: Filter | None = None) -> int:
        """Return how many articles a filter lets through."""
        return self._home.catalog.count_articles(wanted)

    def timeline(self, wanted: Filter | None = None, unit: Unit | None = None) -> Timeline:
        """Return how many of the articles that a filter lets through are of which day and source.

        Args:
            unit: Days, months or years; None takes what fits the stretch of time.
        """
        return timeline(self._home.catalog, wanted or Filter(), unit)

    def size(self) -> int:
        """Return the bytes that the home has on disk."""
        return self._home.size()

    def article(self, id_or_uri: str) -> Article:
        """Return one article with its text; raises ``NotFoundError`` if there is none."""
        return curate.found(self._home, id_or_uri)

    def remove(self, ids: Sequence[str]) -> list[Article]:
        """Remove articles and return them, without their texts; they do not come back with a sync.

        A document that was handed in goes with the last of its articles.

        Their words are overwritten on disk by ``compact``.

        Args:
            ids: Ids, or uris that only one article has.

        Raises:
            NotFoundError: There is no such article; then none is removed.
        """
        with self._syncing:
            known = [curate.found(self._home, id).id for id in ids]
            handed_in = uploads.of_only(self._home, known)
            gone = curate.remove(self._home, ids)
            for location in handed_in:
                Path(location).unlink(missing_ok=True)
            self._home.catalog.forget(handed_in)
            return gone

    def excluded(self) -> dict[str, str]:
        """Return the uris of the articles that were removed by hand, by id."""
        return self._home.catalog.excluded()

    def readmit(self, ids: Sequence[str]) -> None:
        """Let removed articles come back with the next sync of where they are.

        Raises:
            NotFoundError: There is none such.
        """
        with self._syncing:
            curate.readmit(self._home, ids)

    def duplicates(self) -> list[list[tuple[Article, float]]]:
        """Return the stories that stand in several articles, the widest spread first.

        Each is a list of articles, in the order in which they were first read, without their texts,
        each with its greatest similarity to another one of them, from 0.5 to 1.
        """
        return curate.duplicates(self._home)

    def reindex(
        self,
        embedder: str,
        *,
        progress: Callable[[ReindexProgress], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> ReindexReport:
        """Embed all passages with another model, and search by that one from then on.

        Searches and syncs go on meanwhile, with the model there is; only at the very end syncs
        wait. What was embedded stays if it is stopped, fails or is killed, and the next one with
        the same model goes on.

        Args:
            embedder: The name of one, as in ``Settings``.
            progress: Called after every few passages.
            stop: Asked between these; once it says so, nothing more is begun.

        Raises:
            EmbedderError: There is no such model, or it is missing, altered or fails.
            HomeError: The disk has too little room, or a reindex is at work already.
        """
        if not self._reindexing.acquire(blocking=False):
            raise HomeError("a reindex is at work already", "wait until it has ended")
        try:
            return reindex(
                self._home,
                embedder,
                still=self._syncing,
                progress=progress,
                stop=lambda: stop() or self._closing.is_set(),
            )
        finally:
            self._reindexing.release()

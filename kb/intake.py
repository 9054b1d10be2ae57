"""How articles come into a home: brought in from where they are, or handed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import Event as Signal
from threading import Lock
from typing import Any

from index import uploads
from index.article import Article
from index.home import Home
from index.readers.apart import ReaderProcess
from index.sources import open_source
from index.sync import Progress, SyncReport, sync
from index.watch import watch
from kb.errors import ReadError
from kb.last_sync import LastSync, last_sync, noted

__all__ = ["Intake"]


class Intake:
    """What takes articles into a home; ``Library`` is one that also knows them."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._syncing = Lock()
        self._putting = Lock()
        self._closing = Signal()

    @property
    def syncing(self) -> bool:
        """Whether articles are being brought in or removed at this moment."""
        return self._syncing.locked()

    def last_sync(self) -> LastSync | None:
        """Return what came of the sync that ended last, also of another process, if there was one.

        What was handed in, and what was only planned, is none.
        """
        return last_sync(self._home.catalog, syncing=self.syncing)

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
        options = {"allow_private": allow_private, "file_dates": file_dates}
        more: dict[str, Any] = {"progress": progress, "stop": stop, "allow_empty": allow_empty}
        with self._syncing:
            if dry_run:
                return self._synced(places, options, dry_run=True, **more)
            with noted(self._home.catalog, places) as told:
                told.report = self._synced(places, options, **more)
                return told.report

    def _synced(
        self,
        places: Sequence[str | Path],
        options: Mapping[str, bool] | None = None,
        *,
        stop: Callable[[], bool] = lambda: False,
        **more: Any,
    ) -> SyncReport:
        """Sync while nothing else does; ``options`` are for ``open_source``."""
        with ReaderProcess() as readers:
            sources = [
                open_source(place, readers, **(options or {})) for place in dict.fromkeys(places)
            ]
            return sync(self._home, sources, stop=lambda: stop() or self._closing.is_set(), **more)

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
        with self._putting:
            before = path.read_bytes() if path.exists() else None
            uploads.keep(path, data)
            try:
                with self._syncing:
                    planned = self._synced([path], dry_run=True, welcome=True)
                if planned.skipped and (whole or not (planned.added or planned.updated)):
                    raise ReadError(planned.skipped[0].reason)
            except BaseException:
                if before is None:
                    path.unlink(missing_ok=True)
                else:
                    uploads.keep(path, before)
                raise
            with self._syncing:
                self._synced([path], welcome=True)
            return self._home.catalog.articles_at(str(path))

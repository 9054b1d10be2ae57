"""The articles of a home: listed, read, removed, let back in, and embedded anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from index import curate, uploads
from index.article import Article
from index.collected import Collection
from index.filter import Filter
from index.home import Home
from index.records import Order
from index.reindex import ReindexProgress, ReindexReport, reindex
from index.timeline import Timeline, Unit, timeline
from kb.errors import HomeError
from kb.intake import Intake

__all__ = ["Library"]


class Library(Intake):
    """What a knowledge base knows; ``KnowledgeBase`` is one that answers."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._reindexing = Lock()

    def announce(self, server: str) -> None:
        """Let other processes know at which address this knowledge base can be asked."""
        self._home.announce(server)

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

    def collections(self) -> tuple[Collection, ...]:
        """Return the collections: the folders, feeds and sites that articles came from."""
        return self._home.catalog.collected().collections

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

    def article(self, id_or_uri: str, *, exact: bool = False) -> Article:
        """Return one article with its text; raises ``NotFoundError`` if there is none.

        Args:
            id_or_uri: An id, or a uri or the beginning of an id that only one article has.
            exact: Whether it has to be the id, whole.
        """
        return curate.found(self._home, id_or_uri, exact=exact)

    def remove(self, ids: Sequence[str], *, exact: bool = False) -> list[Article]:
        """Remove articles and return them, without their texts; they do not come back with a sync.

        A document that was handed in goes with the last of its articles.

        Their words are overwritten on disk by ``compact``.

        Args:
            ids: As for ``article``.
            exact: Whether they have to be ids, whole: what is asked twice is then done once.

        Raises:
            NotFoundError: There is no such article; then none is removed.
        """
        with self._syncing:
            known = [curate.found(self._home, id, exact=exact).id for id in ids]
            handed_in = uploads.of_only(self._home, known)
            gone = curate.remove(self._home, known)
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

"""Nearest passages: through Chroma's graph, or exactly: few, with a filter, or without a graph."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

from index.catalog import Catalog
from index.chroma import ChromaIndex
from index.errors import HomeError, KBError
from index.exact import ExactIndex
from index.protocols import Vectors
from index.rebuild import rebuild_apart

__all__ = ["VectorIndex"]

_log = logging.getLogger(__name__)
_HEAL_WITHIN = 2.0  # seconds that closing gives to a graph that is being made anew
# Up to so many passages all are looked at: as quick as the graph, of which one passage in a few
# dozen may be out of reach after changes, until the home is opened again.
_FEW = 2_000


class VectorIndex:
    """The vectors of the passages of a catalog, for one embedder.

    A graph that is missing or damaged is made anew in a thread of its own; until it is whole, every
    passage is looked at instead, which gives the same answers. So it is where there are few.

    Args:
        folder: Where Chroma may keep its files.
        catalog: What it is derived from.
        model: The name of the embedder whose vectors it holds.
    """

    def __init__(self, folder: Path, catalog: Catalog, model: str) -> None:
        self._folder = folder
        self._catalog = catalog
        self._model = model
        self._graph = ChromaIndex(folder, catalog, model)
        self._exact = ExactIndex(catalog, model)
        self._ready = False  # the graph can be asked
        self._settled = False  # and is the one that the catalog remembers
        self._stop = threading.Event()
        self._healing: threading.Thread | None = None

    def open(self) -> bool:
        """Open the graph; return whether it has to be made anew, which then has begun.

        Raises:
            HomeError: The folder cannot be written.
        """
        self._ready = self._settled = self._graph.open()
        if self._ready:
            return False
        if self._catalog.count("passages"):
            self._healing = threading.Thread(target=self._heal, name="heal", daemon=True)
            self._healing.start()
        else:
            self.rebuild()
        return True

    def _heal(self) -> None:
        try:
            self._ready = self._settled = self._graph.rebuild(self._stop.is_set)
        except KBError as error:
            _log.warning("%s", error)

    @property
    def state(self) -> str:
        """How the graph is; answers are the same either way, and slower without it.

        ``whole``; ``changing``, while articles are stored; ``healing``, while it is made anew in a
        thread; or ``missing``, until something is stored or the home is opened the next time.
        """
        if self._settled:
            return "whole"
        if self._ready:
            return "changing"
        healing = self._healing
        return "healing" if healing and healing.is_alive() else "missing"

    def wait(self, within: float | None = None) -> bool:
        """Wait until no graph is being made anew any more, or so many seconds; true if none is."""
        healing = self._healing  # another thread may wait too
        if healing:
            healing.join(within)
            if healing.is_alive():
                return False
            self._healing = None
        return True

    def halt(self) -> None:
        """Give up a graph that is being made anew; every passage goes on being looked at."""
        self._stop.set()
        self.wait()

    def begin(self) -> None:
        """Prepare for changes; a graph that is not whole is made so first.

        Raises:
            HomeError: It cannot be made.
        """
        self.wait()
        if not self._settled:
            self.rebuild()
        self._settled = False

    def change(self, removed: Sequence[str], ids: Sequence[str], vectors: Vectors) -> None:
        """Take out and put in passages, after ``begin`` and as they are in the catalog."""
        ready, self._ready = self._ready, False  # what fails half way is not asked any more
        self._graph.change(removed, ids, vectors)
        self._ready = ready

    def settle(self) -> None:
        """Declare the graph equal to the catalog as it now is."""
        self._graph.settle()
        self._settled = True

    def forget(self) -> None:
        """Let the catalog remember no graph; needs a transaction."""
        self._graph.forget()

    def rebuild(self) -> None:
        """Make the graph anew."""
        self.wait()
        self._ready = self._settled = False
        self._ready = self._settled = self._graph.rebuild()

    def purge(self) -> None:
        """Make the graph anew without a trace of what was removed, and forget that in memory.

        It is not opened again by this process, whose memory may still have ids of what was removed,
        and Chroma writes such memory into its files when it opens them. Every passage is looked at
        instead, until the home is opened the next time or something is changed.
        """
        self.wait()
        self._ready = self._settled = False
        self._graph.close()
        rebuild_apart(self._folder, self._catalog.path, self._model)
        self._exact = ExactIndex(self._catalog, self._model)

    def nearest(
        self, vector: Vectors, limit: int, articles: Collection[int] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and cosines of the nearest passages, best first.

        Args:
            articles: The numbers of the only articles whose passages count; None for all.
        """
        if articles is None and self._ready and self._catalog.count("passages") > _FEW:
            try:
                return self._graph.nearest(vector, limit)
            except HomeError as error:
                _log.warning("%s", error)  # the other way knows as much
        return self._exact.nearest(vector, limit, articles)

    def close(self) -> None:
        """Let go of the files; a graph that is still being made is given up after two seconds."""
        if not self.wait(_HEAL_WITHIN):
            self.halt()
        self._ready = self._settled = False
        self._graph.close()

"""A home's passages embedded by another model, while the vectors there are go on serving."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from index.chunk import indexed_text
from index.embedders import open_embedder, spelled_out
from index.errors import HomeError
from index.home import Home
from index.protocols import Embedder

__all__ = ["ReindexProgress", "ReindexReport", "reindex"]

_WINDOW = 1_024  # passages sorted by length together: little is padded, and vectors stay in order
_AT_ONCE = 32  # texts that are embedded and stored together: what a kill can cost
_TIMES_ROOM = 6  # the vectors' bytes: in the catalog, in the graph, and what is deleted in the log
_LOOK_EVERY = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class ReindexProgress:
    """How far a reindex is, in passages.

    Attributes:
        done: How many have their vector, those from an earlier attempt included.
        embedded: How many texts were embedded in this one.
        seconds: Since it began.
    """

    done: int
    passages: int
    embedded: int
    seconds: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.done / self.passages if self.passages else 1.0

    @property
    def rate(self) -> float:
        """Passages a second."""
        return self.embedded / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it takes if it goes on like this; None while that cannot be told."""
        return (self.passages - self.done) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did.

    Attributes:
        before, embedder: Names of the embedder in use before it, and of the new one.
        embedded: The number of texts that were embedded; passages that are equal have one.
        passages: The number of passages in the home.
        stopped: Whether it was stopped before its end. Then the earlier embedder is still in use,
            and the next reindex with the same one goes on.
    """

    before: str
    embedder: str
    embedded: int
    passages: int
    seconds: float
    stopped: bool = False


def reindex(
    home: Home,
    embedder: Embedder | str,
    *,
    still: AbstractContextManager[object] | None = None,
    progress: Callable[[ReindexProgress], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> ReindexReport:
    """Give every passage a vector of another embedder, and search by that one from then on.

    Passages stay as they are cut. The embedder there is serves, and syncs may be at work, until
    everything is embedded. Each few vectors are stored as they come: whatever ends it, the next
    attempt goes on, and a switch to some other embedder deletes them.

    Args:
        embedder: One, or the name of one as for ``open_embedder``.
        still: Held while the last passages are embedded and the embedder is switched; no sync may
            be at work while it is.
        progress: Called after every few passages.
        stop: Asked between these.

    Raises:
        EmbedderError: There is no such embedder, or it is missing, altered or fails.
        HomeError: The disk has too little room, or is full.
        CatalogError: Likewise. The embedder there was is in use, whatever is raised.
    """
    named = spelled_out(embedder) if isinstance(embedder, str) else ""
    if isinstance(embedder, str):
        embedder = open_embedder(named, home.models_dir)
    before = home.embedder.name
    work = _Work(home, embedder, progress, stop)
    whole = work.embed()
    if whole:
        with still or nullcontext():
            whole = work.embed()
            if whole:
                home.switch(embedder, named)
    while whole and not home.vectors.wait(_LOOK_EVERY) and not stop():
        pass  # the graph; a program that ends before it is whole leaves it to the next one
    return ReindexReport(
        before=before,
        embedder=embedder.name,
        embedded=work.embedded,
        passages=home.catalog.count("passages"),
        seconds=round(time.perf_counter() - work.begun, 3),
        stopped=not whole,
    )


class _Work:
    """Embeds what lacks a vector, and keeps count."""

    def __init__(
        self,
        home: Home,
        embedder: Embedder,
        tell: Callable[[ReindexProgress], None] | None,
        stop: Callable[[], bool],
    ) -> None:
        self._home = home
        self._embedder = embedder
        self._tell = tell
        self._stop = stop
        self.begun = time.perf_counter()
        self.embedded = 0
        self._lacking = 0  # passages; counted now and then, because that looks at all of them

    def embed(self) -> bool:
        """Embed until nothing is lacking; false if it was stopped before that."""
        catalog = self._home.catalog
        while lacking := catalog.count_lacking(self._embedder.name):
            self._lacking = lacking
            self._check_room()
            texts = self._texts(catalog.lacking(self._embedder.name, _WINDOW))
            keys = sorted(texts, key=lambda key: len(texts[key]))
            for i in range(0, len(keys), _AT_ONCE):
                if self._stop():
                    return False
                some = {key: texts[key] for key in keys[i : i + _AT_ONCE]}
                vectors = self._embedder.embed_documents(list(some.values()))
                catalog.add_vectors(dict(zip(some, vectors, strict=True)), self._embedder.name)
                self._count(len(some))
        return True

    def _texts(self, lacking: dict[str, str]) -> dict[str, str]:
        """Return what is to be embedded, by text key, without what was removed meanwhile."""
        found = self._home.catalog.passages(list(lacking.values()))
        texts = {}
        for key, id in lacking.items():
            if id in found:
                passage, article = found[id]
                texts[key] = indexed_text(article, passage)
        return texts

    def _check_room(self) -> None:
        needed = self._lacking * self._embedder.dimensions * 4 * _TIMES_ROOM
        free = shutil.disk_usage(self._home.folder).free
        if free < needed:
            raise HomeError(
                f"the disk of {str(self._home.folder)!r} has {free / 1e6:,.0f} MB free, and the "
                f"vectors of {self._lacking:,} passages need {needed / 1e6:,.0f} MB",
                "make room on the disk",
            )

    def _count(self, embedded: int) -> None:
        self.embedded += embedded
        self._lacking -= embedded
        if self._tell:
            passages = self._home.catalog.count("passages")
            done = max(0, passages - self._lacking)
            seconds = time.perf_counter() - self.begun
            self._tell(ReindexProgress(done, passages, self.embedded, seconds))

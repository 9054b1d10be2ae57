"""Articles on their way into a home: cut, embedded and stored, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from index.article import Article
from index.chunk import chunk, indexed_text
from index.copies import bands
from index.home import Home
from index.prepared import Finished, Prepared, text_key
from index.protocols import Vectors
from index.records import Known, Remembered

__all__ = ["Stopped", "Store"]

_PASSAGE_TOKENS = 250  # more is found by more words; MiniLM reads 256, header included
_PASSAGES_AT_ONCE = 256  # embedded sorted by length, so that little is padded
_EMBEDDED_AT_ONCE = 64  # texts between which a sync can be stopped
_DOCUMENTS_AT_ONCE = 1_000
_NOTHING: Vectors = np.zeros((0, 0), dtype=np.float32)


class Stopped(Exception):
    """Somebody asked a sync to stop; what was stored stays, and the next sync goes on."""


class Store:
    """Takes articles and documents in, and stores each batch whole or not at all.

    Args:
        stop: Asked between articles and while a batch is embedded.
        stored: Told of each batch, once it is on disk.
    """

    def __init__(
        self,
        home: Home,
        stop: Callable[[], bool] = lambda: False,
        stored: Callable[[list[Prepared]], None] = lambda batch: None,
    ) -> None:
        self._home = home
        self._stop = stop
        self._stored = stored
        self._batch: list[Prepared] = []
        self._finished: list[Finished] = []
        self._passages = 0
        self._begun = False

    def add(self, article: Article, location: str, document: Remembered) -> None:
        """Take in an article that is new or was changed."""
        passages = chunk(article, self._home.embedder.count_tokens, _PASSAGE_TOKENS)
        self._batch.append(
            Prepared(article, location, document, bands(article.text), passages, _NOTHING)
        )
        self._passages += len(passages)
        if self._passages >= _PASSAGES_AT_ONCE:
            self.flush()

    @property
    def waiting(self) -> set[str]:
        """The ids of the articles that were taken in and are not stored yet."""
        return {one.article.id for one in self._batch}

    def finish(self, document: Finished) -> None:
        """Take in that nothing more comes of a document."""
        self._finished.append(document)
        if len(self._finished) >= _DOCUMENTS_AT_ONCE:
            self.flush()

    def move(self, moved: Known, document: Remembered) -> None:
        """Write down where an article is now."""
        self._home.catalog.move(moved, document)

    def flush(self) -> None:
        """Store what has been taken in."""
        batch = self._embedded() if self._batch else []
        if batch:
            self._begin()
        with self._home.changes.alone():
            gone = self._home.catalog.store(batch, self._home.embedder.name, self._finished)
            if batch:
                ids = [passage.id for one in batch for passage in one.passages]
                self._home.vectors.change(gone, ids, np.concatenate([b.vectors for b in batch]))
        self._batch, self._finished, self._passages = [], [], 0
        if batch:
            self._stored(batch)

    def remove(self, ids: list[str], *, exclude: bool = False) -> None:
        """Take articles out."""
        if ids:
            self._begin()
            with self._home.changes.alone():
                gone = self._home.catalog.remove(ids, exclude=exclude)
                self._home.vectors.change(gone, [], _NOTHING)

    def forget(self, locations: list[str]) -> None:
        """Forget documents that are gone."""
        if locations:
            self._home.catalog.forget(locations)

    def close(self) -> None:
        """Bring what was stored into its final form."""
        if self._begun:
            self._home.vectors.settle()

    def _begin(self) -> None:
        if not self._begun:
            self._home.vectors.begin()
            self._begun = True

    def _embedded(self) -> list[Prepared]:
        """Return the batch with its vectors; only texts that were never embedded are."""
        texts: dict[str, str] = {}
        for one in self._batch:
            for passage in one.passages:
                texts[text_key(one.article, passage)] = indexed_text(one.article, passage)
        vectors = self._home.catalog.vectors(list(texts), self._home.embedder.name)
        new = sorted((key for key in texts if key not in vectors), key=lambda key: len(texts[key]))
        for i in range(0, len(new), _EMBEDDED_AT_ONCE):
            if self._stop():
                raise Stopped
            some = new[i : i + _EMBEDDED_AT_ONCE]
            embedded = self._home.embedder.embed_documents([texts[key] for key in some])
            vectors |= dict(zip(some, embedded, strict=True))
        return [
            replace(
                one,
                vectors=np.stack([vectors[text_key(one.article, p)] for p in one.passages]),
            )
            for one in self._batch
        ]

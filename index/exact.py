"""Every vector in memory: exact cosines, among all passages or among those of some articles.

Derived from the catalog, a row a passage. One matrix product looks at 100,000 passages in a few
milliseconds, which is what makes a filter cheap: a graph such as HNSW has to walk past everything
that the filter leaves out.
"""

from __future__ import annotations

import threading
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from index.protocols import Vectors
from index.records import Records

__all__ = ["ExactIndex"]

_AT_ONCE = 10_000


class ExactIndex:
    """The vectors of one model, read when they are first needed and brought up to date after that.

    Args:
        model: The name of the embedder whose vectors it holds.
    """

    def __init__(self, records: Records, model: str) -> None:
        self._records = records
        self._model = model
        self._lock = threading.Lock()
        self._revision: int | None = None
        self._ids: list[str] = []
        self._numbers: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._articles: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._vectors: Vectors = np.zeros((0, 0), dtype=np.float32)

    def nearest(
        self, vector: Vectors, limit: int, articles: Collection[int] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and cosines of the nearest passages, best first.

        Args:
            articles: The numbers of the only articles whose passages count; None for all.
        """
        with self._lock:
            self._refresh()
            ids, vectors, of = self._ids, self._vectors, self._articles
        if not ids:
            return []
        cosines = vectors @ vector
        if articles is not None:
            among = np.fromiter(articles, dtype=np.int64, count=len(articles))
            rows = np.flatnonzero(np.isin(of, among))
        else:
            rows = np.arange(len(ids))
        if limit < len(rows):
            rows = rows[np.argpartition(-cosines[rows], limit)[:limit]]
        found = [(ids[row], float(cosines[row])) for row in rows]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def _refresh(self) -> None:
        """Take over what changed since the last look: rows that are no more, and new ones."""
        revision = self._records.revision
        if revision == self._revision:
            return
        there = [row[0] for row in self._records.rows("SELECT number FROM passages")]
        kept = np.isin(self._numbers, np.asarray(there, dtype=np.int64))
        last = int(self._numbers[-1]) if len(self._numbers) else 0
        ids = [id for id, keep in zip(self._ids, kept, strict=True) if keep]
        numbers, articles, parts = [self._numbers[kept]], [self._articles[kept]], []
        if kept.any():
            parts.append(self._vectors if kept.all() else self._vectors[kept])
        for rows, vectors in self._records.all_vectors(self._model, _AT_ONCE, last):
            ids += [row[1] for row in rows]
            numbers.append(np.asarray([row[0] for row in rows], dtype=np.int64))
            articles.append(np.asarray([row[2] for row in rows], dtype=np.int64))
            parts.append(vectors)
        self._ids = ids
        self._numbers, self._articles = np.concatenate(numbers), np.concatenate(articles)
        if len(parts) != 1 or not len(self._vectors):
            nothing: Vectors = np.zeros((0, 0), dtype=np.float32)
            self._vectors = np.concatenate(parts) if parts else nothing
        else:
            self._vectors = parts[0]
        self._revision = revision

"""The vector index in Chroma: derived from the catalog, and made anew from it when in doubt.

Chroma is never the record of anything. What was written last is compared with the catalog when the
index is opened; after a kill in the middle of a write the two differ, and the whole index is made
again from the vectors in the catalog, some thousands of passages a second.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.errors import HomeError
from index.protocols import Vectors

__all__ = ["VectorIndex"]

_log = logging.getLogger(__name__)
_COLLECTION = "passages"
_AT_ONCE = 2_000  # Chroma takes at most 5,461 records in one call
# Wider than Chroma's defaults (16, 100, 100): two indexes of the same vectors, filled in another
# order, shall find the same ones.
_HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 300}
_SAME = 0.999  # the cosine of a vector and itself, as Chroma rounds it
_MARK = "chroma"  # in the catalog: folder and revision of the index that is whole


class VectorIndex:
    """Nearest passages by cosine, for the vectors of one embedder.

    Args:
        folder: Where the index may keep its files.
        catalog: What it is derived from.
        model: The name of the embedder whose vectors it holds.
    """

    def __init__(self, folder: Path, catalog: Catalog, model: str) -> None:
        self._root = folder
        self._catalog = catalog
        self._model = model
        self._collection: Any = None
        self._client: Any = None
        self._unsettled = False

    def open(self) -> bool:
        """Open the index, or make it anew if it is not what the catalog says; say which it was.

        Returns:
            Whether the index had to be made anew.
        """
        if self._open_marked():
            return False
        self._rebuild()
        return True

    def _open_marked(self) -> bool:
        """Open the index that the catalog's mark names; false if it is not whole."""
        name, _, revision = (self._catalog.get(_MARK) or "").partition(" ")
        folder = self._root / name
        if not name or revision != str(self._catalog.revision) or not folder.is_dir():
            return False
        try:
            self._connect(folder, create=False)
            ours = next(self._catalog.all_vectors(self._model, 1), None)
            count = self._collection.count()
            if count != self._catalog.count("passages") or (ours is None) != (count == 0):
                raise ValueError(f"it holds {count} vectors")
            if ours and self.nearest(ours[1][0], 1)[0][1] < _SAME:
                raise ValueError("it does not find what it holds")
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is made anew
            _log.warning("the vector index is damaged (%s) and is made anew", error)
            self.close()
            return False
        return True

    def _connect(self, folder: Path, *, create: bool) -> None:
        import chromadb
        from chromadb.config import Settings

        self._client = chromadb.PersistentClient(
            str(folder), settings=Settings(anonymized_telemetry=False)
        )
        if create:
            self._collection = self._client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )
        else:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def _rebuild(self) -> None:
        self.close()
        try:
            for old in self._root.iterdir() if self._root.is_dir() else ():
                shutil.rmtree(old, ignore_errors=True)
            # A new name every time: within a process Chroma remembers what a path once held.
            folder = self._root / uuid.uuid4().hex[:12]
            folder.mkdir(parents=True)
        except OSError as error:
            raise HomeError(
                f"cannot make the vector index in {str(self._root)!r}: {error.strerror}",
                "check the disk and the permissions",
            ) from error
        self._connect(folder, create=True)
        for ids, vectors in self._catalog.all_vectors(self._model, _AT_ONCE):
            with self._translated():
                self._collection.add(ids=ids, embeddings=vectors)
        self._unsettled = False
        self._mark(folder.name)

    def _mark(self, name: str) -> None:
        with self._catalog.transaction():
            self._catalog.set(_MARK, f"{name} {self._catalog.revision}")

    def begin(self) -> None:
        """Prepare for changes; if earlier ones were never settled, make the index anew first."""
        if self._unsettled:
            self._rebuild()
        self._unsettled = True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        if self._collection is None:
            raise HomeError("the knowledge base is closed", "open it again")
        try:
            yield
        except (ChromaError, OSError, RuntimeError, ValueError) as error:
            raise HomeError(
                f"the vector index in {str(self._root)!r} failed: {error}",
                "open the knowledge base again, and it is made anew",
            ) from error

    def change(self, removed: Sequence[str], ids: Sequence[str], vectors: Vectors) -> None:
        """Take out and put in passages; the index counts as whole again only after ``settle``."""
        with self._translated():
            for i in range(0, len(removed), _AT_ONCE):
                self._collection.delete(ids=list(removed[i : i + _AT_ONCE]))
            for i in range(0, len(ids), _AT_ONCE):
                some = slice(i, i + _AT_ONCE)
                self._collection.upsert(ids=list(ids[some]), embeddings=vectors[some])

    def settle(self) -> None:
        """Declare the index equal to the catalog as it now is."""
        # Chroma moves vectors from its log into its files when they are next read; reading here
        # means that nothing is being rewritten once the index counts as whole.
        with self._translated():
            self._collection.count()
        if first := next(self._catalog.all_vectors(self._model, 1), None):
            self.nearest(first[1][0], 1)
        self._mark((self._catalog.get(_MARK) or "").partition(" ")[0])
        self._unsettled = False

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines of the nearest passages, best first."""
        with self._translated():
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(id, 1.0 - float(distance)) for id, distance in pairs]

    def close(self) -> None:
        """Let go of the files; what the catalog holds is not touched."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            client.close()

"""The graph of vectors in Chroma: derived from the catalog, and made anew from it when in doubt.

Chroma is never the record of anything. What it wrote last is remembered in the catalog, with the
revision it stands for and the SHA-256 of each file: a flipped byte in a graph is read as a
neighbour that is not one, or as an address outside the process. After a kill in the middle of a
write, or any other change from outside, the two differ, and the graph is made again from the
catalog's vectors.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.errors import HomeError
from index.protocols import Vectors

__all__ = ["ChromaIndex"]

_log = logging.getLogger(__name__)
_COLLECTION = "passages"
_AT_ONCE = 1_000  # Chroma takes at most 5,461 records in one call
# Wider than Chroma's defaults (16, 100, 100): two indexes of the same vectors, filled in another
# order, shall find the same ones.
_HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 300}
_MARK = "chroma"  # in the catalog: folder, revision and digests of the index that is whole


class ChromaIndex:
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
        self._folder: Path | None = None
        self._collection: Any = None
        self._client: Any = None

    def open(self) -> bool:
        """Open the index that the catalog remembers; false if it is not whole and as it was."""
        mark = json.loads(self._catalog.get(_MARK) or "{}")
        folder = self._root / mark.get("folder", "")
        if mark.get("revision") != self._catalog.revision or not folder.is_dir():
            return False
        try:
            if _digests(folder) != mark["files"]:
                raise ValueError("its files are not as they were written")
            self._connect(folder, create=False)
            if self._collection.count() != self._catalog.count("passages"):
                raise ValueError(f"it holds {self._collection.count()} vectors")
            self._remember()  # Chroma writes to its files when they are opened
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
        self._folder = folder

    def rebuild(self, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Make the index anew from the catalog; false if it was stopped before the end.

        Raises:
            HomeError: The disk is full or cannot be written.
        """
        self.close()
        with self._translated():
            for old in self._root.iterdir() if self._root.is_dir() else ():
                shutil.rmtree(old, ignore_errors=True)
            # A new name every time: within a process Chroma remembers what a path once held.
            folder = self._root / uuid.uuid4().hex[:12]
            folder.mkdir(parents=True)
            self._connect(folder, create=True)
            for rows, vectors in self._catalog.all_vectors(self._model, _AT_ONCE):
                if stopped():
                    self.close()
                    return False
                self._collection.add(ids=[row[1] for row in rows], embeddings=vectors)
        self.settle()
        return True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, OSError, RuntimeError, ValueError) as error:
            raise HomeError(
                f"the vector index in {str(self._root)!r} failed: {error}",
                "check the disk and the permissions; the index is made anew when next opened",
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
        if first := next(self._catalog.all_vectors(self._model, 1), None):
            self.nearest(first[1][0], 1)
        self._remember()

    def _remember(self) -> None:
        assert self._folder
        with self._translated():
            files = _digests(self._folder)
        mark = {"folder": self._folder.name, "revision": self._catalog.revision, "files": files}
        with self._catalog.transaction():
            self._catalog.set(_MARK, json.dumps(mark))

    def forget(self) -> None:
        """Let the catalog remember no index as whole; needs a transaction."""
        self._catalog.set(_MARK, "{}")

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Return ids and cosines of the nearest passages, best first."""
        collection = self._collection  # another thread may close it
        if collection is None:
            raise HomeError("the vector index is closed", "open the knowledge base again")
        with self._translated():
            found = collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(id, 1.0 - float(distance)) for id, distance in pairs]

    def close(self) -> None:
        """Let go of the files; what the catalog holds is not touched."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            client.close()


def _digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file below a folder, by its path from there."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found

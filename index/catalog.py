"""The catalog: the system of record of a knowledge base, in one SQLite file.

Articles, their passages, the vectors of the texts that were embedded (by model and text, so that
nothing is embedded twice) and the words (FTS5) change together, one transaction a batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.article import Article, Passage
from index.copies import Copies
from index.database import Database
from index.documents import DocumentRecords
from index.prepared import Finished, Prepared, text_key
from index.protocols import Vectors
from index.schema import CATALOG
from index.terms import Terms

__all__ = ["Catalog"]


def _day(article: Article) -> str | None:
    return article.published_at[:10] if article.published_at else None


class Catalog(DocumentRecords):
    """What a knowledge base knows; safe to use from several threads of one process.

    Args:
        path: The file; made if it is not there.

    Raises:
        CatalogError: The file is damaged, is something else, or is of a newer version.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path, CATALOG))
        self.path = path
        self.transaction = self._db.transaction
        self.copies = Copies(self._db)
        self._terms = Terms(self._db)
        self._terms.renew()
        if self.get("revision") is None:
            with self.transaction():
                self.set("revision", "0")

    def compact(self) -> None:
        """Write the file anew without what was deleted, words included, and empty the log."""
        with self.transaction():
            self._db.run("INSERT INTO words (words) VALUES ('optimize')")
        self._db.compact()

    def store(
        self, batch: Sequence[Prepared], model: str, finished: Sequence[Finished] = ()
    ) -> list[str]:
        """Store these articles in one transaction, each in the place of its earlier version.

        Args:
            finished: Documents of which nothing is missing once these are stored.

        Returns:
            The ids of the passages of the earlier versions that are no more.
        """
        with self.transaction():
            self._disturb([one.article.id for one in batch])
            before = self._delete([one.article.id for one in batch])
            given = [(one.article.id,) for one in batch]
            self._db.run_each("DELETE FROM excluded WHERE id = ?", given)
            for one in batch:
                self._insert(one, model)
            self._forget_vectors(before.values())
            self._finish(finished)
            if batch:
                self._changed()
        after = {passage.id for one in batch for passage in one.passages}
        return [id for id in before if id not in after]

    def remove(self, ids: Sequence[str], *, exclude: bool = False) -> list[str]:
        """Remove these articles in one transaction; return the ids of their passages.

        Args:
            exclude: Whether they shall not come back with a sync.
        """
        with self.transaction():
            if exclude:
                gone = "SELECT id, uri, fingerprint FROM articles WHERE id IN ({})"
                found = list(self._db.rows_of(gone, ids))
                self._db.run_each("INSERT OR REPLACE INTO excluded VALUES (?, ?, ?)", found)
            if not exclude:
                self._disturb(ids)
            passages = self._delete(ids)
            self._forget_vectors(passages.values())
            self._changed()
        return list(passages)

    def readmit(self, ids: Sequence[str]) -> None:
        """Let articles that were excluded come back with the next sync of their documents."""
        with self.transaction():
            self._db.run_each("DELETE FROM excluded WHERE id = ?", [(id,) for id in ids])
            # Which document brings them is not known any more.
            self._db.run("UPDATE documents SET stamp = ''")

    def _forget_vectors(self, text_keys: Iterable[str]) -> None:
        """Delete the vectors of those of these texts that no passage has any more."""
        self._db.run_each(
            "DELETE FROM embeddings WHERE text_key = ?1"
            " AND NOT EXISTS (SELECT 1 FROM passages WHERE text_key = ?1)",
            [(key,) for key in text_keys],
        )

    def _delete(self, ids: Sequence[str]) -> dict[str, str]:
        """Delete articles; return the text keys of their passages, by passage id."""
        gone = list(
            self._db.rows_of(
                "SELECT p.number, p.id, p.text_key FROM passages p"
                " JOIN articles a ON a.number = p.article WHERE a.id IN ({})",
                ids,
            )
        )
        self._terms.remove([row[0] for row in gone])
        self._db.run_each("DELETE FROM articles WHERE id = ?", [(id,) for id in ids])
        return {row[1]: row[2] for row in gone}

    def _insert(self, one: Prepared, model: str) -> None:
        a = one.article
        self._remember("IGNORE", one.location, one.document)
        self._db.run("UPDATE documents SET stamp = '' WHERE location = ?", one.location)
        number = self._db.run(
            "INSERT INTO articles VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(a.id, a.uri, a.title, a.source, a.author, a.published_at, a.url, a.language),
            *(_day(a), json.dumps(a.pages), json.dumps(a.origins)),
            *(one.location, a.fingerprint, a.text),
        )
        self.copies.add(number, a.text, one.bands)
        numbers = [
            self._insert_passage(a, number, passage, vector, model)
            for passage, vector in zip(one.passages, one.vectors, strict=True)
        ]
        self._terms.add(
            a, [(n, p.start, p.end, p.heading) for n, p in zip(numbers, one.passages, strict=True)]
        )

    def _insert_passage(
        self, a: Article, article: int, passage: Passage, vector: Vectors, model: str
    ) -> int:
        key = text_key(a, passage)
        number = self._db.run(
            "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(passage.id, article, passage.start, passage.end, passage.heading, key),
            *(a.source, _day(a)),
        )
        self._db.run(
            "INSERT OR IGNORE INTO embeddings (text_key, model, vector) VALUES (?, ?, ?)",
            *(key, model, np.asarray(vector, dtype="<f4").tobytes()),
        )
        return number

    def _changed(self) -> None:
        self.set("revision", str(self.revision + 1))

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        self._db.close()

    def add_vectors(self, vectors: Mapping[str, Vectors], model: str) -> None:
        """Keep these vectors of a model, by text key, in one transaction.

        Those of texts that no passage has any more are left out.
        """
        with self.transaction():
            self._db.run_each(
                "INSERT OR IGNORE INTO embeddings (text_key, model, vector) SELECT ?1, ?2, ?3"
                " WHERE EXISTS (SELECT 1 FROM passages WHERE text_key = ?1)",
                [
                    (key, model, np.asarray(vector, dtype="<f4").tobytes())
                    for key, vector in vectors.items()
                ],
            )

    def keep_vectors_of(self, model: str) -> None:
        """Delete the vectors of every other model; needs a transaction."""
        self._db.run("DELETE FROM embeddings WHERE model != ?", model)

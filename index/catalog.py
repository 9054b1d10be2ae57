"""The catalog: the system of record of a knowledge base, in one SQLite file.

Articles, their passages, the vectors of the texts that were embedded (by model and text, so that
nothing is embedded twice) and the words (FTS5) change together, one transaction a batch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.article import Article, Passage, digest
from index.chunk import indexed_text
from index.copies import Copies
from index.database import Database
from index.handed_in import HANDED_IN_AT
from index.protocols import Vectors
from index.records import Known, Records, Remembered
from index.schema import CATALOG
from index.terms import Terms

__all__ = ["Catalog", "Finished", "Prepared", "text_key"]

_WHERE_DOCUMENTS_ARE = (
    ("documents", "location"),
    ("documents", "origin"),
    ("articles", "location"),
    ("troubles", "location"),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored.

    Attributes:
        document: What is to be remembered of its document while that is not finished.
        bands: By which its copies are found (see ``index.copies``).
        passages: What it is cut into.
        vectors: One for each passage.
    """

    article: Article
    location: str
    document: Remembered
    bands: Sequence[int]
    passages: Sequence[Passage]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Finished:
    """A document of which everything is stored.

    Attributes:
        troubles: Uri and reason of each part that could not be read.
    """

    location: str
    document: Remembered
    troubles: Sequence[tuple[str, str]] = ()


def text_key(article: Article, passage: Passage) -> str:
    """Return the key under which the vector of a passage is kept."""
    return digest(indexed_text(article, passage))


def _day(article: Article) -> str | None:
    return article.published_at[:10] if article.published_at else None


class Catalog(Records):
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

    def set(self, key: str, value: str) -> None:
        """Write a value under a key of the catalog's own; needs a transaction."""
        self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

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

    def readmit(self, ids: Sequence[str], *, reread: bool = True) -> None:
        """Let articles that were excluded come back with the next sync of their documents.

        Args:
            reread: Whether that looks into every document; else only into what has changed.
        """
        with self.transaction():
            self._db.run_each("DELETE FROM excluded WHERE id = ?", [(id,) for id in ids])
            if reread:  # which document brings them is not known any more
                self._db.run("UPDATE documents SET stamp = ''")

    def move(self, moved: Known, document: Remembered) -> None:
        """Write down where an article now is; what it says is the same.

        Args:
            document: What is to be remembered of its document while that is not finished.
        """
        with self.transaction():
            self._disturb([moved.id])
            self._remember("IGNORE", moved.location, document)
            self._db.run("UPDATE documents SET stamp = '' WHERE location = ?", moved.location)
            self._db.run(
                "UPDATE articles SET uri = ?, location = ? WHERE id = ?",
                *(moved.uri, moved.location, moved.id),
            )

    def take_along(self, folder: str) -> None:
        """Let the documents handed in be in this folder, if the home was elsewhere before."""
        before = self.get(HANDED_IN_AT)
        if before == folder:
            return
        with self.transaction():
            if before is not None:
                below, end = before + os.sep, before + chr(ord(os.sep) + 1)
                for table, column in _WHERE_DOCUMENTS_ARE:
                    self._db.run(
                        f"UPDATE {table} SET {column} = ?1 || substr({column}, ?2)"
                        f" WHERE {column} >= ?3 AND {column} < ?4",
                        *(folder, len(before) + 1, below, end),
                    )
            self.set(HANDED_IN_AT, folder)

    def forget(self, locations: Sequence[str]) -> None:
        """Forget documents that are gone."""
        with self.transaction():
            for table in ("documents", "troubles"):
                self._db.run_each(
                    f"DELETE FROM {table} WHERE location = ?", [(one,) for one in locations]
                )

    def _finish(self, documents: Sequence[Finished]) -> None:
        for one in documents:
            self._db.run("DELETE FROM troubles WHERE location = ?", one.location)
            self._remember("REPLACE", one.location, one.document)
            self._db.run_each(
                "INSERT INTO troubles VALUES (?, ?, ?)",
                [(one.location, uri, reason) for uri, reason in one.troubles],
            )

    def _disturb(self, ids: Sequence[str]) -> None:
        """Let the documents of these articles be read again, until they are finished with.

        What was there before may come back as it was, stamp and all: a folder that is renamed back.
        """
        self._db.run_each(
            "UPDATE documents SET stamp = ''"
            " WHERE location = (SELECT location FROM articles WHERE id = ?)",
            [(id,) for id in ids],
        )

    def _remember(self, otherwise: str, location: str, one: Remembered) -> None:
        self._db.run(
            f"INSERT OR {otherwise} INTO documents VALUES (?, ?, ?, ?, ?)",
            *(location, one.origin, one.stamp, one.trace, one.id),
        )

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

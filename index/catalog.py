"""The catalog: the system of record of a knowledge base, in one SQLite file.

Articles, their passages, the vectors of the texts that were embedded (by model and text, so that
nothing is embedded twice) and the words (FTS5) change together, one transaction a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.article import Article, Passage, digest
from index.chunk import indexed_text, spelled_header
from index.database import Database
from index.protocols import Vectors

__all__ = ["Catalog", "Known", "Prepared", "text_key"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of an article, without its text."""

    id: str
    uri: str
    location: str
    origin: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: cut into passages, a vector for each."""

    article: Article
    location: str
    origin: str
    passages: Sequence[Passage]
    vectors: Vectors


def text_key(article: Article, passage: Passage) -> str:
    """Return the key under which the vector of a passage is kept."""
    return digest(indexed_text(article, passage))


class Catalog:
    """What a knowledge base knows; safe to use from several threads of one process.

    Args:
        path: The file; made if it is not there.

    Raises:
        CatalogError: The file is damaged, is something else, or is of another version.
    """

    def __init__(self, path: Path) -> None:
        self._db = Database(path)
        self.rows = self._db.rows
        self.transaction = self._db.transaction
        if self.get("revision") is None:
            with self.transaction():
                self.set("revision", "0")

    def get(self, key: str) -> str | None:
        """Return what is written under a key of the catalog's own."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return found[0][0] if found else None

    @property
    def revision(self) -> int:
        """A number that grows with every change to the passages."""
        return int(self.get("revision") or 0)

    def count(self, table: str) -> int:
        """Return the number of ``articles`` or ``passages``."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def stamps(self, origin: str) -> dict[str, str]:
        """Return the stamp of each file seen under an origin, by location."""
        return dict(self.rows("SELECT location, stamp FROM files WHERE origin = ?", origin))

    def known(self) -> dict[str, Known]:
        """Return what is known of every article, by id."""
        found = self.rows("SELECT id, uri, location, origin, fingerprint FROM articles")
        return {row[0]: Known(*row) for row in found}

    def articles(self) -> list[Article]:
        """Return all articles without their texts, newest first, then by uri."""
        return [
            Article(*row)
            for row in self.rows(
                "SELECT id, uri, title, '', source, author, published_at, url FROM articles"
                " ORDER BY published_at IS NULL, published_at DESC, uri"
            )
        ]

    def sources(self) -> list[str]:
        """Return the sources that articles have, each once."""
        found = self.rows("SELECT DISTINCT source FROM articles WHERE source IS NOT NULL")
        return [row[0] for row in found]

    def passages_from(self, ids: Sequence[str], sources: Sequence[str]) -> set[str]:
        """Return those of the passages whose article has one of these sources."""
        marks = ",".join("?" * len(sources))
        statement = (
            "SELECT p.id FROM passages p JOIN articles a ON a.id = p.article_id"
            f" WHERE p.id IN ({{}}) AND a.source IN ({marks})"
        )
        return {row[0] for row in self._db.rows_of(statement, ids, *sources)}

    def article(self, id_or_uri: str) -> Article | None:
        """Return an article with its text; a uri is found if only one article has it."""
        found = self.rows(
            "SELECT id, uri, title, text, source, author, published_at, url FROM articles"
            " WHERE id = ?1 OR uri = ?1 ORDER BY id = ?1 DESC LIMIT 2",
            id_or_uri,
        )
        if not found or (len(found) > 1 and found[0][0] != id_or_uri):
            return None
        return Article(*found[0])

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Return the passages that there are of these ids, each with its article."""
        with self._db.snapshot():
            return self._passages(ids)

    def _passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        rows = list(
            self._db.rows_of(
                'SELECT id, article_id, start, "end", heading FROM passages WHERE id IN ({})', ids
            )
        )
        wanted = sorted({row[1] for row in rows})
        articles = {
            row[0]: Article(*row)
            for row in self._db.rows_of(
                "SELECT id, uri, title, text, source, author, published_at, url"
                " FROM articles WHERE id IN ({})",
                wanted,
            )
        }
        found = {}
        for id, article_id, start, end, heading in rows:
            if article := articles.get(article_id):
                text = article.text[start:end]
                passage = Passage(id, article_id, start, end, text, heading)
                found[id] = (passage, article)
        return found

    def vectors(self, keys: Sequence[str], model: str) -> dict[str, Vectors]:
        """Return the vectors that are kept of these texts for this model, by text key."""
        statement = "SELECT text_key, vector FROM embeddings WHERE text_key IN ({}) AND model = ?"
        found = self._db.rows_of(statement, keys, model)
        return {key: np.frombuffer(blob, dtype="<f4") for key, blob in found}

    def passage_vectors(self, ids: Sequence[str], model: str) -> dict[str, Vectors]:
        """Return the vectors of these passages, by passage id."""
        statement = (
            "SELECT p.id, e.vector FROM passages p JOIN embeddings e USING (text_key)"
            " WHERE p.id IN ({}) AND e.model = ?"
        )
        found = self._db.rows_of(statement, ids, model)
        return {id: np.frombuffer(blob, dtype="<f4") for id, blob in found}

    def all_vectors(self, model: str, at_once: int) -> Iterator[tuple[list[str], Vectors]]:
        """Yield ids and vectors of all passages, so many at once."""
        last = -1
        while rows := self.rows(
            "SELECT p.number, p.id, e.vector FROM passages p JOIN embeddings e USING (text_key)"
            " WHERE e.model = ? AND p.number > ? ORDER BY p.number LIMIT ?",
            model,
            last,
            at_once,
        ):
            last = rows[-1][0]
            yield [row[1] for row in rows], np.stack([np.frombuffer(r[2], "<f4") for r in rows])

    def set(self, key: str, value: str) -> None:
        """Write a value under a key of the catalog's own."""
        self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def store(self, batch: Sequence[Prepared], model: str) -> list[str]:
        """Store these articles in one transaction, each in the place of its earlier version.

        Returns:
            The ids of the passages of the earlier versions that are no more.
        """
        with self.transaction():
            before = self._delete([one.article.id for one in batch])
            for one in batch:
                self._insert(one, model)
            self._changed()
        after = {passage.id for one in batch for passage in one.passages}
        return [id for id in before if id not in after]

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Remove these articles in one transaction; return the ids of their passages."""
        with self.transaction():
            gone = self._delete(ids)
            self._changed()
        return gone

    def _delete(self, ids: Sequence[str]) -> list[str]:
        gone = list(
            self._db.rows_of("SELECT number, id FROM passages WHERE article_id IN ({})", ids)
        )
        self._db.run_each("DELETE FROM words WHERE rowid = ?", [(row[0],) for row in gone])
        self._db.run_each("DELETE FROM articles WHERE id = ?", [(id,) for id in ids])
        return [row[1] for row in gone]

    def _insert(self, one: Prepared, model: str) -> None:
        a = one.article
        self._db.run(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(a.id, a.uri, a.title, a.text, a.source, a.author, a.published_at, a.url),
            *(one.location, one.origin, a.fingerprint),
        )
        for passage, vector in zip(one.passages, one.vectors, strict=True):
            key = text_key(a, passage)
            number = self._db.run(
                "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)",
                *(passage.id, a.id, passage.start, passage.end, passage.heading, key),
            )
            head = f"{spelled_header(a)} | {passage.heading or ''}"
            self._db.run(
                "INSERT INTO words (rowid, header, body) VALUES (?, ?, ?)",
                number,
                head,
                passage.text,
            )
            self._db.run(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                *(key, model, np.asarray(vector, dtype="<f4").tobytes()),
            )

    def _changed(self) -> None:
        self.set("revision", str(self.revision + 1))

    def seen(self, origin: str, stamps: Mapping[str, str], ids: Mapping[str, str]) -> None:
        """Write down what a sync of an origin saw, once all of it is stored.

        Args:
            stamps: The stamp of each file that was read without an error, by location.
            ids: The location of each article that was kept, by id; it now belongs to the origin.
        """
        with self.transaction():
            self._db.run("DELETE FROM files WHERE origin = ?", origin)
            self._db.run_each(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
                [(location, origin, stamp) for location, stamp in stamps.items()],
            )
            self._db.run_each(
                "UPDATE articles SET origin = ?1, location = ?2"
                " WHERE id = ?3 AND (origin <> ?1 OR location <> ?2)",
                [(origin, location, id) for id, location in ids.items()],
            )

    def forget_vectors(self) -> None:
        """Delete the vectors of texts that no passage has any more."""
        with self.transaction():
            self._db.run(
                "DELETE FROM embeddings WHERE text_key NOT IN (SELECT text_key FROM passages)"
            )

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        self._db.close()

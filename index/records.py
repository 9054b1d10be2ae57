"""What is read from the catalog: articles, passages, vectors, and what is known of documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from index.article import Article, Passage
from index.database import Database
from index.filter import Filter
from index.protocols import Vectors

__all__ = ["Known", "Order", "Records", "Remembered"]

_WITHOUT_TEXT = (
    "a.id, a.uri, a.title, '', a.source, a.author, a.published_at, a.url, a.language,"
    " a.pages, a.origins"
)
_WHOLE = _WITHOUT_TEXT.replace("''", "a.text")
_BEGINNING = 8  # characters of an id that a person types
_LACKING = (
    "NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_key = passages.text_key AND e.model = ?)"
)
_LAST = "a.uri, a.id"


class Order(StrEnum):
    """In which order articles are listed; those without a value come last, ties by uri."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    SOURCE = "source"


_ORDERS = {
    Order.NEWEST: f"a.published_at IS NULL, a.published_at DESC, {_LAST}",
    Order.OLDEST: f"a.published_at IS NULL, a.published_at, {_LAST}",
    Order.TITLE: f"a.title COLLATE NOCASE, {_LAST}",
    Order.SOURCE: f"a.source IS NULL, a.source COLLATE NOCASE, a.published_at DESC, {_LAST}",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of an article, without its text."""

    id: str
    uri: str
    location: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A document as it was last read.

    Attributes:
        stamp, trace: As in ``Document``.
        id: For the articles in it that bring none.
    """

    origin: str
    stamp: str
    trace: str
    id: str


def article_of(row: Sequence[Any]) -> Article:
    """Return the article of a row with these columns, in this order."""
    id, uri, title, text, source, author, published_at, url, language, pages, origins = row
    named = tuple((name, where) for name, where in json.loads(origins))
    begin = tuple(json.loads(pages))
    return Article(id, uri, title, text, source, author, published_at, url, language, begin, named)


class Records:
    """The questions that a catalog answers."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.rows = database.rows
        self._held: tuple[tuple[Filter, int] | None, str] = None, "[]"

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

    def documents(self) -> dict[str, Remembered]:
        """Return every document that was read, by location."""
        found = self.rows("SELECT location, origin, stamp, trace, id FROM documents")
        return {row[0]: Remembered(*row[1:]) for row in found}

    def troubles(self) -> dict[str, list[tuple[str, str]]]:
        """Return uri and reason of what could not be read in documents, by location."""
        found: dict[str, list[tuple[str, str]]] = {}
        for location, uri, reason in self.rows("SELECT location, uri, reason FROM troubles"):
            found.setdefault(location, []).append((uri, reason))
        return found

    def excluded(self) -> dict[str, str]:
        """Return the uris of the articles that shall not come back, by id."""
        return dict(self.rows("SELECT id, uri FROM excluded ORDER BY uri"))

    def excluded_fingerprints(self) -> set[str]:
        """Return the fingerprints of these articles as they were."""
        return {row[0] for row in self.rows("SELECT fingerprint FROM excluded")}

    def known(self) -> dict[str, Known]:
        """Return what is known of every article, by id."""
        found = self.rows("SELECT id, uri, location, fingerprint FROM articles")
        return {row[0]: Known(*row) for row in found}

    def sources(self) -> list[str]:
        """Return the sources that articles have, each once."""
        found = self.rows("SELECT DISTINCT source FROM articles WHERE source IS NOT NULL")
        return [row[0] for row in found]

    def languages(self) -> list[str | None]:
        """Return the languages of articles, each once; None if one's is unknown."""
        found = self.rows("SELECT DISTINCT language FROM articles ORDER BY language")
        return [row[0] for row in found]

    def condition(self, wanted: Filter, table: str = "a") -> tuple[str, list[object]]:
        """Return the SQL condition of a filter, see ``Filter.where``."""
        if wanted.text:
            return f"{table}.number IN (SELECT value FROM json_each(?))", [self._holding(wanted)]
        return wanted.where(self.sources() if wanted.sources else (), table)

    def _holding(self, wanted: Filter) -> str:
        """Return the numbers of the articles that a filter with words lets through, as JSON.

        All texts are looked into for that, so it is remembered: a page of a list asks twice, and
        the next page again.
        """
        key = (wanted, self._db.changes)
        known, numbers = self._held
        if known != key:
            condition, values = wanted.where(self.sources() if wanted.sources else ())
            # Texts are read fastest in the order in which they lie.
            query = f"SELECT a.number FROM articles a NOT INDEXED WHERE {condition}"
            numbers = json.dumps([row[0] for row in self.rows(query, *values)])
            self._held = key, numbers
        return numbers

    def articles(
        self,
        wanted: Filter | None = None,
        *,
        order: Order = Order.NEWEST,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Return the articles that a filter lets through, without their texts.

        Args:
            limit, offset: How many at most, and how many of the first are left out.
        """
        condition, values = self.condition(wanted or Filter())
        # Sorted by an index that has no texts; only the rows that are shown are read whole.
        found = self.rows(
            f"SELECT {_WITHOUT_TEXT} FROM articles a WHERE a.number IN (SELECT a.number"
            f" FROM articles a WHERE {condition} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?)"
            f" ORDER BY {_ORDERS[order]}",
            *values,
            -1 if limit is None else limit,
            offset,
        )
        return [article_of(row) for row in found]

    def brief(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles that there are of these ids, without their texts, by id."""
        statement = f"SELECT {_WITHOUT_TEXT} FROM articles a WHERE a.id IN ({{}})"
        return {row[0]: article_of(row) for row in self._db.rows_of(statement, ids)}

    def count_articles(self, wanted: Filter | None = None) -> int:
        """Return how many articles a filter lets through."""
        condition, values = self.condition(wanted or Filter())
        found = self.rows(f"SELECT count(*) FROM articles a WHERE {condition}", *values)
        return int(found[0][0])

    def articles_at(self, location: str) -> list[Article]:
        """Return the articles of a document, without their texts, in the order of their uris."""
        found = self.rows(
            f"SELECT {_WITHOUT_TEXT} FROM articles a WHERE a.location = ? ORDER BY {_LAST}",
            location,
        )
        return [article_of(row) for row in found]

    def numbers(self, wanted: Filter) -> list[int]:
        """Return the numbers of the articles that a filter lets through."""
        condition, values = self.condition(wanted)
        return [
            row[0]
            for row in self.rows(f"SELECT a.number FROM articles a WHERE {condition}", *values)
        ]

    def article(self, id_or_uri: str) -> Article | None:
        """Return an article with its text.

        Args:
            id_or_uri: An id, or a uri or the beginning of an id that only one article has.
        """
        whole = f"SELECT {_WHOLE} FROM articles a WHERE"
        # By its id first: to look for a uri is to look at every article.
        found = self.rows(f"{whole} a.id = ?", id_or_uri) or self.rows(
            f"{whole} a.uri = ? LIMIT 2", id_or_uri
        )
        if not found and len(id_or_uri) >= _BEGINNING:
            found = self.rows(
                f"{whole} substr(a.id, 1, ?) = ? LIMIT 2",
                len(id_or_uri),
                id_or_uri,
            )
        return article_of(found[0]) if len(found) == 1 else None

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Return the passages that there are of these ids, each with its article."""
        rows = list(
            self._db.rows_of(
                'SELECT id, article, start, "end", heading FROM passages WHERE id IN ({})', ids
            )
        )
        articles = {
            row[0]: article_of(row[1:])
            for row in self._db.rows_of(
                f"SELECT a.number, {_WHOLE} FROM articles a WHERE a.number IN ({{}})",
                sorted({row[1] for row in rows}),
            )
        }
        found = {}
        for id, number, start, end, heading in rows:
            if article := articles.get(number):
                passage = Passage(id, article.id, start, end, article.text[start:end], heading)
                found[id] = (passage, article)
        return found

    def analysed(self, ids: Sequence[str]) -> dict[str, tuple[str, str, str, str, str]]:
        """Return the terms of these passages by field, each field's joined by spaces, by id.

        The fields are the article's title, its source and author, and date; heading and text.
        """
        found = self._db.rows_of(
            "SELECT p.id, w.title, w.source, w.date, w.heading, w.body"
            " FROM passages p CROSS JOIN words w ON w.rowid = p.number WHERE p.id IN ({})",
            ids,
        )
        return {row[0]: tuple(row[1:]) for row in found}

    def mean_terms(self, sample: int) -> float:
        """Return how many terms a passage has on average, of at most so many, evenly drawn."""
        first, last, count = self.rows("SELECT min(number), max(number), count(*) FROM passages")[0]
        if not count:
            return 0.0
        step = max(1, (last - first) // sample)
        numbers = json.dumps(list(range(first, last + 1, step)))
        found = self.rows(
            "SELECT title, source, date, heading, body FROM words"
            " WHERE rowid IN (SELECT value FROM json_each(?))",
            numbers,
        )
        return sum(len(field.split()) for row in found for field in row) / max(1, len(found))

    def candidates(self, ids: Sequence[str], model: str) -> list[Any]:
        """Return what passages are ranked by, a row each, in the order of their ids.

        A row is id, number, source and day of the article, the terms by field as ``analysed`` has
        them, and the vector of this model, float32, little endian.
        """
        found = self.rows(
            "SELECT p.id, p.article, p.source, p.day,"
            " w.title, w.source, w.date, w.heading, w.body, e.vector FROM passages p"
            " CROSS JOIN words w ON w.rowid = p.number"
            " CROSS JOIN embeddings e ON e.text_key = p.text_key AND e.model = ?2"
            " WHERE p.id IN (SELECT value FROM json_each(?1))",
            json.dumps(list(ids)),
            model,
        )
        return sorted(found)

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

    def all_vectors(
        self, model: str, at_once: int, after: int = 0
    ) -> Iterator[tuple[list[tuple[int, str, int]], Vectors]]:
        """Yield passages as (number, id, number of the article), with their vectors.

        Args:
            at_once: How many are yielded together.
            after: Only passages with a larger number.
        """
        while rows := self.rows(
            "SELECT p.number, p.id, p.article, e.vector"
            " FROM passages p JOIN embeddings e USING (text_key)"
            " WHERE e.model = ? AND p.number > ? ORDER BY p.number LIMIT ?",
            model,
            after,
            at_once,
        ):
            after = rows[-1][0]
            vectors = np.frombuffer(b"".join(row[3] for row in rows), "<f4").reshape(len(rows), -1)
            yield [row[:3] for row in rows], vectors

    def lacking(self, model: str, at_most: int) -> dict[str, str]:
        """Return texts that have no vector of this model: by text key, a passage that has it.

        In the order of the passages, so that vectors lie in it too and are read fast.
        """
        found = self.rows(
            f"SELECT text_key, id FROM passages WHERE {_LACKING} ORDER BY number LIMIT ?",
            model,
            at_most,
        )
        return dict(found)

    def count_lacking(self, model: str) -> int:
        """Return the number of passages that have no vector of this model."""
        return int(self.rows(f"SELECT count(*) FROM passages WHERE {_LACKING}", model)[0][0])

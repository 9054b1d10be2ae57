"""What is read from the catalog of passages: their spans, their terms and their vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from index.article import Article, Passage
from index.database import Database
from index.protocols import Vectors

__all__ = ["WHOLE", "WITHOUT_TEXT", "PassageRecords", "article_of"]

WITHOUT_TEXT = (
    "a.id, a.uri, a.title, '', a.source, a.author, a.published_at, a.url, a.language,"
    " a.pages, a.origins"
)
"""The columns of an article, of which ``article_of`` makes one."""

WHOLE = WITHOUT_TEXT.replace("''", "a.text")
_LACKING = (
    "NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_key = passages.text_key AND e.model = ?)"
)


def article_of(row: Sequence[Any]) -> Article:
    """Return the article of a row with these columns, in this order."""
    id, uri, title, text, source, author, published_at, url, language, pages, origins = row
    named = tuple((name, where) for name, where in json.loads(origins))
    begin = tuple(json.loads(pages))
    return Article(id, uri, title, text, source, author, published_at, url, language, begin, named)


class PassageRecords:
    """The questions about passages that a catalog answers."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.rows = database.rows

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
                f"SELECT a.number, {WHOLE} FROM articles a WHERE a.number IN ({{}})",
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

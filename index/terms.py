"""The terms of passages by field, in the catalog's FTS5 table ``words``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.analysis import analyze, made_by
from index.article import Article
from index.chunk import spelled_date
from index.database import Database
from index.passage_records import article_of
from index.schema import WORDS

__all__ = ["Terms"]

_STAMP = "terms"  # in the catalog's table of its own values: what made them


class Terms:
    """Writes what passages are found by; each call but ``renew`` needs a transaction.

    Args:
        database: The catalog's, whose passages are numbered.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, article: Article, passages: Iterable[tuple[int, int, int, str | None]]) -> None:
        """Index passages of an article: number, start, end and heading of each."""

        def terms(*texts: str | None) -> str:
            return " ".join(analyze("\n".join(filter(None, texts)), article.language))

        day = (article.published_at or "")[:10]
        head = (
            terms(article.title),
            terms(article.source, article.author),
            terms(day, spelled_date(article.published_at)),
        )
        self._db.run_each(
            "INSERT INTO words (rowid, title, source, date, heading, body)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (number, *head, terms(heading), terms(article.text[start:end]))
                for number, start, end, heading in passages
            ),
        )

    def remove(self, numbers: Sequence[int]) -> None:
        """Take these passages out of the index."""
        self._db.run_each("DELETE FROM words WHERE rowid = ?", [(number,) for number in numbers])

    def renew(self) -> None:
        """Make the terms of all passages, in one transaction, unless they are as they would be.

        They are made anew after a migration, and when another version of the stemmers came.
        """
        stamp = made_by()
        if self._db.rows("SELECT 1 FROM meta WHERE key = ? AND value = ?", _STAMP, stamp):
            return
        with self._db.transaction():
            self._db.run("DROP TABLE words")  # to delete row by row takes as long as to insert
            self._db.run(WORDS)
            for (number,) in self._db.rows("SELECT number FROM articles ORDER BY number"):
                (row,) = self._db.rows(
                    "SELECT id, uri, title, text, source, author, published_at, url, language,"
                    " pages, origins FROM articles WHERE number = ?",
                    number,
                )
                passages = self._db.rows(
                    'SELECT number, start, "end", heading FROM passages'
                    " WHERE article = ? ORDER BY number",
                    number,
                )
                self.add(article_of(row), passages)
            self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", _STAMP, stamp)

"""What is read from the catalog of articles, and of the documents that they are in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.article import Article
from index.collected import Collected, collected
from index.database import Database
from index.filter import Filter
from index.kept import UPLOADS
from index.passage_records import WHOLE, WITHOUT_TEXT, PassageRecords, article_of

__all__ = ["Known", "Order", "Records", "Remembered"]

_BEGINNING = 8  # characters of an id that a person types
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


class Records(PassageRecords):
    """The questions that a catalog answers."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._collected: tuple[int, Collected] | None = None  # as of a revision
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

    def newest(self) -> dt.date | None:
        """Return the day of the newest article that has one, None if there is none."""
        ((day,),) = self.rows("SELECT max(day) FROM articles")
        return dt.date.fromisoformat(day) if day else None

    def languages(self) -> list[str | None]:
        """Return the languages of articles, each once; None if one's is unknown."""
        found = self.rows("SELECT DISTINCT language FROM articles ORDER BY language")
        return [row[0] for row in found]

    def condition(self, wanted: Filter, table: str = "a") -> tuple[str, list[object]]:
        """Return the SQL condition of a filter, see ``Filter.where``."""
        if wanted.text:
            return f"{table}.number IN (SELECT value FROM json_each(?))", [self._holding(wanted)]
        return self._where(wanted, table)

    def _where(self, wanted: Filter, table: str = "a") -> tuple[str, list[object]]:
        condition, values = wanted.where(self.sources() if wanted.sources else (), table)
        if wanted.collections:
            inside, more = self.collected().where(wanted.collections)
            number = "number" if table == "a" else "article"
            condition += (
                f" AND {table}.{number} IN (SELECT c.number FROM documents d"
                f" JOIN articles c ON c.location = d.location WHERE {inside})"
            )
            values += more
        return condition, values

    def collected(self) -> Collected:
        """Return the collections that there are."""
        revision = self.revision
        known = self._collected
        if known is None or known[0] != revision:
            rows = self.rows(
                "SELECT d.location, d.origin, count(*) FROM documents d"
                " JOIN articles a ON a.location = d.location GROUP BY d.location"
            )
            known = (revision, collected(rows, self._db.path.parent / UPLOADS))
            self._collected = known
        return known[1]

    def _holding(self, wanted: Filter) -> str:
        """Return the numbers of the articles that a filter with words lets through, as JSON.

        All texts are looked into for that, so it is remembered: a page of a list asks twice, and
        the next page again.
        """
        key = (wanted, self._db.changes)
        known, numbers = self._held
        if known != key:
            condition, values = self._where(wanted)
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
            f"SELECT {WITHOUT_TEXT} FROM articles a WHERE a.number IN (SELECT a.number"
            f" FROM articles a WHERE {condition} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?)"
            f" ORDER BY {_ORDERS[order]}",
            *values,
            -1 if limit is None else limit,
            offset,
        )
        return [article_of(row) for row in found]

    def brief(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles that there are of these ids, without their texts, by id."""
        statement = f"SELECT {WITHOUT_TEXT} FROM articles a WHERE a.id IN ({{}})"
        return {row[0]: article_of(row) for row in self._db.rows_of(statement, ids)}

    def count_articles(self, wanted: Filter | None = None) -> int:
        """Return how many articles a filter lets through."""
        condition, values = self.condition(wanted or Filter())
        found = self.rows(f"SELECT count(*) FROM articles a WHERE {condition}", *values)
        return int(found[0][0])

    def articles_at(self, location: str) -> list[Article]:
        """Return the articles of a document, without their texts, in the order of their uris."""
        found = self.rows(
            f"SELECT {WITHOUT_TEXT} FROM articles a WHERE a.location = ? ORDER BY {_LAST}",
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
        whole = f"SELECT {WHOLE} FROM articles a WHERE"
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

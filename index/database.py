"""One SQLite file for the threads of one process; its errors told in this program's words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import CatalogError
from index.schema import APPLICATION_ID, SCHEMA, VERSION

__all__ = ["Database"]

_AT_ONCE = 500  # parameters of one statement; SQLite promises 999


class Database:
    """The file of a catalog, in WAL mode.

    Args:
        path: Made, with its tables, if it is not there.

    Raises:
        CatalogError: The file is damaged, is something else, or is of another version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def _prepare(self) -> None:
        found = self._db.execute("PRAGMA application_id").fetchone()[0]
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and found != APPLICATION_ID:
            raise CatalogError(f"{str(self._path)!r} is not a catalog", "choose another home")
        if version > VERSION:
            raise CatalogError(
                f"the catalog {str(self._path)!r} is of a newer version ({version}, not {VERSION})",
                "update footnoted",
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # what was reported as done survives a crash
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA secure_delete = ON")  # a removed text is overwritten with zeros
        if not tables:
            with self.transaction():
                for statement in SCHEMA.split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _damaged(self, error: sqlite3.Error) -> CatalogError:
        return CatalogError(
            f"the catalog {str(self._path)!r} cannot be used: {error}",
            "check the disk and the permissions; if it is damaged, bring it back from a copy",
        )

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Run a statement and return its rows."""
        with self._lock:
            try:
                return self._db.execute(statement, values).fetchall()
            except UnicodeEncodeError:
                return []  # nothing stored has a lone surrogate
            except sqlite3.Error as error:
                raise self._damaged(error) from error

    def rows_of(self, statement: str, keys: Sequence[str], *more: object) -> Iterator[Any]:
        """Yield the rows of a query with ``IN ({})`` over any number of keys, then ``more``."""
        for i in range(0, len(keys), _AT_ONCE):
            some = keys[i : i + _AT_ONCE]
            yield from self.rows(statement.format(",".join("?" * len(some))), *some, *more)

    def run(self, statement: str, *values: object) -> int:
        """Run a statement that changes something; return the last row's number."""
        with self._lock:
            return self._db.execute(statement, values).lastrowid or 0

    def run_each(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement that changes something once for each row of values."""
        with self._lock:
            self._db.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes within all at once, or none of them."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self._db.execute("COMMIT")
                except BaseException:
                    if self._db.in_transaction:  # a full disk has rolled back already
                        self._db.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise self._damaged(error) from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let nobody change anything between the queries within."""
        with self._lock:
            yield

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        with self._lock:
            self._db.close()

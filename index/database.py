"""One SQLite file for the threads of one process; its errors told in this program's words."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from index.errors import CatalogError
from index.schema import CATALOG, Schema

__all__ = ["Database", "checked"]

_AT_ONCE = 500  # parameters of one statement; SQLite promises 999
_READERS = 8  # connections that are kept for the next reader
_FULL = "make room on the disk; what was stored before is intact"
_DENIED = "check the permissions of the folder and its files; nothing was changed"
_RESTORE = "bring it back with: kb restore FILE, from a file that kb backup made"


class Database:
    """One file, in WAL mode: one thread writes, others read beside it.

    Attributes:
        changes: How many transactions there were since it was opened.

    Args:
        path: Made, with its tables, if it is not there; migrated if it is of an earlier version.
        schema: What it is.

    Raises:
        CatalogError: The file is damaged, is something else, or is of a newer version.
    """

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self._schema = schema
        self._lock = threading.RLock()
        self._writing: int | None = None  # the thread in a transaction, which reads what it wrote
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self.changes = 0
        with self._told():
            self._db = self._connected()
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _told(self) -> AbstractContextManager[None]:
        return told(self.path, self._schema.name)

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        db.create_function("folded", 1, _folded, deterministic=True)
        return db

    def _prepare(self) -> None:
        version = checked(self._db, self.path, self._schema)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # what was reported as done survives a crash
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA secure_delete = ON")  # a removed text is overwritten with zeros
        if version is None:
            self._make(self._schema.tables, self._schema.version)
        for earlier in range(version or self._schema.version, self._schema.version):
            self._make(self._schema.migrations[earlier], earlier + 1)

    def _make(self, statements: str, version: int) -> None:
        """Make tables, all or none."""
        with self.transaction():
            for statement in statements.split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {self._schema.application_id}")
            self._db.execute(f"PRAGMA user_version = {version}")

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Run a statement that changes nothing, and return its rows."""
        with self._told(), self._reader() as db:
            try:
                return db.execute(statement, values).fetchall()
            except UnicodeEncodeError:
                return []  # nothing stored has a lone surrogate

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        if self._writing == threading.get_ident():
            yield self._db
            return
        with self._lock:
            self._check_open()
            db = self._idle.pop() if self._idle else self._connected()
        try:
            yield db
        finally:
            with self._lock:
                if self._closed or len(self._idle) >= _READERS:
                    db.close()
                else:
                    self._idle.append(db)

    def rows_of(self, statement: str, keys: Sequence[object], *more: object) -> Iterator[Any]:
        """Yield the rows of a query with ``IN ({})`` over any number of keys, then ``more``."""
        for i in range(0, len(keys), _AT_ONCE):
            some = keys[i : i + _AT_ONCE]
            yield from self.rows(statement.format(",".join("?" * len(some))), *some, *more)

    def run(self, statement: str, *values: object) -> int:
        """Run a statement that changes something, in a transaction; return the last row's number.

        Raises:
            RuntimeError: This thread is in no transaction.
        """
        self._check_writing()
        return self._db.execute(statement, values).lastrowid or 0

    def run_each(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement that changes something once for each row of values, likewise."""
        self._check_writing()
        self._db.executemany(statement, rows)

    def _check_writing(self) -> None:
        if self._writing != threading.get_ident():
            raise RuntimeError("a change needs a transaction")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes within all at once, or none of them; one within another is part of it.

        Raises:
            CatalogError: The disk is full, or the file cannot be written; nothing is changed then.
        """
        with self._lock:
            if self._writing is not None:
                yield
                return
            self._check_open()
            with self._told():
                self._db.execute("BEGIN IMMEDIATE")
                self._writing = threading.get_ident()
                try:
                    yield
                    self._db.execute("COMMIT")
                    self.changes += 1
                except BaseException:
                    if self._db.in_transaction:  # a full disk has rolled back already
                        self._db.execute("ROLLBACK")
                    raise
                finally:
                    self._writing = None

    def compact(self) -> None:
        """Write the file anew without what was deleted, and empty the log."""
        with self._lock, self._told():
            self._check_open()
            for idle in self._idle:
                idle.close()
            self._idle.clear()
            self._db.execute("VACUUM")
            if self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise CatalogError(
                    "the removed texts are still in the log: another program reads "
                    f"the {self._schema.name}",
                    "run kb compact again when it has ended",
                )

    def _check_open(self) -> None:
        if self._closed:
            raise CatalogError("the knowledge base is closed", "open it again")

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        with self._lock:
            self._closed = True
            for idle in self._idle:
                idle.close()
            self._idle.clear()
            self._db.close()


def _folded(text: str | None) -> str:
    """Upper and lower case are one, in every script; SQLite itself knows that of ASCII only."""
    return (text or "").casefold()


def checked(db: sqlite3.Connection, path: Path, schema: Schema) -> int | None:
    """Return the version of what is in a file, None if the file is empty.

    Raises:
        CatalogError: It is something else, or of a newer version.
    """
    found = db.execute("PRAGMA application_id").fetchone()[0]
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and found != schema.application_id:
        raise CatalogError(f"{str(path)!r} is not a {schema.name}", "choose another home")
    if version > schema.version:
        raise CatalogError(
            f"the {schema.name} {str(path)!r} is of a newer version"
            f" ({version}, not {schema.version})",
            "update footnoted",
        )
    return version if tables else None


@contextmanager
def told(path: Path, name: str = CATALOG.name) -> Iterator[None]:
    """Turn an error of SQLite into one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the extended codes share the low byte
        remedy = _RESTORE
        if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
            remedy = _FULL
        elif code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            remedy = _DENIED
        raise CatalogError(f"the {name} {str(path)!r} cannot be used: {error}", remedy) from error


def _is_full(path: Path) -> bool:
    """Say whether the disk is full: some writes report it as an error of input and output."""
    import shutil

    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < 1_000_000
    return False

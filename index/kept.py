"""Files that are kept in a home beside its catalog: they go with it, into a backup and back.

In a backup they lie in a table of the catalog. A catalog with that table in a home says that they
are still to be laid out: so a catalog that takes its place brings them in the same moment.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from index import handed_in
from index.database import told
from index.errors import HomeError

__all__ = [
    "ACCESS",
    "BESIDE",
    "CONVERSATIONS",
    "KEPT",
    "UPLOADS",
    "expect",
    "pack",
    "unpack",
    "uploads_of",
]

CONVERSATIONS = "conversations.sqlite"
KEPT = (CONVERSATIONS,)
"""Each a SQLite file; nothing here knows what is in it."""

ACCESS = "access.sqlite"
"""The hashes of tokens and sessions; no backup has them, or one that was revoked would be back.

Nor ``kb.toml``: it is of a machine, and says where questions are sent.
"""

UPLOADS = "uploads"
"""The folder of the documents that were handed in."""

BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file, by the ending of its name."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS kept"
    " (name TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (name, part))"
)


def uploads_of(home: Path) -> Path:
    """Return the folder of the documents handed in, as their locations begin."""
    return (home / UPLOADS).resolve()


def expect(catalog: sqlite3.Connection) -> None:
    """Let a catalog say that it brings what it has of these files, be it none."""
    catalog.execute(_TABLE)


def pack(home: Path, catalog: sqlite3.Connection, beside: Path) -> None:
    """Put what a home has of these files, as they are at this moment, into a copy of its catalog.

    All of them or none. They may be in use.

    Args:
        catalog: In no transaction.
        beside: A folder with room for them.

    Raises:
        CatalogError: One of them is damaged, or the disk is full.
    """
    if _expected(catalog):
        return  # they are not laid out yet, and what is in the home is not what it shall have
    catalog.execute("BEGIN")
    try:
        expect(catalog)
        for name in KEPT:
            if (home / name).is_file():
                with told(home / name, "file"):
                    _put(home / name, catalog, beside)
        handed_in.put_in(home / UPLOADS, catalog)
        catalog.execute("COMMIT")
    except BaseException:
        if catalog.in_transaction:
            catalog.execute("ROLLBACK")
        raise


def _put(file: Path, catalog: sqlite3.Connection, beside: Path) -> None:
    handle, part = tempfile.mkstemp(".part", f"{file.name}.", beside)
    os.close(handle)
    try:
        source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(part)) as copy:
            source.backup(copy)  # with what is still in the log beside it
            copy.execute("PRAGMA journal_mode = DELETE")
        with Path(part).open("rb") as copied:
            for number, piece in enumerate(iter(lambda: copied.read(handed_in.AT_ONCE), b"")):
                catalog.execute("INSERT INTO kept VALUES (?, ?, ?)", (file.name, number, piece))
    finally:
        Path(part).unlink(missing_ok=True)


def unpack(home: Path, path: Path) -> None:
    """Lay out the files that the catalog of a home brings, in the place of those there are.

    If it brings none, nothing is done. A kill in between leaves it to the next time.

    Raises:
        CatalogError, HomeError: The catalog is damaged, or the disk is full.
    """
    if not path.exists():
        return
    try:
        with told(path), closing(sqlite3.connect(path, isolation_level=None)) as catalog:
            if not _expected(catalog):
                return
            for name in KEPT:
                _lay_out(home / name, catalog)
            handed_in.lay_out(home / UPLOADS, catalog)
            catalog.execute("PRAGMA secure_delete = ON")
            catalog.execute("DROP TABLE kept")
    except OSError as error:
        raise HomeError(
            f"cannot write in {str(home)!r}: {error.strerror}",
            "check the disk and the permissions",
        ) from error


def _expected(catalog: sqlite3.Connection) -> bool:
    found = catalog.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kept'")
    return found.fetchone() is not None


def _lay_out(file: Path, catalog: sqlite3.Connection) -> None:
    part = handed_in.written(file, catalog, file.name)
    for ending in BESIDE:  # another file's log would be taken for this one's
        file.with_name(file.name + ending).unlink(missing_ok=True)
    if part.stat().st_size:
        part.replace(file)
    else:
        part.unlink()
        file.unlink(missing_ok=True)

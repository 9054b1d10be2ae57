"""A home in one file, and back: the catalog with what else is kept in the home.

Everything else is made from the catalog.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from index.database import checked, told
from index.errors import CatalogError, HomeError
from index.home import CATALOG, RESTORING, locked
from index.kept import BESIDE, KEPT, UPLOADS, expect, pack, unpack
from index.schema import CATALOG as SCHEMA

__all__ = ["backup", "restore"]


def backup(home: Path, file: Path, *, overwrite: bool = False) -> int:
    """Write a home, as it is at this moment, into one file; return its articles.

    The home may be in use, also by another process: SQLite copies one state of each of its files.
    The file is there whole or not at all.

    Raises:
        HomeError: There is no home, or the file is there already, or cannot be written.
        CatalogError: The catalog is damaged, or a file that goes with it.
    """
    catalog = home / CATALOG
    if not catalog.is_file():
        raise HomeError(f"there is no knowledge base in {str(home)!r}", "check --home")
    if file.exists() and not overwrite:
        raise HomeError(f"{str(file)!r} is there already", "name another file, or use --overwrite")
    if file.resolve().is_relative_to(home.resolve()):
        raise HomeError(f"{str(file)!r} lies in the home itself", "name a file somewhere else")
    with _part(file.parent, file.name) as part, told(catalog):
        with closing(_read_only(catalog)) as source:
            checked(source, catalog, SCHEMA)
            articles = _copied(source, part, home)
        part.replace(file)
    return articles


def _copied(source: sqlite3.Connection, part: Path, home: Path | None = None) -> int:
    """Write one state of a catalog, and of its home, into one file; return its articles."""
    with closing(sqlite3.connect(part, isolation_level=None)) as copy:
        source.backup(copy)  # with what is still in the log beside it
        copy.execute("DELETE FROM meta WHERE key = 'chroma'")  # the graph elsewhere is another
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        if home:
            pack(home, copy, part.parent)
        expect(copy)  # an earlier version wrote nothing of other files: then there were none
        articles = int(copy.execute("SELECT count(*) FROM articles").fetchone()[0])
    with part.open("rb") as written:
        os.fsync(written.fileno())
    return articles


def restore(home: Path, file: Path, *, replace: bool = False) -> Path | None:
    """Make a home of a file that ``backup`` wrote.

    Args:
        replace: Whether a knowledge base that is there gives way; it is put aside, not deleted.

    Returns:
        Where the earlier catalog was put, if there was one.

    Raises:
        HomeError: There is a knowledge base, and it is not to be replaced; or the disk is full.
        HomeLocked: Another process owns the home.
        CatalogError: The file is no backup, is damaged, or is of a newer version.
    """
    if not file.is_file():
        raise HomeError(f"there is no file {str(file)!r}", "check the path")
    with _backup(file) as found:
        if checked(found, file, SCHEMA) is None:
            raise CatalogError(f"{str(file)!r} is empty", "name a file that kb backup made")
        problem = found.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise CatalogError(f"{str(file)!r} is damaged: {problem}", "use another backup")
    with locked(home):
        catalog, restoring = home / CATALOG, home / RESTORING
        if catalog.exists() and not replace:
            raise HomeError(
                f"there is a knowledge base in {str(home)!r}",
                "choose another home, or put it aside with --replace",
            )
        with _part(home, RESTORING) as part, told(file):
            with closing(_read_only(file)) as found:
                _copied(found, part)
            part.replace(restoring)  # whole from here on: a kill leaves what opening can finish
            aside = _put_aside(catalog)
            restoring.replace(catalog)
        unpack(home, catalog)
    return aside


@contextmanager
def _backup(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_read_only(file)) as found:
            yield found
    except sqlite3.Error as error:
        raise CatalogError(
            f"{str(file)!r} is no backup: {error}", "name a file that kb backup made"
        ) from error


def _put_aside(catalog: Path) -> Path | None:
    """Rename a catalog with its home's other files in it; return what it is called now, if any."""
    named = f"replaced-{time.strftime('%Y%m%d-%H%M%S')}"
    names = (f"{named}{f'-{number}' if number else ''}.sqlite" for number in count())
    aside = next(path for name in names if not (path := catalog.with_name(name)).exists())
    try:
        if catalog.exists():
            with closing(sqlite3.connect(catalog, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = DELETE")
                pack(catalog.parent, db, catalog.parent)
            catalog.replace(aside)
            return aside
    except (sqlite3.Error, CatalogError, HomeError):  # one is damaged: each goes as it is
        pass
    for name in KEPT:
        _rename(catalog.with_name(name), aside.with_stem(f"{aside.stem}-{Path(name).stem}"))
    _rename(catalog.with_name(UPLOADS), aside.with_name(f"{aside.stem}-{UPLOADS}"))
    return aside if _rename(catalog, aside) else None


def _rename(file: Path, aside: Path) -> bool:
    """Rename a file, with what SQLite keeps beside it, if there is one."""
    there = file.exists()
    for ending in (*BESIDE, ""):
        beside = file.with_name(file.name + ending)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + ending))
    return there


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


@contextmanager
def _part(folder: Path, name: str) -> Iterator[Path]:
    """Give a new file to write into, which is gone afterwards if it was not renamed."""
    try:
        handle, path = tempfile.mkstemp(".part", f"{name}.", folder)
        os.close(handle)
        try:
            yield Path(path)
        finally:
            Path(path).unlink(missing_ok=True)
    except OSError as error:
        raise HomeError(
            f"cannot write in {str(folder)!r}: {error.strerror}",
            "check the disk and the permissions",
        ) from error

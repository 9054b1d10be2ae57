"""Other SQLite files of a home go with its catalog: into a backup, back, and aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.backup import backup, restore
from index.embedders.hashing import HashingEmbedder
from index.errors import CatalogError
from index.home import Home
from index.kept import CONVERSATIONS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty home."""
    Home(tmp_path / "home", HashingEmbedder()).close()
    return tmp_path / "home"


def write(folder: Path, *said: str) -> None:
    """Add rows to the file that goes with a home."""
    with closing(sqlite3.connect(folder / CONVERSATIONS)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS said (text TEXT)")
        db.executemany("INSERT INTO said VALUES (?)", [(one,) for one in said])


def read(folder: Path) -> list[str]:
    """Open a home, and return the rows of the file that goes with it."""
    Home(folder, HashingEmbedder()).close()
    with closing(sqlite3.connect(folder / CONVERSATIONS)) as db:
        return [row[0] for row in db.execute("SELECT text FROM said")]


def test_a_backup_brings_it_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    long = "long " * 8_000_000  # more than fits in one row of a backup
    write(folder, "one")
    with closing(sqlite3.connect(folder / CONVERSATIONS)) as held:
        held.execute("SELECT count(*) FROM said").fetchall()
        write(folder, long)
        assert (folder / f"{CONVERSATIONS}-wal").stat().st_size, "some of it is in the log"
        backup(folder, tmp_path / "saved")
    write(folder, "two")
    restore(tmp_path / "new", tmp_path / "saved")
    assert read(tmp_path / "new") == ["one", long]
    restore(folder, tmp_path / "saved", replace=True)
    assert read(folder) == ["one", long]
    assert not [path for path in folder.iterdir() if path.suffix == ".part"]


def test_what_was_put_aside_comes_back_as_a_backup_does(folder: Path, tmp_path: Path) -> None:
    write(folder, "one")
    backup(folder, tmp_path / "saved")
    write(folder, "two")
    aside = restore(folder, tmp_path / "saved", replace=True)
    assert aside
    assert read(folder) == ["one"]
    restore(folder, aside, replace=True)
    assert read(folder) == ["one", "two"]


def test_a_backup_without_one_leaves_none(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "saved")
    write(folder, "two")
    aside = restore(folder, tmp_path / "saved", replace=True)
    assert not (folder / CONVERSATIONS).exists()
    assert aside
    restore(tmp_path / "new", aside)
    assert read(tmp_path / "new") == ["two"]


def test_a_backup_of_an_earlier_version_has_none(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "saved")
    with closing(sqlite3.connect(tmp_path / "saved")) as db:
        db.execute("DROP TABLE kept")
    write(folder, "two")
    restore(folder, tmp_path / "saved", replace=True)
    assert not (folder / CONVERSATIONS).exists()


def test_a_restore_that_was_killed_is_finished_by_the_next_opening(
    folder: Path, tmp_path: Path
) -> None:
    write(folder, "one")
    backup(folder, tmp_path / "saved")
    write(folder, "two")
    for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    (tmp_path / "saved").replace(folder / "catalog.restoring")  # killed after putting aside
    backup_of_it = tmp_path / "again"
    (folder / "catalog.restoring").replace(folder / "catalog.sqlite")  # or after this
    backup(folder, backup_of_it)
    assert read(folder) == ["one"]
    write(folder, "three")
    assert read(folder) == ["one", "three"], "it is finished once"
    restore(tmp_path / "new", backup_of_it)
    assert read(tmp_path / "new") == ["one"], "a backup in between has what the home shall have"


def test_a_damaged_one_is_told_by_a_backup_and_put_aside_by_a_restore(
    folder: Path, tmp_path: Path
) -> None:
    write(folder, "one")
    backup(folder, tmp_path / "saved")
    (folder / CONVERSATIONS).write_bytes(b"damaged " * 1000)
    with pytest.raises(CatalogError, match=rf"{CONVERSATIONS}' cannot be used"):
        backup(folder, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    restore(folder, tmp_path / "saved", replace=True)
    assert read(folder) == ["one"]
    (aside,) = folder.glob("replaced-*-conversations.sqlite")
    assert aside.read_bytes() == b"damaged " * 1000


def test_a_home_whose_catalog_is_gone_keeps_it(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "saved")
    write(folder, "one")
    for path in folder.glob("catalog.*"):
        path.unlink()
    assert read(folder) == ["one"]
    for path in folder.glob("catalog.*"):
        path.unlink()
    restore(folder, tmp_path / "saved")
    (aside,) = folder.glob("replaced-*-conversations.sqlite")
    with closing(sqlite3.connect(aside)) as db:
        assert db.execute("SELECT text FROM said").fetchall() == [("one",)]

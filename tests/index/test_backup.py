"""A backup is one file with everything; restoring it puts nothing at risk."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.backup import backup, restore
from index.embedders.hashing import HashingEmbedder
from index.errors import CatalogError, HomeError, HomeLocked
from index.home import Home
from tests.faults.syncing import change, state, write_first
from tests.index.syncing import sync


def opened(folder: Path) -> Home:
    return Home(folder, HashingEmbedder())


@pytest.fixture
def news(tmp_path: Path) -> Path:
    write_first(tmp_path / "news")
    return tmp_path / "news"


def test_a_backup_brings_everything_back(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        before = state(home)
        assert backup(tmp_path / "home", tmp_path / "saved") == len(before["articles"])
        change(news)
        sync(home, [news])
        after = state(home)
    assert restore(tmp_path / "new", tmp_path / "saved") is None
    with opened(tmp_path / "new") as home:
        assert state(home) == before
        assert sync(home, [news]).moved, "documents are remembered, too"
        assert state(home) == after
    assert {path.name for path in tmp_path.iterdir()} == {"home", "new", "news", "saved"}


def test_restoring_over_a_newer_state_takes_nothing_of_its_vectors(
    tmp_path: Path, news: Path
) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        before = state(home)
        backup(tmp_path / "home", tmp_path / "saved")
        change(news)
        sync(home, [news])
        after = state(home)
    with pytest.raises(HomeError, match="--replace"):
        restore(tmp_path / "home", tmp_path / "saved")
    aside = restore(tmp_path / "home", tmp_path / "saved", replace=True)
    assert aside
    with opened(tmp_path / "home") as home:
        assert state(home) == before
    restore(tmp_path / "home", aside, replace=True)
    with opened(tmp_path / "home") as home:
        assert state(home) == after


def test_a_backup_while_another_process_serves_and_a_sync_writes(
    tmp_path: Path, news: Path
) -> None:
    code = f"""
from pathlib import Path
from index.backup import backup
for i in range(5):
    print(backup(Path({str(tmp_path / "home")!r}), Path({str(tmp_path)!r}) / f"saved{{i}}"))
"""
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        done = threading.Event()

        def write() -> None:
            while not done.is_set():
                for path in news.glob("*.txt"):
                    path.write_text(path.read_text("utf-8") + " One more sentence.", "utf-8")
                sync(home, [news])

        writer = threading.Thread(target=write)
        writer.start()
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        done.set()
        writer.join()
        articles = home.catalog.count("articles")
    assert ran.stdout.split() == [str(articles)] * 5, ran.stderr
    restore(tmp_path / "new", tmp_path / "saved4")
    with opened(tmp_path / "new") as home:
        assert home.catalog.count("articles") == articles


def test_a_home_in_use_is_not_replaced(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        backup(tmp_path / "home", tmp_path / "saved")
        with pytest.raises(HomeLocked):
            restore(tmp_path / "home", tmp_path / "saved", replace=True)


def test_a_damaged_catalog_gives_way_to_a_backup(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        before = state(home)
        backup(tmp_path / "home", tmp_path / "saved")
    catalog = tmp_path / "home" / "catalog.sqlite"
    catalog.write_bytes(catalog.read_bytes()[:5000])
    with pytest.raises(CatalogError, match="kb restore FILE"):
        opened(tmp_path / "home")
    aside = restore(tmp_path / "home", tmp_path / "saved", replace=True)
    assert aside
    assert aside.stat().st_size == 5000, "what was there is put aside as it is"
    with opened(tmp_path / "home") as home:
        assert state(home) == before


def test_a_kill_between_the_steps_of_restoring_is_finished_by_opening(
    tmp_path: Path, news: Path
) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        before = state(home)
        backup(tmp_path / "home", tmp_path / "saved")
    (tmp_path / "home" / "catalog.sqlite").rename(tmp_path / "home" / "replaced.sqlite")
    (tmp_path / "saved").rename(tmp_path / "home" / "catalog.restoring")
    with opened(tmp_path / "home") as home:
        assert state(home) == before


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    path.write_bytes(data)


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("spoil", [damaged, foreign, newer, empty])
def test_what_is_no_backup_is_refused_before_anything_is_touched(
    tmp_path: Path, news: Path, spoil: object
) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        before = state(home)
        backup(tmp_path / "home", tmp_path / "saved")
    spoil(tmp_path / "saved")  # type: ignore[operator]
    with pytest.raises(CatalogError):
        restore(tmp_path / "home", tmp_path / "saved", replace=True)
    with opened(tmp_path / "home") as home:
        assert state(home) == before


def test_a_backup_is_not_written_over_by_accident(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
    (tmp_path / "saved").write_text("precious", "utf-8")
    with pytest.raises(HomeError, match="--overwrite"):
        backup(tmp_path / "home", tmp_path / "saved")
    assert (tmp_path / "saved").read_text("utf-8") == "precious"
    backup(tmp_path / "home", tmp_path / "saved", overwrite=True)
    with pytest.raises(HomeError, match="there is no knowledge base"):
        backup(tmp_path / "nowhere", tmp_path / "other")


def test_a_backup_into_the_home_itself_is_refused(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        for name in ("catalog.sqlite", "catalog.sqlite-wal", "lock", "chroma/x"):
            with pytest.raises(HomeError, match="in the home itself"):
                backup(tmp_path / "home", tmp_path / "home" / name, overwrite=True)
        assert home.catalog.count("articles") == 20


def test_what_is_put_aside_is_never_written_over(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        backup(tmp_path / "home", tmp_path / "saved")
    aside = [restore(tmp_path / "home", tmp_path / "saved", replace=True) for _ in range(3)]
    assert len(set(aside)) == 3


def test_a_catalog_with_its_log_beside_it_is_restored_whole(tmp_path: Path, news: Path) -> None:
    with opened(tmp_path / "home") as home:
        sync(home, [news])
        for name in ("catalog.sqlite", "catalog.sqlite-wal"):
            (tmp_path / name).write_bytes((tmp_path / "home" / name).read_bytes())
        before = home.catalog.count("articles")
    restore(tmp_path / "new", tmp_path / "catalog.sqlite")
    with opened(tmp_path / "new") as home:
        assert home.catalog.count("articles") == before

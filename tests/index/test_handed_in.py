"""Documents that were handed in go with their home: into a backup, back, and where it is moved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.backup import backup, restore
from kb import KnowledgeBase, open_knowledge_base

NAME, OTHER = "ferry notes.txt", "bridge.md"
FERRY = b"The ferry\n\nThe ferry across the Odra has carried 900 people since June.\n"
BRIDGE = b"# The bridge\n\nThe bridge at Ostrava was closed on Monday.\n"


def opened(folder: Path) -> KnowledgeBase:
    return open_knowledge_base(folder, model="quotes", embedder="hashing")


def documents(home: Path) -> dict[str, bytes]:
    """Return what lies in the folder of what was handed in, hidden files too."""
    return {file.name: file.read_bytes() for file in (home / "uploads").iterdir()}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home into which two documents were handed."""
    with opened(tmp_path / "home") as kb:
        kb.put(NAME, FERRY)
        kb.put(OTHER, BRIDGE)
    return tmp_path / "home"


def is_as_it_was(home: Path, ids: set[str]) -> None:
    """Hold a home with the ferry and the bridge to know its documents as its own."""
    with opened(home) as kb:
        assert {one.id for one in kb.articles()} == ids
        (again,) = kb.put(NAME, FERRY + b"It goes on.\n")
        assert again.id in ids, "it takes the place of the one of the same name"
        assert kb.count() == 2
        kb.remove([again.id])
    assert set(documents(home).values()) == {BRIDGE}


def ids_of(home: Path) -> set[str]:
    with opened(home) as kb:
        return {one.id for one in kb.articles()}


def test_a_backup_brings_them_back_also_elsewhere(home: Path, tmp_path: Path) -> None:
    ids, before = ids_of(home), documents(home)
    backup(home, tmp_path / "saved")
    restore(tmp_path / "new", tmp_path / "saved")
    assert documents(tmp_path / "new") == before
    is_as_it_was(tmp_path / "new", ids)
    assert documents(home) == before


def test_restoring_over_others_puts_these_aside(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "saved")
    before = documents(home)
    with opened(home) as kb:
        kb.put(NAME, FERRY + b"Since July, 1,000.\n")
        kb.put("third.txt", b"Third\n\nA third text of something.\n")
    later = documents(home)
    aside = restore(home, tmp_path / "saved", replace=True)
    assert documents(home) == before
    assert aside
    restore(tmp_path / "new", aside)
    assert documents(tmp_path / "new") == later


def test_a_large_one_comes_back_whole(home: Path, tmp_path: Path) -> None:
    large = b"Large\n\n" + b"A sentence of the large one.\n" * 700_000  # more than a row has
    (home / "uploads" / "large-0123456789abcdef.txt").write_bytes(large)
    backup(home, tmp_path / "saved")
    restore(tmp_path / "new", tmp_path / "saved")
    assert large in documents(tmp_path / "new").values()


def test_a_restore_that_was_killed_is_finished_by_the_next_opening(
    home: Path, tmp_path: Path
) -> None:
    ids, before = ids_of(home), documents(home)
    backup(home, tmp_path / "saved")
    for file in (home / "uploads").iterdir():
        file.write_bytes(b"half")
    (home / "uploads" / ".bridge.part").write_bytes(b"half")
    for ending in ("", "-wal", "-shm"):
        (home / f"catalog.sqlite{ending}").unlink(missing_ok=True)
    (tmp_path / "saved").replace(home / "catalog.restoring")
    backup_in_between = tmp_path / "between"
    (home / "catalog.restoring").replace(home / "catalog.sqlite")
    backup(home, backup_in_between)
    with opened(home):
        assert documents(home) == before
    is_as_it_was(home, ids)
    restore(tmp_path / "new", backup_in_between)
    assert documents(tmp_path / "new") == before


def test_a_backup_of_an_earlier_version_leaves_what_there_is(home: Path, tmp_path: Path) -> None:
    before = documents(home)
    backup(home, tmp_path / "saved")
    with closing(sqlite3.connect(tmp_path / "saved")) as db, db:
        db.execute("DELETE FROM kept WHERE name LIKE 'uploads/%'")
    restore(home, tmp_path / "saved", replace=True)
    assert documents(home) == before


def test_a_damaged_home_gives_way_with_its_documents(home: Path, tmp_path: Path) -> None:
    before = documents(home)
    backup(home, tmp_path / "saved")
    with opened(home) as kb:
        kb.put("third.txt", b"Third\n\nA third text of something.\n")
    later = documents(home)
    (home / "catalog.sqlite").write_bytes(b"damaged " * 1000)
    aside = restore(home, tmp_path / "saved", replace=True)
    assert documents(home) == before
    assert aside
    put_aside = home / f"{aside.stem}-uploads"
    assert {file.name: file.read_bytes() for file in put_aside.iterdir()} == later


@pytest.mark.parametrize("name", ["../../out.txt", "/out.txt", "..", ".hidden", "a/b.txt", ""])
def test_a_forged_backup_writes_nowhere_else(home: Path, tmp_path: Path, name: str) -> None:
    backup(home, tmp_path / "saved")
    with closing(sqlite3.connect(tmp_path / "saved")) as db, db:
        row = (f"uploads/{name}", 1, b"forged")
        db.execute("INSERT INTO kept VALUES (?, ?, ?)", row)
    there = set(tmp_path.rglob("*"))
    restore(tmp_path / "new", tmp_path / "saved")
    with opened(tmp_path / "new"):
        assert set(documents(tmp_path / "new").values()) == {FERRY, BRIDGE}
    added = set(tmp_path.rglob("*")) - there
    assert not [path for path in added if not path.is_relative_to(tmp_path / "new")]
    assert not Path("/out.txt").exists()


def test_a_home_that_is_moved_takes_them_along(home: Path, tmp_path: Path) -> None:
    ids = ids_of(home)
    home.rename(tmp_path / "moved")
    is_as_it_was(tmp_path / "moved", ids)


def test_a_home_behind_a_link_knows_them(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with opened(tmp_path / "link" / "home") as kb:
        (one,) = kb.put(NAME, FERRY)
        kb.put_article("a", title="A", text="A text of something.")
        kb.remove([one.id])
    assert len(documents(tmp_path / "real" / "home")) == 1

"""A home is owned by one process, and what is derived in it heals."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from index.errors import CatalogError, HomeError, HomeLocked, KBError, SettingsError
from index.home import Home
from index.search import Search
from tests.index.syncing import sync


def opened(folder: Path, **options: bool) -> Home:
    return Home(folder, HashingEmbedder(), **options)


@pytest.fixture
def filled(tmp_path: Path, folder: Path) -> Path:
    with opened(tmp_path / "home") as home:
        sync(home, [folder])
    return tmp_path / "home"


def damage_nothing(chroma: Path) -> None:
    pass


def delete(chroma: Path) -> None:
    shutil.rmtree(chroma)


def truncate(chroma: Path) -> None:
    for file in chroma.rglob("*.sqlite3"):
        file.write_bytes(file.read_bytes()[:2000])


def overwrite(chroma: Path) -> None:
    for file in chroma.rglob("*.sqlite3"):
        file.write_bytes(b"not a database")


def empty(chroma: Path) -> None:
    for file in [path for path in chroma.rglob("*") if path.is_file()]:
        file.unlink()


@pytest.mark.parametrize("damage", [damage_nothing, delete, truncate, overwrite, empty])
def test_the_vector_index_heals_from_the_catalog(
    filled: Path, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(filled / "chroma")

    def fail(texts: object) -> None:
        raise AssertionError("nothing is embedded again")

    embedder = HashingEmbedder()
    asked = embedder.embed_query("otters on the river")
    monkeypatch.setattr(embedder, "embed_documents", fail)
    monkeypatch.setattr("index.vectors._FEW", 0)  # by the graph, as in a large home
    with Home(filled, embedder) as home:
        assert home.healed == (damage is not damage_nothing)
        ids = {id for id, _ in home.vectors.nearest(asked, 10)}
        assert ids == {row[0] for row in home.catalog.rows("SELECT id FROM passages")}


def test_an_index_from_another_home_is_made_anew(filled: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as other:
        (tmp_path / "x.txt").write_text("One text.", "utf-8")
        sync(other, [tmp_path / "x.txt"])
    shutil.rmtree(filled / "chroma")
    shutil.copytree(tmp_path / "other" / "chroma", filled / "chroma")
    with opened(filled) as home:
        assert home.healed
        search = Search(home)
        assert search.search("otters on the river", 1)[0].article.uri == "news/otters.txt"


def test_a_second_opener_is_told_who_has_it(filled: Path) -> None:
    with opened(filled), pytest.raises(HomeLocked, match=r"in use by process \d+"):
        opened(filled)
    opened(filled).close()


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_with_other_things_is_no_home(folder: Path, create: bool) -> None:
    with pytest.raises(HomeError, match="knowledge base"):
        opened(folder, create=create)
    assert {path.name for path in folder.iterdir()} == {"bridge.md", "otters.txt"}


def test_a_home_is_not_made_by_asking(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="kb sync"):
        opened(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(HomeError):
        opened(tmp_path / "file")


def garbage(catalog: Path) -> None:
    catalog.write_bytes(b"garbage" * 1000)


def foreign(catalog: Path) -> None:
    catalog.unlink()
    with sqlite3.connect(catalog) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()


def newer(catalog: Path) -> None:
    with sqlite3.connect(catalog) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def cut(catalog: Path) -> None:
    catalog.write_bytes(catalog.read_bytes()[:5000])


@pytest.mark.parametrize("damage", [garbage, foreign, newer, cut])
def test_a_damaged_or_foreign_catalog_is_refused_in_one_line(
    filled: Path, damage: Callable[[Path], None]
) -> None:
    damage(filled / "catalog.sqlite")
    before = (filled / "catalog.sqlite").read_bytes()
    with pytest.raises(CatalogError) as told:
        opened(filled)
    assert "catalog" in str(told.value)
    assert "\n" not in str(told.value)
    assert (filled / "catalog.sqlite").read_bytes() == before


def test_another_embedder_is_refused(filled: Path) -> None:
    other = HashingEmbedder()
    other.name = "hashing:other@2"
    with pytest.raises(SettingsError, match="hashing:words@1"):
        Home(filled, other)


def test_every_error_is_one_line_with_what_to_do() -> None:
    assert str(KBError("it\nfailed", "do this")) == "it failed. do this."
    assert str(KBError("it failed")) == "it failed."

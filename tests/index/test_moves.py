"""A renamed article stays the same article: nothing is embedded, nothing is removed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.home import Home
from tests.index.syncing import sync


def ids(home: Home) -> dict[str, str]:
    return {one.uri: one.id for one in home.catalog.articles()}


@pytest.fixture
def filled(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of the folder, whose embedder may not be asked any more."""
    sync(home, [folder])

    def refuse(texts: object) -> None:
        raise AssertionError("nothing is embedded for a move")

    monkeypatch.setattr(home.embedder, "embed_documents", refuse)
    return home


def test_a_renamed_file_keeps_its_article(filled: Home, folder: Path) -> None:
    before = ids(filled)
    revision = filled.catalog.revision
    (folder / "otters.txt").rename(folder / "animals.txt")
    report = sync(filled, [folder])
    assert report.moved == (("news/otters.txt", "news/animals.txt"),)
    assert (report.added, report.updated, report.removed, report.kept) == ((), (), (), 1)
    assert ids(filled)["news/animals.txt"] == before["news/otters.txt"]
    assert filled.catalog.revision == revision, "passages, words and vectors are not touched"
    assert sync(filled, [folder]).kept == 2


def test_a_copy_whose_original_is_removed_is_a_move(filled: Home, folder: Path) -> None:
    before = ids(filled)
    shutil.copyfile(folder / "otters.txt", folder / "copy.txt")
    (folder / "otters.txt").unlink()
    assert sync(filled, [folder]).moved == (("news/otters.txt", "news/copy.txt"),)
    assert ids(filled)["news/copy.txt"] == before["news/otters.txt"]


def test_a_renamed_folder_moves_all_that_is_in_it(filled: Home, folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "bridge.md").rename(folder / "old" / "bridge.md")
    sync(filled, [folder])
    (folder / "old").rename(folder / "new")
    assert sync(filled, [folder]).moved == (("news/old/bridge.md", "news/new/bridge.md"),)


def test_a_moved_article_can_be_changed_and_its_old_place_taken(home: Home, folder: Path) -> None:
    sync(home, [folder])
    (folder / "otters.txt").rename(folder / "animals.txt")
    sync(home, [folder])
    (folder / "otters.txt").write_text("Another text under the old name.", "utf-8")
    assert sync(home, [folder]).added == ("news/otters.txt",)
    (folder / "animals.txt").write_text("Otters were counted again: 35.", "utf-8")
    sync(home, [folder])
    now = ids(home)
    assert len(set(now.values())) == 3
    assert set(now) == {"news/otters.txt", "news/animals.txt", "news/bridge.md"}


def test_a_moved_article_that_was_changed_too_is_updated(home: Home, folder: Path) -> None:
    sync(home, [folder])
    before = ids(home)["news/otters.txt"]
    (folder / "otters.txt").rename(folder / "animals.txt")
    sync(home, [folder])
    (folder / "animals.txt").write_text("Otters were counted again: 35.", "utf-8")
    report = sync(home, [folder])
    assert report.updated == ("news/animals.txt",)
    assert ids(home)["news/animals.txt"] == before


def corpus(path: Path, *names: str) -> Path:
    lines = [json.dumps({"id": name, "text": f"The text of {name}."}) for name in names]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_articles_that_change_places_between_corpora_are_moved(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "corpora"
    folder.mkdir()
    corpus(folder / "a.jsonl", "x")
    corpus(folder / "b.jsonl", "y", "z")
    sync(home, [folder])
    corpus(folder / "a.jsonl", "x", "y")
    corpus(folder / "b.jsonl", "z")
    report = sync(home, [folder])
    assert report.moved == (("corpora/b.jsonl#y", "corpora/a.jsonl#y"),)
    assert (report.removed, report.skipped, report.kept) == ((), (), 2)
    assert sync(home, [folder]).kept == 3

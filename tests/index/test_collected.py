"""Collections: what came from one folder, feed or site, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.collected import HANDED_IN, Collection, collected
from index.embedders.hashing import HashingEmbedder
from index.filter import Filter
from index.home import Home
from index.search import Search
from tests.index.syncing import sync

FILES = ("news/a.txt", "news/sport/b.txt", "news/sport/inner/c.txt", "news/sportsman/d.txt")


@pytest.fixture
def filled(tmp_path: Path) -> Home:
    """A home of two folders, one with folders in it."""
    for name in (*FILES, "other/news/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Otters were counted for {path.stem}.", "utf-8")
    home = Home(tmp_path / "home", HashingEmbedder())
    sync(home, [tmp_path / "news", tmp_path / "other"])
    return home


def test_a_folder_is_one_and_each_folder_in_it(filled: Home) -> None:
    assert filled.catalog.collected().collections == (
        Collection("news", 4),
        Collection("news/sport", 2),
        Collection("news/sportsman", 1),
        Collection("other", 1),
        Collection("other/news", 1),
    )


@pytest.mark.parametrize(
    ("names", "there"),
    [
        (("news",), "abcd"),
        (("News/Sport",), "bc"),
        (("news/sport", "other/news"), "bce"),
        (("nothing",), ""),
        (("nothing", "other"), "e"),
        (("' OR 1=1 --",), ""),
    ],
)
def test_a_search_finds_all_that_is_in_a_collection_and_nothing_else(
    filled: Home, names: tuple[str, ...], there: str
) -> None:
    wanted = Filter.of(collections=names)
    listed = {Path(one.uri).stem for one in filled.catalog.articles(wanted)}
    hits = Search(filled).search("How many otters were counted?", 100, wanted)
    assert listed == {Path(hit.article.uri).stem for hit in hits} == set(there)
    assert filled.catalog.count_articles(wanted) == len(there)


def test_they_follow_what_is_synced(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "news/a.txt").unlink()
    (tmp_path / "news/sportsman/d.txt").unlink()
    sync(filled, [tmp_path / "news"])
    names = [one.name for one in filled.catalog.collected().collections]
    assert names == ["news", "news/sport", "other", "other/news"]


def test_feeds_sites_files_and_what_was_handed_in(tmp_path: Path) -> None:
    uploads = tmp_path / "home" / "uploads"
    rows = [
        ("https://a.example/1", "https://a.example/feed", 1),
        ("https://b.example/2", "https://a.example/feed", 2),
        ("/data/corpus.jsonl", "/data/corpus.jsonl", 609),
        (f"{uploads}/x.pdf", f"{uploads}/x.pdf", 1),
        (f"{uploads}/y.pdf", f"{uploads}/y.pdf", 1),
    ]
    found = {one.name: one.articles for one in collected(rows, uploads).collections}
    expected = {"https://a.example/feed": 3, "corpus.jsonl": 609, HANDED_IN: 2}
    assert found == expected

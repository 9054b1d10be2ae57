"""Threads that search while one syncs see each article before a change or after it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.article import Hit
from index.embedders.hashing import HashingEmbedder
from index.filter import Filter
from index.home import Home
from index.search import Search
from tests.index.syncing import sync

_VERSIONS = 25
_ARTICLES = 6


def _write(folder: Path, version: int) -> None:
    for i in range(_ARTICLES):
        parts = [f"Zebra number {i} was counted in version {version}, part {n}." for n in range(60)]
        head = f"---\nsource: Zoo\ndate: 2024-05-0{i + 1}\n---\n"
        (folder / f"{i}.txt").write_text(head + " ".join(parts), "utf-8")


def _problems(hits: Sequence[Hit]) -> list[str]:
    """Return what is wrong with a search that must find every passage of every article once."""
    found: list[str] = []
    by_article: dict[str, list[Hit]] = {}
    for hit in hits:
        by_article.setdefault(hit.article.uri, []).append(hit)
        start, end = hit.passage.start, hit.passage.end
        if hit.article.text[start:end] != hit.passage.text:
            found.append("a passage is not its article's")
    if len(by_article) != _ARTICLES:
        found.append(f"{len(by_article)} articles of {_ARTICLES}")
    for uri, theirs in by_article.items():
        if len({hit.article.fingerprint for hit in theirs}) != 1:
            found.append(f"two versions of {uri} at once")
        covered = sum(hit.passage.end - hit.passage.start for hit in theirs)
        if covered < 0.95 * len(theirs[0].article.text):
            found.append(f"half of {uri}")
    return found


def test_four_threads_search_while_one_syncs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors._FEW", 0)  # by the graph, as in a large home
    folder = tmp_path / "news"
    folder.mkdir()
    _write(folder, 0)
    problems: list[str] = []
    searches: list[int] = []
    done = threading.Event()
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        sync(home, [folder])

        def look(wanted: Filter | None) -> None:
            search = Search(home)
            while not done.is_set():
                try:
                    problems.extend(
                        _problems(search.search("Which zebra was counted?", 200, wanted))
                    )
                except Exception as error:  # noqa: BLE001 - any error is what this is about
                    problems.append(repr(error))
                    return
                searches.append(1)

        filters = [None, None, Filter.of(sources=["zoo"]), Filter.of(since="2024-05-01")]
        threads = [threading.Thread(target=look, args=(one,)) for one in filters]
        for thread in threads:
            thread.start()
        for version in range(1, _VERSIONS):
            _write(folder, version)
            assert len(sync(home, [folder]).updated) == _ARTICLES
        done.set()
        for thread in threads:
            thread.join()
    assert problems == []
    assert len(searches) >= _VERSIONS

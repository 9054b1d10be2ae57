"""Threads that search while one syncs see each article before a change or after it."""

from __future__ import annotations

import threading
from pathlib import Path

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


def test_four_threads_search_while_one_syncs(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    _write(folder, 0)
    problems: list[str] = []
    searches = 0
    done = threading.Event()
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        sync(home, [folder])

        def look(wanted: Filter | None) -> None:
            nonlocal searches
            search = Search(home)
            while not done.is_set():
                try:
                    hits = search.search("Which zebra was counted?", 200, wanted)
                except Exception as error:  # noqa: BLE001 - any error is what this is about
                    problems.append(repr(error))
                    return
                seen: dict[str, set[str]] = {}
                for hit in hits:
                    start, end = hit.passage.start, hit.passage.end
                    if hit.article.text[start:end] != hit.passage.text:
                        problems.append("a passage is not its article's")
                    seen.setdefault(hit.article.uri, set()).add(hit.article.fingerprint)
                covered = {
                    hit.article.uri: sum(
                        other.passage.end - other.passage.start
                        for other in hits
                        if other.article.uri == hit.article.uri
                    )
                    / len(hit.article.text)
                    for hit in hits
                }
                if len(seen) != _ARTICLES:
                    problems.append(f"{len(seen)} articles of {_ARTICLES}")
                if any(len(versions) != 1 for versions in seen.values()):
                    problems.append("two versions of one article at once")
                if any(share < 0.95 for share in covered.values()):
                    problems.append(f"half of an article: {covered}")
                searches += 1

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
    assert searches >= _VERSIONS

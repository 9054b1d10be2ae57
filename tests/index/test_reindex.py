"""Another embedder for a home: nothing is cut anew, nothing is lost, and the old one serves on."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Hit
from index.embedders.hashing import HashingEmbedder
from index.errors import CatalogError, EmbedderError, HomeError
from index.home import Home
from index.protocols import Embedder
from index.reindex import ReindexProgress, reindex
from index.search import Search
from tests.faults.syncing import QUESTION, change, check_whole, state, write_first
from tests.index.other_embedder import OtherEmbedder
from tests.index.syncing import sync

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of twenty articles."""
    write_first(tmp_path / "news")
    return tmp_path / "news"


@pytest.fixture
def home(tmp_path: Path, news: Path) -> Any:
    """A home of this folder."""
    with Home(tmp_path / "home", HashingEmbedder()) as opened:
        sync(opened, [news])
        yield opened


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reindex._AT_ONCE", 8)
    monkeypatch.setattr("index.reindex._WINDOW", 20)


def made_with(embedder: Embedder, folder: Path, news: Path) -> dict[str, Any]:
    """Return the state of a new home of this folder."""
    with Home(folder, embedder) as opened:
        sync(opened, [news])
        return state(opened)


def models(home: Home) -> set[str]:
    """Return the names of the embedders of which vectors are kept."""
    return {row[0] for row in home.catalog.rows("SELECT DISTINCT model FROM embeddings")}


def nearest(home: Home) -> list[tuple[str, float]]:
    """Return what is found by vectors alone."""
    return home.vectors.nearest(home.embedder.embed_query(QUESTION), 30)


def test_afterwards_it_is_as_if_made_with_the_other_embedder(
    home: Home, news: Path, tmp_path: Path
) -> None:
    articles = home.catalog.rows("SELECT number, id, text FROM articles")
    report = reindex(home, OtherEmbedder())
    assert (report.before, report.embedder) == (HashingEmbedder.name, OtherEmbedder.name)
    assert report.passages == report.embedded == home.catalog.count("passages")
    assert not report.stopped
    assert models(home) == {OtherEmbedder.name}
    assert home.catalog.rows("SELECT number, id, text FROM articles") == articles
    found = state(home)
    assert found == made_with(OtherEmbedder(), tmp_path / "new", news)
    home.close()
    with Home(tmp_path / "home", OtherEmbedder()) as again:
        assert not again.healed, "the graph was whole when the reindex returned"
        assert state(again) == found


def test_syncs_go_on_with_the_new_one(home: Home, news: Path, tmp_path: Path) -> None:
    reindex(home, OtherEmbedder())
    change(news)
    sync(home, [news])
    check_whole(home)
    fresh = made_with(OtherEmbedder(), tmp_path / "new", news)
    assert state(home)["nearest"] == fresh["nearest"]
    assert models(home) == {OtherEmbedder.name}


def test_the_old_one_serves_until_everything_is_embedded(home: Home) -> None:
    before, hits = nearest(home), Search(home).search(QUESTION)
    steps = 0

    def look(texts: Sequence[str]) -> None:
        nonlocal steps
        steps += 1
        assert home.embedder.name == HashingEmbedder.name
        assert nearest(home) == before
        assert Search(home).search(QUESTION) == hits

    reindex(home, OtherEmbedder(look))
    assert steps > 3


@pytest.mark.parametrize("batches", [0, 1, 3, 5])
def test_a_stopped_one_goes_on_where_it_was(home: Home, batches: int) -> None:
    before = nearest(home)
    done: list[ReindexProgress] = []
    stopped = reindex(
        home, OtherEmbedder(), progress=done.append, stop=lambda: len(done) >= batches
    )
    assert stopped.stopped
    assert len(done) == batches
    assert home.embedder.name == HashingEmbedder.name
    assert nearest(home) == before
    rest = reindex(home, OtherEmbedder(), progress=done.append)
    assert stopped.embedded + rest.embedded == rest.passages, "nothing is embedded twice"
    assert [step.done for step in done] == sorted({step.done for step in done})
    assert done[-1].share == 1.0
    assert done[-1].seconds_left == 0
    assert models(home) == {OtherEmbedder.name}


def test_what_was_embedded_for_another_one_is_forgotten(home: Home) -> None:
    before = state(home)
    steps: list[ReindexProgress] = []
    reindex(home, OtherEmbedder(), progress=steps.append, stop=lambda: bool(steps))
    assert models(home) == {HashingEmbedder.name, OtherEmbedder.name}
    report = reindex(home, HashingEmbedder())
    assert report.embedded == 0
    assert models(home) == {HashingEmbedder.name}
    assert state(home) == before


def test_a_sync_in_between_is_caught_up_with(home: Home, news: Path, tmp_path: Path) -> None:
    once = [True]

    def sync_once(texts: Sequence[str]) -> None:
        if once:
            once.clear()
            change(news)
            sync(home, [news])

    reindex(home, OtherEmbedder(sync_once))
    check_whole(home)
    fresh = made_with(OtherEmbedder(), tmp_path / "new", news)
    found = state(home)
    assert found["nearest"] == fresh["nearest"]
    assert found["embeddings"] == fresh["embeddings"], "none of what was removed meanwhile is left"


def test_the_last_ones_are_embedded_while_no_sync_is_at_work(home: Home, news: Path) -> None:
    class Still:
        def __enter__(self) -> None:
            (news / "late.txt").write_text("Stored between the embedding and the switch.", "utf-8")
            sync(home, [news])

        def __exit__(self, *_: object) -> None:
            assert home.embedder.name == OtherEmbedder.name

    reindex(home, OtherEmbedder(), still=Still())
    check_whole(home)
    assert models(home) == {OtherEmbedder.name}


def test_every_search_is_by_one_embedder_or_the_other(home: Home) -> None:
    search, ends = Search(home), threading.Event()
    found: list[list[Hit]] = []
    expected = []
    for embedder in (OtherEmbedder(), HashingEmbedder()):
        reindex(home, embedder)
        expected.append(search.search(QUESTION))

    def look() -> None:
        while not ends.is_set():
            found.append(search.search(QUESTION))

    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(look) for _ in range(2)]
        for _ in range(4):
            reindex(home, OtherEmbedder())
            reindex(home, HashingEmbedder())
        ends.set()
        for one in looking:
            one.result()
    similar = [[(hit.passage.id, round(hit.similarity, 4)) for hit in hits] for hits in expected]
    assert similar[0] != similar[1]
    for hits in found:
        assert [(hit.passage.id, round(hit.similarity, 4)) for hit in hits] in similar


def fail(texts: Sequence[str]) -> None:
    """Fail as a damaged model does."""
    raise EmbedderError("the model is damaged", "fetch it again")


def test_a_model_that_fails_changes_nothing(home: Home) -> None:
    before = state(home)
    with pytest.raises(EmbedderError, match="damaged"):
        reindex(home, OtherEmbedder(fail))
    assert state(home) == before
    with pytest.raises(EmbedderError, match="'nonsense'"):
        reindex(home, "nonsense")
    assert state(home) == before


def test_too_little_room_is_told_before_anything_is_embedded(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**6, 10**6, 1000))
    with pytest.raises(HomeError, match=r"0 MB free, .* passages need .*make room"):
        reindex(home, OtherEmbedder(fail))
    assert models(home) == {HashingEmbedder.name}


def test_a_switch_that_fails_leaves_the_old_one_in_use(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = nearest(home)

    def full(model: str) -> None:
        raise CatalogError("the disk is full", "make room")

    with monkeypatch.context() as patched:
        patched.setattr(home.catalog, "keep_vectors_of", full)
        with pytest.raises(CatalogError):
            reindex(home, OtherEmbedder())
    assert home.catalog.get("embedder") == home.embedder.name == HashingEmbedder.name
    assert nearest(home) == before
    report = reindex(home, OtherEmbedder(fail))  # all is embedded already
    assert report.embedder == home.embedder.name


def test_an_empty_home_changes_over_at_once(tmp_path: Path) -> None:
    with Home(tmp_path / "empty", HashingEmbedder()) as home:
        assert reindex(home, OtherEmbedder()).passages == 0
        (tmp_path / "a.txt").write_text("Otters swim.", "utf-8")
        sync(home, [tmp_path / "a.txt"])
        check_whole(home)
        assert models(home) == {OtherEmbedder.name}


STEPS = st.lists(st.sampled_from(["change", "back", "other", "hashing"]), min_size=1, max_size=6)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, stops=st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_whatever_the_order_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], stops: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    news = folder / "news"
    news.mkdir()
    texts = {f"{i}.txt": f"Article {i} tells of word{i} and word{i + 1}." for i in range(9)}
    targets: dict[str, Callable[[], Embedder]] = {
        "other": OtherEmbedder,
        "hashing": HashingEmbedder,
    }
    with Home(folder / "home", HashingEmbedder()) as home:
        for step, stop in zip(steps, stops, strict=False):
            if step in targets:
                done: list[ReindexProgress] = []
                reindex(
                    home,
                    targets[step](),
                    progress=done.append,
                    stop=lambda done=done, stop=stop: len(done) > stop,  # type: ignore[misc]
                )
            else:
                for name, text in list(texts.items())[: stop + 2]:
                    (news / name).write_text(text + (" Anew." if step == "change" else ""), "utf-8")
                sync(home, [news])
            check_whole(home)
            in_use = home.embedder.name
            assert home.catalog.get("embedder") == in_use
            assert home.catalog.count_lacking(in_use) == 0
            orphans = (
                "SELECT 1 FROM embeddings WHERE text_key NOT IN (SELECT text_key FROM passages)"
            )
            assert home.catalog.rows(orphans) == []


def test_vectors_are_those_of_the_indexed_text(home: Home) -> None:
    seen: dict[str, None] = {}
    reindex(home, OtherEmbedder(lambda texts: seen.update(dict.fromkeys(texts))))
    rows = home.catalog.rows("SELECT vector FROM embeddings")
    stored = np.stack([np.frombuffer(row[0], "<f4") for row in rows])
    for vector in OtherEmbedder().embed_documents(list(seen)):
        assert np.isclose(stored @ vector, 1, atol=1e-5).any()

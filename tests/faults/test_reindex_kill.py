"""A reindex killed at any moment, or on a full disk: one embedder or the other, and never half."""

from __future__ import annotations

import random
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from index.embedders.hashing import HashingEmbedder
from index.errors import CatalogError
from index.home import Home
from index.reindex import reindex
from tests.faults.reindexing import open_either, reindex_slowly
from tests.faults.syncing import check_whole, state, write_first
from tests.index.other_embedder import OtherEmbedder
from tests.index.syncing import sync

_ROUNDS = 80
_LEAST_KILLED = 50
_ORPHANS = "SELECT 1 FROM embeddings WHERE text_key NOT IN (SELECT text_key FROM passages)"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the hashing embedder."""
    place = tmp_path_factory.mktemp("reindexed")
    write_first(place / "news")
    with Home(place / "first", HashingEmbedder()) as home:
        sync(home, [place / "news"])
    return place


def test_kill_at_80_random_moments(place: Path, server: ForkServerContext) -> None:
    states = {}
    with Home(place / "first", HashingEmbedder()) as home:
        states[HashingEmbedder.name] = state(home)
    for name in ("warm", "whole"):  # the first child waits for the server to start
        shutil.copytree(place / "first", place / name)
        begun = time.perf_counter()
        child = server.Process(target=reindex_slowly, args=(str(place / name),))
        child.start()
        child.join()
        takes = time.perf_counter() - begun
    with Home(place / "whole", OtherEmbedder()) as home:
        states[OtherEmbedder.name] = state(home)
    chance = random.Random(5)
    moments = [chance.random() * takes for _ in range(_ROUNDS)]
    with ThreadPoolExecutor(2) as pool:
        killed = sum(
            pool.map(lambda i: _killed(place, server, i, moments[i], states), range(_ROUNDS))
        )
    assert killed >= _LEAST_KILLED, "most children must die in the middle of their work"


def _killed(
    place: Path, server: ForkServerContext, round: int, after: float, states: dict[str, Any]
) -> bool:
    """Kill a reindex after so many seconds, check what is left, finish it, and compare."""
    folder = place / f"home{round}"
    shutil.copytree(place / "first", folder)
    child = server.Process(target=reindex_slowly, args=(str(folder),))
    child.start()
    child.join(after)
    child.kill()
    child.join()
    with open_either(folder) as home:
        check_whole(home)
        found = state(home)
        found["embeddings"] = sorted(set(found["embeddings"]))  # some of both, in between
        assert found == states[home.embedder.name]
        assert home.catalog.rows(_ORPHANS) == []
        lacking = home.catalog.count_lacking(OtherEmbedder.name)
        assert reindex(home, OtherEmbedder()).embedded == lacking, "the rest, and nothing twice"
        assert state(home) == states[OtherEmbedder.name]
    shutil.rmtree(folder)
    return child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("pages", [0, 1, 3])
def test_a_full_disk_is_told_and_the_old_one_stays(
    place: Path, tmp_path: Path, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.reindex._AT_ONCE", 4)
    shutil.copytree(place / "first", tmp_path / "home")
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        before = state(home)
        with home.catalog.transaction():  # SQLite says of a file at its limit what a full disk says
            ((there,),) = home.catalog.rows("PRAGMA page_count")
            home.catalog.rows(f"PRAGMA max_page_count = {there + pages}")
        with pytest.raises(CatalogError, match=r"full\. make room on the disk; what was stored"):
            reindex(home, OtherEmbedder())
        found = state(home)
        found["embeddings"] = sorted(set(found["embeddings"]))
        assert found == before
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        assert not reindex(home, OtherEmbedder()).stopped
        check_whole(home)

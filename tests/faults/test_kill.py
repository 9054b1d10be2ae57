"""A sync killed at any moment loses nothing that was stored, and the next one finishes it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from index.errors import HomeLocked
from index.home import Home
from tests.faults.syncing import change, check_whole, state, sync_and_tell, write_first
from tests.index.syncing import sync

_ROUNDS = 200
_LEAST_KILLED = 120


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of a folder as it was first, and the folder as it is now."""
    place = tmp_path_factory.mktemp("killed")
    write_first(place / "news")
    with Home(place / "first", HashingEmbedder()) as home:
        sync(home, [place / "news"])
    change(place / "news")
    return place


def test_kill_at_200_random_moments(place: Path, server: ForkServerContext) -> None:
    for name in ("warm", "whole"):  # the first child waits for the server to start
        shutil.copytree(place / "first", place / name)
        begun = time.perf_counter()
        arguments = (str(place / name), str(place / "news"), "/dev/null", 8)
        child = server.Process(target=sync_and_tell, args=arguments)
        child.start()
        child.join()
        takes = time.perf_counter() - begun
    with Home(place / "whole", HashingEmbedder()) as home:
        whole = state(home)
    chance = random.Random(11)
    moments = [chance.random() * takes for _ in range(_ROUNDS)]
    with ThreadPoolExecutor(2) as pool:
        killed = sum(
            pool.map(
                lambda round: _killed(place, server, round, moments[round], whole), range(_ROUNDS)
            )
        )
    assert killed >= _LEAST_KILLED, "most children must die in the middle of their work"


def _killed(
    place: Path, server: ForkServerContext, round: int, after: float, whole: dict[str, object]
) -> bool:
    """Kill a sync after so many seconds, check what is left, finish it, and compare."""
    folder, told = place / f"home{round}", place / f"told{round}"
    shutil.copytree(place / "first", folder)
    arguments = (str(folder), str(place / "news"), str(told), 8)
    child = server.Process(target=sync_and_tell, args=arguments)
    child.start()
    child.join(after)
    child.kill()
    child.join()
    reported = set(told.read_text("utf-8").split("\n")[:-1]) if told.exists() else set()
    with Home(folder, HashingEmbedder()) as home:
        there = {row[0]: row[1] for row in home.catalog.rows("SELECT uri, text FROM articles")}
        assert reported <= there.keys(), "what was reported as done is there"
        now = {row[0]: row[3] for row in whole["articles"]}  # type: ignore[attr-defined]
        assert all(there[uri] == now[uri] for uri in reported)
        check_whole(home)
        sync(home, [place / "news"])
        found = state(home)
        for name in whole:
            assert found[name] == whole[name], name
    shutil.rmtree(folder)
    return child.exitcode == -signal.SIGKILL


_HOLDING = """
import sys, time
from pathlib import Path
from index.embedders.hashing import HashingEmbedder
from index.home import Home
with Home(Path(sys.argv[1]), HashingEmbedder()):
    print("open", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_at_once_and_a_killed_one_blocks_nobody(
    place: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDING, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(HomeLocked, match=rf"in use by process {holder.pid} .*end that process"):
        Home(folder, HashingEmbedder())
    holder.kill()
    holder.wait()
    holder.stdout.close()
    Home(folder, HashingEmbedder()).close()

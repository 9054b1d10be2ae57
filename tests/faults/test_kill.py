"""A sync killed at any moment loses nothing that was stored, and the next one finishes it."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from index.home import Home
from index.search import Search
from index.sync import sync

_CHILD = """
import sys
from pathlib import Path
from index import sync as room
from index.embedders.hashing import HashingEmbedder
from index.home import Home
room._PASSAGES_AT_ONCE = 8
with Home(Path(sys.argv[1]), HashingEmbedder()) as home:
    print("open", flush=True)
    room.sync(home, [sys.argv[2]], progress=lambda p: print(p.uri, flush=True))
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    chance = random.Random(7)
    words = [f"word{i}" for i in range(400)]
    lines = []
    for i in range(120):
        sentences = [" ".join(chance.choices(words, k=12)).capitalize() for _ in range(60)]
        lines.append(json.dumps({"id": f"a{i}", "text": ". ".join(sentences) + "."}))
    file.write_text("\n".join(lines), "utf-8")
    return file


def state(home: Home) -> tuple[object, ...]:
    search = Search(home.catalog, home.vectors, home.embedder)
    asked = home.embedder.embed_query("word1 word2 word3")
    nearest = home.vectors.nearest(asked, 20)
    return (
        sorted(row[0] for row in home.catalog.rows("SELECT id FROM passages")),
        home.catalog.rows("SELECT count(*) FROM words")[0][0],
        home.catalog.rows("SELECT count(*) FROM embeddings")[0][0],
        [round(cosine, 5) for _, cosine in nearest],
        [hit.passage.id for hit in search.search("word1 word2 word3", 10)],
    )


def test_kill_at_random_moments_of_a_sync(tmp_path: Path, corpus: Path) -> None:
    with Home(tmp_path / "whole", HashingEmbedder()) as home:
        begun = time.perf_counter()
        sync(home, [corpus])
        whole = state(home)
    patience = time.perf_counter() - begun + 0.5
    chance = random.Random(11)
    killed = 0
    for round in range(8):
        folder = tmp_path / f"killed{round}"
        command = [sys.executable, "-c", _CHILD, str(folder), str(corpus)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        assert child.stdout.readline() == "open\n"
        time.sleep(chance.random() * patience)
        child.send_signal(signal.SIGKILL)
        reported = child.stdout.read().split("\n")[:-1]
        killed += child.wait() == -signal.SIGKILL
        child.stdout.close()
        with Home(folder, HashingEmbedder()) as home:
            there = {article.uri for article in home.catalog.articles()}
            assert set(reported) <= there, "what was reported as done is there"
            passages = {row[0] for row in home.catalog.rows("SELECT id FROM passages")}
            if passages:
                asked = home.embedder.embed_query("word1")
                assert {i for i, _ in home.vectors.nearest(asked, len(passages))} <= passages
            report = sync(home, [corpus])
            assert report.kept >= len(set(reported))
            assert state(home) == whole
    assert killed >= 3, "most children must die in the middle of their work"


def test_a_lock_of_a_killed_process_does_not_block(tmp_path: Path, corpus: Path) -> None:
    command = [sys.executable, "-c", _CHILD, str(tmp_path / "home"), str(corpus)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    child.stdout.readline()
    child.kill()
    child.wait()
    child.stdout.close()
    Home(tmp_path / "home", HashingEmbedder()).close()

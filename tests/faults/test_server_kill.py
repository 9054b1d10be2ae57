"""A server killed while it reads, answers and stores: what it acknowledged is there afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

_ROUNDS = 2
_ENVIRONMENT = {
    **os.environ,
    "KB_EMBEDDER": "hashing",
    "KB_MIN_SIMILARITY": "0.1",
    "KB_MODEL": "quotes",
}


@dataclass
class Acknowledged:
    """What a server said that it has done."""

    articles: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    answers: dict[str, list[str]] = field(default_factory=dict)
    thumbs: set[tuple[str, int]] = field(default_factory=set)


def started(home: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server, and return it with its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--home", str(home), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_ENVIRONMENT,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().split(" at ")[1].split()[0] + "/api/v1"


def writes(api: str, round: int, done: Acknowledged) -> None:
    """Put articles and remove some, until the server is gone."""
    for number in range(10_000):
        id = f"{round}-{number}"
        text = f"Ferry {id} has carried {number + 100} people across the Odra."
        put = httpx.put(f"{api}/articles/{id}", json={"title": id, "text": text}, timeout=30)
        assert put.status_code == 200, put.text
        done.articles[id] = text
        if number % 3 == 2:
            gone = f"{round}-{number - 1}"
            del done.articles[gone]  # from here on it may be there, or not
            httpx.delete(f"{api}/articles/{gone}", timeout=30).raise_for_status()
            done.removed.add(gone)


def asks(api: str, round: int, done: Acknowledged) -> None:
    """Ask, and say what is thought of the answers, until the server is gone."""
    begun = httpx.post(f"{api}/conversations", json={}, timeout=30).json()["id"]
    done.answers[begun] = []
    for number in range(1, 10_000):
        asked = {"question": f"How many people did ferry {number} carry?", "conversation": begun}
        done.answers[begun].append(httpx.post(f"{api}/ask", json=asked, timeout=30).json()["text"])
        thumb = {"conversation": begun, "number": number, "good": True}
        httpx.put(f"{api}/feedback", json=thumb, timeout=30).raise_for_status()
        done.thumbs.add((begun, number))


@pytest.mark.timeout(280)
def test_what_a_killed_server_acknowledged_is_there(tmp_path: Path) -> None:
    home, chance = tmp_path / "home", random.Random(5)
    first = tmp_path / "first.txt"
    first.write_text("The ferry\n\nThe ferry across the Odra has carried 900 people.\n", "utf-8")
    subprocess.run(
        [sys.executable, "-m", "ui.cli", "sync", str(first), "--home", str(home), "-q"],
        env=_ENVIRONMENT,
        check=True,
    )
    done = Acknowledged()
    for round in range(_ROUNDS):
        process, api = started(home)
        with ThreadPoolExecutor() as pool:
            working = [pool.submit(work, api, round, done) for work in (writes, asks)]
            threading.Event().wait(1.5 + 3 * chance.random())
            process.kill()
            # They end because it is gone, and for nothing else.
            assert all(isinstance(one.exception(60), httpx.TransportError) for one in working)
        process.communicate()
    assert len(done.articles) > _ROUNDS
    assert len(done.thumbs) > _ROUNDS
    process, api = started(home)
    try:
        check(api, done)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def check(api: str, done: Acknowledged) -> None:
    """Hold everything that was acknowledged to be there, and what was removed to be gone."""
    with httpx.Client(base_url=api, timeout=30) as client:
        for id, text in done.articles.items():
            assert client.get(f"/articles/{id}").json()["text"] == text
        for id in done.removed:
            assert client.get(f"/articles/{id}").status_code == 404
        for id, answers in done.answers.items():
            kept = [one["text"] for one in client.get(f"/conversations/{id}").json()["answers"]]
            assert kept[: len(answers)] == answers
            assert len(kept) <= len(answers) + 1
        thumbs = {
            (one["conversation"], one["number"])
            for one in client.get("/feedback").json()["feedback"]
        }
        assert done.thumbs <= thumbs
        found = client.post("/search", json={"question": "ferry people Odra", "limit": 1000}).json()
        known = {hit["article"]["id"] for hit in found["hits"]}
        assert set(done.articles) <= known | {
            copy["id"] for hit in found["hits"] for copy in hit["copies"]
        }
        assert not known & done.removed

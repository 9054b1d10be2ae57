"""``python -m tests.bench.load [--home DIR]``: a server under load, from other processes; as JSON.

Fifty clients search for a minute, each again as soon as it has its hits: the sample's questions
over and over, all of which were asked before, and then questions none of which was; then fifty who
read for twenty seconds or so before they search for something new. Ten ask at once, each several
times. Then 5,000 searches and 200 questions in a row, with the server's memory before and after.
The model is ``--model``; without ``--home`` a home of ``--passages`` is made of the sample
articles, told again with other words.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from kb.evaluate.dataset import load_questions

_SAMPLE = Path(__file__).parent.parent.parent / "data"
_CLIENTS, _SECONDS, _READING = 50, 60, 20.0
_ASKING, _EACH = 10, 3
_SEARCHES, _QUESTIONS = 5_000, 200
_PARTS = ("searching", "memory", "asking")


@contextmanager
def served(home: Path, model: str) -> Iterator[tuple[str, int]]:
    """Serve a home in a process of its own; give its address and its number."""
    command = [sys.executable, "-m", "ui.cli", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(
        [*command, "--model", model],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "KB_REQUESTS_PER_MINUTE": "1000000"},  # all clients are one caller
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split(" at ")[1].split()[0]
            while httpx.get(f"{address}/api/v1/health", timeout=60).json()["status"] != "ok":
                time.sleep(0.2)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def made(folder: Path, passages: int) -> Path:
    """Return a home with about so many passages, within a few in a hundred."""
    from kb import open_knowledge_base

    articles = sorted((_SAMPLE / "articles").rglob("*.md"))
    chance = random.Random(1)
    corpus = folder / "corpus.jsonl"
    with open_knowledge_base(folder / "home", model="quotes") as kb:
        kb.sync(_SAMPLE / "articles")
        there = kb.status()
    count = round((passages - there.passages) * there.articles / there.passages)
    with corpus.open("w", encoding="utf-8") as out:
        for number in range(count):
            text = chance.choice(articles).read_text("utf-8").partition("\n---\n")[2]
            words = text.split(" ")
            some = [chance.choice(words) if chance.random() < 0.3 else word for word in words]
            known = {"id": str(number), "title": f"Told again {number}", "text": " ".join(some)}
            out.write(json.dumps(known) + "\n")
    with open_knowledge_base(folder / "home", model="quotes") as kb:
        kb.sync(corpus)
    return folder / "home"


def percentile(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[int(share * (len(values) - 1))], 3)


def unlike(questions: Sequence[str], chance: random.Random) -> str:
    """Return a question that was hardly asked before: one with some words of another."""
    one, other = chance.sample(questions, 2)
    words = other.rstrip("?").split()
    return f"{one.rstrip('?')} {' '.join(chance.sample(words, min(3, len(words))))}?"


def searching(
    address: str, question: Callable[[random.Random], str], seed: int, pause: float = 0.0
) -> dict[str, Any]:
    """Return how long searches took, with so many clients that each search again and again.

    Args:
        question: Gives the next one.
        seed: By which they are others than those of another run.
        pause: Seconds between a client's searches, on average.
    """
    until = time.monotonic() + _SECONDS
    took, errors = list[float](), list[str]()

    def client(number: int) -> None:
        chance = random.Random(seed * _CLIENTS + number)
        with httpx.Client(base_url=address, timeout=60) as opened:
            time.sleep(chance.uniform(0, pause))
            while time.monotonic() < until:
                begun = time.perf_counter()
                reply = opened.post("/api/v1/search", json={"question": question(chance)})
                took.append(time.perf_counter() - begun)
                if reply.status_code != 200:
                    errors.append(reply.text)
                time.sleep(chance.uniform(0, 2 * pause))

    begun = time.monotonic()
    with ThreadPoolExecutor(_CLIENTS) as pool:
        list(pool.map(client, range(_CLIENTS)))
    return {
        "searches": len(took),
        "a_second": round(len(took) / (time.monotonic() - begun), 1),
        "p50_s": percentile(took, 0.5),
        "p95_s": percentile(took, 0.95),
        "errors": len(errors),
    }


def asking(address: str, questions: Sequence[str]) -> dict[str, Any]:
    """Return in which order clients were answered that asked several times at once."""
    order, places, lock = list[int](), list[int](), threading.Lock()

    def client(number: int) -> int:
        answered = 0
        with httpx.Client(base_url=address, timeout=900) as opened:
            for question in questions[number * _EACH : (number + 1) * _EACH]:
                headers = {"Accept": "text/event-stream"}
                body = {"question": question}
                with opened.stream("POST", "/api/v1/ask", json=body, headers=headers) as reply:
                    name = ""
                    for line in reply.iter_lines():
                        name = line.removeprefix("event: ") if line.startswith("event") else name
                        if line.startswith("data") and name == "queued":
                            with lock:
                                places.append(json.loads(line[6:])["place"])
                        answered += line.startswith("data") and name == "answer"
                with lock:
                    order.append(number)
        return answered

    begun = time.monotonic()
    with ThreadPoolExecutor(_ASKING) as pool:
        answered = sum(pool.map(client, range(_ASKING)))
    rounds = [len(set(order[i : i + _ASKING])) for i in range(0, len(order), _ASKING)]
    return {
        "clients": _ASKING,
        "questions": _ASKING * _EACH,
        "answered": answered,
        "told_their_place": len(places),
        "different_clients_in_each_ten": rounds,
        "seconds": round(time.monotonic() - begun, 1),
    }


def resident(process: int) -> int:
    """Return the resident memory of a process, in MB."""
    fields = Path(f"/proc/{process}/statm").read_text("ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def growing(address: str, process: int, questions: Sequence[str], searches: int) -> dict[str, Any]:
    """Return the server's memory before and after many searches, each new, and questions."""
    chance = random.Random(2)
    with httpx.Client(base_url=address, timeout=60) as opened:

        def work(searched: int, asked: int) -> None:
            for _ in range(searched):
                body = {"question": unlike(questions, chance)}
                opened.post("/api/v1/search", json=body).raise_for_status()
            for number in range(asked):
                body = {"question": questions[number % len(questions)]}
                opened.post("/api/v1/ask", json=body).raise_for_status()

        work(500, 50)  # what is kept for later is there after this
        before = resident(process)
        work(searches, _QUESTIONS)
        after = resident(process)
    return {
        "searches": searches,
        "before_mb": before,
        "after_mb": after,
        "growth": round(after / before - 1, 4),
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="of the knowledge base; it is not changed")
    parser.add_argument("--passages", type=int, default=10_000, help="of the home that is made")
    parser.add_argument("--searches", type=int, default=_SEARCHES, help="while memory is watched")
    parser.add_argument("--model", default="local", help="that the ten ask")
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS)
    chosen = parser.parse_args()
    questions = [one.question for one in load_questions(_SAMPLE / "questions.jsonl")]
    figures: dict[str, Any] = {"cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or made(Path(folder), chosen.passages)
        with served(home, "quotes") as (address, process):
            figures["passages"] = httpx.get(f"{address}/api/v1/health").json()["passages"]
            if "searching" in chosen.parts:
                new = partial(unlike, questions)
                for question in questions:
                    httpx.post(f"{address}/api/v1/search", json={"question": question}, timeout=60)
                figures["searching"] = {
                    "clients": _CLIENTS,
                    "the_same_questions": searching(address, lambda one: one.choice(questions), 1),
                    "new_questions": searching(address, new, 2),
                    "new_questions_after_reading": searching(address, new, 3, _READING),
                }
            if "memory" in chosen.parts:
                figures["memory"] = growing(address, process, questions, chosen.searches)
        if "asking" in chosen.parts:
            with served(home, chosen.model) as (address, _):
                figures["asking"] = {"model": chosen.model, **asking(address, questions)}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()

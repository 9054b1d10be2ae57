"""A conversation killed while it is stored has every turn that was acknowledged, whole."""

from __future__ import annotations

import random
import signal
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

from kb.conversations import Conversations
from tests.faults.talking import answer, talk

_ROUNDS = 25
_LEAST_KILLED = 20


def test_kill_at_25_random_moments(tmp_path: Path, server: ForkServerContext) -> None:
    chance = random.Random(5)
    path = tmp_path / "conversations.sqlite"
    killed = 0
    for round in range(_ROUNDS):
        told = tmp_path / f"told{round}"
        child = server.Process(target=talk, args=(str(path), str(told)))
        child.start()
        while child.is_alive() and not (told.exists() and told.stat().st_size):
            time.sleep(0.001)  # until it is in the middle of it
        time.sleep(chance.random() * 0.02)
        child.kill()
        child.join()
        killed += child.exitcode == -signal.SIGKILL
        _check(path, told.read_text("utf-8").split("\n")[:-1])
    assert killed >= _LEAST_KILLED, "most children must die in the middle of their work"


def _check(path: Path, told: list[str]) -> None:
    """Assert that all turns are there that were told of, and at most the one after them."""
    store = Conversations(path, lambda _: None)
    (id,) = {line.split()[0] for line in told}
    answers = store.get(id).conversation.answers
    assert len(told) <= len(answers) <= len(told) + 1
    assert answers == tuple(answer(turn) for turn in range(len(answers)))
    store.close()

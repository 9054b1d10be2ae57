"""A conversation in a process of its own, to be killed."""

from __future__ import annotations

from pathlib import Path

from kb.answer import Answer, Refusal
from kb.conversations import Conversations

__all__ = ["answer", "talk"]


def answer(turn: int) -> Answer:
    """Return the answer of a turn, some pages of SQLite long."""
    text = f"Nothing is said of {turn}. " * 800
    return Answer(f"Question {turn}?", text, "m", refusal=Refusal.NO_EVIDENCE)


def talk(path: str, told: str) -> None:
    """Store turns without end, and write each that was acknowledged, with nothing buffered."""
    store = Conversations(Path(path), lambda _: None)
    with Path(told).open("ab", buffering=0) as file:
        id = store.create(answer(0)).id
        file.write(f"{id} 0\n".encode())
        for turn in range(1, 10_000):
            store.append(id, answer(turn))
            file.write(f"{id} {turn}\n".encode())

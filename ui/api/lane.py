"""Work in threads, first come first, without keeping the rest of the server from its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from ui.api.problems import TooMuch

__all__ = ["Lane"]

T = TypeVar("T")


class Lane:
    """Threads for one kind of work.

    Args:
        what: How the work is called where it is told that there is too much of it.
        at_once: How many are at work.
        waiting: How many may wait.
    """

    def __init__(self, what: str, at_once: int, waiting: int) -> None:
        self._what, self._most = what, at_once + waiting
        self._threads = CapacityLimiter(at_once)
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what the work gives, once it is its turn.

        Raises:
            TooMuch: As many are waiting as may.
        """
        if self._inside >= self._most:
            raise TooMuch(503, f"As many {self._what} are waiting as may; ask again soon.", 5)
        self._inside += 1
        try:
            return await run_sync(work, limiter=self._threads)
        finally:
            self._inside -= 1

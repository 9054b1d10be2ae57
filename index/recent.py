"""What was found lately, for who asks the same again before anything has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["Recent"]

T = TypeVar("T")


class Recent(Generic[T]):
    """Remembers the latest findings; who asks for what is just being found waits for that.

    Args:
        state: What findings are true for; once it is another, they are forgotten.
        most: The size of all that is remembered.
        size: Of one thing that was found.
    """

    def __init__(
        self, state: Callable[[], Hashable], most: int, size: Callable[[T], int] = lambda _: 1
    ) -> None:
        self._state, self._most, self._size_of = state, most, size
        self._lock = threading.Lock()
        self._true_for: Hashable = None
        self._kept: OrderedDict[Hashable, tuple[T, ...]] = OrderedDict()  # the oldest first
        self._size = 0
        self._finding: dict[Hashable, Future[tuple[T, ...]]] = {}

    def get(self, asked: Hashable, find: Callable[[], Sequence[T]]) -> tuple[T, ...]:
        """Return what was found for this, or find it; raises what ``find`` does."""
        state = self._state()
        asked = (state, asked)
        with self._lock:
            if state != self._true_for:
                self._forget(state)
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
            finding = self._finding.get(asked)
            if not finding:
                future = self._finding[asked] = Future()
        if finding:
            return finding.result()
        try:
            found = tuple(find())
        except BaseException as error:
            future.set_exception(error)
            raise
        else:
            future.set_result(found)
            self._keep(state, asked, found)
            return found
        finally:
            with self._lock:
                del self._finding[asked]

    def _forget(self, state: Hashable) -> None:
        self._kept.clear()
        self._size, self._true_for = 0, state

    def _keep(self, state: Hashable, asked: Hashable, found: tuple[T, ...]) -> None:
        """Remember a finding, unless it may be of before a change or of after it."""
        now, size = self._state(), self._sizes(found)
        with self._lock:
            if now == state == self._true_for and size <= self._most:
                self._kept[asked] = found
                self._size += size
            while self._size > self._most:
                self._size -= self._sizes(self._kept.popitem(last=False)[1])

    def _sizes(self, found: tuple[T, ...]) -> int:
        return 1 + sum(map(self._size_of, found))  # that nothing was found is remembered too

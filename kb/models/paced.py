"""An iterator that blocks, drawn so that whoever reads it comes up for air."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import closing
from contextvars import copy_context
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

__all__ = ["BEAT", "paced"]

T = TypeVar("T")

BEAT = 0.25
"""Seconds without an item after which the reader is told that there is none yet."""

_AHEAD = 32  # items that may wait for the reader


def paced(
    begin: Callable[[], Generator[T, None, Any]], beat: float = BEAT
) -> Generator[T | None, None, None]:
    """Yield the items of ``begin()``, and None whenever ``beat`` seconds have passed without one.

    They are drawn in a thread of their own, in the context of the first reader. Closing this
    returns at once; the thread closes what ``begin`` returned as soon as that has come up with an
    item or failed. No program waits for it to end. Raises what ``begin`` and its items raise.
    """
    items: Queue[tuple[T] | None] = Queue(_AHEAD)
    stopped = Event()
    drawn: Future[None] = Future()

    def put(item: tuple[T] | None) -> bool:
        """Wait until there is room; return whether anybody still reads."""
        while not stopped.is_set():
            try:
                items.put(item, timeout=beat)
            except Full:
                continue
            return not stopped.is_set()
        return False

    def draw() -> None:
        try:
            with closing(begin()) as source:
                for item in source:
                    if not put((item,)):
                        break
            drawn.set_result(None)
        except BaseException as error:  # noqa: BLE001 - it is raised where the items are read
            drawn.set_exception(error)
        put(None)

    Thread(target=copy_context().run, args=(draw,), name="paced", daemon=True).start()
    try:
        while True:
            try:
                item = items.get(timeout=beat)
            except Empty:
                yield None
                continue
            if item is None:
                break
            yield item[0]
        drawn.result()
    finally:
        stopped.set()

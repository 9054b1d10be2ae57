"""The events of an answer, drawn so that stopping need not wait for the next one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TypeVar

from kb.answer import Event
from kb.errors import KBError

__all__ = ["BEAT", "UNEXPECTED", "Problem", "closed", "one_line", "stoppable"]

T = TypeVar("T")
logger = logging.getLogger(__name__)
UNEXPECTED = "Something went wrong here; the log says what. Ask again, or another way."

BEAT = 0.05
"""Seconds between two looks at the stop button."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there will be no answer: in a line, and as the error that it was."""

    line: str
    error: BaseException | None = field(default=None, compare=False)


def stoppable(
    begin: Callable[[], Iterator[Event]], stop: threading.Event
) -> Iterator[Event | Problem]:
    """Yield the events of ``begin()`` until ``stop`` is set, or a ``Problem`` where it failed.

    The events are drawn in a thread of their own, so that stopping takes ``BEAT`` seconds however
    long the next event takes; a generator cannot be closed while it runs, so that thread closes it.
    """
    worker = ThreadPoolExecutor(1, thread_name_prefix="answer")
    opened = worker.submit(begin)
    try:
        events = _outcome(opened, stop)
        while events is not None:
            if isinstance(events, Problem):
                yield events
                return
            event = _outcome(worker.submit(next, events, None), stop)
            if event is None:
                return
            yield event
            if isinstance(event, Problem):
                return
    finally:
        worker.submit(closed, opened)
        worker.shutdown(wait=False)


def _outcome(job: Future[T], stop: threading.Event) -> T | Problem | None:
    """What the job returned or why it failed; None if ``stop`` came first."""
    while not wait([job], timeout=BEAT).done:
        if stop.is_set():
            return None
    error = job.exception()
    return Problem(one_line(error), error) if error else job.result()


def closed(opened: Future[Iterator[Event]]) -> None:
    """Close the events that a thread has opened, if it could; call it in that thread."""
    if not opened.exception():
        close = getattr(opened.result(), "close", None)
        if close:
            close()


def one_line(error: BaseException) -> str:
    """Return what a reader is told of an error; of one that nobody expected, the log says more."""
    if isinstance(error, KBError):
        return str(error)
    logger.error("an answer failed unexpectedly", exc_info=error)
    return UNEXPECTED

"""The conversation behind the page: a tab asks one question at a time, and can stop it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from kb.answer import Answer, Delta, Event, Found
from kb.conversation import Conversation
from kb.errors import KBError
from ui import render

if TYPE_CHECKING:
    from pathlib import Path

    from kb import Hit

__all__ = ["Chat", "Library", "LibraryStatus", "Problem", "Session", "Shown", "WarmUp", "stoppable"]

T = TypeVar("T")
logger = logging.getLogger(__name__)
UNEXPECTED = "Something went wrong here; the log says what. Ask again, or another way."

BEAT = 0.05
"""Seconds between two looks at the stop button."""


class LibraryStatus(Protocol):
    """What the page says of a knowledge base."""

    @property
    def home(self) -> Path: ...
    @property
    def articles(self) -> int: ...
    @property
    def model(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


class Library(Protocol):
    """What the page needs of a knowledge base; ``kb.KnowledgeBase`` is one."""

    def stream(self, question: str, conversation: Conversation = ...) -> Iterator[Event]: ...
    def status(self) -> LibraryStatus: ...
    def warm(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Session:
    """What one tab has said so far.

    Attributes:
        pages: The finished turns as HTML, oldest first; a stopped or failed one is here only.
    """

    conversation: Conversation = field(default_factory=Conversation)
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of the page: the newest turn as HTML, and the session once the turn is over."""

    turn: str
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there will be no answer, in a line."""

    line: str


class WarmUp:
    """Loads the models behind a page that is already up."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._loading: Future[None] | None = None
        self.problem = ""
        """Why loading failed, in a line; empty if it did not."""

    def start(self) -> None:
        """Begin to load, in a thread; a second call does nothing."""
        if self._loading is None:
            worker = ThreadPoolExecutor(1, thread_name_prefix="warm-up")
            self._loading = worker.submit(self._library.warm)
            self._loading.add_done_callback(self._loaded)
            worker.shutdown(wait=False)

    @property
    def busy(self) -> bool:
        """Are the models still being loaded?"""
        return self._loading is not None and not self._loading.done()

    def _loaded(self, loading: Future[None]) -> None:
        error = loading.exception()
        self.problem = _one_line(error) if error else ""


class Chat:
    """Answers the questions of every tab; a tab is known by its key.

    Args:
        library: Asked from several threads at once.
        warm_up: Looked at to say what is being waited for.
    """

    def __init__(self, library: Library, warm_up: WarmUp) -> None:
        self._library = library
        self._warm_up = warm_up
        self._stops: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def ask(self, question: str, session: Session, key: str) -> Iterator[Shown]:
        """Yield what to show, ever more of it; the last one brings the session.

        Yields nothing if ``question`` is blank or this tab is still being answered. Stopping it, or
        closing this iterator, closes the library's stream as soon as that comes up for air.
        """
        stop = threading.Event()
        with self._lock:
            if not question.strip() or key in self._stops:
                return
            self._stops[key] = stop
        try:
            yield from self._turn(question.strip(), session, stop)
        finally:
            stop.set()
            with self._lock:
                del self._stops[key]

    def stop(self, key: str) -> None:
        """Stop the answer that this tab is waiting for, if there is one."""
        with self._lock:
            stop = self._stops.get(key)
        if stop:
            stop.set()

    def _turn(self, question: str, session: Session, stop: threading.Event) -> Iterator[Shown]:
        turn = _Turn(len(session.pages) + 1, question)
        yield Shown(turn.html("Loading the models…" if self._warm_up.busy else "Searching…"))
        conversation = session.conversation
        for event in stoppable(lambda: self._library.stream(question, conversation), stop):
            turn.take(event)
            if turn.over:
                break
            if isinstance(event, Delta) and not event.text:
                continue  # the model is at work; there is nothing new to show
            yield Shown(turn.html("Writing…" if turn.draft else "Reading the passages…"))
        if not turn.over:
            turn.problem = "Stopped." if stop.is_set() else UNEXPECTED
        if turn.answer:
            conversation = conversation.and_then(turn.answer)
        last = turn.html()
        yield Shown(last, Session(conversation, (*session.pages, last)))


@dataclass(slots=True)
class _Turn:
    """What came of one question so far."""

    number: int
    question: str
    hits: tuple[Hit, ...] | None = None
    draft: str = ""
    answer: Answer | None = None
    problem: str = ""

    @property
    def over(self) -> bool:
        return bool(self.answer or self.problem)

    def take(self, event: Event | Problem) -> None:
        match event:
            case Found():
                self.hits = event.hits
            case Delta():
                self.draft += event.text
            case Answer():
                self.answer = event
            case Problem():
                self.problem = event.line

    def html(self, waiting: str = "") -> str:
        return render.turn(
            self.number,
            self.question,
            hits=self.hits,
            draft=self.draft,
            answer=self.answer,
            waiting=waiting,
            problem=self.problem,
        )


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
        worker.submit(_close, opened)
        worker.shutdown(wait=False)


def _outcome(job: Future[T], stop: threading.Event) -> T | Problem | None:
    """What the job returned or why it failed; None if ``stop`` came first."""
    while not wait([job], timeout=BEAT).done:
        if stop.is_set():
            return None
    error = job.exception()
    return Problem(_one_line(error)) if error else job.result()


def _close(opened: Future[Iterator[Event]]) -> None:
    if not opened.exception():
        close = getattr(opened.result(), "close", None)
        if close:
            close()


def _one_line(error: BaseException) -> str:
    if isinstance(error, KBError):
        return str(error)
    logger.error("an answer failed unexpectedly", exc_info=error)
    return UNEXPECTED

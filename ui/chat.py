"""The conversation behind the page: a tab asks one question at a time, and can stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from kb.answer import Answer, Delta, Event, Found
from kb.conversation import Conversation
from ui import render
from ui.stoppable import UNEXPECTED, Problem, one_line, stoppable

if TYPE_CHECKING:
    from pathlib import Path

    from kb import Chip, Hit

__all__ = ["Chat", "Library", "LibraryStatus", "Session", "Shown", "WarmUp"]


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

    def stream(
        self, question: str, conversation: Conversation = ..., *, without: Iterable[str] = ...
    ) -> Iterator[Event]: ...
    def status(self) -> LibraryStatus: ...
    def warm(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Session:
    """What one tab has said so far.

    Attributes:
        pages: The finished turns as HTML, oldest first; a stopped or failed one is here only.
        before: What had been said before the newest question, for it to be asked again.
        question: The newest question.
        without: Labels of the chips that were taken back of it.
    """

    conversation: Conversation = field(default_factory=Conversation)
    pages: tuple[str, ...] = ()
    before: Conversation = field(default_factory=Conversation)
    question: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of the page: the newest turn as HTML, and the session once the turn is over."""

    turn: str
    session: Session | None = None


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
        self.problem = one_line(error) if error else ""


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
        yield from self._alone(question.strip(), session, (), key)

    def ask_again(self, label: str, session: Session, key: str) -> Iterator[Shown]:
        """Ask the newest question anew, in the place of its turn, as ``ask`` does.

        Args:
            label: Of a chip that is taken back, or that was, and shall be understood again.
        """
        without = tuple(one for one in session.without if one != label)
        if without == session.without:
            without = (*without, label)
        before = Session(session.before, session.pages[:-1])
        yield from self._alone(session.question, before, without, key)

    def _alone(
        self, question: str, session: Session, without: tuple[str, ...], key: str
    ) -> Iterator[Shown]:
        """Yield what to show of a turn, unless there is no question or this tab has one already."""
        stop = threading.Event()
        with self._lock:
            if not question or key in self._stops:
                return
            self._stops[key] = stop
        try:
            yield from self._turn(question, session, without, stop)
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

    def _turn(
        self, question: str, session: Session, without: tuple[str, ...], stop: threading.Event
    ) -> Iterator[Shown]:
        turn = _Turn(len(session.pages) + 1, question, without)
        yield Shown(turn.html("Loading the models…" if self._warm_up.busy else "Searching…"))
        conversation = session.conversation
        begin = partial(self._library.stream, question, conversation, without=without)
        for event in stoppable(begin, stop):
            turn.take(event)
            if turn.over:
                break
            if isinstance(event, Delta) and not event.text:
                continue  # the model is at work; there is nothing new to show
            yield Shown(turn.html("Writing…" if turn.draft else "Reading the passages…"))
        if not turn.over:
            turn.problem = "Stopped." if stop.is_set() else UNEXPECTED
        said = conversation.and_then(turn.answer) if turn.answer else conversation
        pages = (*session.pages, turn.html())
        yield Shown(turn.html(again=True), Session(said, pages, conversation, question, without))


@dataclass(slots=True)
class _Turn:
    """What came of one question so far."""

    number: int
    question: str
    without: tuple[str, ...]
    hits: tuple[Hit, ...] | None = None
    chips: tuple[Chip, ...] = ()
    draft: str = ""
    answer: Answer | None = None
    problem: str = ""

    @property
    def over(self) -> bool:
        return bool(self.answer or self.problem)

    def take(self, event: Event | Problem) -> None:
        match event:
            case Found():
                self.hits, self.chips = event.hits, event.chips
            case Delta():
                self.draft += event.text
            case Answer():
                self.answer = event
            case Problem():
                self.problem = event.line

    def html(self, waiting: str = "", again: bool = False) -> str:
        return render.turn(
            self.number,
            self.question,
            hits=self.hits,
            chips=self.chips,
            without=self.without,
            again=again,
            draft=self.draft,
            answer=self.answer,
            waiting=waiting,
            problem=self.problem,
        )

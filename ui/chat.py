"""The conversation behind the page: a tab asks one question at a time, and can stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from kb.answer import Answer, Delta, Event
from kb.conversation import Conversation
from kb.errors import KBError
from ui import render
from ui.desk import Desk, Full
from ui.stoppable import BEAT, UNEXPECTED, one_line, stoppable
from ui.turns import ShownTurn

if TYPE_CHECKING:
    from pathlib import Path

    from kb import Choice, Collection, Conversations

__all__ = ["Chat", "Library", "LibraryStatus", "Scope", "Session", "Shown", "WarmUp"]


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
    @property
    def syncing(self) -> bool: ...


class Library(Protocol):
    """What the page needs of a knowledge base; ``kb.KnowledgeBase`` is one."""

    @property
    def conversations(self) -> Conversations: ...

    def stream(
        self,
        question: str,
        conversation: Conversation = ...,
        *,
        sources: Iterable[str] | None = ...,
        collections: Iterable[str] | None = ...,
        since: str | None = ...,
        until: str | None = ...,
        without: Iterable[str] = ...,
        model: str | None = ...,
    ) -> Iterator[Event]: ...
    def models(self) -> tuple[Choice, ...]: ...
    def sources(self) -> list[str]: ...
    def collections(self) -> tuple[Collection, ...]: ...
    def status(self) -> LibraryStatus: ...
    def suggestions(
        self,
        answer: Answer,
        *,
        sources: Iterable[str] | None = ...,
        collections: Iterable[str] | None = ...,
        since: str | None = ...,
        until: str | None = ...,
        without: Iterable[str] = ...,
    ) -> list[str]: ...
    def warm(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a reader wants to be looked at, empty for all, and by which model."""

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    collections: tuple[str, ...] = ()
    model: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """How it is shown with a question."""
        days = [f"{word} {day}" for word, day in (("from", self.since), ("to", self.until)) if day]
        return tuple(f"only {one}" for one in (*self.collections, *self.sources, *days))


@dataclass(frozen=True, slots=True)
class Session:
    """What one tab has said so far.

    Attributes:
        id: Of the stored conversation; empty until there is one.
        pages: The finished turns as HTML, oldest first; a stopped or failed one is here only.
        before: What had been said before the newest question, for it to be asked again.
        question: The newest question.
        without: Labels of the chips that were taken back of it.
        scope: Which articles it was asked of.
    """

    id: str = ""
    conversation: Conversation = field(default_factory=Conversation)
    pages: tuple[str, ...] = ()
    before: Conversation = field(default_factory=Conversation)
    question: str = ""
    without: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)


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
        desk: Where questions wait for their turn.
    """

    def __init__(self, library: Library, warm_up: WarmUp, desk: Desk | None = None) -> None:
        self._library = library
        self._warm_up = warm_up
        self._desk = desk or Desk(seats=8)
        self._stops: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def opened(self, id: str, who: str) -> Session:
        """Return a stored conversation as a session; raises ``NotFoundError`` if it is not theirs.

        Args:
            who: The name of the reader; empty where nobody signs in.
        """
        stored = self._library.conversations.of(who).get(id)
        pages = tuple(
            render.turn(
                number, one.answer.question, answer=one.answer, kept=f"{stored.entry.id}/{number}"
            )
            for number, one in enumerate(stored.turns, 1)
        )
        return Session(stored.entry.id, stored.conversation, pages)

    def ask(
        self,
        question: str,
        session: Session,
        key: str,
        who: str = "",
        scope: Scope = Scope(),  # it cannot be changed
    ) -> Iterator[Shown]:
        """Yield what to show, ever more of it; the last one brings the session.

        Yields nothing if ``question`` is blank or this tab is still being answered. Stopping it, or
        closing this iterator, closes the library's stream as soon as that comes up for air.
        """
        turn = ShownTurn(len(session.pages) + 1, question.strip(), (), scope)
        yield from self._alone(turn, session, key, who, again=False)

    def ask_again(self, label: str, session: Session, key: str, who: str = "") -> Iterator[Shown]:
        """Ask the newest question anew, in the place of its turn, as ``ask`` does.

        Args:
            label: Of a chip that is taken back, or that was, and shall be understood again; empty
                to ask the same once more.
        """
        without = tuple(one for one in session.without if one != label)
        if label and without == session.without:
            without = (*without, label)
        before = Session(session.id, session.before, session.pages[:-1])
        answered = session.conversation != session.before  # or there is nothing to replace
        turn = ShownTurn(len(before.pages) + 1, session.question, without, session.scope)
        yield from self._alone(turn, before, key, who, again=answered)

    def suggested(self, session: Session) -> list[str]:
        """Return what to ask after the newest answer; nothing where there is none."""
        if session.conversation == session.before:
            return []
        scope = session.scope
        try:
            return self._library.suggestions(
                session.conversation.answers[-1],
                sources=scope.sources or None,
                collections=scope.collections or None,
                since=scope.since,
                until=scope.until,
                without=session.without,
            )
        except KBError:  # the answer stands without them
            return []

    def _alone(
        self, turn: ShownTurn, session: Session, key: str, who: str, *, again: bool
    ) -> Iterator[Shown]:
        """Yield what to show of a turn, unless there is no question or this tab has one already."""
        stop = threading.Event()
        with self._lock:
            if not turn.question or key in self._stops:
                return
            self._stops[key] = stop
        try:
            yield from self._turn(turn, session, stop, who, again=again)
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
        self, turn: ShownTurn, session: Session, stop: threading.Event, who: str, *, again: bool
    ) -> Iterator[Shown]:
        try:
            ticket = self._desk.enter(who)
        except Full:
            turn.problem = "As many questions are waiting as may; ask again soon."
            yield Shown(turn.html(), replace(session, pages=(*session.pages, turn.html())))
            return
        try:
            place = 0
            while not ticket.served and not stop.is_set():
                if ticket.ahead != place:
                    place = ticket.ahead
                    yield Shown(turn.html(f"Waiting for others: number {place} in the queue…"))
                stop.wait(BEAT)
            yield from self._drawn(turn, session.conversation, stop)
        finally:
            ticket.leave()
        yield self._ended(turn, session, stop, who, again=again)

    def _drawn(
        self, turn: ShownTurn, conversation: Conversation, stop: threading.Event
    ) -> Iterator[Shown]:
        """Yield the states of a turn until the last but one."""
        yield Shown(turn.html("Loading the models…" if self._warm_up.busy else "Searching…"))
        begin = partial(
            self._library.stream,
            turn.question,
            conversation,
            sources=turn.scope.sources or None,
            collections=turn.scope.collections or None,
            since=turn.scope.since,
            until=turn.scope.until,
            without=turn.without,
            model=turn.scope.model,
        )
        for event in stoppable(begin, stop):
            turn.take(event)
            if turn.over:
                return
            if isinstance(event, Delta) and not event.text:
                continue  # the model is at work; there is nothing new to show
            yield Shown(turn.html("Writing…" if turn.draft else "Reading the passages…"))

    def _ended(
        self, turn: ShownTurn, session: Session, stop: threading.Event, who: str, *, again: bool
    ) -> Shown:
        """Return the last state of a turn; an answer is stored before it is shown as whole."""
        if not turn.over:
            turn.problem = "Stopped." if stop.is_set() else UNEXPECTED
        said, id, kept = session.conversation, session.id, ""
        if turn.answer:
            said = said.and_then(turn.answer)
            id, turn.unkept = self._kept(session, turn.answer, who, again=again)
            kept = f"{id}/{len(said.answers)}" if id and not turn.unkept else ""
        shown = (*session.pages, turn.html(kept=kept))
        after = Session(
            id, said, shown, session.conversation, turn.question, turn.without, turn.scope
        )
        return Shown(turn.html(again=True, kept=kept), after)

    def _kept(self, session: Session, answer: Answer, who: str, *, again: bool) -> tuple[str, str]:
        """Store an answer; return the id of its conversation, and why it is not stored, if so."""
        try:
            store = self._library.conversations.of(who)
            if not session.id:
                return store.create(answer).id, ""
            keep = store.replace_last if again else store.append
            return keep(session.id, answer).id, ""
        except KBError as error:
            return session.id, str(error)

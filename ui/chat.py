"""The conversation behind the page: a tab asks one question at a time, and can stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from kb.answer import Answer, Delta
from kb.conversation import Conversation
from kb.errors import KBError
from ui import render
from ui.desk import Desk, Full
from ui.protocols import Library
from ui.stoppable import BEAT, UNEXPECTED, stoppable
from ui.turns import Chosen, Session, Shown, ShownTurn
from ui.warm_up import WarmUp

__all__ = ["Chat"]

_ALL = Chosen()


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
        turns = [_said(number, one.answer) for number, one in enumerate(stored.turns, 1)]
        kept = [f"{stored.entry.id}/{turn.number}" for turn in turns]
        if not turns:
            return Session(stored.entry.id)
        return Session(
            stored.entry.id,
            stored.conversation,
            pages=tuple(turn.html(kept=place) for turn, place in zip(turns, kept, strict=True)),
            before=Conversation(stored.conversation.answers[:-1]),
            question=turns[-1].question,
            chosen=turns[-1].chosen,
            newest=turns[-1].html(again=True, kept=kept[-1]),
            kept=kept[-1],
        )

    def ask(
        self, question: str, session: Session, key: str, who: str = "", chosen: Chosen = _ALL
    ) -> Iterator[Shown]:
        """Yield what to show, ever more of it; the last one brings the session.

        Yields nothing if ``question`` is blank or this tab is still being answered. Stopping it, or
        closing this iterator, closes the library's stream as soon as that comes up for air.
        """
        turn = ShownTurn(len(session.pages) + 1, question.strip(), chosen)
        yield from self._alone(turn, session, None, key, who)

    def ask_again(self, label: str, session: Session, key: str, who: str = "") -> Iterator[Shown]:
        """Ask the newest question anew, in the place of its turn, as ``ask`` does.

        An answer that is there already is replaced by an answer only: if it is stopped or fails, it
        stays, on the page and where it is stored.

        Args:
            label: Of a chip that is taken back, or that was, and shall be understood again; empty
                to ask the same once more.
        """
        scope = session.chosen.scope
        without = tuple(one for one in scope.without if one != label)
        if label and without == scope.without:
            without = (*without, label)
        turn = ShownTurn(len(session.pages), session.question, _within(session, without))
        yield from self._alone(turn, session.without_newest(), session, key, who)

    def edit(self, question: str, session: Session, key: str, who: str = "") -> Iterator[Shown]:
        """Ask another question in the place of the newest, of the same articles, as ``ask_again``.

        Only the newest: what was asked later leans on what was said before it.
        """
        if session.pages:
            turn = ShownTurn(len(session.pages), question.strip(), _within(session, ()))
            yield from self._alone(turn, session.without_newest(), session, key, who)

    def suggested(self, session: Session) -> list[str]:
        """Return what to ask after the newest answer; nothing where there is none."""
        if session.conversation == session.before:
            return []
        try:
            return self._library.suggestions(session.conversation.answers[-1])
        except KBError:  # the answer stands without them
            return []

    def _alone(
        self, turn: ShownTurn, session: Session, old: Session | None, key: str, who: str
    ) -> Iterator[Shown]:
        """Yield what to show of a turn, unless there is no question or this tab has one already.

        Args:
            session: What comes before the turn.
            old: What there is until the turn has an answer, if it takes the place of another.
        """
        stop = threading.Event()
        with self._lock:
            if not turn.question or key in self._stops:
                return
            self._stops[key] = stop
        try:
            yield from self._turn(turn, session, stop, who)
            yield self._ended(turn, session, old, stop, who)
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
        self, turn: ShownTurn, session: Session, stop: threading.Event, who: str
    ) -> Iterator[Shown]:
        """Yield the states of a turn until the last but one, once it is its turn."""
        try:
            ticket = self._desk.enter(who)
        except Full:
            turn.problem = "As many questions are waiting as may; ask again soon."
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

    def _drawn(
        self, turn: ShownTurn, conversation: Conversation, stop: threading.Event
    ) -> Iterator[Shown]:
        yield Shown(turn.html("Loading the models…" if self._warm_up.busy else "Searching…"))
        begin = partial(
            self._library.stream,
            turn.question,
            conversation,
            model=turn.chosen.model,
            **turn.chosen.scope.within,
        )
        for event in stoppable(begin, stop):
            turn.take(event)
            if turn.over:
                return
            if isinstance(event, Delta) and not event.text:
                continue  # the model is at work; there is nothing new to show
            yield Shown(turn.html("Writing…" if turn.draft else "Reading the passages…"))

    def _ended(
        self,
        turn: ShownTurn,
        session: Session,
        old: Session | None,
        stop: threading.Event,
        who: str,
    ) -> Shown:
        """Return the last state of a turn; an answer is stored before it is shown as whole."""
        if not turn.over:
            turn.problem = "Stopped." if stop.is_set() else UNEXPECTED
        said, id, kept = session.conversation, session.id, ""
        if turn.answer:
            said = said.and_then(turn.answer)
            id, kept = self._kept(turn, turn.answer, session, old, who)
        elif old and old.answered:
            return Shown(render.unanswered(turn.problem, turn.question) + old.newest, old)
        newest = turn.html(again=True, kept=kept)
        after = Session(
            id,
            said,
            pages=(*session.pages, turn.html(kept=kept)),
            before=session.conversation,
            question=turn.question,
            chosen=turn.chosen,
            newest=newest,
            kept=kept,
        )
        return Shown(newest, after)

    def _kept(
        self, turn: ShownTurn, answer: Answer, session: Session, old: Session | None, who: str
    ) -> tuple[str, str]:
        """Store an answer; return the id of its conversation and its place, empty if it has none.

        Why it has none is then said in the turn.
        """
        try:
            store = self._library.conversations.of(who)
            if not session.id:
                entry = store.create(answer)
            elif old and old.kept:
                number = int(old.kept.rpartition("/")[2])
                entry = store.replace_last(session.id, answer, number)
            else:
                entry = store.append(session.id, answer)
        except KBError as error:
            turn.unkept = str(error)
            return session.id, ""
        return entry.id, f"{entry.id}/{entry.turns}"


def _said(number: int, answer: Answer) -> ShownTurn:
    """Return a turn with the answer that was stored of it."""
    return ShownTurn(
        number, answer.question, Chosen(answer.scope), chips=answer.chips, answer=answer
    )


def _within(session: Session, without: tuple[str, ...]) -> Chosen:
    """Return what was chosen for the newest question, with other chips taken back."""
    return replace(session.chosen, scope=replace(session.chosen.scope, without=without))

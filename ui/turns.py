"""One question on the page, from its first state to its last, and what a tab has said so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.answer import Answer, Delta, Event, Found
from kb.conversation import Conversation
from kb.scope import Scope
from ui import render
from ui.stoppable import Problem

if TYPE_CHECKING:
    from kb import Chip, Hit

__all__ = ["Chosen", "Session", "Shown", "ShownTurn"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader has chosen for a question.

    Attributes:
        scope: Which articles are looked at, and what of the question is taken back.
        model: The name of the one that answers; None for the first.
    """

    scope: Scope = field(default_factory=Scope)
    model: str | None = None


@dataclass(slots=True)
class ShownTurn:
    """What came of one question so far.

    Attributes:
        problem: Why there will be no answer.
        unkept: Why the answer is not stored.
    """

    number: int
    question: str
    chosen: Chosen
    hits: tuple[Hit, ...] | None = None
    chips: tuple[Chip, ...] = ()
    draft: str = ""
    answer: Answer | None = None
    problem: str = ""
    unkept: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return bool(self.answer or self.problem)

    def take(self, event: Event | Problem) -> None:
        """Take in what has come."""
        match event:
            case Found():
                self.hits, self.chips = event.hits, event.chips
            case Delta():
                self.draft += event.text
            case Answer():
                self.answer = event
            case Problem():
                self.problem = event.line

    def html(self, waiting: str = "", *, again: bool = False, kept: str = "") -> str:
        """Return it as it is shown now.

        Args:
            waiting, again, kept: As for ``render.turn``.
        """
        return render.turn(
            self.number,
            self.question,
            hits=self.hits,
            chips=self.chips,
            without=self.chosen.scope.without,
            scope=self.chosen.scope.labels,
            again=again,
            draft=self.draft,
            answer=self.answer,
            waiting=waiting,
            problem=self.problem,
            kept=kept,
            unkept=self.unkept,
        )


@dataclass(frozen=True, slots=True)
class Session:
    """What one tab has said so far.

    Attributes:
        id: Of the stored conversation; empty until there is one.
        pages: The finished turns as HTML, oldest first; a stopped or failed one is here only.
        before: What had been said before the newest question, for it to be asked again.
        question: The newest question.
        chosen: For it.
        newest: Its turn as HTML, with what asks it again.
        kept: Where its answer is stored, as for ``render.turn``; empty if nowhere.
    """

    id: str = ""
    conversation: Conversation = field(default_factory=Conversation)
    pages: tuple[str, ...] = ()
    before: Conversation = field(default_factory=Conversation)
    question: str = ""
    chosen: Chosen = field(default_factory=Chosen)
    newest: str = ""
    kept: str = ""

    @property
    def answered(self) -> bool:
        """Whether the newest question has an answer."""
        return self.conversation != self.before

    def without_newest(self) -> Session:
        """Return what had been said before the newest question."""
        return Session(self.id, self.before, self.pages[:-1])


@dataclass(frozen=True, slots=True)
class Shown:
    """One state of the page: the newest turn as HTML, and the session once the turn is over."""

    turn: str
    session: Session | None = None

"""One question on the page, from its first state to its last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.answer import Answer, Delta, Event, Found
from ui import render
from ui.stoppable import Problem

if TYPE_CHECKING:
    from kb import Chip, Hit
    from ui.chat import Scope

__all__ = ["ShownTurn"]


@dataclass(slots=True)
class ShownTurn:
    """What came of one question so far.

    Attributes:
        problem: Why there will be no answer.
        unkept: Why the answer is not stored.
    """

    number: int
    question: str
    without: tuple[str, ...]
    scope: Scope
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
            without=self.without,
            scope=self.scope.labels,
            again=again,
            draft=self.draft,
            answer=self.answer,
            waiting=waiting,
            problem=self.problem,
            kept=kept,
            unkept=self.unkept,
        )

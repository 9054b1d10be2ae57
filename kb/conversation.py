"""What was said so far; immutable, and kept by whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.answer import Answer

__all__ = ["Conversation"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Earlier answers, oldest first; ``and_then`` returns a longer one."""

    answers: tuple[Answer, ...] = ()

    def and_then(self, answer: Answer) -> Conversation:
        """Return this conversation with one more answer."""
        return Conversation((*self.answers, answer))

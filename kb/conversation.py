"""What was said so far: immutable, whether someone keeps it on a page or it is read from a home."""

from __future__ import annotations

from dataclasses import dataclass

from kb.answer import Answer

__all__ = ["Conversation", "ConversationEntry", "StoredConversation", "Turn"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Earlier answers, oldest first; ``and_then`` returns a longer one."""

    answers: tuple[Answer, ...] = ()

    def and_then(self, answer: Answer) -> Conversation:
        """Return this conversation with one more answer."""
        return Conversation((*self.answers, answer))


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """What a list shows of a stored conversation.

    Attributes:
        id: Never changes, and is never given to another.
        title: One line; of the first question, if nobody gave one.
        created_at, updated_at: When it was begun and last added to, ISO 8601, UTC.
        turns: How many questions were answered.
    """

    id: str
    title: str
    created_at: str
    updated_at: str
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its whole answer, and when it was stored (ISO 8601, UTC)."""

    asked_at: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A stored conversation with all that was said, oldest first."""

    entry: ConversationEntry
    turns: tuple[Turn, ...]

    @property
    def conversation(self) -> Conversation:
        """What a follow-up may lean on."""
        return Conversation(tuple(turn.answer for turn in self.turns))

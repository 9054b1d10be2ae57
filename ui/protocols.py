"""What the page needs of a knowledge base; ``kb.KnowledgeBase`` has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, Unpack

from kb.answer import Answer, Event
from kb.conversation import Conversation
from kb.scope import Within

if TYPE_CHECKING:
    from pathlib import Path

    from kb import Choice, Collection, Conversations

__all__ = ["Library", "LibraryStatus"]


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
    """What the page asks of a knowledge base."""

    @property
    def conversations(self) -> Conversations: ...

    def stream(
        self,
        question: str,
        conversation: Conversation = ...,
        *,
        model: str | None = ...,
        **within: Unpack[Within],
    ) -> Iterator[Event]: ...
    def models(self) -> tuple[Choice, ...]: ...
    def sources(self) -> list[str]: ...
    def collections(self) -> tuple[Collection, ...]: ...
    def status(self) -> LibraryStatus: ...
    def suggestions(self, answer: Answer) -> list[str]: ...
    def warm(self) -> None: ...

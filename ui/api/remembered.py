"""What was said before the last message, known again if this server answered it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel

from kb.answer import Answer
from kb.conversation import Conversation

__all__ = ["Message", "Remembered"]

_REMEMBERED = 2_000


class _Part(BaseModel):
    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of OpenAI's API."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        """What it says; its parts are lines."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class Remembered:
    """The answers that were given, by who asked and what was said; the oldest are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[str, str, str], Answer] = OrderedDict()

    def keep(self, who: str, answer: Answer) -> None:
        """Remember an answer."""
        with self._lock:
            self._answers[who, answer.question.strip(), answer.text.strip()] = answer
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)

    def conversation(self, who: str, messages: Sequence[Message]) -> Conversation:
        """Return what was said before the last message, as far as it is remembered."""
        said = [one for one in messages[:-1] if one.role in ("user", "assistant")]
        with self._lock:
            found = (
                self._answers.get((who, asked.text.strip(), answered.text.strip()))
                for asked, answered in pairwise(said)
                if (asked.role, answered.role) == ("user", "assistant")
            )
            return Conversation(tuple(answer for answer in found if answer))

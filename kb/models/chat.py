"""Any LlamaIndex chat model as a ``Writer``."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb.conversation import Conversation
from kb.evidence import Evidence
from kb.models.control import defuse
from kb.models.stream import led, stream_text
from kb.prompt import Messages, again, messages, standalone
from kb.protocols import Piece, Usage

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

__all__ = ["ChatWriter", "usage"]

_TURNS = 3  # of a conversation that a follow-up is read with


class ChatWriter:
    """A ``Writer`` that lets a chat model draft.

    Args:
        llm: As ``open_llm`` returns it.
        name: ``provider:model``, as it is shown with an answer.
        budget: Tokens of evidence in the prompt.
        options: Passed on to the model with every question.
    """

    def __init__(self, llm: LLM, name: str, budget: int, **options: Any) -> None:
        self.llm = llm
        self.name = name
        self.budget = budget
        self._options = options

    def write(
        self, question: str, evidence: Sequence[Evidence]
    ) -> Generator[Piece, None, Usage | None]:
        """Yield the draft as the model writes it; raises ``ModelError``."""
        return (yield from self._said(messages(question, evidence)))

    def rewrite(
        self, question: str, evidence: Sequence[Evidence], withheld: Sequence[str]
    ) -> Generator[Piece, None, Usage | None]:
        """Yield another draft, by a model that has been told what did not hold."""
        return (yield from self._said(again(question, evidence, withheld)))

    def _said(self, asked: Messages) -> Generator[Piece, None, Usage | None]:
        from llama_index.core.llms import ChatMessage

        said = [  # servers, too, may read control tokens in a text as their own
            ChatMessage(role=role, content=defuse(text)) for role, text in asked
        ]
        yield from led(stream_text(self.llm, said, **self._options))
        return usage(self.llm)

    def condense(self, question: str, conversation: Conversation) -> str:
        """Return a follow-up as the model would ask it alone; raises ``ModelError``."""
        from llama_index.core.llms import ChatMessage

        said = [(one.standalone or one.question, one.text) for one in conversation.answers]
        asked = standalone(question, said[-_TURNS:])
        prompt = [ChatMessage(role=role, content=text) for role, text in asked]
        return "".join(stream_text(self.llm, prompt, **self._options))

    def warm(self) -> None:
        """Load the model and let it read what begins every prompt, if it is a local one."""
        if hasattr(self.llm, "warm"):
            self.llm.warm()
            with closing(self.write("", ())) as draft:
                any(draft)  # the first pieces are empty, while the prompt is being read

    def close(self) -> None:
        """Free the model, if it is a local one."""
        if hasattr(self.llm, "close"):
            self.llm.close()


def usage(llm: LLM) -> Usage | None:
    """Return what the last answer of a local model took; None for others."""
    took = getattr(llm, "last_timings", None)
    if took is None:
        return None
    return {
        "prompt_tokens": took.prompt_tokens - took.cached_tokens,
        "generated_tokens": took.generated_tokens,
    }

"""Any LlamaIndex chat model as a ``Writer``."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb.conversation import Conversation
from kb.evidence import Evidence
from kb.models.control import defuse
from kb.models.stream import stream_text
from kb.prompt import SHORT, messages, standalone
from kb.protocols import Piece, Short, Usage

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
        from llama_index.core.llms import ChatMessage

        said = [  # servers, too, may read control tokens in a text as their own
            ChatMessage(role=role, content=defuse(text))
            for role, text in messages(question, evidence)
        ]
        yield from _led(stream_text(self.llm, said, **self._options))
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


def _led(pieces: Iterator[str]) -> Iterator[Piece]:
    """Yield a draft with the line that names the answer, if it begins with one, as ``Short``."""
    held = ""
    for piece in pieces:
        held += piece
        if not SHORT.startswith(held[: len(SHORT)]):
            break
        line, ends, rest = held.partition("\n")
        if ends:
            yield Short(line.removeprefix(SHORT).strip().rstrip("."))
            held = rest
            break
        yield ""
    if held:
        yield held
    yield from pieces


def usage(llm: LLM) -> Usage | None:
    """Return what the last answer of a local model took; None for others."""
    took = getattr(llm, "last_timings", None)
    if took is None:
        return None
    return {
        "prompt_tokens": took.prompt_tokens - took.cached_tokens,
        "generated_tokens": took.generated_tokens,
    }

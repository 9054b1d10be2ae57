"""Any LlamaIndex chat model as a ``Writer``."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb.evidence import Evidence
from kb.models.stream import stream_text
from kb.prompt import messages

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

__all__ = ["ChatWriter"]


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

    def write(self, question: str, evidence: Sequence[Evidence]) -> Generator[str, None, None]:
        """Yield the draft as the model writes it; raises ``ModelError``."""
        from llama_index.core.llms import ChatMessage

        said = [ChatMessage(role=role, content=text) for role, text in messages(question, evidence)]
        yield from stream_text(self.llm, said, **self._options)

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

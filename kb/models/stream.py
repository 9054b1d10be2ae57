"""Any LlamaIndex chat model as an iterator of new text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

__all__ = ["stream_text"]


def stream_text(llm: LLM, messages: Sequence[ChatMessage], **options: Any) -> Iterator[str]:
    """Yield only what is new, piece by piece; closing the iterator closes the model's stream.

    An empty piece says that the model is at work, and gives the reader an occasion to stop it.

    Args:
        llm: A model that ``open_llm`` returned.
        options: Passed on to the model's ``stream_chat``.

    Raises:
        ModelError: The model failed, or said nothing; ``ModelUnavailable`` if its server does not
            answer.
    """
    said = False
    with closing(llm.stream_chat(messages, **options)) as stream:
        for response in stream:
            piece = response.delta or ""
            said = said or bool(piece.strip())
            yield piece
    if not said:
        raise ModelError(
            f"The model {llm.metadata.model_name} gave an empty reply",
            "Ask again, or choose another model",
        )

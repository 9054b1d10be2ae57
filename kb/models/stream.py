"""Any LlamaIndex chat model as an iterator of new text."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb.errors import ModelError, ReplyCut
from kb.prompt import SHORT
from kb.protocols import Piece, Short

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

__all__ = ["led", "stream_text"]

_MOST_CHARACTERS = 6_000  # a page and a half, where one or two sentences are asked for
_MOST_SECONDS = 600.0
_CUT = {"length", "max_tokens", "model_context_window_exceeded", "content_filter"}


def stream_text(
    llm: LLM,
    messages: Sequence[ChatMessage],
    *,
    most_characters: int = _MOST_CHARACTERS,
    most_seconds: float = _MOST_SECONDS,
    **options: Any,
) -> Iterator[str]:
    """Yield only what is new, piece by piece; closing the iterator closes the model's stream.

    An empty piece says that the model is at work, and gives the reader an occasion to stop it.

    Args:
        llm: A model that ``open_llm`` returned.
        most_characters, most_seconds: A reply that has no end by then is stopped.
        options: Passed on to the model's ``stream_chat``.

    Raises:
        ModelError: The model failed, or said nothing; ``ModelUnavailable`` if its server does not
            answer or broke off, ``PromptTooLong`` if it takes fewer tokens, ``ReplyCut``, after all
            pieces, if the reply is not whole.
    """
    name = llm.metadata.model_name
    text, reason, begun = "", "", time.monotonic()
    with closing(llm.stream_chat(messages, **options)) as stream:
        for response in stream:
            piece = response.delta or ""
            text += piece
            reason = response.additional_kwargs.get("finish_reason") or reason
            yield piece
            if len(text) > most_characters or time.monotonic() - begun > most_seconds:
                raise ReplyCut(f"The model {name} did not come to an end and was stopped")
    if not text.strip():
        raise ModelError(
            f"The model {name} gave an empty reply", "Ask again, or choose another model"
        )
    if reason in _CUT:
        raise ReplyCut(f"The model {name} was cut off before its answer came to an end ({reason})")


def led(pieces: Iterator[str]) -> Iterator[Piece]:
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

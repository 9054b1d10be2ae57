"""``LocalLLM``: a model file in this process as a LlamaIndex LLM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.llms.custom import CustomLLM

from kb.models.control import defuse
from kb.models.gguf import Gguf, Timings

__all__ = ["LocalLLM"]


class LocalLLM(CustomLLM):  # type: ignore[misc]  # llama_index is not followed, so its classes are Any
    """A GGUF chat model on this machine; loaded at the first question or by ``warm``.

    Control tokens in the messages are made harmless. ``stream_chat`` and ``chat`` take the options
    ``max_tokens``, ``temperature``, ``seed``, ``stop`` and ``grammar`` (GBNF) and raise
    ``ModelError``; closing a stream stops the work within a second.
    """

    model_path: str
    model_name: str
    context_window: int = 4096
    max_tokens: int = 512
    temperature: float = 0.0
    seed: int = 7

    _model: Gguf = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Make the holder of the model, which loads nothing yet."""
        super().model_post_init(context)
        self._model = Gguf(Path(self.model_path), self.context_window)

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex serialises this class."""
        return "footnoted_local"

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex wants to know of a model."""
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.model_name,
        )

    @property
    def last_timings(self) -> Timings | None:
        """What the last finished generation took; None before the first."""
        return self._model.last_timings

    def warm(self) -> None:
        """Load the model if it is not loaded; raises ``ModelError`` if that fails."""
        self._model.warm()

    def close(self) -> None:
        """Free the model; may be called twice."""
        self._model.close()

    def weigh(self, messages: Sequence[ChatMessage], options: Sequence[str]) -> dict[str, float]:
        """Return how probable each word is as the first of the answer; see ``Gguf.weigh``."""
        return self._model.weigh(_said(messages), options)

    @llm_chat_callback()  # type: ignore[untyped-decorator]
    def chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponse:
        """Return the whole answer."""
        return _reply("".join(self._pieces(messages, options)))

    @llm_chat_callback()  # type: ignore[untyped-decorator]
    def stream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponseGen:
        """Yield the answer as it grows; the last response has a ``finish_reason``."""

        def grow() -> ChatResponseGen:
            text, told = "", list[Mapping[str, Any]]()
            for piece in self._pieces(messages, options, told):
                text += piece
                yield _reply(text, piece)
            yield _reply(text, "", (told[-1].get("finish_reason") or "") if told else "")

        return grow()

    @llm_completion_callback()  # type: ignore[untyped-decorator]
    def complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponse:
        """Return the answer to a prompt, asked as one message of the user."""
        return CompletionResponse(text="".join(self._pieces([_asked(prompt)], options)))

    @llm_completion_callback()  # type: ignore[untyped-decorator]
    def stream_complete(
        self, prompt: str, formatted: bool = False, **options: Any
    ) -> CompletionResponseGen:
        """Yield the answer to a prompt as it grows, asked as one message of the user."""

        def grow() -> CompletionResponseGen:
            text = ""
            for piece in self._pieces([_asked(prompt)], options):
                text += piece
                yield CompletionResponse(text=text, delta=piece)

        return grow()

    def _pieces(
        self,
        messages: Sequence[ChatMessage],
        options: dict[str, Any],
        told: list[Mapping[str, Any]] | None = None,
    ) -> Iterator[str]:
        request = {
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "seed": self.seed,
            **{name: value for name, value in options.items() if value is not None},
        }
        return self._model.generate(_said(messages), request, told)


def _said(messages: Sequence[ChatMessage]) -> list[dict[str, str]]:
    return [
        {"role": message.role.value, "content": defuse(message.content or "")}
        for message in messages
    ]


def _asked(prompt: str) -> ChatMessage:
    return ChatMessage(role=MessageRole.USER, content=prompt)


def _reply(text: str, delta: str | None = None, reason: str = "") -> ChatResponse:
    return ChatResponse(
        message=ChatMessage(role=MessageRole.ASSISTANT, content=text),
        delta=delta,
        additional_kwargs={"finish_reason": reason} if reason else {},
    )

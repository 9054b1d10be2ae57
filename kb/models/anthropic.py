"""``anthropic:NAME``: Anthropic's messages API."""

from __future__ import annotations

import os

import anthropic
from llama_index.core.base.llms.types import ChatResponse, LLMMetadata
from llama_index.llms.anthropic import Anthropic as LlamaAnthropic

from kb.errors import ModelError
from kb.models.remote import Remote, remember

__all__ = ["Anthropic", "open_anthropic"]

_PUBLIC = "https://api.anthropic.com"
_MAX_TOKENS = 1_024
_CONTEXT = 200_000


class Anthropic(Remote, LlamaAnthropic):  # type: ignore[misc]  # llama_index is not followed
    """LlamaIndex's ``Anthropic`` with errors of this program."""

    @property
    def address(self) -> str:
        """The base URL of the server."""
        return str(self.base_url)

    @property
    def key_name(self) -> str:
        """The environment variable with the key."""
        return "ANTHROPIC_API_KEY"

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex wants to know, also of models newer than its own list."""
        return LLMMetadata(
            context_window=_CONTEXT,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.model,
        )

    def library_errors(self) -> tuple[type[Exception], ...]:
        """Return the base class of what the client raises."""
        return (anthropic.AnthropicError,)

    def ending(self, response: ChatResponse) -> str:
        """Return the reason to stop of this response, if it has one."""
        return str(response.message.additional_kwargs.get("stop_reason") or "")


def open_anthropic(
    name: str, base_url: str | None, api_key: str | None, timeout: float
) -> Anthropic:
    """Return the model of this name; nothing is asked of the server yet.

    Args:
        base_url: Without one: ``ANTHROPIC_BASE_URL``, else Anthropic's own.
        api_key: Without one: ``ANTHROPIC_API_KEY``.
        timeout: Seconds of silence to wait for.

    Raises:
        ModelError: There is no key.
    """
    key = api_key or os.environ.get("ANTHROPIC_API_KEY")
    if not key:
        raise ModelError(f"The model anthropic:{name} needs a key", "Set ANTHROPIC_API_KEY")
    llm = Anthropic(
        model=name,
        base_url=base_url or os.environ.get("ANTHROPIC_BASE_URL") or _PUBLIC,
        api_key=key,
        temperature=0.0,
        max_tokens=_MAX_TOKENS,
        timeout=timeout,
        max_retries=1,
    )
    http = anthropic.DefaultHttpxClient(event_hooks={"response": [remember]})
    llm._client = llm._client.with_options(http_client=http)  # LlamaIndex takes none
    return llm

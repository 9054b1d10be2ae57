"""``openai:NAME``: OpenAI's chat API and every server that speaks it."""

from __future__ import annotations

import os

import openai
from llama_index.core.base.llms.types import ChatResponse
from llama_index.llms.openai_like import OpenAILike

from kb.errors import ModelError
from kb.models.remote import Remote, remember

__all__ = ["OpenAI", "open_openai"]

_PUBLIC = "https://api.openai.com/v1"
_CONTEXT = 16_384  # tokens; not asked of the server, and more than a prompt of ours takes


class OpenAI(Remote, OpenAILike):  # type: ignore[misc]  # llama_index is not followed
    """LlamaIndex's ``OpenAILike`` with errors of this program."""

    @property
    def address(self) -> str:
        """The base URL of the server."""
        return str(self.api_base)

    @property
    def key_name(self) -> str:
        """The environment variable with the key."""
        return "OPENAI_API_KEY"

    def library_errors(self) -> tuple[type[Exception], ...]:
        """Return the base class of what the client raises."""
        return (openai.OpenAIError,)

    def ending(self, response: ChatResponse) -> str:
        """Return the reason to finish of this response, if it has one."""
        return next((one.finish_reason for one in response.raw.choices if one.finish_reason), "")


def open_openai(name: str, base_url: str | None, api_key: str | None, timeout: float) -> OpenAI:
    """Return the model of this name behind a server; nothing is asked of the server yet.

    Args:
        base_url: Without one: ``OPENAI_BASE_URL``, else OpenAI's own.
        api_key: Without one: ``OPENAI_API_KEY``; a server of one's own may need none.
        timeout: Seconds of silence to wait for.

    Raises:
        ModelError: There is no key for OpenAI's own server.
    """
    address = base_url or os.environ.get("OPENAI_BASE_URL") or _PUBLIC
    key = api_key or os.environ.get("OPENAI_API_KEY")
    if not key and address == _PUBLIC:
        raise ModelError(
            f"The model openai:{name} needs a key",
            "Set OPENAI_API_KEY, or the base URL of a server that needs none",
        )
    return OpenAI(
        model=name,
        api_base=address,
        api_key=key or "none",
        is_chat_model=True,
        context_window=_CONTEXT,
        temperature=0.0,
        timeout=timeout,
        max_retries=1,
        http_client=openai.DefaultHttpxClient(event_hooks={"response": [remember]}),
    )

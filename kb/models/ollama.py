"""``ollama:NAME``: a model that an Ollama server runs."""

from __future__ import annotations

import os

import ollama
from llama_index.core.base.llms.types import ChatResponse
from llama_index.llms.ollama import Ollama as LlamaOllama

from kb.models.remote import Remote

__all__ = ["Ollama", "open_ollama"]

_USUAL = "http://127.0.0.1:11434"
_CONTEXT = 8_192  # tokens; Ollama's own default cuts prompts off in silence


class Ollama(Remote, LlamaOllama):  # type: ignore[misc]  # llama_index is not followed
    """LlamaIndex's ``Ollama`` with errors of this program."""

    @property
    def address(self) -> str:
        """The base URL of the server."""
        return str(self.base_url)

    def library_errors(self) -> tuple[type[Exception], ...]:
        """Return what the client raises."""
        return (ollama.ResponseError, ollama.RequestError)

    def ending(self, response: ChatResponse) -> str:
        """Return why this response is the last, if it is; older servers do not say why."""
        raw = response.raw
        return str(raw.get("done_reason") or "stop") if raw.get("done") else ""


def open_ollama(name: str, base_url: str | None, timeout: float) -> Ollama:
    """Return the model of this name behind a server; nothing is asked of the server yet.

    Args:
        base_url: Without one: ``OLLAMA_HOST``, else this machine's usual port.
        timeout: Seconds of silence to wait for; a model that must be loaded first is silent.
    """
    address = base_url or os.environ.get("OLLAMA_HOST") or _USUAL
    return Ollama(
        model=name,
        base_url=address if "://" in address else f"http://{address}",
        temperature=0.0,
        context_window=_CONTEXT,
        request_timeout=timeout,
    )

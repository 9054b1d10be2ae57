"""What the models behind a server share: their failures become ``ModelError``s, at this edge."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    MessageRole,
)
from llama_index.core.instrumentation import DISPATCHER_SPAN_DECORATED_ATTR
from llama_index.core.llms.function_calling import FunctionCallingLLM

from kb.errors import ModelError, ModelUnavailable, PromptTooLong
from kb.models.paced import paced

__all__ = ["Remote", "remember", "shown"]

_TIMEOUTS = {"TimeoutException", "TimeoutError", "APITimeoutError"}
_BROKEN = {"TransportError", "ConnectionError", "APIConnectionError"}
# What LlamaIndex and the clients raise over an answer that is no answer of their protocol:
# bad JSON, bad UTF-8, missing or wrong fields.
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError)
# How the servers say it: OpenAI and vLLM ("maximum context length is"), llama.cpp ("the available
# context size"), Ollama ("exceeds the context length"), Anthropic ("prompt is too long").
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|(?:prompt|input|request) (?:is |was )?too (?:long|large)",
    re.I,
)
_OPENED: ContextVar[list[Any] | None] = ContextVar("opened", default=None)
_SILENCE = ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=""), delta="")


class Remote(FunctionCallingLLM):  # type: ignore[misc]  # llama_index is not followed
    """Stands before a provider's LlamaIndex class and translates what it raises.

    A subclass says where it asks (``address``), which key it needs (``key_name``), what its library
    raises (``library_errors``) and how its last response is known (``ending``).
    """

    @property
    def address(self) -> str:
        """The base URL of the server."""
        raise NotImplementedError

    @property
    def key_name(self) -> str:
        """The environment variable with the key; empty if there is none."""
        return ""

    def library_errors(self) -> tuple[type[Exception], ...]:
        """Return the base classes of what the provider's library raises."""
        raise NotImplementedError

    def ending(self, response: ChatResponse) -> str:
        """Return the reason for which the reply ends with this response; empty if it does not."""
        raise NotImplementedError

    def chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponse:
        """Return the whole answer; raises ``ModelError``."""
        with self._translated():
            return super().chat(messages, **options)

    def stream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponseGen:
        """Yield the answer as it grows; raises ``ModelError``, also if it breaks off.

        While the server is silent, responses come whose delta is empty, so that it can be stopped.
        The one that ends the reply has a ``finish_reason``.
        """
        return self._responses(messages, options)

    # LlamaIndex opens a span around each of these, and the provider's class has its own within.
    for _outer in (chat, stream_chat):
        setattr(_outer, DISPATCHER_SPAN_DECORATED_ATTR, True)
    del _outer

    def close(self) -> None:
        """Close the connections to the server; may be called twice."""
        client = getattr(self, "_client", None)  # made by the library at the first request
        if client is not None:
            client.close()

    def _responses(
        self, messages: Sequence[ChatMessage], options: dict[str, Any]
    ) -> Iterator[ChatResponse]:
        ended = False
        begin = partial(super().stream_chat, messages, **options)
        with self._translated(), closing(paced(partial(_drawn, begin))) as stream:
            for response in stream:
                if response is None:
                    yield _SILENCE
                    continue
                if reason := self.ending(response):
                    response.additional_kwargs["finish_reason"] = reason
                    ended = True
                yield response
        if not ended:
            raise ModelUnavailable(
                f"The server {shown(self.address)} broke off in the middle of its answer",
                "Ask again",
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._foreign() as exc:
            raise self._translate(exc) from exc

    def _foreign(self) -> tuple[type[Exception], ...]:
        return (*self.library_errors(), *_http_errors(), OSError, *_MALFORMED)

    def _translate(self, exc: Exception) -> ModelError:
        server, kinds = f"The server {shown(self.address)}", {k.__name__ for k in type(exc).__mro__}
        status = getattr(exc, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return self._refused(server, status, exc)
        if kinds & _TIMEOUTS:
            return ModelUnavailable(
                f"{server} did not answer in time", "Try again, or raise the timeout"
            )
        if kinds & _BROKEN or isinstance(exc, OSError):
            return ModelUnavailable(
                f"{server} cannot be reached or broke off ({_reason(exc)})",
                "Check that it runs and that its address is right",
            )
        return ModelError(
            f"{server} and this program did not understand each other ({_reason(exc)})",
            "Check that its address is that of the right API",
        )

    def _refused(self, server: str, status: int, exc: Exception) -> ModelError:
        if status in (400, 413, 422, 500) and _TOO_LONG.search(str(exc)):
            return PromptTooLong(
                f"The prompt is too long for {self.model!r} ({_reason(exc)})",
                "Ask a shorter question, or choose a model with a longer context",
            )
        if status in (401, 403):
            return ModelError(
                f"{server} refused the key ({status})", f"Set {self.key_name or 'the right key'}"
            )
        if status == 404:
            return ModelError(
                f"{server} has no model {self.model!r} or no such API ({_reason(exc)})",
                "Check the model's name and the address",
            )
        if status == 429 or status >= 500:
            return ModelUnavailable(
                f"{server} failed ({status}: {_reason(exc)})", "Try again later"
            )
        return ModelError(f"{server} refused the request ({status}: {_reason(exc)})")


def remember(response: Any) -> None:
    """Take note of a response of an HTTP client, as its event hook, so that it is surely closed.

    The streams of openai and anthropic close theirs only when they are collected as garbage, and
    until then a server goes on writing for nobody.
    """
    if (opened := _OPENED.get()) is not None:
        opened.append(response)


def _drawn(begin: Callable[[], ChatResponseGen]) -> Generator[ChatResponse, None, None]:
    """Yield what ``begin`` yields, in a thread and context of its own; leave no response open."""
    opened: list[Any] = []
    _OPENED.set(opened)
    try:
        with closing(begin()) as stream:
            yield from stream
    finally:
        for response in opened:
            response.close()


def shown(address: str) -> str:
    """Return an address without the user name and password it may carry."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _reason(exc: Exception) -> str:
    return " ".join(str(exc).split())[:200] or type(exc).__name__


def _http_errors() -> tuple[type[Exception], ...]:
    # The clients let errors of their HTTP library through while they read a stream. Which library
    # that is depends on their versions; whichever it is, it has been imported by now.
    modules = (sys.modules.get(name) for name in ("httpx", "httpx2"))
    return tuple(module.HTTPError for module in modules if module is not None)

"""An answer in the shape of a chat completion of OpenAI's API."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from kb.answer import Answer
from ui.wire import Json, answer_json, line

__all__ = ["Completion", "url_citations"]

_MARKER = re.compile(r"\[(\d+)\]")


class Completion:
    """One completion, whole or in chunks.

    Args:
        model: The name that was asked for.
    """

    def __init__(self, model: str) -> None:
        id = f"chatcmpl-{secrets.token_hex(12)}"
        self._head = {"id": id, "created": int(time.time()), "model": model}

    def whole(self, answer: Answer) -> Json:
        """Return the completion of an answer."""
        message = {"role": "assistant", "content": answer.text, "refusal": None}
        choice = {
            "index": 0,
            "message": {**message, "annotations": url_citations(answer)},
            "finish_reason": "stop",
            "logprobs": None,
        }
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": _usage(answer),
            "footnoted": answer_json(answer),
        }

    def chunk(self, delta: Json, finish: str | None = None, **more: Any) -> str:
        """Return an event with some more of it."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return self._event(choices=[choice], **more)

    def used(self, answer: Answer) -> str:
        """Return the event that says what it took, without a choice."""
        return self._event(choices=[], usage=_usage(answer))

    def _event(self, **more: Any) -> str:
        return f"data: {line({**self._head, 'object': 'chat.completion.chunk', **more})}\n\n"


def url_citations(answer: Answer) -> list[Json]:
    """Return an annotation for each marker in the text of an answer."""
    numbered = {one.number: one for one in answer.citations}
    found = []
    for match in _MARKER.finditer(answer.text):
        if one := numbered.get(int(match.group(1))):
            where = one.article.url or f"/api/v1/article?{urlencode({'id': one.article.id})}"
            cited = {"url": where, "title": one.article.title}
            place = {"start_index": match.start(), "end_index": match.end()}
            found.append({"type": "url_citation", "url_citation": {**place, **cited}})
    return found


def _usage(answer: Answer) -> Json:
    read, wrote = (answer.usage.get(key, 0) for key in ("prompt_tokens", "generated_tokens"))
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}

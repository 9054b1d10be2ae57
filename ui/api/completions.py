"""The chat completions of OpenAI's API, for clients that speak only that.

The last message is the question. Those before it are known again if this server answered them: a
follow-up leans on the answers themselves. The content is the answer with its markers; each
citation is an annotation of the message (``url_citation``, whose indices are those of the marker),
and the whole answer, as ``/api/v1/ask`` gives it, is in one extra field, ``footnoted``.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from kb.access import Caller
from kb.answer import Answer, Delta
from kb.errors import KBError
from ui.api.asking import Asked, Event, answering
from ui.api.completion import Completion, url_citations
from ui.api.problems import TooMuch, status_of
from ui.api.remembered import Message, Remembered
from ui.api.replies import reply, service_of, who
from ui.api.service import Service
from ui.stoppable import Problem
from ui.wire import Json, answer_json

__all__ = ["MODEL", "build_completions", "refused"]

MODEL = "footnoted"
"""The knowledge base with the model that is set; the others go by their own names."""

_KINDS = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}

router = APIRouter()
Who = Annotated[Caller, Depends(who)]


class _StreamOptions(BaseModel):
    include_usage: bool = False


class _Request(BaseModel):
    model_config = ConfigDict(extra="allow")  # how a model samples is nothing that is done here

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: _StreamOptions | None = None
    n: Literal[1] = 1


@router.get("/models")
def models(request: Request, caller: Who) -> Response:
    """List the knowledge base, and what else a question may be answered by."""
    return reply({"object": "list", "data": [_model(one) for one in _known(request)]})


@router.get("/models/{id:path}")
def model(id: str, request: Request, caller: Who) -> Response:
    """Return one of the models."""
    _check(id, request)
    return reply(_model(id))


@router.post("/chat/completions")
async def complete(body: _Request, request: Request, caller: Who) -> Response:
    """Answer the last message."""
    _check(body.model, request)
    if body.messages[-1].role != "user":
        raise HTTPException(400, "the last message has to be the user's question")
    service, remembered = service_of(request), request.app.state.remembered
    before = remembered.conversation(caller.name, body.messages)
    chosen = {} if body.model == MODEL else {"model": body.model}
    asked = Asked(body.messages[-1].text, chosen, before=before)
    events = answering(service, caller, asked)
    told = Completion(body.model)
    if body.stream:
        first = await anext(events)
        if isinstance(first, Problem):
            raise _failed(first)
        usage = bool(body.stream_options and body.stream_options.include_usage)
        stream = _chunks(told, first, events, partial(remembered.keep, caller.name), usage=usage)
        return StreamingResponse(stream, media_type="text/event-stream")
    async with contextlib.aclosing(events):
        async for event in events:
            if isinstance(event, Problem):
                raise _failed(event)
            if isinstance(event, Answer):
                remembered.keep(caller.name, event)
                return reply(told.whole(event))
            if await request.is_disconnected():
                break
    raise HTTPException(503, "the question was not answered")


async def _chunks(
    told: Completion,
    first: Event,
    events: AsyncGenerator[Event, None],
    keep: Callable[[Answer], None],
    *,
    usage: bool,
) -> AsyncIterator[str]:
    yield told.chunk({"role": "assistant", "content": ""})
    async with contextlib.aclosing(events):
        event: Event | None = first
        while event is not None:
            if isinstance(event, Delta):
                yield told.chunk({"content": event.text}) if event.text else ": at work\n\n"
            elif isinstance(event, Problem):
                yield f"data: {json.dumps(_error(502, event.line))}\n\n"
                return
            elif isinstance(event, Answer):
                keep(event)
                if event.refusal:
                    yield told.chunk({"content": event.text})
                cited = {"annotations": url_citations(event)}
                yield told.chunk(cited, "stop", footnoted=answer_json(event))
                if usage:
                    yield told.used(event)
            event = await anext(events, None)
    yield "data: [DONE]\n\n"


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": 0, "owned_by": "footnoted"}


def _known(request: Request) -> list[str]:
    return [MODEL, *(one.name for one in service_of(request).knowledge_base.models())]


def _check(name: str, request: Request) -> None:
    known = _known(request)
    if name not in known:
        raise HTTPException(404, f"there is no model {name[:80]!r}; there are {', '.join(known)}")


def _failed(event: Problem) -> HTTPException:
    status = status_of(event.error)[0] if isinstance(event.error, KBError) else 500
    return HTTPException(status, event.line)


def _error(status: int, told: str) -> Json:
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    return {"error": {"message": told, "type": kind, "param": None, "code": None}}


def refused(status: int, told: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error as OpenAI's API tells it."""
    return reply(_error(status, told), status, **(headers or {}))


def build_completions(service: Service) -> FastAPI:
    """Return the app that answers under ``/v1``."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    app.state.remembered = Remembered()
    app.include_router(router)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return refused(400, f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}")

    @app.exception_handler(HTTPException)
    def failed(_: Request, error: HTTPException) -> Response:
        return refused(error.status_code, str(error.detail))

    @app.exception_handler(KBError)
    def known(_: Request, error: KBError) -> Response:
        return refused(status_of(error)[0], str(error))

    @app.exception_handler(TooMuch)
    def too_much(_: Request, error: TooMuch) -> Response:
        return refused(error.status, error.detail)

    return app

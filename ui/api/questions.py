"""``ask``, ``search``, ``suggestions`` and ``cite``."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from kb import KnowledgeBase
from kb.access import Caller
from kb.answer import Answer
from ui.api import answers, taken
from ui.api.asking import Asked, Event, answering, server_sent
from ui.api.problems import failed, problem, problems
from ui.api.replies import reply, service_of, who, within
from ui.api.service import Service
from ui.stoppable import BEAT, Problem
from ui.wire import Json, answer_json, hits_json
from ui.wire_cited import cited_json

__all__ = ["router"]

router = APIRouter(tags=["questions"])
Who = Annotated[Caller, Depends(who)]

_STREAM: dict[str, Any] = {
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": 'event: delta\ndata: {"text": "…", "short": null}\n\n',
        }
    }
}


@router.post(
    "/ask",
    responses={
        200: {"model": answers.Answer, "description": "The answer, or its events.", **_STREAM},
        **problems(404, 413, 502),
    },
)
async def ask(body: taken.Ask, request: Request, caller: Who) -> Response:
    """Answer a question, with citations or a refusal.

    With ``Accept: text/event-stream`` it comes as Server-Sent Events: ``queued`` (the place in the
    queue), ``found`` (passages), ``delta`` (checked sentences), and ``answer``, which is the same
    as without; or ``problem``. Going away gives the place free and stops the model.
    """
    service = service_of(request)
    asked = Asked(body.question, {**within(body), "model": body.model}, body.conversation)
    events = answering(service, caller, asked)
    first = await anext(events)
    if isinstance(first, Problem):  # what cannot be asked at all is told with a status of its own
        return failed(first)
    if "text/event-stream" in request.headers.get("accept", ""):
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        told = server_sent(_with(first, events))
        return StreamingResponse(told, media_type="text/event-stream", headers=headers)
    async with contextlib.aclosing(_with(first, events)) as all_events:
        async for event in all_events:
            if isinstance(event, Answer):
                return reply(answer_json(event))
            if isinstance(event, Problem):
                return failed(event)
            if await request.is_disconnected():
                break
    return problem(503, "not now", "The question was not answered.")


async def _with(first: Event, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
    async with contextlib.aclosing(events):
        yield first
        async for event in events:
            yield event


@router.post(
    "/search",
    responses={200: {"model": answers.Hits}, **problems(413)},
)
async def search(body: taken.Search, request: Request, caller: Who) -> Response:
    """Return the passages for a question, best first."""
    service = service_of(request)
    return reply(await service.searching.run(partial(_searched, service, body)))


def _searched(service: Service, body: taken.Search) -> Json:
    knowledge_base = service.knowledge_base
    begun = time.perf_counter()
    hits = knowledge_base.search(body.question, body.limit, explain=body.explain, **within(body))
    took = (time.perf_counter() - begun) * 1000
    chips = knowledge_base.chips(body.question, now=body.now or body.as_of, without=body.without)
    return hits_json(body.question, hits, took, chips)


@router.post(
    "/suggestions",
    responses={200: {"model": answers.Suggestions}, **problems(413)},
)
async def suggest(body: taken.Suggest, request: Request, caller: Who) -> Response:
    """Return what to ask after an answer: questions that the articles were found to answer."""
    service = service_of(request)
    return reply(await service.searching.run(partial(_suggested, service.knowledge_base, body)))


def _suggested(knowledge_base: KnowledgeBase, body: taken.Suggest) -> Json:
    answer = knowledge_base.recall(body.answer.model_dump())
    return {"suggestions": knowledge_base.suggestions(answer, body.limit)}


@router.post(
    "/cite",
    responses={200: {"model": answers.Cited}, **problems(413)},
)
async def cite(body: taken.Cite, request: Request, caller: Who) -> Response:
    """Return a text sentence by sentence, with the citations and verdicts there are for it."""
    service, stop = service_of(request), threading.Event()
    cited = partial(service.knowledge_base.cite, body.text, stop=stop.is_set, **within(body))
    work = asyncio.create_task(service.citing.run(cited))
    try:
        while not (await asyncio.wait({work}, timeout=BEAT))[0]:
            if await request.is_disconnected():
                work.cancel()
                return problem(503, "not now", "The text was not read to its end.")
        return reply(cited_json(work.result()))
    finally:
        stop.set()

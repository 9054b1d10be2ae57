"""``conversations`` and ``feedback``: each caller sees only their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kb.access import Caller
from kb.conversations import ExportFormat
from ui.api import answers, taken
from ui.api.problems import problems
from ui.api.replies import cursor, position, reply, service_of, who
from ui.wire import (
    conversation_json,
    conversations_json,
    deleted_json,
    entry_json,
    feedback_json,
)

__all__ = ["router"]

router = APIRouter(tags=["conversations"])
Who = Annotated[Caller, Depends(who)]


@router.get(
    "/conversations",
    responses={200: {"model": answers.Conversations}, **problems(404)},
)
def list_conversations(
    request: Request,
    caller: Who,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    after: Annotated[str | None, Query(description="The cursor of the last page.")] = None,
    words: Annotated[str, Query(max_length=1_000)] = "",
) -> Response:
    """List conversations, the newest first, in which all these words stand."""
    stored = service_of(request).conversations(caller)
    found = stored.search(words, limit + 1, before=position(after))
    shown = found[:limit]
    following = cursor(shown[-1].id) if len(found) > limit else None
    return reply({**conversations_json(shown), "next": following})


@router.post(
    "/conversations",
    status_code=201,
    responses={201: {"model": answers.ConversationEntry}, **problems(413)},
)
def begin_conversation(body: taken.NewConversation, request: Request, caller: Who) -> Response:
    """Begin a conversation; its id goes with each question that is asked in it."""
    return reply(
        entry_json(service_of(request).conversations(caller).create(title=body.title)), 201
    )


@router.get(
    "/conversations/{id}",
    responses={200: {"model": answers.Conversation}, **problems(404)},
)
def read_conversation(id: str, request: Request, caller: Who) -> Response:
    """Return a conversation with every answer as it was given."""
    return reply(conversation_json(service_of(request).conversations(caller).get(id)))


@router.get(
    "/conversations/{id}/export",
    response_class=Response,
    responses={
        200: {"content": {"text/markdown": {"schema": {"type": "string"}}}},
        **problems(404),
    },
)
def export_conversation(
    id: str,
    request: Request,
    caller: Who,
    format: ExportFormat = "md",
    number: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """Return a conversation, or one answer of it, as Markdown with footnotes, or as JSON."""
    text = service_of(request).conversations(caller).export(id, format, number=number)
    kind = "text/markdown; charset=utf-8" if format == "md" else "application/json"
    name = f'attachment; filename="conversation.{format}"'
    return Response(text, media_type=kind, headers={"Content-Disposition": name})


@router.patch(
    "/conversations/{id}",
    responses={200: {"model": answers.ConversationEntry}, **problems(404, 413)},
)
def rename_conversation(id: str, body: taken.Title, request: Request, caller: Who) -> Response:
    """Give a conversation another title."""
    return reply(entry_json(service_of(request).conversations(caller).rename(id, body.title)))


@router.delete(
    "/conversations/{id}",
    responses={200: {"model": answers.Deleted}, **problems(404)},
)
def delete_conversation(id: str, request: Request, caller: Who) -> Response:
    """Delete a conversation with all that was said in it."""
    return reply(deleted_json(service_of(request).conversations(caller).delete(id)))


@router.get(
    "/feedback",
    responses={200: {"model": answers.Ratings}, **problems()},
)
def list_feedback(request: Request, caller: Who) -> Response:
    """Return what this caller thought of answers."""
    return reply(feedback_json(service_of(request).conversations(caller).ratings()))


@router.put(
    "/feedback",
    responses={200: {"model": answers.Ratings}, **problems(404, 413)},
)
def rate(body: taken.NewRating, request: Request, caller: Who) -> Response:
    """Say what one thinks of an answer; the last word counts."""
    stored = service_of(request).conversations(caller)
    rating = stored.rate(body.conversation, body.number, body.good, body.reason)
    return reply(feedback_json([rating]))

"""``removed``: the articles that were removed by hand, to be seen and let back in."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from kb.access import Caller
from ui.api import contracts
from ui.api.problems import problems
from ui.api.replies import cursor, offset, reply, service_of, who
from ui.wire import excluded_json

__all__ = ["router"]

router = APIRouter(tags=["articles"])
Who = Annotated[Caller, Depends(who)]


@router.get("/removed", responses={200: {"model": contracts.Excluded}, **problems()})
def list_removed(
    request: Request,
    caller: Who,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    after: Annotated[str | None, Query(description="The cursor of the last page.")] = None,
) -> Response:
    """List what no sync brings back, by uri; nothing else is known of it any more."""
    known = service_of(request).knowledge_base.excluded()
    begin = offset(after)
    end = begin + limit
    shown = dict(islice(known.items(), begin, end))
    following = cursor(str(end)) if end < len(known) else None
    told = excluded_json("removed", shown)
    return reply({**told, "total": len(known), "next": following})


@router.delete("/removed", responses={200: {"model": contracts.Readmitted}, **problems(404)})
def readmit(id: str, request: Request, caller: Who) -> Response:
    """Let a removed article come back: with the next sync of where it is, or put again."""
    knowledge_base = service_of(request).knowledge_base
    uri = knowledge_base.excluded().get(id, "")
    knowledge_base.readmit([id])
    return reply(excluded_json("readmitted", {id: uri}))

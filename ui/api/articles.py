"""``articles``: list, read, put, remove, and hand in documents; ``sync`` for addresses.

What all articles tell together: ``duplicates`` and ``timeline``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Query, Request, UploadFile
from starlette.responses import Response

from kb import Filter, Order, Unit
from kb.access import Caller
from kb.errors import SettingsError
from ui.api import contracts, taken
from ui.api.problems import TooMuch, problems
from ui.api.replies import cursor, offset, reply, service_of, who
from ui.wire import (
    article_json,
    articles_json,
    collections_json,
    last_sync_json,
    reference_json,
    removed_json,
    stories_json,
    timeline_json,
)

__all__ = ["router"]

router = APIRouter(tags=["articles"])
Who = Annotated[Caller, Depends(who)]
_PIECE = 1 << 20


@router.get(
    "/articles",
    responses={200: {"model": contracts.Articles}, **problems()},
)
def list_articles(
    request: Request,
    caller: Who,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    after: Annotated[str | None, Query(description="The cursor of the last page.")] = None,
    order: Order = Order.NEWEST,
    text: Annotated[str | None, Query(max_length=1_000)] = None,
    source: Annotated[list[str] | None, Query()] = None,
    since: str | None = None,
    until: str | None = None,
) -> Response:
    """List articles without their texts, page by page."""
    knowledge_base = service_of(request).knowledge_base
    wanted = Filter.of(sources=source, since=since, until=until, text=text)
    begin = offset(after)
    found = knowledge_base.articles(wanted, order=order, limit=limit, offset=begin)
    total = knowledge_base.count(wanted)
    end = begin + len(found)
    following = cursor(str(end)) if found and end < total else None
    return reply({**articles_json(found), "total": total, "next": following})


# An id may be anything: ".." and "a//b" do not arrive in a path, as clients tidy paths up.
@router.get("/article", responses={200: {"model": contracts.Article}, **problems(404)})
@router.get("/articles/{id:path}", responses={200: {"model": contracts.Article}, **problems(404)})
def read_article(id: str, request: Request, caller: Who) -> Response:
    """Return an article with its whole canonical text; ``/article?id=`` takes every id."""
    return reply(article_json(service_of(request).knowledge_base.article(id, exact=True)))


@router.put("/article", responses={200: {"model": contracts.Reference}, **problems(413)})
@router.put("/articles/{id:path}", responses={200: {"model": contracts.Reference}, **problems(413)})
def put_article(id: str, body: taken.NewArticle, request: Request, caller: Who) -> Response:
    """Take in an article under an id, on one line; doing it again changes nothing."""
    knowledge_base = service_of(request).knowledge_base
    return reply(reference_json(knowledge_base.put_article(id, **body.model_dump())))


@router.delete("/article", responses={200: {"model": contracts.Removed}, **problems(404)})
@router.delete(
    "/articles/{id:path}", responses={200: {"model": contracts.Removed}, **problems(404)}
)
def remove_article(id: str, request: Request, caller: Who) -> Response:
    """Remove an article; no sync brings it back."""
    return reply(removed_json(service_of(request).knowledge_base.remove([id], exact=True)))


@router.get(
    "/duplicates",
    responses={200: {"model": contracts.Stories}, **problems()},
)
def list_duplicates(
    request: Request,
    caller: Who,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    after: Annotated[str | None, Query(description="The cursor of the last page.")] = None,
) -> Response:
    """List the stories that stand in several articles, the widest spread first."""
    stories = service_of(request).knowledge_base.duplicates()
    begin = offset(after)
    end = begin + limit
    following = cursor(str(end)) if end < len(stories) else None
    told = stories_json(stories[begin:end])
    return reply({**told, "total": len(stories), "next": following})


@router.get("/collections", responses={200: {"model": contracts.Collections}, **problems()})
def list_collections(request: Request, caller: Who) -> Response:
    """List the collections that a question may be asked of: folders, feeds and sites."""
    return reply(collections_json(service_of(request).knowledge_base.collections()))


@router.get(
    "/timeline",
    responses={200: {"model": contracts.Timeline}, **problems()},
)
def count_by_period(
    request: Request,
    caller: Who,
    unit: Annotated[
        Unit | None, Query(description="Without it, what fits the stretch of time.")
    ] = None,
    text: Annotated[str | None, Query(max_length=1_000)] = None,
    source: Annotated[list[str] | None, Query()] = None,
    since: str | None = None,
    until: str | None = None,
) -> Response:
    """Return how many articles were published in each day, month or year, by source."""
    wanted = Filter.of(sources=source, since=since, until=until, text=text)
    return reply(timeline_json(service_of(request).knowledge_base.timeline(wanted, unit)))


@router.post(
    "/uploads",
    responses={
        200: {"model": contracts.HandedIn},
        **problems(413),
    },
)
def upload(request: Request, caller: Who, file: Annotated[UploadFile, File()]) -> Response:
    """Take in a document: a PDF, a web page, text. One of the same name is replaced."""
    service = service_of(request)
    most = service.limits.upload
    data = file.file.read(most + 1)
    if len(data) > most:
        raise TooMuch(413, f"The document has more than {most:,} bytes.")
    articles = service.knowledge_base.put(file.filename or "", data)
    return reply(articles_json(articles))


@router.post(
    "/sync",
    status_code=202,
    responses={202: {"model": contracts.SyncJob}, **problems(413)},
)
def begin_sync(body: taken.Sync, request: Request, caller: Who) -> Response:
    """Begin to read addresses; where it is, ``/sync/{id}`` says."""
    for place in body.places:
        if not place.startswith(("http://", "https://")):
            raise SettingsError(
                f"{place[:80]!r} is no address", "files of the server are not read over the network"
            )
        if "@" in place.split("/")[2]:  # it would be told to whoever lists the syncs
            raise SettingsError(
                "an address that holds a name or password is not read", "leave it out"
            )
    return reply(service_of(request).syncs.begin(body.places).json(), 202)


@router.get(
    "/sync",
    responses={200: {"model": contracts.Syncs}, **problems()},
)
def list_syncs(request: Request, caller: Who) -> Response:
    """List the syncs that were begun here, or that the server does by itself, without reports.

    And the last of all that the knowledge base has seen, of other processes and before a restart.
    """
    service = service_of(request)
    last = last_sync_json(service.knowledge_base.last_sync())
    return reply({"syncs": [job.brief() for job in service.syncs.known()], "last": last})


@router.get(
    "/sync/{id}",
    responses={200: {"model": contracts.SyncJob}, **problems(404)},
)
def sync_state(id: str, request: Request, caller: Who) -> Response:
    """Return how far a sync is."""
    return reply(service_of(request).syncs.get(id).json())


@router.delete(
    "/sync/{id}",
    responses={200: {"model": contracts.SyncJob}, **problems(404)},
)
def stop_sync(id: str, request: Request, caller: Who) -> Response:
    """Stop a sync after the article it is at; what it has stored stays."""
    return reply(service_of(request).syncs.stop(id).json())

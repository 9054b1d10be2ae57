"""The Library page: the articles in a table, one to read, copies, and what was removed.

All of it is made here from the address alone and works without a script; what changes something
(``static/library.js``) goes through the API.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.access import Caller, Scope
from kb.errors import QuestionError
from ui import render_article, render_library, render_removed
from ui.frame import answered, framed
from ui.wanted import ARTICLE, DUPLICATES, LIBRARY, REMOVED, Wanted, number, spans

if TYPE_CHECKING:
    from ui.api.service import Service

__all__ = ["router"]

_ROWS = 50  # of a page
_SOURCES = 1_000  # that are offered while one types
_SCRIPT = "library.js"

router = APIRouter(include_in_schema=False)


@router.get(LIBRARY)
def show_library(request: Request) -> Response:
    """Show the articles that the address asks for, a page of them."""

    def show(service: Service, caller: Caller) -> Response:
        view = _view(service, caller, Wanted.of(request.query_params))
        status = 422 if view.problem else 200
        body = render_library.library(view)
        return framed("Library", LIBRARY, body, caller, script=_SCRIPT, status=status)

    return answered(request, LIBRARY, show)


@router.get(ARTICLE)
def show_article(request: Request) -> Response:
    """Show the whole text of an article, with the characters marked that the address names."""

    def show(service: Service, caller: Caller) -> Response:
        article = service.knowledge_base.article(request.query_params.get("id", ""))
        cited = spans(request.query_params.getlist("at"), len(article.text))
        body = render_article.article(article, cited, may_write=_may_write(caller))
        return framed(render_article.named(article), LIBRARY, body, caller, script=_SCRIPT)

    return answered(request, LIBRARY, show)


@router.get(DUPLICATES)
def show_duplicates(request: Request) -> Response:
    """Show the stories that stand in several articles."""

    def show(service: Service, caller: Caller) -> Response:
        stories = service.knowledge_base.duplicates()
        page, pages = _paged(number(request.query_params.get("page", "")), len(stories))
        some = stories[(page - 1) * _ROWS : page * _ROWS]
        body = render_article.duplicates(
            some, len(stories), page, pages, may_write=_may_write(caller)
        )
        return framed("Duplicates", LIBRARY, body, caller, script=_SCRIPT)

    return answered(request, LIBRARY, show)


@router.get(REMOVED)
def show_removed(request: Request) -> Response:
    """Show what was removed by hand."""

    def show(service: Service, caller: Caller) -> Response:
        uris = service.knowledge_base.excluded()
        page, pages = _paged(number(request.query_params.get("page", "")), len(uris))
        some = dict(islice(uris.items(), (page - 1) * _ROWS, page * _ROWS))
        body = render_removed.removed(some, len(uris), page, pages, may_write=_may_write(caller))
        return framed("Removed", LIBRARY, body, caller, script=_SCRIPT)

    return answered(request, LIBRARY, show)


def _view(service: Service, caller: Caller, wanted: Wanted) -> render_library.View:
    knowledge_base = service.knowledge_base
    view = render_library.View(
        wanted=wanted,
        sources=sorted(knowledge_base.sources(), key=str.casefold)[:_SOURCES],
        may_write=_may_write(caller),
        upload=service.limits.upload,
    )
    try:
        chosen = wanted.filter()
    except QuestionError as error:
        view.problem = str(error)
        return view
    view.timeline = knowledge_base.timeline(chosen)
    view.total = sum(share.articles for share in view.timeline.shares)
    page, view.pages = _paged(wanted.page, view.total)
    view.wanted = wanted.on(page)
    view.articles = knowledge_base.articles(
        chosen, order=wanted.order, limit=_ROWS, offset=(page - 1) * _ROWS
    )
    return view


def _paged(page: int, total: int) -> tuple[int, int]:
    """Return the page that is meant, of how many; the last if it is behind it."""
    pages = max(1, -(-total // _ROWS))
    return min(page, pages), pages


def _may_write(caller: Caller) -> bool:
    return caller.scope >= Scope.WRITE

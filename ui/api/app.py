"""The API as one FastAPI app, mounted beside the page."""

from __future__ import annotations

import time
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from ui.api import articles, contracts, conversations, questions, removed
from ui.api.metrics import CONTENT_TYPE
from ui.api.problems import add_problems, problems
from ui.api.replies import reply, service_of
from ui.wire import choices_json, last_sync_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.api.service import Service

__all__ = ["PREFIX", "build_api"]

PREFIX = "/api/v1"
_server = APIRouter(tags=["server"])


@_server.get("/alive", responses={200: {"model": contracts.Alive}})
def alive() -> Response:
    """Say that the server answers; everybody may ask."""
    return reply({"status": "ok"})


@_server.get("/health", responses={200: {"model": contracts.Health}, **problems()})
def health(request: Request) -> Response:
    """Say whether the models are loaded, and what the knowledge base has."""
    service = service_of(request)
    status = service.knowledge_base.status()
    syncing = service.syncs.current()
    return reply(
        {
            "status": "loading" if service.busy() else "ok",
            "version": version("footnoted"),
            "articles": status.articles,
            "passages": status.passages,
            "revision": status.revision,
            "model": status.model,
            "embedder": status.embedder,
            "waiting": service.desk.waiting,
            "syncing": syncing.json() if syncing else None,
            "last_sync": last_sync_json(service.knowledge_base.last_sync()),
            "notes": list(status.notes),
        }
    )


@_server.get("/models", responses={200: {"model": contracts.Models}, **problems()})
def list_models(request: Request) -> Response:
    """List the models that a question may be answered by, the one that is set first."""
    return reply(choices_json(service_of(request).knowledge_base.models()))


@_server.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problems(),
    },
)
def metrics(request: Request) -> Response:
    """Return counters in Prometheus's text format."""
    service = service_of(request)
    return Response(service.metrics.text(service), media_type=CONTENT_TYPE)


def build_api(service: Service) -> FastAPI:
    """Return the app that answers under ``PREFIX``; it describes itself in ``openapi.json``."""
    app = FastAPI(
        title="Footnoted",
        version=version("footnoted"),
        description=(
            f"The body of a request has at most {service.limits.body:,} bytes, a document that is "
            f"handed in at most {service.limits.upload:,}; more is a 413."
        ),
        summary="Questions in; answers out, with the exact characters that carry each sentence.",
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
    )
    app.state.service = service
    for module in (questions, articles, removed, conversations):
        app.include_router(module.router)
    app.include_router(_server)
    add_problems(app)
    app.add_middleware(_Counted, service=service)
    return app


class _Counted:
    """Counts requests by their routes."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            took = time.perf_counter() - begun
            self._service.metrics.request(scope["method"], route, status, took)

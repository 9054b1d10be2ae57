"""Errors as ``application/problem+json`` (RFC 9457), each kind with its status."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kb.errors import (
    EmbedderError,
    HomeError,
    KBError,
    ModelError,
    ModelUnavailable,
    NotFoundError,
    PromptTooLong,
    QuestionError,
    SettingsError,
    SourceError,
)
from ui.api.contracts import Problem
from ui.stoppable import Problem as Stopped

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

__all__ = ["TooMuch", "add_problems", "failed", "problem", "problems"]

logger = logging.getLogger(__name__)
_TYPE = "application/problem+json"

# The first that fits; the order goes from the kinds to their bases.
_STATUS: tuple[tuple[type[KBError], int, str], ...] = (
    (NotFoundError, 404, "not found"),
    (QuestionError, 422, "unusable question"),
    (SourceError, 422, "unusable source"),
    (SettingsError, 400, "unusable setting"),
    (PromptTooLong, 502, "the model failed"),
    (ModelUnavailable, 503, "the model is not there"),
    (ModelError, 502, "the model failed"),
    (EmbedderError, 503, "the embedding model failed"),
    (HomeError, 503, "the knowledge base cannot be used"),
    (KBError, 422, "cannot be done"),
)
_ALWAYS = (400, 401, 403, 422, 429, 503)
_TITLES = {
    400: "bad request",
    401: "sign in first",
    403: "not allowed",
    404: "not found",
    405: "not that method",
    409: "conflict",
    413: "too large",
    415: "unknown kind of content",
    421: "not this server",
    422: "cannot be used",
    429: "too many requests",
    503: "not now",
}


class TooMuch(Exception):
    """Something is over a limit, for now or as such.

    Args:
        status: 413 or 429 or 503.
        retry_after: Seconds after which it may be different; 0 if it never is.
    """

    def __init__(self, status: int, detail: str, retry_after: int = 0) -> None:
        super().__init__(detail)
        self.status, self.detail, self.retry_after = status, detail, retry_after


def problem(
    status: int, title: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    """Return a response that says what went wrong."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body = json.dumps(told, ensure_ascii=True)
    return Response(body, status, headers, media_type=_TYPE)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of these statuses, and of those that any request may get."""
    content = {_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _TITLES.get(status, "failed"), "model": Problem, "content": content}
        for status in sorted({*_ALWAYS, *statuses})
    }


def add_problems(app: FastAPI) -> None:
    """Let an app tell every error as a problem."""
    app.add_exception_handler(KBError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(TooMuch, _too_much)
    app.add_exception_handler(Exception, _unexpected)


def status_of(error: KBError) -> tuple[int, str]:
    """Return the status and the title for an error."""
    return next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))


def failed(event: Stopped) -> Response:
    """Return a response that says why there will be no answer."""
    if isinstance(event.error, KBError):
        return problem(*status_of(event.error), event.line)
    return problem(500, "failed", event.line)


def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, KBError)
    return problem(*status_of(error), str(error))


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    told = "; ".join(
        f"{'.'.join(str(part) for part in one['loc'][1:]) or 'the body'}: {one['msg']}"
        for one in error.errors()[:5]
    )
    return problem(422, "cannot be used", told)


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    title = _TITLES.get(error.status_code, "failed")
    return problem(error.status_code, title, str(error.detail), headers)


def _too_much(_: Request, error: Exception) -> Response:
    assert isinstance(error, TooMuch)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return problem(error.status, _TITLES[error.status], error.detail, headers)


def _unexpected(_: Request, error: Exception) -> Response:
    logger.error("a request failed unexpectedly", exc_info=error)
    return problem(500, "failed", "Something went wrong here; the log says what.")

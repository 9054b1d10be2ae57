"""Small things that all routes share: JSON as every door writes it, cursors, scopes of a search."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from kb.access import Caller
from kb.errors import QuestionError
from kb.scope import Within
from ui.api.service import Service
from ui.api.taken import Scope
from ui.gate import caller_of
from ui.wire import line

__all__ = ["cursor", "offset", "position", "reply", "service_of", "who", "within"]


def reply(contract: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """Return a contract as JSON, spelled as the command line spells it."""
    return Response(line(contract), status, headers, media_type="application/json")


def service_of(request: Request) -> Service:
    """Return what the doors of this server share."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def who(request: Request) -> Caller:
    """Return who asks, and count the request; raises ``TooMuch``."""
    caller = caller_of(request)
    service_of(request).pace.take(caller.place)
    return caller


def within(scope: Scope) -> Within:
    """Return a scope as keywords of ``KnowledgeBase.search``."""
    return {
        "sources": scope.sources,
        "collections": scope.collections,
        "since": scope.since,
        "until": scope.until,
        "now": scope.now,
        "as_of": scope.as_of,
        "without": scope.without,
    }


def cursor(value: str) -> str:
    """Return a place in a list as a word that nobody needs to understand."""
    return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def position(word: str | None) -> str | None:
    """Return the place that a cursor stands for; raises ``QuestionError`` if it is none."""
    if not word:
        return None
    try:
        return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _no_cursor(word) from None


def offset(word: str | None) -> int:
    """Return the number that a cursor stands for, 0 without one; raises ``QuestionError``."""
    number = position(word)
    if number is None:
        return 0
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise _no_cursor(word or "")
    return int(number)


def _no_cursor(word: str) -> QuestionError:
    return QuestionError(f"{word[:40]!r} is no cursor", "take the one of the last page")

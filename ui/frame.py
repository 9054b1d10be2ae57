"""What the pages without Gradio have in common: head, links to each other, strict headers.

They are HTML from the server with a little script of their own, and need no inline script or style.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kb.errors import KBError
from ui.passages import escape

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kb.access import Caller
    from ui.api.service import Service

__all__ = ["PREFIX", "STATIC", "address", "answered", "asset", "day", "framed", "moment", "nav"]

STATIC = Path(__file__).parent / "static"
PREFIX = "/footnoted"
"""Where our own files are served."""

_PAGES = (("/", "Chat"), ("/library", "Library"), ("/status", "Status"))
# Beside the guard's policy: what both allow is allowed.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def asset(name: str) -> str:
    """Return the address of one of our files; it changes with the content."""
    return f"{PREFIX}/{name}?{sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def nav(here: str) -> str:
    """Return the links between the pages.

    Args:
        here: The path of the page that they stand on.
    """
    links = "".join(f'<a href="{path}"{_current(path == here)}>{name}</a>' for path, name in _PAGES)
    return f'<nav class="fn-pages" aria-label="Pages">{links}</nav>'


def _current(yes: bool) -> str:
    return ' aria-current="page"' if yes else ""


def framed(
    title: str, here: str, body: str, caller: Caller, *, script: str = "", status: int = 200
) -> Response:
    """Return a page.

    Args:
        title: As text.
        here: The path that is marked in the navigation.
        body: HTML, in which everything is escaped.
        script: The name of its script, if it has one.
    """
    from starlette.responses import HTMLResponse

    loaded = f'<script defer src="{asset(script)}"></script>' if script else ""
    html = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · Footnoted</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{PREFIX}/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{asset("frame.css")}">{loaded}</head><body>'
        '<a class="fn-skip" href="#main">Skip to the content</a>'
        '<header class="fn-masthead"><a class="fn-name" href="/">Footnoted</a>'
        f"{nav(here)}{_sign_out(caller)}</header>"
        f'<main id="main">{body}</main></body></html>\n'
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
    return HTMLResponse(html, status, headers)


def _sign_out(caller: Caller) -> str:
    if not caller.name:
        return ""
    return (
        '<form class="fn-sign-out" method="post" action="/sign-out">'
        f"<button>{escape(caller.name)}: sign out</button></form>"
    )


def address(url: str | None) -> str:
    """Return an address of the web as a link that tells it nothing, any other text as text."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https") and bool(parts.netloc) and url.isprintable()
    except ValueError:
        web = False
    if not web:
        return f"<bdi>{escape(url)}</bdi>"
    rel = "noopener noreferrer nofollow"
    return f'<a href="{escape(url)}" target="_blank" rel="{rel}"><bdi>{escape(url)}</bdi></a>'


def day(published_at: str | None) -> str:
    """Return a day as it is read, "17 August 2024"; what is none, as it stands; as HTML."""
    if not published_at:
        return ""
    try:
        found = dt.date.fromisoformat(published_at[:10])
    except ValueError:
        return f"<bdi>{escape(published_at)}</bdi>"
    return f'<time datetime="{found.isoformat()}">{found.day} {found:%B} {found.year}</time>'


def moment(at: str | None) -> str:
    """Return a moment in UTC as it is read, as HTML."""
    if not at:
        return ""
    found = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
    told = f"{found.day} {found:%B} {found.year}, {found:%H:%M:%S} UTC"
    return f'<time datetime="{escape(at)}">{told}</time>'


def answered(request: Request, here: str, show: Callable[[Service, Caller], Response]) -> Response:
    """Return what ``show`` makes, or a page that says in a line why there is none."""
    from ui.api.problems import TooMuch, status_of
    from ui.api.replies import service_of, who
    from ui.gate import caller_of

    try:
        return show(service_of(request), who(request))
    except KBError as error:
        (status, title), told = status_of(error), str(error)
    except TooMuch as error:
        status, title, told = error.status, "too many requests", error.detail
    body = f'<h1>{escape(title.capitalize())}</h1><p class="fn-notice">{escape(told)}</p>'
    return framed(title, here, body, caller_of(request), status=status)

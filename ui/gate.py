"""The one check that every request of every door goes through: who asks, and may they?

A request comes with a token (``Authorization: Bearer``) or with the session of a signed-in user (a
cookie); without either it gets a sign-in page or a 401. What a path needs is looked up here, and a
path that is not known here needs everything. Where no users and tokens are asked for, which is so
on loopback only, everybody is the one user of the machine.
"""

from __future__ import annotations

import re
import time
from collections import deque
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from kb.access import Caller, Scope

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as Connection

    from kb.access import Access
    from kb.users import Users

__all__ = ["COOKIE", "Gate", "Keys", "caller_of", "needed"]

COOKIE = "footnoted_session"
_FORM_AT_MOST = 10_000
_PUBLIC = re.compile(r"/(sign-in|footnoted/(sign-in\.css|icon\.svg)|api/v1/alive)")
# What asks or keeps one's own things may be done by who may read.
_READING = re.compile(
    r"/(api/v1/(ask|search|suggestions|cite|conversations|feedback)(/.*)?|v1/(chat/completions|models)"
    r"|mcp(/.*)?|gradio_api/.*|assets/.*|theme\.css|static/.*|footnoted/.*|svelte/.*"
    r"|favicon\.ico|manifest\.json|robots\.txt|config|sign-out|)"
)
_SHOWN = re.compile(
    r"/(api/v1/(articles?(/.*)?|removed|duplicates|timeline|models|collections|sync(/.*)?|health|openapi\.json)"
    r"|library(/.*)?|status)"
)
_PAGES = re.compile(r"/(library(/.*)?|status)?")
_CHANGED = re.compile(r"/api/v1/(articles?(/.*)?|removed|uploads(/.*)?|sync(/.*)?)")


def needed(method: str, path: str) -> Scope | None:
    """Return what it takes to ask this; None for what everybody may."""
    if _PUBLIC.fullmatch(path):
        return None
    if _READING.fullmatch(path) or (method in ("GET", "HEAD") and _SHOWN.fullmatch(path)):
        return Scope.READ
    return Scope.WRITE if _CHANGED.fullmatch(path) else Scope.ADMIN


class Keys:
    """What callers are known by.

    Args:
        access: The tokens and sessions of the home.
        users: Who may sign in; without them only tokens count.
    """

    def __init__(self, access: Access, users: Users | None) -> None:
        self.access = access
        self.users = users

    def caller(self, headers: dict[bytes, bytes]) -> Caller | None:
        """Return who a request comes from; None if that is not known."""
        kind, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if kind.lower() == "bearer" and secret:
            return self.access.bearer(secret.strip())
        session = self.access.session(_cookie(headers))
        return self.users.caller(*session) if session and self.users else None

    def sign_in(self, name: str, password: str) -> str | None:
        """Return the secret of a new session; None if no user has this name and password."""
        found = self.users.verified(name, password) if self.users else None
        if not (found and self.users):
            return None
        return self.access.sign_in(found.name, self.users.mark(found.name))


class Gate:
    """Wraps an ASGI app; without ``keys`` everybody is the user of the machine.

    Args:
        secure: Whether the cookie is for TLS only.
        tries: How many wrong passwords there may be in a minute for one name from one address; ten
            times as many from one address.
    """

    def __init__(
        self, app: ASGIApp, keys: Keys | None = None, *, secure: bool = False, tries: int = 10
    ) -> None:
        self._app = app
        self._keys = keys
        self._secure = secure
        self._tries = tries
        self._tried: deque[tuple[float, str, str]] = deque()

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Let a request through with who asks in its state, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        if self._keys is None:
            host, _ = scope.get("client") or ("", 0)
            state["caller"] = Caller("", Scope.ADMIN, host)
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope.get("method", "GET")
        if path == "/sign-in" and method == "POST":
            answer = await self._sign_in(scope, receive)
        elif path == "/sign-in":
            answer = _page()
        else:
            answer = await self._checked(scope, method, path)
        await (answer or self._app)(scope, receive, send)

    async def _checked(self, scope: Connection, method: str, path: str) -> Any:
        """Return the refusal of a request, or None with who asks in its state."""
        from starlette.concurrency import run_in_threadpool

        assert self._keys
        wanted = needed(method, path)
        headers = dict(scope["headers"])
        caller = await run_in_threadpool(self._keys.caller, headers)
        if path == "/sign-out" and method == "POST":
            return self._sign_out(headers)
        if wanted is not None and caller is None:
            return _unknown(scope, headers)
        if wanted is not None and caller and caller.scope < wanted:
            return _forbidden(wanted)
        scope["state"]["caller"] = caller
        return None

    async def _sign_in(self, scope: Connection, receive: Receive) -> Any:
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request

        assert self._keys
        body = b""
        async for piece in Request(scope, receive).stream():
            body += piece
            if len(body) > _FORM_AT_MOST:
                return _page("That was too long.", 413)
        form = parse_qs(body.decode("utf-8", "replace"))
        name, password = (form.get(key, [""])[0] for key in ("name", "password"))
        host = _network((scope.get("client") or ("", 0))[0])
        if self._exhausted(host, name):
            return _page("Too many wrong passwords: wait a minute.", 429)
        this = (time.monotonic(), host, name)
        self._tried.append(this)  # before it is looked at: many at the same time are many, too
        secret = await run_in_threadpool(self._keys.sign_in, name, password)
        if secret is None:
            return _page("No user has this name and password.", 403)
        with suppress(ValueError):  # it took longer than a minute
            self._tried.remove(this)
        return self._sent_on("/", secret)

    def _exhausted(self, host: str, name: str) -> bool:
        """Say whether too many were wrong in a minute, of this name or from this address."""
        while self._tried and self._tried[0][0] < time.monotonic() - 60:
            self._tried.popleft()
        named = [who for _, where, who in self._tried if where == host]
        return named.count(name) >= self._tries or len(named) >= 10 * self._tries

    def _sign_out(self, headers: dict[bytes, bytes]) -> Any:
        assert self._keys
        self._keys.access.sign_out(_cookie(headers))
        return self._sent_on("/sign-in", "")

    def _sent_on(self, where: str, secret: str) -> Any:
        from starlette.responses import RedirectResponse

        answer = RedirectResponse(where, 303)
        answer.set_cookie(
            COOKIE,
            secret,
            max_age=14 * 86_400 if secret else 0,
            httponly=True,
            samesite="strict",
            secure=self._secure,
        )
        return answer


def caller_of(request: Any) -> Caller:
    """Return who a request comes from, that has passed the gate."""
    caller = request.scope["state"]["caller"]
    assert isinstance(caller, Caller)
    return caller


def _network(host: str) -> str:
    """Return what a client cannot choose of its address: of IPv6 the first half, 64 bits."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    many = isinstance(address, IPv6Address) and not address.ipv4_mapped
    return address.exploded[:19] if many else host


def _cookie(headers: dict[bytes, bytes]) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _unknown(scope: Connection, headers: dict[bytes, bytes]) -> Any:
    from starlette.responses import RedirectResponse

    from ui.api.problems import problem

    a_page = _PAGES.fullmatch(scope["path"]) and b"text/html" in headers.get(b"accept", b"")
    if a_page:
        return RedirectResponse("/sign-in", 303)
    detail = "Send a token: Authorization: Bearer fn_… (kb token create makes one)."
    return problem(401, "sign in first", detail, {"WWW-Authenticate": "Bearer"})


def _forbidden(wanted: Scope) -> Any:
    from ui.api.problems import problem

    return problem(403, "not allowed", f"This takes the scope {wanted.name.lower()!r}.")


def _page(problem: str = "", status: int = 200) -> Any:
    from starlette.responses import HTMLResponse

    told = f'<p role="alert">{problem}</p>' if problem else ""
    return HTMLResponse(_SIGN_IN.replace("<!--problem-->", told), status)


_SIGN_IN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in · Footnoted</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/footnoted/icon.svg"><link rel="stylesheet" href="/footnoted/sign-in.css">
</head><body><main><h1>Footnoted</h1><!--problem-->
<form method="post" action="/sign-in">
<label>Name <input name="name" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required>
</label><button>Sign in</button></form></main></body></html>
"""

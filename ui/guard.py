"""Who may talk to the page, and what the page may do: one ASGI middleware in front of everything.

- A ``Host`` that is not this machine's is refused: a hostile site can give its own name the address
  127.0.0.1 (DNS rebinding) and would then read everything.
- An ``Origin`` that is not the page's own is refused: other sites cannot post questions.
- Gradio's doors that the page does not use (uploads, files, proxying, other clients) are shut.
- A Content-Security-Policy lets the page load from here only, and run only what it came with.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LOOPBACK", "Guard", "content_security_policy"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_SHUT = re.compile(
    r"/(gradio_api/(upload|file|proxy|stream|deep_link|call|run|api|info|openapi|vibe|component_server"
    r"|process_recording|custom_component|dev|token|runs|undo|profiling)"
    r"|config|monitoring|proxy=|file=|login)"
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a form that is sent would then come from the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Chromium looks up the names in an article's links before anyone clicks them.
    "X-DNS-Prefetch-Control": "off",
}


def content_security_policy(page: str = "") -> str:
    """Return the policy for an HTML page: its own inline scripts may run, by their hashes.

    What Gradio needs beyond ``'self'``: ``'unsafe-eval'``, as ``gr.HTML`` compiles its template
    with ``Function`` (that alone starts no script from markup; ``'unsafe-inline'`` would, and is
    absent); inline styles, as its page and its components carry them; ``data:`` for its icons.
    """
    inline = _InlineScripts()
    inline.feed(page)
    inline.close()
    digests = (hashlib.sha256(script.encode()).digest() for script in inline.scripts)
    hashes = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-eval'{hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-src 'none'; frame-ancestors 'none'"
    )


class Guard:
    """Wraps an ASGI app.

    Args:
        hosts: Names in a ``Host`` header that are this server's, without ports.
        secure: Whether it is reached over TLS, by a proxy in front of it.
    """

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK, *, secure: bool = False
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._anywhere = bool(hosts & {"0.0.0.0", "::"})  # noqa: S104  # looked for, not bound
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        dressed = _Dressed(send)
        if not self._known(_name(host)):
            answer = PlainTextResponse("This server does not go by that name.\n", 421)
            await answer(scope, receive, dressed)
        elif scope["type"] != "http" or not self._own(scope, origin, host):
            answer = PlainTextResponse("Not from another site.\n", 403)
            await answer(scope, receive, dressed)
        elif not scope["path"].isprintable():  # routes are found line by line
            from ui.api.problems import problem

            await problem(400, "bad request", "A path is one line of printable characters.")(
                scope, receive, dressed
            )
        elif _SHUT.match(scope["path"]):
            await PlainTextResponse("There is nothing here.\n", 404)(scope, receive, dressed)
        else:
            await self._app(scope, receive, dressed)

    def _known(self, name: str) -> bool:
        """Say whether a name is this server's; a number is nobody's to let stand for another."""
        return name in self._hosts or (self._anywhere and _is_number(name))

    def _own(self, scope: Scope, origin: str | None, host: str) -> bool:
        scheme = "https" if self._secure else scope["scheme"]
        return origin in (None, f"{scheme}://{host}")


class _Dressed:
    """A ``send`` that adds the headers; a page of HTML is held back until its scripts are known."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if _is_html(message):
                self._start = message
                return
            _dress(message, content_security_policy())
        elif self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            _dress(self._start, content_security_policy(self._page.decode("utf-8", "replace")))
            await self._send(self._start)
            self._start = None
            message = {"type": "http.response.body", "body": self._page}
        await self._send(message)


def _is_html(start: Message) -> bool:
    # A body under a content encoding cannot be read here; nothing behind this compresses.
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )


def _dress(start: Message, policy: str) -> None:
    added = {**_HEADERS, "Content-Security-Policy": policy}
    start["headers"] = [
        *start["headers"],
        *((name.lower().encode(), value.encode()) for name, value in added.items()),
    ]


def _name(host: str) -> str:
    """The host without its port: ``[::1]:7860`` is ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class _InlineScripts(HTMLParser):
    """Collects the text of every ``<script>`` without a ``src``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a script."""
        self._inside = tag == "script" and not any(name == "src" for name, _ in attrs)
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        """Take its text as it stands."""
        if self._inside:
            self.scripts[-1] += data

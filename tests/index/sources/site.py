"""A web site on loopback whose pages a test sets and takes away, kind or hostile."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, cast


@dataclass
class Page:
    """An answer.

    Attributes:
        raw: Writes the body instead, and may take its time; the length is not announced then.
    """

    body: bytes = b""
    kind: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[BinaryIO, threading.Event], object] | None = None


@dataclass
class Site:
    """A running site.

    Attributes:
        pages: The answers, by path; a list gives one answer after the other, the last for ever.
        seen: What was asked for, in order: path and headers.
    """

    address: str
    port: int
    pages: dict[str, Page | list[Page]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def html(self, path: str, text: str, **headers: str) -> None:
        """Set a page with one paragraph."""
        body = f"<html><head><title>{text[:20]}</title></head><body><p>{text}</p></body></html>"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Page(body.encode(), headers=named)

    def paths(self) -> list[str]:
        """Return what was asked for, without robots.txt."""
        return [path for path, _ in self.seen if path != "/robots.txt"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        asked = {name.lower(): value for name, value in self.headers.items()}
        self.site.seen.append((self.path, asked))
        found = self.site.pages.get(self.path, Page(status=404))
        page = found if isinstance(found, Page) else found.pop(0) if len(found) > 1 else found[0]
        etag, modified = page.headers.get("ETag"), page.headers.get("Last-Modified")
        same = (etag and asked.get("if-none-match") == etag) or (
            modified and asked.get("if-modified-since") == modified
        )
        self._answer(Page(status=304, headers=page.headers) if same else page)

    def _answer(self, page: Page) -> None:
        self.close_connection = True
        self.send_response(page.status)
        headers = {"Content-Type": page.kind, "Connection": "close", **page.headers}
        if page.raw is None and page.status != 304:
            headers.setdefault("Content-Length", str(len(page.body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if page.raw:
                page.raw(cast(BinaryIO, self.wfile), self.site.ended)
            else:
                self.wfile.write(page.body)
        except OSError:
            pass  # the client has seen enough

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a site while the block runs; it has no robots.txt unless it is given one."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site = Site(f"http://127.0.0.1:{server.server_port}", server.server_port)
    handler.site = site  # type: ignore[attr-defined]  # made above, for this server alone
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.now += seconds
        self.slept.append(round(seconds, 3))

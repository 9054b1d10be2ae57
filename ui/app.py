"""The chat as a server: Gradio's page in one FastAPI app, on this machine only."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from kb.errors import SettingsError
from ui.chat import Chat, Library, WarmUp
from ui.guard import LOOPBACK, Guard

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["build_app", "serve"]


def build_app(
    library: Library, *, examples: Sequence[str] = (), warm_up: WarmUp | None = None
) -> FastAPI:
    """Return the app: the page at ``/``, its own files under ``/footnoted``.

    Args:
        library: Whose articles are asked; it stays the caller's, to close.
        examples: Questions offered while there is no conversation.
        warm_up: What the page reports on; the caller starts it.
    """
    # Before Gradio is imported: as an argument it comes too late to keep Gradio from calling home.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    async def build() -> FastAPI:
        return _mounted(library, examples, warm_up or WarmUp(library))

    # Outside of a running event loop, Gradio opens one for each lock that it makes, and leaves it
    # open; and whether one runs in the caller's thread is not known here.
    with ThreadPoolExecutor(1) as builder:
        return builder.submit(lambda: asyncio.run(build())).result()


def _mounted(library: Library, examples: Sequence[str], warm_up: WarmUp) -> FastAPI:
    import gradio as gr
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from ui.page import PREFIX, STATIC, Page, head, theme

    # No pages about the API: FastAPI's load their scripts from elsewhere.
    closed: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    app = FastAPI(title="Footnoted", **closed)
    app.add_middleware(Guard)
    app.mount(PREFIX, StaticFiles(directory=STATIC))
    gr.mount_gradio_app(
        app,
        Page(library, Chat(library, warm_up), warm_up, examples).blocks,
        path="/",
        app_kwargs=closed,
        theme=theme(),
        head=head(),
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    return app


def serve(
    library: Library,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    examples: Sequence[str] = (),
    say: Callable[[str], None] = print,
) -> None:
    """Serve the page until Ctrl-C or SIGTERM; models are loaded once the page is up.

    Args:
        host: A name of this machine for itself; others wait for a release with authentication.
        port: 0 for any that is free.
        say: Takes the one line that tells where the page is.

    Raises:
        SettingsError: The host is not a loopback name, or the port cannot be had.
    """
    if host not in LOOPBACK:
        raise SettingsError(
            f"the chat cannot be served at {host!r}, as it does not ask who is there yet",
            "use 127.0.0.1, and an SSH tunnel from elsewhere",
        )
    with _listen(host, port) as listener:
        warm_up = WarmUp(library)
        app = build_app(library, examples=examples, warm_up=warm_up)
        place = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        home = library.status().home

        def up() -> None:
            say(f'Footnoted serves "{home}" at {place} (Ctrl-C stops)')
            warm_up.start()

        _run(app, listener, up)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before seconds of imports, so that a wrong one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # Without it a restart finds its own port taken by connections that are closing.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"port {port} at {host} cannot be had: {reason}",
            "stop the other program, or choose another port with --port",
        ) from error
    return listener


def _run(app: FastAPI, listener: socket.socket, up: Callable[[], None]) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                up()

    # Pages hold connections open for as long as they are looked at: do not wait for them.
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    # uvicorn stops in good order and raises the signal once more; the default action of SIGTERM
    # would then end the process before the knowledge base is closed.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)

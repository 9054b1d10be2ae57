"""The chat as a server: Gradio's page in one FastAPI app, on this machine only."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kb.errors import SettingsError
from ui.bounded import Bounded
from ui.chat import Chat
from ui.frame import PREFIX, STATIC
from ui.gate import Gate
from ui.guard import LOOPBACK, Guard
from ui.reach import Reached, known_keys
from ui.warm_up import WarmUp

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kb import KnowledgeBase
    from ui.api.service import Limits, Service
    from ui.api.syncing import Syncs
    from ui.gate import Keys
    from ui.protocols import Library

__all__ = ["build_app", "sample", "serve"]

_HERE = Path(__file__).parent
# No pages about the API: FastAPI's load their scripts from elsewhere.
_CLOSED: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}


def build_app(
    library: Library,
    *,
    examples: Sequence[str] = (),
    warm_up: WarmUp | None = None,
    keys: Keys | None = None,
    hosts: Collection[str] = LOOPBACK,
    secure: bool = False,
    limits: Limits | None = None,
    syncs: Syncs | None = None,
) -> FastAPI:
    """Return the app: the page at ``/``, the API under ``/api/v1``, files under ``/footnoted``.

    Args:
        library: Whose articles are asked; it stays the caller's, to close.
        examples: Questions offered while there is no conversation.
        warm_up: What the page reports on; the caller starts it.
        keys: What callers are known by; without them everybody is the user of the machine.
        hosts: The names that the server goes by.
        secure: Whether it is reached over TLS.
        syncs: Those that are shown, where the caller does some of them.
    """
    # Before Gradio is imported: as an argument it comes too late to keep Gradio from calling home.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    from ui.api.service import Limits, Service

    async def build() -> FastAPI:
        warm = warm_up or WarmUp(library)
        knowledge_base = cast("KnowledgeBase", library)  # the page alone needs less of it
        service = Service(knowledge_base, limits or Limits(), lambda: warm.busy, syncs)
        return _mounted(service, examples, warm, keys, hosts, secure)

    # Outside of a running event loop, Gradio opens one for each lock that it makes, and leaves it
    # open; and whether one runs in the caller's thread is not known here.
    with ThreadPoolExecutor(1) as builder:
        return builder.submit(lambda: asyncio.run(build())).result()


def _mounted(
    service: Service,
    examples: Sequence[str],
    warm_up: WarmUp,
    keys: Keys | None,
    hosts: Collection[str],
    secure: bool,
) -> FastAPI:
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from ui import library as library_page
    from ui import status
    from ui.api.app import PREFIX as API
    from ui.api.app import build_api
    from ui.api.completions import build_completions

    speaking, lifespan = _speaking(service)
    app = FastAPI(title="Footnoted", lifespan=lifespan, **_CLOSED)
    app.state.service = service
    app.add_middleware(Bounded, limits=service.limits)
    app.add_middleware(Gate, keys=keys, secure=secure)
    app.add_middleware(Guard, hosts=frozenset(hosts), secure=secure)  # the last is the first
    app.mount(API, build_api(service))
    app.mount("/v1", build_completions(service))
    app.mount("/mcp", speaking)
    app.mount(PREFIX, StaticFiles(directory=STATIC))
    app.include_router(library_page.router)
    app.include_router(status.router)
    _mount_page(app, service, examples, warm_up)
    return app


def _speaking(service: Service) -> tuple[Any, Callable[[FastAPI], Any]]:
    """Return the app that speaks MCP, and what has to be open while it does."""
    from mcp.server.transport_security import TransportSecuritySettings

    from ui.mcp import build_mcp

    tools = build_mcp(service.knowledge_base, service)
    app = tools.streamable_http_app(
        streamable_http_path="/",
        stateless_http=True,
        json_response=True,
        max_request_body_size=service.limits.body,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )  # the guard looks at every Host already

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    return app, lifespan


def _mount_page(app: FastAPI, service: Service, examples: Sequence[str], warm_up: WarmUp) -> None:
    import gradio as gr

    from ui.page import Page
    from ui.theme import head, theme

    library = service.knowledge_base
    chat = Chat(library, warm_up, service.desk)
    gr.mount_gradio_app(
        app,
        Page(library, chat, warm_up, examples, sample(service)).blocks,
        path="/",
        app_kwargs={**_CLOSED},  # it is added to
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


def sample(service: Service) -> Callable[[], object] | None:
    """Return what begins to read the sample articles; None if they did not come along."""
    for folder in (_HERE / "sample", _HERE.parent / "data" / "articles"):
        if folder.is_dir():
            return partial(service.syncs.begin, [str(folder)])
    return None


def serve(
    library: Library,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    auth: Path | None = None,
    url: str | None = None,
    examples: Sequence[str] = (),
    limits: Limits | None = None,
    syncs: Syncs | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve page and API until Ctrl-C or SIGTERM; models are loaded once the page is up.

    Args:
        host: One of this machine alone, and nobody is asked who they are; for any other there have
            to be users or tokens.
        port: 0 for any that is free.
        auth: The file of those who may sign in.
        url: Where it is reached through a proxy.
        limits: What is taken of callers.
        syncs: By which the caller syncs behind the page, for the page to show it.
        say: Takes the one line that tells where the page is.

    Raises:
        SettingsError: Nobody could come in by this host, or the port cannot be had.
    """
    with ExitStack() as stack:
        home = library.status().home
        keys = stack.enter_context(known_keys(home, host, auth))
        reached = Reached.of(host, url)
        listener = stack.enter_context(_listen(host, port))
        warm_up = WarmUp(library)
        app = build_app(
            library,
            examples=examples,
            warm_up=warm_up,
            keys=keys,
            hosts=reached.hosts,
            secure=reached.secure,
            limits=limits,
            syncs=syncs,
        )
        service: Service = app.state.service
        stack.callback(service.syncs.close)
        place = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"

        def up() -> None:
            service.knowledge_base.announce(place)
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

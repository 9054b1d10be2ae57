"""A real Chromium on a served page, and the eyes on everything that it asks for."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ui.app import build_app
from ui.gate import Keys
from ui.protocols import Library
from ui.warm_up import WarmUp

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LEFT = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
"""What Gradio's client says of the events that it was waiting for when a page is left."""
PATIENCE = 10_000
"""Milliseconds until something that should be on the page is called missing."""


@dataclass
class Visit:
    """A tab on the page, with what a visitor does.

    Attributes:
        requests: Every address that the tab asked for.
        faults: Errors of scripts, and what the Content-Security-Policy stopped.
    """

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question and press Enter."""
        self.page.fill("#fn-box textarea", question)
        self.page.keyboard.press("Enter")

    def answer(self, turn: int, patience: int = PATIENCE) -> Locator:
        """Return a turn once its answer is whole."""
        self.page.wait_for_selector(f"#t{turn} .fn-colophon", timeout=patience)
        return self.page.locator(f"#t{turn}")

    def marked(self) -> str:
        """Return the characters that are looked at in the panel."""
        self.page.wait_for_selector("#fn-panel mark.fn-present")
        return "".join(self.page.locator("#fn-panel mark.fn-present").all_text_contents())

    def read(self) -> str:
        """Return the whole article in the panel, once it is there."""
        self.page.wait_for_selector("#fn-panel .fn-view[data-read=yes]")
        return str(self.page.text_content("#fn-panel .fn-text"))

    def panel(self) -> str:
        """Return what the panel shows."""
        return str(self.page.inner_text("#fn-panel"))

    def left(self) -> None:
        """Forget what the page that was just left said of being left."""
        self.faults = [one for one in self.faults if not one.startswith(LEFT)]

    def picture(self, name: str) -> None:
        """Save a screenshot in the folder ``KB_SCREENSHOTS``, if it is named."""
        folder = os.environ.get("KB_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="package")  # while it lives, its event loop is in every test's way
def browser() -> Iterator[Browser]:
    """A Chromium or Chrome that is on this machine; without one, a skip, or a failure where CI."""
    path = os.environ.get("KB_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        how = (
            "no Chromium or Chrome: install one (Debian: apt-get install chromium), "
            "or name it in KB_BROWSER"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(how)
        pytest.skip(how)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@contextmanager
def served(
    library: Library,
    examples: Sequence[str] = (),
    warm: bool = False,
    keys: Keys | None = None,
) -> Iterator[str]:
    """Serve the page in a thread; give its origin."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    warm_up = WarmUp(library)
    app = build_app(library, examples=examples, warm_up=warm_up, keys=keys)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    if warm:
        warm_up.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def open_tab(
    browser: Browser, origin: str, sign_in: tuple[str, str] | None = None, **options: Any
) -> Visit:
    """Open the page in a browser profile of its own and wait until it can be typed into."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    page = context.new_page()
    visit = Visit(page, origin)
    context.on("request", lambda request: visit.requests.append(request.url))
    page.on("pageerror", lambda error: visit.faults.append(str(error)))
    page.on(
        "console",
        lambda message: visit.faults.append(message.text) if message.type == "error" else None,
    )
    page.on("framenavigated", lambda _: visit.left())
    page.set_default_timeout(PATIENCE)
    page.goto(origin)
    if sign_in:
        page.get_by_label("Name").fill(sign_in[0])
        page.get_by_label("Password").fill(sign_in[1])
        page.keyboard.press("Enter")
    page.wait_for_selector("#fn-box textarea")
    page.wait_for_selector(".fn-status")
    return visit


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """A function that serves a library and opens a tab on it.

    Called again with ``origin=`` it opens another tab on the same page. When the test is over, no
    tab may have asked for anything from elsewhere, and no script may have failed or been stopped.
    """
    visits: list[Visit] = []
    with ExitStack() as servers:

        def open_visit(
            library: Library | None = None,
            *,
            origin: str = "",
            examples: Sequence[str] = (),
            warm: bool = False,
            **options: Any,
        ) -> Visit:
            if library is not None:
                origin = servers.enter_context(served(library, examples, warm))
            visits.append(open_tab(browser, origin, **options))
            return visits[-1]

        yield open_visit
        for opened in visits:
            opened.page.context.close()
    for opened in visits:
        assert [url for url in opened.requests if not _is_own(url, opened.origin)] == []
        assert opened.faults == []


def _is_own(url: str, origin: str) -> bool:
    return url.startswith((f"{origin}/", "data:", "blob:"))

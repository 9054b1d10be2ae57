"""The models of a page, loaded behind it once it is up."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from ui.protocols import Library
from ui.stoppable import one_line

__all__ = ["WarmUp"]


class WarmUp:
    """Loads the models behind a page that is already up."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._loading: Future[None] | None = None
        self.problem = ""
        """Why loading failed, in a line; empty if it did not."""

    def start(self) -> None:
        """Begin to load, in a thread; a second call does nothing."""
        if self._loading is None:
            worker = ThreadPoolExecutor(1, thread_name_prefix="warm-up")
            self._loading = worker.submit(self._library.warm)
            self._loading.add_done_callback(self._loaded)
            worker.shutdown(wait=False)

    @property
    def busy(self) -> bool:
        """Are the models still being loaded?"""
        return self._loading is not None and not self._loading.done()

    def _loaded(self, loading: Future[None]) -> None:
        error = loading.exception()
        self.problem = one_line(error) if error else ""

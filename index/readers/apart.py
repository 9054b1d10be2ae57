"""Reads hostile formats in a process of their own, with bounded time and memory.

A bomb, an endless loop or a crash in a library of C costs that process and one document; the
program that asked for it goes on with the next.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import monotonic
from types import TracebackType
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.frames import article_from, error_from
from index.readers.worker import Ended, Worker

__all__ = ["ReaderProcess"]

_FILE_AT_MOST = 500_000_000  # bytes of a file, which lies in the memory of the process
_FILES_EACH = 200  # until a process is replaced, for libraries that leak


class ReaderProcess:
    """Reads one file at a time, in a process that is started for the first one and kept.

    It belongs to one thread. Reading the next file ends the reading of the one before.

    Args:
        seconds: How long the process may work on one document.
        memory: How many bytes of address space it may have, where the system can limit that.
    """

    def __init__(self, seconds: float = 60, memory: int = 2_000_000_000) -> None:
        self._seconds, self._memory = seconds, memory
        self._worker: Worker | None = None
        self._turn = 0

    def __enter__(self) -> ReaderProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process; reading another file starts a new one."""
        self._turn += 1
        if self._worker is not None:
            self._worker.end()
        self._worker = None

    def read(
        self, file: BinaryIO, suffix: str, *, id: str, uri: str
    ) -> Iterator[Article | ReadError]:
        """Yield what the reader for this suffix yields, exactly.

        Raises:
            ReadError: What the reader raises, and when it takes too long, needs too much memory or
                ends with the process.
        """
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size > _FILE_AT_MOST:
            raise ReadError(f"{uri!r} has more than {_FILE_AT_MOST:,} bytes", "split it")
        try:
            worker = self._started()
            self._turn += 1
            turn = self._turn
            worker.open(file, {"suffix": suffix, "id": id, "uri": uri})
            for said, about in self._said(worker):
                if said == "raised":
                    raise error_from(about)
                yield article_from(about) if said == "article" else error_from(about)
                if turn != self._turn:
                    raise RuntimeError(f"{uri!r} was not read to its end, but another file was")
        except Ended as ended:
            raise self._told(ended, uri) from ended
        except ValueError as error:
            self.close()
            raise ReadError(f"{uri!r} made its reader say what makes no sense") from error

    def _said(self, worker: Worker) -> Iterator[tuple[str, Any]]:
        """Yield what is said of the articles of a file, as long as its time lasts."""
        left = self._seconds
        while True:
            begun = monotonic()
            answers = worker.next(left)
            left -= monotonic() - begun
            for said, about in answers:
                if said == "end":
                    return
                if said == "memory":
                    worker.end()
                    raise Ended("memory")
                if said != "more":
                    yield said, about

    def _started(self) -> Worker:
        """Return a process that is ready for a file."""
        if self._worker and (self._worker.files == _FILES_EACH or not self._worker.lives):
            self.close()
        if self._worker is None:
            self._worker = Worker(self._seconds, self._memory)
        return self._worker

    def _told(self, ended: Ended, uri: str) -> ReadError:
        self._worker = None
        if ended.how == "late":
            return ReadError(
                f"{uri!r} takes more than {self._seconds:g} seconds to read",
                "save it in another format",
            )
        if ended.how == "memory":
            return ReadError(
                f"{uri!r} needs more than {self._memory:,} bytes of memory to be read",
                "split it, or save it in another format",
            )
        return ReadError(f"{uri!r} cannot be read: its reader {ended.how}")

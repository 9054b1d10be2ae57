"""The process that reads hostile files: ``python -m index.readers.child SECONDS MEMORY``.

It reads one file at a time, hands over a few articles whenever it is asked for more, and ends when
the process that started it does.
"""

from __future__ import annotations

import io
import json
import math
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers import open_reader
from index.readers.canonical import TEXT_AT_MOST, one_line
from index.readers.frames import FRAME_AT_MOST, packed, receive, send

__all__ = ["main"]

# To ask costs more than to read a short article, and one who stops early has waited for few.
_ARTICLES_AT_ONCE = 100
_BYTES_AT_ONCE = 1_000_000

_Request = tuple[dict[str, Any], BinaryIO] | None


def main(seconds: float, memory: int) -> None:
    """Serve until there is nobody left to serve.

    Args:
        seconds: Of processor time for one file; the one who asked looks at the clock, this is for
            the case that he is gone and native code keeps the watching thread from running.
        memory: Bytes of address space.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_AS", memory)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # so that nothing which is printed gets between
    requests: SimpleQueue[_Request] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    _answer(answers, packed("ready"))
    articles: Iterator[Article | ReadError] = iter(())
    while True:
        request = requests.get()
        if request is None:
            for payload in _next(articles):
                send(answers, payload)
            answers.flush()
            continue
        _limit_processor(seconds)
        articles = _opened(*request)
        _answer(answers, packed("opened"))


def _listen(requests: SimpleQueue[_Request]) -> None:
    """Pass on what is asked for; when there is nobody left who could ask, end the process."""
    stdin = sys.stdin.buffer
    try:
        while True:
            about = json.loads(receive(stdin))
            if about is None:
                requests.put(None)
                continue
            file = io.BytesIO()
            while chunk := receive(stdin):
                file.write(chunk)
            file.seek(0)
            requests.put((about, file))
    finally:
        os._exit(0)


def _answer(answers: BinaryIO, payload: bytes) -> None:
    send(answers, payload)
    answers.flush()


def _opened(about: dict[str, Any], file: BinaryIO) -> Iterator[Article | ReadError]:
    """Yield what the reader does; what it should never raise becomes a ``ReadError``."""
    try:
        yield from open_reader(about["suffix"])(file, id=about["id"], uri=about["uri"])
    except (ReadError, MemoryError):
        raise
    except Exception as error:
        raise ReadError(
            f"{about['uri']!r} cannot be read: {type(error).__name__}: {one_line(str(error), 120)}",
            "report it with the file",
        ) from error


def _next(articles: Iterator[Article | ReadError]) -> Iterator[bytes]:
    """Yield the frames of the next few articles, and of what comes in the place of one.

    The last frame is another one: "more" may come, or that was the "end", or why it was.
    """
    size = 0
    try:
        while size < _BYTES_AT_ONCE:
            found = next(articles, None)
            if found is None:
                yield packed("end")
                return
            payload = packed("article" if isinstance(found, Article) else "error", found)
            if len(payload) > FRAME_AT_MOST:
                long = f"an article has more than the {TEXT_AT_MOST:,} characters of one"
                payload = packed("error", ReadError(long))
            yield payload
            size += max(len(payload), _BYTES_AT_ONCE // _ARTICLES_AT_ONCE)
        yield packed("more")
    except ReadError as error:
        yield packed("raised", error)
    except MemoryError:
        yield packed("memory")


def _limit(name: str, value: int) -> None:
    """Set a limit where the system knows it, as far as it may be set."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard < 0 else min(value, hard), hard))


def _limit_processor(seconds: float) -> None:
    spent = sum(os.times()[:2])
    _limit("RLIMIT_CPU", math.ceil(spent + seconds) + 1)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))

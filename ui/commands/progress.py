"""Progress of long work on standard error: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

__all__ = ["Told", "progress"]

Told = Callable[[int, int, str], None]
"""Takes how much is done, of how much (0: not known), and what is being worked on."""

_EVERY = 3.0  # seconds between lines


def _nothing(done: int, total: int, item: str) -> None:
    """Take progress and tell nobody."""


def _lines(verb: str, in_bytes: bool, clock: Callable[[], float]) -> Told:
    last = clock()

    def tell(done: int, total: int, item: str) -> None:
        nonlocal last
        if clock() - last < _EVERY:
            return
        last = clock()
        of = f" of {_amount(total, in_bytes)}" if total else ""
        print(f"kb: {verb}: {_amount(done, in_bytes)}{of}", file=sys.stderr, flush=True)

    return tell


def _amount(number: int, in_bytes: bool) -> str:
    return f"{number / 1e6:.0f} MB" if in_bytes else str(number)


def _columns(in_bytes: bool) -> list[ProgressColumn]:
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    figures: ProgressColumn = DownloadColumn() if in_bytes else MofNCompleteColumn()
    item = TextColumn("{task.fields[item]}", markup=False)
    return [TextColumn("{task.description}"), BarColumn(), figures, TimeRemainingColumn(), item]


@contextmanager
def _bar(verb: str, in_bytes: bool) -> Iterator[Told]:
    from rich.progress import Progress

    from ui.terminal import console, one_line

    with Progress(*_columns(in_bytes), console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=None, item="")

        def tell(done: int, total: int, item: str) -> None:
            known: Any = {"total": total} if total else {}
            bar.update(task, completed=done, item=one_line(item)[-40:], **known)

        yield tell


@contextmanager
def progress(
    verb: str,
    *,
    quiet: bool,
    in_bytes: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Told]:
    """Give a function that is told of progress while the ``with`` block runs.

    Args:
        verb: What is being done: "reading".
        quiet: Tell nobody.
        in_bytes: The figures are bytes, not articles.
    """
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        with _bar(verb, in_bytes) as tell:
            yield tell
    else:
        yield _lines(verb, in_bytes, clock)

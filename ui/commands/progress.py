"""Progress of long work on standard error: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import ProgressColumn, TaskID

    from kb import Progress

__all__ = ["Tell", "in_bytes", "progress", "reading"]

Tell = Callable[[float | None, str, str, float | None], None]
"""Takes the share that is done (None: not known), figures in words, what is being worked on, and
the seconds that are left (None: not known, or for the bar to find out)."""

_EVERY = 3.0  # seconds between lines
_STEPS = 1_000  # of a bar


def _nothing(share: float | None, figures: str, item: str, left: float | None) -> None:
    """Take progress and tell nobody."""


def _lines(verb: str, clock: Callable[[], float], stop: Event | None) -> Tell:
    last = clock()

    def tell(share: float | None, figures: str, item: str, left: float | None) -> None:
        nonlocal last
        now = clock()
        if now - last < _EVERY or (stop and stop.is_set()):
            return  # once it stops, how much is left is no longer true
        last = now
        rest = "" if left is None else f", {_in_words(left)} left"
        print(f"kb: {verb}: {figures}{rest}", file=sys.stderr, flush=True)

    return tell


def _in_words(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{round(minutes / 60)} h"


def _columns() -> list[ProgressColumn]:
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

    figures = TextColumn("{task.fields[figures]}", markup=False)
    item = TextColumn("{task.fields[item]}", markup=False)
    return [TextColumn("{task.description}"), BarColumn(), figures, TimeRemainingColumn(), item]


class _Bar:
    """A bar on the terminal, until it is taken away."""

    def __init__(self, verb: str) -> None:
        self._verb = verb
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def show(self) -> tuple[Bar, TaskID]:
        """Put the bar there, if it is not."""
        from rich.progress import Progress as Bar

        from ui.terminal import console

        if self._bar is None or self._task is None:
            self._bar = Bar(*_columns(), console=console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._verb, total=None, figures="", item="")
            self._bar.start()
        return self._bar, self._task

    def tell(self, share: float | None, figures: str, item: str, left: float | None) -> None:
        """Move it on; the time that is left is found out from its pace."""
        from ui.terminal import one_line

        bar, task = self.show()
        shown = one_line(item)[-40:]
        if share is None:
            bar.update(task, figures=figures, item=shown)
        else:
            done = share * _STEPS
            bar.update(task, total=_STEPS, completed=done, figures=figures, item=shown)

    def hide(self) -> None:
        """Take it away."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def progress(
    verb: str,
    *,
    quiet: bool,
    at_once: bool = True,
    stop: Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Tell]:
    """Give a function that is told of progress while the ``with`` block runs.

    Args:
        verb: What is being done: "reading".
        quiet: Tell nobody.
        at_once: Show the bar before there is anything to tell.
        stop: Once it is set, no more lines are told.
    """
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        bar = _Bar(verb)
        try:
            if at_once:
                bar.show()
            yield bar.tell
        finally:
            bar.hide()
    else:
        yield _lines(verb, clock, stop)


def in_bytes(tell: Tell, item: str) -> Callable[[int, int], None]:
    """Return what is told of bytes that are done, of how many (0: not known)."""

    def told(done: int, total: int) -> None:
        of = f" of {total / 1e6:.0f} MB" if total else ""
        share = done / total if total else None
        tell(share, f"{done / 1e6:.0f} MB{of}", item, None)

    return told


def reading(tell: Tell) -> Callable[[Progress], None]:
    """Return what is told of the steps of a sync."""

    def told(step: Progress) -> None:
        count = f"{step.articles:,} articles, {step.passages:,} passages"
        figures = f"{count}, {step.rate:,.0f} a second"
        tell(step.share, figures, step.uri, step.seconds_left)

    return told

"""When something changes in folders and files, and when it is time to look at the web again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from index.errors import KBError

__all__ = ["changes", "watch"]

_log = logging.getLogger(__name__)
_Report = TypeVar("_Report")

_LOOK_AGAIN = 60.0  # seconds after which paths are looked at anyway: not every disk tells
_WAKE = 1_000  # milliseconds after which the watcher says that nothing happened
_SETTLED = 1_600  # milliseconds for which a burst of changes is waited out


def watch(
    again: Callable[[Sequence[str | Path]], _Report],
    places: Sequence[str | Path],
    stop: threading.Event,
) -> Iterator[_Report]:
    """Sync places with ``again``, and then those where something may have changed.

    What goes wrong after the first time, such as a folder that is not there for a while, is told by
    the log, and tried again.
    """
    yield again(places)
    for due in changes(places, stop):
        try:
            yield again(due)
        except KBError as error:
            _log.warning("%s", error)


def changes(
    places: Sequence[str | Path], stop: threading.Event, *, web_every: float = 900.0
) -> Iterator[list[str | Path]]:
    """Yield the places to be synced again, each time that something may have changed there.

    Args:
        places: Paths, and addresses that begin with http.
        stop: Ends the iterator when it is set.
        web_every: Seconds after which addresses are looked at again: nothing tells of changes.
    """
    import watchfiles

    web = [place for place in places if str(place).startswith(("http://", "https://"))]
    paths = [place for place in places if place not in web]
    looked = time.monotonic()
    if not paths:
        while not stop.wait(web_every):
            yield list(web)
        return
    told = watchfiles.watch(
        *(Path(path).expanduser() for path in paths),
        watch_filter=_is_seen,
        debounce=_SETTLED,
        stop_event=stop,
        rust_timeout=_WAKE,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    # The first look comes a moment after watching began: what was written between the caller's own
    # look and that moment is told of by nothing.
    last = float("-inf")
    for changed in told:
        if not changed and time.monotonic() - last < _LOOK_AGAIN:
            continue
        last = time.monotonic()
        due: list[str | Path] = list(paths)
        if web and time.monotonic() - looked >= web_every:
            looked = time.monotonic()
            due += web
        yield due


def _is_seen(change: object, path: str) -> bool:
    return not Path(path).name.startswith(".")

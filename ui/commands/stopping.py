"""Ctrl-C and SIGTERM as a wish to stop in good order, and once more to stop at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

__all__ = ["STOPPED", "stopping"]

STOPPED = 130
"""The exit code of what was stopped before its end."""


@contextlib.contextmanager
def stopping(line: str) -> Iterator[threading.Event]:
    """Give an event that the first signal sets; the second one raises ``KeyboardInterrupt``.

    A signal that the process was started to ignore stays ignored. Outside of the main thread, where
    Python takes no signals, nothing sets the event.

    Args:
        line: Is printed at the first signal.
    """
    stop = threading.Event()
    asked = False

    def take(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        _tell(line)
        stop.set()

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, take)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(line: str) -> None:
    """Print the line without Python's buffers, which the signal may have come amid of."""
    begin = "\n" if sys.stderr.isatty() else ""  # after the terminal's ^C, or a bar
    with contextlib.suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), f"{begin}kb: {line}\n".encode())

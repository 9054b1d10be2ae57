"""Whose turn it is: how long a host is left alone between two requests."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from index.errors import ReadError

__all__ = ["Turns", "retry_after"]

_WAITS_AT_MOST = 5  # for one host; a server that never has time would hold up a sync for days


class Turns:
    """Keeps the pauses between the requests to each host.

    Args:
        longest: The most seconds that are waited at a time.
        clock: Tells seconds that never go back.
    """

    def __init__(
        self,
        longest: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._longest = longest
        self._clock = clock
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._waits: Counter[str] = Counter()

    def wait(self, host: str) -> None:
        """Sleep until a host may be asked again.

        Raises:
            ReadError: That is longer than a sync waits.
        """
        seconds = self._next.get(host, 0.0) - self._clock()
        if seconds > self._longest:
            raise ReadError(
                f"{host!r} wants to be left alone for {seconds:,.0f} seconds", "sync again later"
            )
        if seconds > 0:
            self._sleep(seconds)

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long from now on."""
        self._next[host] = max(self._next.get(host, 0.0), self._clock() + seconds)

    def may_retry(self, host: str, seconds: float) -> bool:
        """Say whether it is worth waiting until a busy host has time, and count it."""
        self._waits[host] += 1
        return seconds <= self._longest and self._waits[host] <= _WAITS_AT_MOST


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return in how many seconds a busy server wants to be asked again; None without a word."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        then = parsedate_to_datetime(said)
        # By the server's own clock, if it tells it: the two need not agree with this one.
        now = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None

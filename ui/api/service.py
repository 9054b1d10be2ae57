"""What the doors of a server share: the knowledge base, the queue, the syncs, the counters."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from ui.api.lane import Lane
from ui.api.metrics import Metrics
from ui.api.problems import TooMuch
from ui.api.syncing import Syncs
from ui.desk import Desk

if TYPE_CHECKING:
    from kb import KnowledgeBase
    from kb.access import Caller

__all__ = ["Limits", "Pace", "Service"]

_MINUTE = 60.0
_CALLERS = 1_000  # whose requests are counted before those who have gone are forgotten


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes.

    Attributes:
        seats: How many questions are answered at once.
        waiting: How many may wait.
        each: How many of them may be one caller's.
        requests: How many requests of one caller in a minute are answered.
        upload: The bytes of one document.
        searching: How many searches are at work at once; what was found before is given at once,
            the rest comes to a core in turn.
        searches: How many more may wait.
        citing: How many texts are given their footnotes at once; as many as questions may wait.
        body: The bytes of any other request: a million characters in the longest way to write them,
            and more.
    """

    seats: int = 1
    waiting: int = 64
    each: int = 16
    requests: int = 6_000
    upload: int = 50_000_000
    searching: int = 32
    searches: int = 256
    citing: int = 1
    body: int = 16_000_000


class Pace:
    """How many requests a caller has made in the last minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._made: dict[str, deque[float]] = {}

    def take(self, who: str) -> None:
        """Count a request; raises ``TooMuch`` if there have been as many as there may be."""
        now = time.monotonic()
        with self._lock:
            if len(self._made) > _CALLERS:  # of whom most have not come again
                self._made = {
                    one: made for one, made in self._made.items() if made[-1] > now - _MINUTE
                }
            made = self._made.setdefault(who, deque())
            while made and made[0] <= now - _MINUTE:
                made.popleft()
            if len(made) >= self._most:
                wait = int(made[0] + _MINUTE - now) + 1
                raise TooMuch(429, f"No more than {self._most} requests a minute.", wait)
            made.append(now)


@dataclass(slots=True)
class Service:
    """The shared state of a server's doors.

    Attributes:
        busy: Whether the models are still being loaded.
        given: The syncs, where somebody else does some of them.
    """

    knowledge_base: KnowledgeBase
    limits: Limits = field(default_factory=Limits)
    busy: Callable[[], bool] = lambda: False
    given: InitVar[Syncs | None] = None
    desk: Desk = field(init=False)
    pace: Pace = field(init=False)
    syncs: Syncs = field(init=False)
    metrics: Metrics = field(init=False)
    searching: Lane = field(init=False)
    citing: Lane = field(init=False)

    def __post_init__(self, given: Syncs | None) -> None:
        limits = self.limits
        self.desk = Desk(limits.seats, limits.waiting, limits.each)
        self.pace = Pace(limits.requests)
        self.syncs = given or Syncs(self.knowledge_base)
        self.metrics = Metrics()
        self.searching = Lane("searches", limits.searching, limits.searches)
        self.citing = Lane("texts", limits.citing, limits.waiting)

    def conversations(self, caller: Caller):  # type: ignore[no-untyped-def]
        """Return the stored conversations of a caller."""
        return self.knowledge_base.conversations.of(caller.name)

"""Who is answered next: a bounded queue in which nobody waits for all of another's questions."""

from __future__ import annotations

import threading
from dataclasses import dataclass

__all__ = ["Desk", "Full", "Ticket"]


class Full(Exception):
    """As many are waiting as may."""


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in the queue; ``leave`` it whatever happens.

    Attributes:
        turn: Of the rounds in which everybody is served once, the one that it belongs to.
    """

    who: str
    desk: Desk
    turn: int
    served: bool = False

    @property
    def ahead(self) -> int:
        """The place in the queue: 1 for who is next; 0 once it is its turn."""
        return self.desk.ahead(self)

    def leave(self) -> None:
        """Give the place free; may be called twice."""
        self.desk.leave(self)


class Desk:
    """Serves so many at once; the others wait in turns: everybody's first, then their second.

    (Start-time fair queueing, Goyal et al., 1996, with all questions as one as long as another.)

    Args:
        seats: How many are served at once.
        waiting: How many may wait.
        each: How many places one person may have.
    """

    def __init__(self, seats: int, waiting: int = 64, each: int = 16) -> None:
        self._seats, self._waiting, self._each = seats, waiting, each
        self._lock = threading.Lock()
        self._tickets: list[Ticket] = []  # in the order in which they came
        self._turn = 0  # the round that is being served
        self._last: dict[str, int] = {}  # the round of the last ticket of each

    def enter(self, who: str) -> Ticket:
        """Take a place; raises ``Full`` if there is none."""
        with self._lock:
            own = sum(one.who == who for one in self._tickets)
            if len(self._tickets) >= self._seats + self._waiting or own >= self._each:
                raise Full
            ticket = Ticket(who, self, max(self._turn, self._last.get(who, -1) + 1))
            self._last[who] = ticket.turn
            self._tickets.append(ticket)
            self._call()
            return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give a place free."""
        with self._lock:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                self._call()

    def ahead(self, ticket: Ticket) -> int:
        """Return the place of a ticket among those who wait, from 1; 0 if it waits no longer."""
        with self._lock:
            if ticket.served or ticket not in self._tickets:
                return 0
            return 1 + self._order().index(ticket)

    @property
    def waiting(self) -> int:
        """How many wait."""
        with self._lock:
            return sum(not one.served for one in self._tickets)

    @property
    def served(self) -> int:
        """How many are being served."""
        with self._lock:
            return sum(one.served for one in self._tickets)

    def _order(self) -> list[Ticket]:
        """Return those who wait, round by round."""
        return sorted((one for one in self._tickets if not one.served), key=lambda one: one.turn)

    def _call(self) -> None:
        free = self._seats - sum(one.served for one in self._tickets)
        for one in self._order()[: max(0, free)]:
            one.served = True
            self._turn = one.turn
        self._last = {who: turn for who, turn in self._last.items() if turn >= self._turn}

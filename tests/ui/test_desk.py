"""The queue is bounded, and nobody waits for all of another's questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.desk import Desk, Full, Ticket


def test_everybodys_first_comes_before_anybodys_second() -> None:
    desk = Desk(1)
    first = desk.enter("eva")
    waiting = {f"eva{n}": desk.enter("eva") for n in (2, 3)}
    waiting["jan"] = desk.enter("jan")
    assert {name: ticket.ahead for name, ticket in waiting.items()} == {
        "jan": 1,
        "eva2": 2,
        "eva3": 3,
    }
    first.leave()
    assert waiting["jan"].served


def test_nobody_has_more_than_their_places() -> None:
    desk = Desk(1, waiting=10, each=2)
    desk.enter("eva")
    desk.enter("eva")
    with pytest.raises(Full):
        desk.enter("eva")
    desk.enter("jan")


@given(
    st.integers(1, 3),
    st.integers(0, 4),
    st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(0, 9)), max_size=40),
)
def test_whatever_comes_and_goes_all_seats_are_used_and_none_is_lost(
    seats: int, waiting: int, moves: list[tuple[bool, str, int]]
) -> None:
    desk = Desk(seats, waiting)
    inside: list[Ticket] = []
    for comes, who, which in moves:
        if comes:
            if len(inside) < seats + waiting:
                inside.append(desk.enter(who))
            else:
                with pytest.raises(Full):
                    desk.enter(who)
        elif inside:
            inside.pop(which % len(inside)).leave()
        served = [one for one in inside if one.served]
        assert len(served) == min(seats, len(inside)) == desk.served
        places = sorted(one.ahead for one in inside if not one.served)
        assert places == list(range(1, len(inside) - len(served) + 1))

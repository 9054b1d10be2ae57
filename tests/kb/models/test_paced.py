"""An iterator that blocks can be left, and is closed when it lets go."""

from __future__ import annotations

from collections.abc import Generator
from contextvars import ContextVar
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.models.paced import paced


class Source:
    """Yields numbers; before the second it waits until it is let go."""

    def __init__(self) -> None:
        self.go = Event()
        self.closed = Event()

    def __call__(self) -> Generator[int, None, None]:
        try:
            yield 1
            self.go.wait(60)
            yield 2
            yield 3
        finally:
            self.closed.set()


@settings(deadline=None)
@given(st.lists(st.integers(), max_size=100))
def test_what_is_drawn_is_what_there_is(items: list[int]) -> None:
    assert [item for item in paced(lambda: (one for one in items)) if item is not None] == items


def test_silence_is_told_and_what_comes_after_it_too() -> None:
    source = Source()
    drawn = paced(source, beat=0.01)
    assert next(drawn) == 1
    assert next(drawn) is None
    source.go.set()
    assert [item for item in drawn if item is not None] == [2, 3]
    assert source.closed.wait(60)


def test_closing_does_not_wait_and_the_source_is_closed_once_it_lets_go() -> None:
    source = Source()
    drawn = paced(source, beat=0.01)
    assert next(drawn) == 1
    drawn.close()
    assert not source.closed.is_set()
    source.go.set()
    assert source.closed.wait(60)


def test_nobody_draws_far_ahead_of_a_reader() -> None:
    made: list[int] = []

    def endless() -> Generator[int, None, None]:
        while True:
            made.append(len(made))
            yield made[-1]

    drawn = paced(endless, beat=0.01)
    assert [next(drawn) for _ in range(3)] == [0, 1, 2]
    drawn.close()
    assert len(made) < 100


def test_errors_are_raised_where_the_items_are_read() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        raise ValueError("broken")

    drawn = paced(failing)
    assert next(drawn) == 1
    with pytest.raises(ValueError, match="broken"):
        list(drawn)


def test_the_source_runs_in_the_readers_context() -> None:
    where: ContextVar[str] = ContextVar("where", default="nowhere")

    def told() -> Generator[str, None, None]:
        yield where.get()
        where.set("elsewhere")
        yield where.get()

    token = where.set("here")
    assert list(paced(told)) == ["here", "elsewhere"]
    assert where.get() == "here"
    where.reset(token)

"""The same question is looked up once while nothing changes, and anew once something has."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Hit
from index.filter import Filter
from index.home import Home
from index.recent import Recent
from index.search import Search
from tests.index.syncing import sync


class Counting:
    """Returns as many numbers as are asked for, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, many: int) -> list[int]:
        self.times += 1
        return list(range(many))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=60), st.integers(0, 40))
def test_it_gives_what_finding_would_and_remembers_no_more_than_it_may(
    asked: list[tuple[int, int]], most: int
) -> None:
    state = [0]
    recent: Recent[tuple[int, int]] = Recent(lambda: state[0], most)
    for many, now in asked:
        state[0] = now
        expected = [(now, i) for i in range(many)]
        assert recent.get(many, expected.copy) == tuple(expected)
        assert recent.get(many, expected.copy) == tuple(expected)


def test_what_is_known_is_not_found_again_until_something_changes() -> None:
    state, find = [0], Counting()
    recent: Recent[int] = Recent(lambda: state[0], 100)
    for _ in range(3):
        assert recent.get("a", lambda: find(5)) == (0, 1, 2, 3, 4)
    assert find.times == 1
    state[0] = 1
    assert recent.get("a", lambda: find(2)) == (0, 1)
    assert find.times == 2


def test_the_oldest_is_forgotten_first_and_what_was_asked_again_is_not_the_oldest() -> None:
    find = Counting()
    recent: Recent[int] = Recent(lambda: 0, 12)
    for name in ("a", "b", "a", "c"):  # each is six: itself and five numbers
        recent.get(name, lambda: find(5))
    assert find.times == 3
    recent.get("a", lambda: find(5))
    assert find.times == 3
    recent.get("b", lambda: find(5))
    assert find.times == 4


def test_what_is_too_large_is_not_remembered() -> None:
    recent: Recent[str] = Recent(lambda: 0, 10, len)
    assert recent.get("small", lambda: ["abc"]) == ("abc",)
    assert recent.get("large", lambda: ["x" * 20]) == ("x" * 20,)
    assert recent.get("large", lambda: ["y"]) == ("y",)
    assert recent.get("small", lambda: ["z"]) == ("abc",)


def test_who_asks_the_same_at_once_waits_for_one() -> None:
    begun, go, times = threading.Event(), threading.Event(), Counting()

    def slowly() -> Sequence[int]:
        begun.set()
        assert go.wait(30)
        return times(3)

    recent: Recent[int] = Recent(lambda: 0, 100)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(recent.get, "a", slowly)
        assert begun.wait(30)
        others = [pool.submit(recent.get, "a", slowly) for _ in range(3)]
        go.set()
        assert {one.result(30) for one in (first, *others)} == {(0, 1, 2)}
    assert times.times == 1


def test_a_failure_is_told_and_not_remembered() -> None:
    recent: Recent[int] = Recent(lambda: 0, 100)

    def fails() -> list[int]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        recent.get("a", fails)
    assert recent.get("a", lambda: [1]) == (1,)


def test_what_changed_while_it_was_found_is_found_anew() -> None:
    state = [0]
    recent: Recent[int] = Recent(lambda: state[0], 100)

    def beside_a_change() -> list[int]:
        state[0] += 1
        return [0]

    assert recent.get("a", beside_a_change) == (0,)
    assert recent.get("a", lambda: [1]) == (1,)


def test_a_search_does_the_same_work_once_and_sees_every_change(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    looked = list[int]()

    class Watching:
        def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
            looked.append(len(hits))
            return list(hits)

    sync(home, [folder])
    search = Search(home, Watching())
    question = "Who saw otters on the river?"
    first = search.search(question, 3)
    assert search.search(f"  {question} ", 8)[:3] == first
    assert len(looked) == 1
    assert search.search(question, 3, Filter(sources=("Nobody",))) == []
    more = tmp_path / "more.md"
    more.write_text("# Otters\n\nMara Quill saw otters on the river on Monday.", "utf-8")
    sync(home, [folder, more])
    assert "Mara Quill" in " ".join(hit.passage.text for hit in search.search(question, 3))
    assert len(looked) == 2

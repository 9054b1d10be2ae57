"""Bootstrap intervals: around the figure, repeatable, and narrower for pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.evaluate.intervals import differences, estimates

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(VALUES, st.integers(0, 5))
def test_an_interval_lies_among_the_values_and_is_repeatable(
    values: list[float], seed: int
) -> None:
    found = estimates({"x": values}, seed)
    assert found == estimates({"x": values}, seed)
    slack = 1e-12
    assert min(values) - slack <= found["x"].low <= found["x"].high <= max(values) + slack
    assert found["x"].value == pytest.approx(np.mean(values))


def test_the_interval_of_a_share_is_that_of_its_standard_error() -> None:
    share, size = 0.8, 1_000
    found = estimates({"x": [1.0] * 800 + [0.0] * 200}, 0)["x"]
    half = 1.96 * math.sqrt(share * (1 - share) / size)
    assert found.value == share
    assert found.low == pytest.approx(share - half, abs=0.003)
    assert found.high == pytest.approx(share + half, abs=0.003)


def test_times_have_the_median_and_the_95th_percentile() -> None:
    found = estimates({"search_ms": [float(n) for n in range(101)]}, 0)
    assert set(found) == {"search_ms_p50", "search_ms_p95"}
    assert (found["search_ms_p50"].value, found["search_ms_p95"].value) == (50.0, 95.0)
    assert found["search_ms_p50"].low < 50 < found["search_ms_p50"].high


def test_a_difference_is_that_of_pairs() -> None:
    chance = np.random.default_rng(3)
    hard = chance.random(200)
    before, after = {"x": list(hard)}, {"x": list(hard + 0.01)}
    found = differences(before, after, 0)["x"]
    assert found.value == pytest.approx(0.01)
    assert [found.low, found.high] == pytest.approx([0.01, 0.01])
    back = differences(after, before, 0)["x"]
    assert [back.low, back.high] == pytest.approx([-found.high, -found.low])
    same = differences(before, before, 0)["x"]
    assert (same.value, same.low, same.high) == (0, 0, 0)

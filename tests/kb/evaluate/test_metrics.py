"""The metrics against values worked out by hand, and what must hold for every ranking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluate.judge import Judged
from kb.evaluate.metrics import ndcg, ranking_metrics

RANKS = st.lists(st.none() | st.integers(1, 60), min_size=1, max_size=8)
GRADES = st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=1, max_size=10)


def test_the_metrics_of_a_ranking_by_hand() -> None:
    found = ranking_metrics(Judged((5, None, 14, 11)), graded=False)
    assert found == {
        "hits@4": 0.0,
        "hits@5": 1.0,
        "hits@10": 1.0,
        "mrr@10": 0.2,
        "recall@10": 0.25,
        "recall@20": 0.75,
    }
    assert set(ranking_metrics(Judged((11,)), graded=False).values()) == {0.0, 1.0}
    assert ranking_metrics(Judged((11,)), graded=False)["mrr@10"] == 0.0


def test_ndcg_by_hand() -> None:
    # 3/log2(2) + 2/log2(3) + 3/log2(4) + 0 + 1/log2(6) + 2/log2(7) = 6.861127
    # 3/log2(2) + 3/log2(3) + 2/log2(4) + 2/log2(5) + 1/log2(6) = 7.140995
    assert ndcg([3, 2, 3, 0, 1, 2], [3, 3, 2, 2, 1], 6) == pytest.approx(0.960808, abs=1e-6)
    # found second: 1/log2(3) of 1 + 1/log2(3)
    found = ranking_metrics(Judged((2, None), (0, 1), (1, 1)), graded=True)
    assert found["ndcg@10"] == pytest.approx(0.386853, abs=1e-6)
    assert ndcg([0.0] * 10 + [1.0], [1.0], 10) == 0.0


@given(RANKS)
def test_every_metric_is_a_share_and_grows_with_k(ranks: list[int | None]) -> None:
    found = ranking_metrics(Judged(tuple(ranks)), graded=False)
    assert all(0 <= value <= 1 for value in found.values())
    assert found["hits@4"] <= found["hits@5"] <= found["hits@10"]
    assert found["recall@10"] <= found["recall@20"]
    assert (found["mrr@10"] > 0) == (found["hits@10"] == 1) == (found["recall@10"] > 0)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), max_size=15), GRADES)
def test_ndcg_is_a_share_of_the_best_order(gains: list[float], others: list[float]) -> None:
    ideal = sorted([*(gain for gain in gains if gain), *others], reverse=True)
    assert 0 <= ndcg(gains, ideal, 10) <= 1 + 1e-12
    assert ndcg(sorted(gains, reverse=True), ideal, 10) >= ndcg(gains, ideal, 10) - 1e-12


@given(GRADES)
def test_a_perfect_ranking_is_worth_one(grades: list[float]) -> None:
    best = tuple(sorted(grades, reverse=True))
    ranks = tuple(range(1, len(best) + 1))
    found = ranking_metrics(Judged(ranks, best, best), graded=True)
    assert set(found.values()) == {1.0}

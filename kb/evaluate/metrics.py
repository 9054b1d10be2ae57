"""The figures of one question from the ranks at which its gold was found; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kb.evaluate.judge import Judged

__all__ = ["ndcg", "ranking_metrics"]


def ranking_metrics(judged: Judged, *, graded: bool) -> dict[str, float]:
    """Return the metrics of a question with at least one judgement, each 0 to 1.

    ``hits@k``: 1 if a judgement is met within the first k, else 0. ``mrr@10``: 1 / rank of the
    first that is met among ten, else 0. ``recall@k``: the share of its judgements met within the
    first k. ``ndcg@10``: see ``ndcg``. Ranks are those of ``judge``: of passages, or for judgements
    of whole articles, of distinct articles.

    Args:
        graded: Whether all judgements of the set are of whole articles; else there is no
            ``ndcg@10``.
    """
    ranks = [math.inf if rank is None else rank for rank in judged.ranks]
    first = min(ranks)
    found = {f"hits@{k}": float(first <= k) for k in (4, 5, 10)}
    found["mrr@10"] = 1 / first if first <= 10 else 0.0
    if graded:
        found["ndcg@10"] = ndcg(judged.gains, judged.ideal, 10)
    for k in (10, 20):
        found[f"recall@{k}"] = sum(rank <= k for rank in ranks) / len(ranks)
    return found


def ndcg(gains: Sequence[float], ideal: Sequence[float], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k, 0 to 1.

    Järvelin & Kekäläinen (2002) with the gain and the discount of trec_eval: the grade itself, over
    the logarithm to base 2 of rank + 1.

    Args:
        gains: The grades of what was found, in its order.
        ideal: The grades of all that there is to find, the highest first and more than 0.
    """
    return _discounted(gains[:k]) / _discounted(ideal[:k])


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))

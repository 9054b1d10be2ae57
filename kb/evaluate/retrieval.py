"""How well the right passages are found, as the authors of MultiHop-RAG count it.

Tang & Yang (COLM 2024): white space is removed from evidence and passages, and a passage counts
when it contains a piece of evidence whole. Only answerable questions are counted.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.evaluate.dataset import Question

__all__ = ["Ranking", "retrieval_metrics"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The texts of the passages found for a question, best first."""

    question: Question
    texts: Sequence[str]


def _bare(text: str) -> str:
    return "".join(text.split())


def retrieval_metrics(rankings: Sequence[Ranking]) -> Mapping[str, float]:
    """Return means over the questions, each 0 to 1.

    ``hits@k``: one of the first k passages counts. ``mrr@10``: 1 / rank of the first that counts
    among ten, else 0. ``recall@k``: the share of the pieces of evidence found in the first k.
    """
    values: dict[str, list[float]] = {}
    for one in rankings:
        evidence = [_bare(gold.text) for gold in one.question.gold]
        found = [[piece in _bare(text) for piece in evidence] for text in one.texts[:20]]
        first = next((i for i, row in enumerate(found[:10]) if any(row)), None)
        values.setdefault("mrr@10", []).append(0.0 if first is None else 1 / (first + 1))
        for k in (4, 10):
            values.setdefault(f"hits@{k}", []).append(float(any(map(any, found[:k]))))
        for k in (10, 20):
            there = [any(row[i] for row in found[:k]) for i in range(len(evidence))]
            values.setdefault(f"recall@{k}", []).append(statistics.fmean(there))
    return {name: round(statistics.fmean(each), 4) for name, each in values.items()}

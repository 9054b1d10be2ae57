"""What the reranker is worth: on made questions, to choose its weight, and on evaluation sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.article import Hit
from index.rerankers.order import readable, reordered
from kb import KnowledgeBase
from kb.evaluate.dataset import Question, load_evaluation_set
from kb.evaluate.judge import judge
from kb.evaluate.metrics import ranking_metrics
from tests.bench.reranker.blending import blended
from tests.bench.reranker.examples import Example

__all__ = ["DEPTH", "Scored", "best_weight", "compared"]

DEPTH = 30
_WEIGHTS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
_SHOWN = ("mrr@10", "hits@4", "hits@10", "recall@10", "recall@20")

Scored = Callable[[str, Sequence[str]], Sequence[float]]
"""Scores of texts for a question."""


def best_weight(examples: Sequence[Example], scored: Scored) -> tuple[float, dict[float, float]]:
    """Return the weight with the best mean average precision, and that of every weight tried.

    Each kind of question counts the same.
    """
    found: dict[float, dict[str, list[float]]] = {}
    for example in examples:
        texts = [f"{one.head}\n{one.text}" for one in example.candidates]
        second = np.asarray(scored(example.question, texts), dtype=np.float32)
        first = [one.score for one in example.candidates]
        for weight in (0.0, *_WEIGHTS):
            order = np.argsort(-blended(first, second, weight), kind="stable")
            right = [rank for rank, i in enumerate(order, 1) if example.candidates[i].evidence]
            precision = float(np.mean([count / rank for count, rank in enumerate(right, 1)]))
            found.setdefault(weight, {}).setdefault(example.kind, []).append(precision)
    means = {
        weight: float(np.mean([np.mean(values) for values in kinds.values()]))
        for weight, kinds in found.items()
    }
    return max(_WEIGHTS, key=lambda weight: means[weight]), means


def compared(
    kb: KnowledgeBase,
    folder: Path,
    scored: Scored,
    weight: float,
    every: int = 1,
    without: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Yield the lines of a table: each type of question without, with the network alone, blended.

    Args:
        kb: Holds the set's articles, and has no reranker.
        every: Only each n-th answerable question.
        without: Articles whose questions are left out: they were trained on.
    """
    rows: dict[tuple[str, str], list[dict[str, float]]] = {}
    for question in _questions(folder, without)[::every]:
        for name, hits in _rankings(kb, question, scored, weight):
            values = ranking_metrics(judge(question, hits), graded=False)
            for kind in ("all", question.type):
                rows.setdefault((kind, name), []).append(values)
    for (kind, name), found in rows.items():
        means = " ".join(f"{one} {np.mean([row[one] for row in found]):.3f}" for one in _SHOWN)
        yield f"{folder.name} {kind} ({len(found)}) {name}: {means}"


def _questions(folder: Path, without: frozenset[str]) -> list[Question]:
    return [
        one
        for one in load_evaluation_set(folder)
        if one.answerable and one.gold and one.gold[0].article not in without
    ]


def _rankings(
    kb: KnowledgeBase, question: Question, scored: Scored, weight: float
) -> Iterator[tuple[str, list[Hit]]]:
    hits = kb.search(question.question, DEPTH)
    second = np.asarray(scored(question.question, readable(hits)), dtype=np.float32)
    yield "without", hits
    yield "alone", reordered(hits, second.tolist())
    yield "blended", reordered(hits, blended([hit.score for hit in hits], second, weight).tolist())

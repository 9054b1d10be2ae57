"""Listwise softmax regression: weights under which right passages go before the wrong ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.ranking import Weights
from index.signals import GATES, SIGNALS
from tests.bench.ranking.measured import Measured

__all__ = ["GATED", "Matrix", "folds", "learn", "scored", "shared"]

GATED = ("words", "meaning", "coverage")
"""The signals whose weights depend on the question."""

_FREE = ("article words", "article coverage", "length")
_AGAINST = ("other source", "other day")
_PENALTY = 1e-3
_OPTIONS = {"maxiter": 80}
_RIGHT_AT_MOST = 20  # passages of a question that are learned from, and
_WRONG_AT_MOST = 120  # of the others those with the most words and the nearest meaning

Matrix = npt.NDArray[np.float64]


def shared(questions: Sequence[Measured]) -> list[int]:
    """Return a number for each question, the same for all that share a piece of their gold.

    Questions that share one with a third are joined with it.
    """
    leader = list(range(len(questions)))

    def find(one: int) -> int:
        while leader[one] != one:
            leader[one] = one = leader[leader[one]]
        return one

    first: dict[str, int] = {}
    for number, question in enumerate(questions):
        for gold in question.gold:
            leader[find(number)] = find(first.setdefault(gold, number))
    return [find(number) for number in range(len(questions))]


def folds(groups: Sequence[int], count: int) -> npt.NDArray[np.int64]:
    """Return the fold of each question; a group is in one fold, and folds are about equal."""
    sizes = Counter(groups)
    filled = [0] * count
    chosen = {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold = int(np.argmin(filled))
        chosen[group] = fold
        filled[fold] += size
    return np.array([chosen[group] for group in groups])


def learn(sets: Iterable[tuple[Sequence[Measured], float]]) -> Weights:
    """Return the weights for these sets of questions, each with how much it counts.

    Within a set, questions about the same things count less, each by the square root of their
    number. The loss is that of Plackett and Luce for each right passage against all wrong ones. But
    for three, signals can only speak for a passage, or those of other sources and days against it.
    """
    import torch
    from scipy.optimize import minimize

    rows, gates, rights, counts = [], [], [], []
    for questions, share in sets:
        groups = shared(questions)
        sizes = Counter(groups)
        own = np.array([sizes[group] ** -0.5 for group in groups])
        own *= share / own.sum()
        for question, weight in zip(questions, own, strict=True):
            if question.right.any():
                rows.append(question.signals.values)
                gates.append(question.signals.gates)
                rights.append(question.right)
                counts.append(weight)
    deviation = np.concatenate(rows).std(0) + 1e-6
    z, y = _padded([row / deviation for row in rows], rights)
    weighing = torch.tensor(np.array(counts), dtype=torch.float32)
    gate = torch.tensor(np.array(gates), dtype=torch.float32)
    columns = [SIGNALS.index(name) for name in GATED]
    size = len(SIGNALS)

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = torch.tensor(flat, dtype=torch.float32, requires_grad=True)
        effective = weights[:size].expand(len(rows), size).clone()
        gated = effective[:, columns] + gate @ weights[size:].reshape(len(GATES), len(GATED))
        effective[:, columns] = torch.nn.functional.leaky_relu(gated, 0.01)
        scores = (z * effective[:, None, :]).sum(2)
        wrong = torch.logsumexp(torch.where(y == 0, scores, -1e9), 1, keepdim=True)
        chosen = torch.where(y > 0, scores - torch.logaddexp(scores, wrong), 0.0)
        each = chosen.sum(1) / (y > 0).sum(1)
        total = -(weighing * each).sum() / weighing.sum() + _PENALTY * (weights**2).sum()
        total.backward()
        assert weights.grad is not None
        return float(total.detach()), weights.grad.numpy().astype(np.float64)

    start = np.full(size + len(GATES) * len(GATED), 0.1)
    start[size:] = 0.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=_bounds(), options=_OPTIONS)
    alone = found.x[:size] / deviation
    gated = np.zeros((len(GATES), size))
    gated[:, columns] = found.x[size:].reshape(len(GATES), len(GATED)) / deviation[columns]
    return Weights(alone, gated)


def _bounds() -> list[tuple[float | None, float | None]]:
    """Return between what each weight may be: the signals', then the gates'."""
    own: list[tuple[float | None, float | None]] = []
    for name in SIGNALS:
        if name in _FREE or name in GATED:
            own.append((None, None))
        else:
            own.append((None, 0.0) if name in _AGAINST else (0.0, None))
    return [*own, *[(None, None)] * (len(GATES) * len(GATED))]


def _padded(rows: list[Matrix], rights: list[npt.NDArray[np.bool_]]) -> tuple[Any, Any]:
    """Return tensors of the passages learned from, and of 1 for right, 0 for wrong, -1 for none."""
    import torch

    most = _RIGHT_AT_MOST + _WRONG_AT_MOST
    z = torch.zeros(len(rows), most, rows[0].shape[1])
    y = torch.full((len(rows), most), -1)
    near = [SIGNALS.index(name) for name in ("words", "meaning")]
    for i, (row, right) in enumerate(zip(rows, rights, strict=True)):
        order = np.argsort(-row[:, near].sum(1), kind="stable")
        wrong = order[~right[order]][:_WRONG_AT_MOST]
        chosen = np.concatenate([np.flatnonzero(right)[:_RIGHT_AT_MOST], wrong])
        z[i, : len(chosen)] = torch.tensor(row[chosen], dtype=torch.float32)
        y[i, : len(chosen)] = torch.tensor(right[chosen].astype(np.int64))
    return z, y


def scored(weights: Weights, question: Measured) -> Matrix:
    """Return the scores of a question's candidates."""
    scores: Matrix = weights.shares(question.signals).sum(1)
    return scores

"""How sure a figure is: percentile intervals of the bootstrap over questions (Efron, 1979)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SEARCH_TIME", "Estimate", "differences", "estimates", "figures"]

SEARCH_TIME = "search_ms"
"""The column that holds milliseconds; of the others, figures are means."""

_RESAMPLES = 2_000
_AT_ONCE = 2_000_000  # numbers of one block of resamples: 16 MB
_INTERVAL = (0.025, 0.975)

Floats = npt.NDArray[np.float64]
_Statistic = Callable[[Floats], Any]  # over the last axis


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def figures(columns: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return each figure of a set of questions; ``columns`` as for ``estimates``."""
    return {
        name: float(statistic(np.asarray(values, dtype=np.float64)))
        for column, values in columns.items()
        for name, statistic in _statistics(column).items()
    }


def estimates(columns: Mapping[str, Sequence[float]], seed: int) -> dict[str, Estimate]:
    """Return each figure of a set of questions with its interval.

    Args:
        columns: Values, one a question, by name. The figure of a column is its mean, under its
            name; ``search_ms`` gives ``search_ms_p50`` and ``search_ms_p95``.
        seed: Of the resampling.
    """
    values, drawn = figures(columns), _resampled(columns, seed)
    return {name: _estimate(values[name], drawn[name]) for name in values}


def differences(
    first: Mapping[str, Sequence[float]], second: Mapping[str, Sequence[float]], seed: int
) -> dict[str, Estimate]:
    """Return how much more each figure of the second is than that of the first.

    Args:
        first, second: As for ``estimates``: the same columns, of the same questions in the same
            order. They are resampled together, so that what a question's difficulty does to both
            cancels out.
    """
    before, after = figures(first), figures(second)
    # The same seed draws the same questions.
    drawn_before, drawn_after = _resampled(first, seed), _resampled(second, seed)
    return {
        name: _estimate(after[name] - before[name], drawn_after[name] - drawn_before[name])
        for name in before
    }


def _estimate(value: float, drawn: Floats) -> Estimate:
    low, high = np.quantile(drawn, _INTERVAL)
    return Estimate(value, float(low), float(high))


def _statistics(column: str) -> dict[str, _Statistic]:
    if column != SEARCH_TIME:
        return {column: partial(np.mean, axis=-1)}
    return {f"{column}_p{p}": partial(np.percentile, q=p, axis=-1) for p in (50, 95)}


def _resampled(columns: Mapping[str, Sequence[float]], seed: int) -> dict[str, Floats]:
    """Return each figure of 2,000 resamples of the questions, drawn with replacement."""
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    size = len(next(iter(arrays.values())))
    chance = np.random.default_rng(seed)
    blocks: dict[str, list[Floats]] = {}
    at_once = max(1, _AT_ONCE // size)
    for done in range(0, _RESAMPLES, at_once):
        drawn = chance.integers(size, size=(min(at_once, _RESAMPLES - done), size))
        for column, values in arrays.items():
            sample = values[drawn]
            for name, statistic in _statistics(column).items():
                blocks.setdefault(name, []).append(statistic(sample))
    return {name: np.concatenate(block) for name, block in blocks.items()}

"""How sure a figure is: percentile intervals of the bootstrap over questions (Efron, 1979)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SEARCH_TIME", "Estimate", "differences", "estimates", "figures"]

SEARCH_TIME = "search_ms"
"""The column that has a median and a 95th percentile."""
_COUNTED = ("_ms", "_tokens")  # columns of these have a median; of the others, figures are means
_BALANCED = "yesno_balanced_accuracy", ("yes_right", "no_right")

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
    found: dict[str, Any] = {}
    for column, values in columns.items():
        array = np.asarray(values, dtype=np.float64)
        for name, statistic in _statistics(column).items():
            found[name] = statistic(array)
    return {name: float(value) for name, value in _balanced(found).items()}


def estimates(columns: Mapping[str, Sequence[float]], seed: int) -> dict[str, Estimate]:
    """Return each figure of a set of questions with its interval.

    Args:
        columns: Values, one a question, by name; NaN where one does not apply to a question. The
            figure of a column is its mean, under its name; ``search_ms`` gives ``search_ms_p50``
            and ``search_ms_p95``, other times and numbers of tokens their median alone.
            ``yes_right`` and ``no_right`` together give their mean, ``yesno_balanced_accuracy``.
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
    known = drawn[np.isfinite(drawn)]  # a resample may have none of the questions that count
    low, high = np.quantile(known, _INTERVAL) if known.size else (value, value)
    return Estimate(value, float(low), float(high))


def _statistics(column: str) -> dict[str, _Statistic]:
    if not column.endswith(_COUNTED):
        return {column: _mean}
    percentiles = (50, 95) if column == SEARCH_TIME else (50,)
    return {f"{column}_p{p}": partial(_percentile, q=p) for p in percentiles}


def _percentile(values: Floats, q: float) -> Any:
    """Return the percentiles of those that are not NaN; NaN where all are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # over a slice that is all NaN
        return np.nanpercentile(values, q, axis=-1)


def _mean(values: Floats) -> Any:
    """Return the means of those that are not NaN; NaN where all are."""
    known = np.isfinite(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def _balanced(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures with the shares of right yeses and of right noes as their mean."""
    name, (yes, no) = _BALANCED
    if yes not in found or no not in found:
        return found
    both = (found[yes] + found[no]) / 2
    return {
        (name if key == yes else key): both if key == yes else value
        for key, value in found.items()
        if key != no
    }


def _resampled(columns: Mapping[str, Sequence[float]], seed: int) -> dict[str, Floats]:
    """Return each figure of 2,000 resamples of the questions, drawn with replacement."""
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    size = len(next(iter(arrays.values())))
    chance = np.random.default_rng(seed)
    blocks: dict[str, list[Floats]] = {}
    at_once = max(1, _AT_ONCE // size)
    for done in range(0, _RESAMPLES, at_once):
        drawn = chance.integers(size, size=(min(at_once, _RESAMPLES - done), size))
        found: dict[str, Any] = {}
        for column, values in arrays.items():
            sample = values[drawn]
            for name, statistic in _statistics(column).items():
                found[name] = statistic(sample)
        for name, block in _balanced(found).items():
            blocks.setdefault(name, []).append(block)
    return {name: np.concatenate(block) for name, block in blocks.items()}

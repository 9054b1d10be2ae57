"""The score of a search and that of the network in one, to find out what the network is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["blended"]

_LEAST = 1e-9  # of a score that a logarithm is taken of


def blended(
    first: Sequence[float], second: npt.NDArray[np.float32], weight: float
) -> npt.NDArray[np.float64]:
    """Return the sums of what the first scores and the second ones say.

    Of the first ones it is the logarithm, in standard deviations from the mean, so that the weight
    holds for scores on whatever scale.

    Args:
        first: Those of the search, 0 or more.
        second: Those of the network.
        weight: What a point of the network counts beside a standard deviation.
    """
    logarithms = np.log(np.maximum(np.asarray(first, dtype=np.float64), _LEAST))
    spread = float(logarithms.std())
    # Equal scores differ from their mean by rounding.
    standard = (logarithms - logarithms.mean()) / spread if spread > 1e-9 else 0.0
    return standard + weight * second.astype(np.float64)

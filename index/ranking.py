"""Signals into one score, by weights that were learned: listwise softmax regression.

The weight of some signals depends on the question: words tell more in a long one, the vectors more
where no passage has the question's words. ``weights.json`` says what it was fitted on; the script
is ``tests.bench.ranking``, the figures are in CONTRIBUTING.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from index.signals import GATES, SIGNALS, Signals

__all__ = ["Weights", "learned"]

_AT_LEAST = np.array([0.5 if name in ("words", "meaning") else 0.0 for name in SIGNALS])

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What each signal counts.

    Attributes:
        alone: Of each signal, whatever the question; shape (signals,).
        gated: What each gate adds to that; shape (gates, signals).
    """

    alone: Matrix
    gated: Matrix

    def shares(self, signals: Signals) -> Matrix:
        """Return what each signal adds to the logarithm of a score, shape (candidates, signals).

        No gate turns a signal around: words and meaning always speak for a passage, in a home of
        three articles too, which is like nothing that was learned from.
        """
        weights = self.alone + signals.gates @ self.gated
        kept = np.where(self.gated.any(0), np.maximum(weights, _AT_LEAST), weights)
        shares: Matrix = signals.values * kept
        return shares


@cache
def learned() -> Weights:
    """Return the weights that come with the program."""
    text = files("index").joinpath("weights.json").read_text("utf-8")
    found = json.loads(text)["weights"]
    return Weights(
        np.array([found[name]["alone"] for name in SIGNALS], np.float64),
        np.array([[found[name].get(gate, 0.0) for name in SIGNALS] for gate in GATES], np.float64),
    )

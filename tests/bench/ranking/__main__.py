"""``python -m tests.bench.ranking DIR[=SHARE]… [--judge DIR]… [--out FILE]``: learn weights.

Learns on the sets DIR, each counting 1 or its SHARE, and prints the metrics of each one as the
weights did that never saw it: by cross-validation (five folds, questions with a piece of evidence
in common in the same fold) with the other sets, and without it at all. ``--judge`` names sets that
nothing is learned from. With ``--out`` the weights of all sets together are written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.ranking import Weights
from index.signals import GATES, SIGNALS
from tests.bench.ranking.learning import Matrix, folds, learn, scored, shared
from tests.bench.ranking.measured import Measured, measured

__all__ = ["main"]

_FOLDS = 5
_SHOWN = ("hits@4", "hits@5", "hits@10", "mrr@10", "recall@10", "recall@20")


def _told(name: str, questions: Sequence[Measured], scores: Sequence[Matrix]) -> None:
    each = [one.metrics(score) for one, score in zip(questions, scores, strict=True)]
    figures = (f"{float(np.mean([values[key] for values in each])):.4f}" for key in _SHOWN)
    print(f"{name:<38}" + "  ".join(figures), flush=True)


def _alone(name: str, questions: Sequence[Measured]) -> None:
    for label, signal in (("words alone", "words"), ("vectors alone", "meaning")):
        column = SIGNALS.index(signal)
        _told(f"{name}: {label}", questions, [one.signals.values[:, column] for one in questions])


def _judged(
    name: str,
    sets: Mapping[str, list[Measured]],
    shares: Mapping[str, float],
) -> None:
    """Print how well a set is ranked by what did not see it, or not the part that is judged."""
    questions = sets[name]
    _alone(name, questions)
    others = [(sets[other], shares[other]) for other in sets if other != name]
    fold = folds(shared(questions), _FOLDS)
    scores: list[Matrix] = [np.zeros(0)] * len(questions)
    for number in range(_FOLDS):
        seen = [one for one, own in zip(questions, fold, strict=True) if own != number]
        weights = learn([*others, (seen, shares[name])])
        for i in np.flatnonzero(fold == number):
            scores[i] = scored(weights, questions[i])
    _told(f"{name}: cross-validated", questions, scores)
    if others:
        weights = learn(others)
        _told(f"{name}: never seen", questions, [scored(weights, one) for one in questions])


def _write(file: Path, weights: Weights, sets: Mapping[str, list[Measured]]) -> None:
    found = {
        name: {
            "alone": round(float(weights.alone[i]), 4),
            **{
                gate: round(float(weights.gated[g, i]), 4)
                for g, gate in enumerate(GATES)
                if weights.gated[g, i]
            },
        }
        for i, name in enumerate(SIGNALS)
    }
    learned_on = {name: len(questions) for name, questions in sets.items()}
    text = json.dumps({"questions learned from": learned_on, "weights": found}, indent=1)
    file.write_text(text + "\n", "utf-8")


def main() -> None:
    """Learn and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="DIR[=SHARE]")
    parser.add_argument("--judge", type=Path, action="append", default=[])
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    named = [
        (Path(path), share) for path, _, share in (text.partition("=") for text in chosen.sets)
    ]
    shares = {folder.name: float(share or 1) for folder, share in named}
    sets = {folder.name: measured(folder) for folder, _ in named}
    weights = learn([(questions, shares[name]) for name, questions in sets.items()])
    if chosen.out:
        _write(chosen.out, weights, sets)
    print(f"{'':<38}" + "  ".join(f"{key:<6}"[:6] for key in _SHOWN))
    for folder in chosen.judge:
        questions = measured(folder)
        _alone(folder.name, questions)
        scores = [scored(weights, one) for one in questions]
        _told(f"{folder.name}: nothing learned from it", questions, scores)
    for name in sets:
        _judged(name, sets, shares)


if __name__ == "__main__":
    main()

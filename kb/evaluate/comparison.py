"""Two evaluations of one set, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.errors import SourceError
from kb.evaluate.evaluation import Asked, Evaluation, columns
from kb.evaluate.intervals import Estimate, differences, figures

__all__ = ["Comparison", "Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of both, over the questions in both, and how much more the second is."""

    first: float
    second: float
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from a first to a second evaluation of the same set.

    Attributes:
        n: The number of questions in both; only they count.
        only_first, only_second: The numbers of the others.
    """

    first: Evaluation
    second: Evaluation
    n: int
    only_first: int
    only_second: int
    metrics: Mapping[str, Difference]


def compare(first: Evaluation, second: Evaluation, seed: int = 0) -> Comparison:
    """Return the paired differences of all figures that both have, with 95 % intervals.

    Raises:
        SourceError: They are not of the same set, or have no question in common.
    """
    if first.digest != second.digest:
        how = (
            "the files of the set have changed in between"
            if first.set == second.set
            else f"one is of {first.set!r}, the other of {second.set!r}"
        )
        raise SourceError(f"the two are not evaluations of the same set: {how}")
    known = {one.id: one for one in second.questions}
    pairs = [(one, known[one.id]) for one in first.questions if one.id in known]
    if not pairs:
        raise SourceError("the two have no question in common", "draw with the same --seed")
    before, after = ([pair[side] for pair in pairs] for side in (0, 1))
    return Comparison(
        first,
        second,
        n=len(pairs),
        only_first=len(first.questions) - len(pairs),
        only_second=len(second.questions) - len(pairs),
        metrics=_differences(before, after, seed),
    )


def _differences(before: list[Asked], after: list[Asked], seed: int) -> dict[str, Difference]:
    first, second = columns(before), columns(after)
    both = [name for name in first if name in second]
    first, second = ({name: each[name] for name in both} for each in (first, second))
    changed = differences(first, second, seed)
    values, others = figures(first), figures(second)
    return {name: Difference(values[name], others[name], changed[name]) for name in changed}

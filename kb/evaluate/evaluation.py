"""What an evaluation found: values of every question, and figures over them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.evaluate.intervals import Estimate, estimates

__all__ = ["Asked", "Evaluation", "columns"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked.

    Attributes:
        values: Those of its metrics that apply to it, and times, as ``search_ms``.
        answer: What was said, where it was to be answered.
    """

    id: str
    type: str
    values: Mapping[str, float]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well an evaluation set was answered.

    Attributes:
        set: The name of the set's folder.
        digest: Stands for the contents of the set's files.
        settings: What it was measured with: names and numbers.
        questions: All that were asked, at least one.
        unanswerable: How many were left out because nothing answers them.
        seed: Of the intervals, and of the drawing if questions were drawn.
        notes: Lines a user should know of.
    """

    set: str
    digest: str
    settings: Mapping[str, Any]
    questions: tuple[Asked, ...]
    unanswerable: int = 0
    seed: int = 0
    notes: tuple[str, ...] = ()

    def metrics(self) -> dict[str, Estimate]:
        """Return the figures over all questions, with 95 % bootstrap intervals."""
        return estimates(columns(self.questions), self.seed)

    def by_type(self) -> dict[str, tuple[int, dict[str, Estimate]]]:
        """Return the number of questions and the figures of each type that the set names."""
        groups: dict[str, list[Asked]] = {}
        for one in self.questions:
            if one.type:
                groups.setdefault(one.type, []).append(one)
        return {
            name: (len(asked), estimates(columns(asked), self.seed))
            for name, asked in sorted(groups.items())
        }


def columns(questions: Sequence[Asked]) -> dict[str, list[float]]:
    """Return the values of the questions, in their order, by name; NaN where one has none."""
    names = dict.fromkeys(name for one in questions for name in one.values)
    return {name: [one.values.get(name, math.nan) for one in questions] for name in names}

"""Where to refuse: what each threshold of confidence costs, and what it saves.

The trade of selective answering (El-Yaniv & Wiener, 2010): the fewer questions are answered,
beginning with those that the model is surest of, the fewer answers are wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import SourceError
from kb.evaluate.evaluation import Asked, Evaluation

__all__ = ["Point", "risk_coverage", "suggested"]

_POINTS = 20  # at most, of a curve


@dataclass(frozen=True, slots=True)
class Point:
    """What a ``min_confidence`` does to a set of questions; all shares are 0 to 1.

    Attributes:
        coverage: The share of all questions that is answered.
        risk: The share of the answered that is answered wrongly, or has no answer; 0 of none.
        false_refusals: The share of the answerable that is refused.
        refusal_recall: The share of the unanswerable that is refused; 0 if there is none.
    """

    min_confidence: float
    coverage: float
    risk: float
    false_refusals: float
    refusal_recall: float


def risk_coverage(evaluation: Evaluation) -> list[Point]:
    """Return what thresholds from 0 up to the highest confidence do.

    Args:
        evaluation: Of answers, with a ``min_confidence`` of 0. What was refused for another reason
            stays refused.

    Raises:
        SourceError: No answer says how sure it is.
    """
    answered = [one for one in evaluation.questions if _confidence(one) is not None]
    values = sorted({_confidence(one) or 0.0 for one in answered})
    if not values:
        raise SourceError(
            "no answer says how sure it is, so there is nothing to calibrate",
            "choose another model, or more questions",
        )
    step = max(1, len(values) // _POINTS)
    return [_point(evaluation.questions, value) for value in (0.0, *values[step::step])]


def suggested(curve: Sequence[Point]) -> Point:
    """Return the point where recall less false refusals is greatest (Youden's index, 1950).

    Where the set has no unanswerable question it is that of the fewest wrong answers among those
    that refuse no more than a twentieth of the answerable ones more than the first.
    """
    if any(point.refusal_recall for point in curve):
        return max(curve, key=lambda point: point.refusal_recall - point.false_refusals)
    most = curve[0].false_refusals + 0.05
    return min((one for one in curve if one.false_refusals <= most), key=lambda one: one.risk)


def _confidence(asked: Asked) -> float | None:
    refused = asked.values.get("false_refusals", asked.values.get("refusal_recall"))
    return None if refused else asked.values.get("confidence")


def _point(questions: Sequence[Asked], threshold: float) -> Point:
    kept = [one for one in questions if (_confidence(one) or -1.0) >= threshold]
    known = [one for one in questions if "false_refusals" in one.values]
    unknown = len(questions) - len(known)
    answered = sum("false_refusals" in one.values for one in kept)
    wrong = sum(1 - one.values["answer_accuracy"] for one in kept)
    return Point(
        min_confidence=round(threshold, 4),
        coverage=len(kept) / len(questions),
        risk=wrong / len(kept) if kept else 0.0,
        false_refusals=1 - answered / len(known) if known else 0.0,
        refusal_recall=1 - (len(kept) - answered) / unknown if unknown else 0.0,
    )

"""The JSON contracts of evaluations: written by ``kb eval``, and read back to be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.wire import Json

if TYPE_CHECKING:
    from kb.evaluate import Asked, Comparison, Estimate, Evaluation, Point

__all__ = ["calibration_json", "comparison_json", "evaluation_json", "read_evaluation"]


def evaluation_json(evaluation: Evaluation) -> Json:
    """Return the figures of an evaluation, their intervals, and the values of each question."""
    return {
        "set": evaluation.set,
        "n": len(evaluation.questions),
        **_figures(evaluation.metrics()),
        "by_type": {
            name: {"n": count, **_figures(metrics)}
            for name, (count, metrics) in evaluation.by_type().items()
        },
        "digest": evaluation.digest,
        "settings": dict(evaluation.settings),
        "unanswerable": evaluation.unanswerable,
        "seed": evaluation.seed,
        "notes": list(evaluation.notes),
        "questions": [
            {"id": one.id, "type": one.type, **one.values, **_answered(one)}
            for one in evaluation.questions
        ],
    }


def comparison_json(comparison: Comparison) -> Json:
    """Return two evaluations of one set side by side, with the difference of each figure."""
    return {
        "set": comparison.first.set,
        "digest": comparison.first.digest,
        "first": dict(comparison.first.settings),
        "second": dict(comparison.second.settings),
        "n": comparison.n,
        "only_first": comparison.only_first,
        "only_second": comparison.only_second,
        "metrics": {
            name: {
                "first": one.first,
                "second": one.second,
                "difference": _estimate(one.difference),
            }
            for name, one in comparison.metrics.items()
        },
    }


def calibration_json(curve: Sequence[Point], best: Point) -> Json:
    """Return what thresholds do, and the one to set."""
    return {"curve": [asdict(point) for point in curve], "suggested": asdict(best)}


def _figures(metrics: Mapping[str, Estimate]) -> Json:
    intervals = {name: [one.low, one.high] for name, one in metrics.items()}
    return {**{name: one.value for name, one in metrics.items()}, "intervals": intervals}


def _answered(one: Asked) -> Json:
    return {"answer": one.answer} if one.answer else {}


def _estimate(one: Estimate) -> Json:
    return {"value": one.value, "low": one.low, "high": one.high}


def read_evaluation(file: Path) -> Evaluation:
    """Return the evaluation in a file that ``kb eval --json`` or ``--out`` wrote.

    Raises:
        KBError: The file cannot be read, or is something else.
    """
    from kb import KBError
    from kb.evaluate import Evaluation

    try:
        wire = json.loads(file.read_bytes())
        questions = tuple(_asked(one) for one in wire["questions"])
        if not any(one.values for one in questions):
            raise ValueError("its questions have no values")
        return Evaluation(str(wire["set"]), str(wire["digest"]), dict(wire["settings"]), questions)
    except OSError as error:
        raise KBError(f"cannot read {str(file)!r}: {error.strerror}", "check the path") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise KBError(
            f"{str(file)!r} is not an evaluation", "name a file that kb eval --out wrote"
        ) from error


def _asked(wire: dict[str, Any]) -> Asked:
    from kb.evaluate import Asked

    texts = ("id", "type", "answer")
    values = {name: float(value) for name, value in wire.items() if name not in texts}
    return Asked(str(wire["id"]), str(wire["type"]), values, str(wire.get("answer", "")))

"""What a threshold of confidence costs and saves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import SourceError
from kb.evaluate import Asked, Evaluation, risk_coverage, suggested


def asked(answerable: bool, right: bool, confidence: float | None) -> Asked:
    """Return a question as it was answered; without a confidence it was refused."""
    refused = float(confidence is None)
    values = {"false_refusals" if answerable else "refusal_recall": refused}
    values["answer_accuracy"] = float(right if answerable else confidence is None)
    if confidence is not None:
        values["confidence"] = confidence
    return Asked("q", "", values)


def evaluation(*questions: Asked) -> Evaluation:
    """Return an evaluation of these."""
    return Evaluation("set", "", {}, questions)


SURE = (asked(True, True, 0.9), asked(True, True, 0.8), asked(True, False, 0.3))
UNSURE = (asked(False, False, 0.4), asked(False, False, 0.2), asked(False, True, None))


def test_a_higher_threshold_answers_less_and_errs_less() -> None:
    curve = risk_coverage(evaluation(*SURE, *UNSURE))
    first, last = curve[0], curve[-1]
    assert (first.min_confidence, first.coverage, first.risk) == (0, 5 / 6, 3 / 5)
    assert first.false_refusals == 0
    assert first.refusal_recall == pytest.approx(1 / 3)
    assert (last.coverage, last.risk, last.refusal_recall) == (1 / 6, 0, 1)
    best = suggested(curve)
    assert (best.min_confidence, best.false_refusals) == (0.3, 0)
    assert best.refusal_recall == pytest.approx(2 / 3)


def test_without_unanswerable_questions_few_are_refused() -> None:
    best = suggested(risk_coverage(evaluation(*SURE)))
    assert best.false_refusals == 0


def test_without_confidence_there_is_nothing_to_calibrate() -> None:
    with pytest.raises(SourceError, match="how sure"):
        risk_coverage(evaluation(asked(True, True, None)))


@given(
    st.lists(
        st.builds(asked, st.booleans(), st.booleans(), st.one_of(st.none(), st.floats(0, 1))),
        min_size=1,
    )
)
def test_the_curve_only_falls(questions: list[Asked]) -> None:
    if not any("confidence" in one.values for one in questions):
        return
    curve = risk_coverage(evaluation(*questions))
    for before, after in pairwise(curve):
        assert after.coverage <= before.coverage
        assert after.refusal_recall >= before.refusal_recall - 1e-12
        assert after.false_refusals >= before.false_refusals - 1e-12
    assert suggested(curve) in curve

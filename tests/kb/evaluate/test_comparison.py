"""Two evaluations, question by question."""

from __future__ import annotations

from typing import Any

import pytest

from kb.errors import SourceError
from kb.evaluate import Asked, Evaluation, compare


def evaluation(values: dict[str, float], **fields: Any) -> Evaluation:
    """Return an evaluation with these hits by question."""
    asked = (Asked(id, "", {"hits@10": hit, "search_ms": 5.0}) for id, hit in values.items())
    given = {"set": "s", "digest": "d", "settings": {}, "questions": tuple(asked)}
    return Evaluation(**{**given, **fields})


def test_only_questions_in_both_count() -> None:
    first = evaluation({"a": 0.0, "b": 0.0, "c": 1.0, "x": 1.0})
    second = evaluation({"y": 0.0, "z": 0.0, "c": 1.0, "b": 1.0, "a": 0.0})
    found = compare(first, second)
    assert (found.n, found.only_first, found.only_second) == (3, 1, 2)
    hits = found.metrics["hits@10"]
    assert [hits.first, hits.second] == pytest.approx([1 / 3, 2 / 3])
    assert hits.difference.value == pytest.approx(1 / 3)
    assert (hits.difference.low, hits.difference.high) == (0.0, 1.0)
    assert found.metrics["search_ms_p50"].difference.value == 0


def test_only_figures_that_both_have_are_compared() -> None:
    graded = (Asked("a", "", {"hits@10": 1.0, "ndcg@10": 0.5}),)
    found = compare(evaluation({"a": 0.0}), evaluation({}, questions=graded))
    assert set(found.metrics) == {"hits@10"}


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"set": "t", "digest": "e"}, "one is of 's', the other of 't'"),
        ({"digest": "e"}, "the files of the set have changed"),
        ({"questions": (Asked("z", "", {"hits@10": 1.0}),)}, "no question in common"),
    ],
)
def test_what_cannot_be_compared_is_refused(other: dict[str, Any], told: str) -> None:
    with pytest.raises(SourceError, match=told):
        compare(evaluation({"a": 1.0}), evaluation({"a": 1.0}, **other))

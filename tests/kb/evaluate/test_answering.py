"""A whole evaluation of answers, with quotes and the hashing embedder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import SettingsError, SourceError
from kb.evaluate import Evaluation, evaluate_answers
from tests.kb.evaluate.sets import QUERIES, write_set

ANSWERS = ["the river near Ostrava", "Bridges", "", "milk"]


def evaluated(tmp_path: Path, **options: object) -> Evaluation:
    """Evaluate a small set whose third question has no answer."""
    queries = [
        {**one, "answers": [text] * bool(text)} for one, text in zip(QUERIES, ANSWERS, strict=True)
    ]
    folder = write_set(tmp_path / "animals", queries=queries)
    given = {"embedder": "hashing", "model": "quotes", "min_similarity": 0.01, **options}
    return evaluate_answers(folder, cache=tmp_path / "cache", **given)  # type: ignore[arg-type]


def test_every_question_is_asked_and_has_the_figures_that_apply(tmp_path: Path) -> None:
    found = evaluated(tmp_path)
    figures = {name: one.value for name, one in found.metrics().items()}
    assert [one.id for one in found.questions] == ["1", "b", "c", "d"]
    assert figures["answer_accuracy"] == figures["refusal_recall"] == 1
    assert figures["spans_exact"] == figures["citation_recall"] == 1
    assert figures["false_refusals"] == figures["unsupported_shown"] == 0
    assert figures["first_token_ms_p50"] > 0 < figures["total_ms_p50"]
    assert found.settings["model"] == "quotes"
    assert "milk" in found.questions[3].answer
    assert "answer_f1" not in found.questions[2].values


def test_a_sample_is_drawn_by_its_seed(tmp_path: Path) -> None:
    first, again = (evaluated(tmp_path, limit_questions=2, seed=4) for _ in range(2))
    assert len(first.questions) == 2
    assert [one.id for one in first.questions] == [one.id for one in again.questions]


def test_what_cannot_be_asked_is_told(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "animals", queries=[])
    with pytest.raises(SourceError, match="no question"):
        evaluate_answers(folder, cache=tmp_path / "cache", embedder="hashing", model="quotes")
    with pytest.raises(SettingsError):
        evaluated(tmp_path, passages=0)

"""The parts of the benchmark; each returns its figures and runs in a process of its own."""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kb import open_knowledge_base
from kb.evaluate import Evaluation, measure_answers, measure_retrieval
from kb.evaluate.dataset import load_evaluation_set, load_questions
from ui.app import build_app

__all__ = ["answers", "measured", "retrieval"]

_DATA = Path(__file__).parent.parent.parent / "data"


def retrieval(folder: Path, home: Path) -> Mapping[str, float]:
    """Return retrieval metrics and search times over the answerable questions of a set."""
    with open_knowledge_base(home, model="quotes") as kb:
        if not kb.status().articles:  # a measured ingest has been there before
            kb.sync(folder / "corpus.jsonl")
        found = measure_retrieval(kb, folder, load_evaluation_set(folder))
    return _figures(found)


def answers(home: Path, model: str, every: int) -> Mapping[str, float]:
    """Return answer metrics on the sample questions with a model."""
    questions = load_questions(_DATA / "questions.jsonl")[::every]
    with open_knowledge_base(home, model=model) as kb:
        kb.sync(_DATA / "articles")
        build_app(kb)  # so that the memory is that of a server
        found = measure_answers(kb, "sample", questions)
    return _figures(found)


def _figures(found: Evaluation) -> Mapping[str, float]:
    figures = {name: round(figure.value, 4) for name, figure in found.metrics().items()}
    return {**figures, "n": len(found.questions)}


def measured(part: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the figures of a part, and the most memory that the process had, in GiB."""
    found = part()
    # Linux counts in KiB. The peak of this process: models, indexes and, where served, the page.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    return {**found, "peak_memory_gb": round(peak, 2)}

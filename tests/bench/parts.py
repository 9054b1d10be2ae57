"""The parts of the benchmark; each returns its figures and runs in a process of its own."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kb import Answer, KnowledgeBase, open_knowledge_base
from kb.evaluate import measure_retrieval
from kb.evaluate.answers import answer_metrics
from kb.evaluate.dataset import Question, load_evaluation_set, load_questions
from ui.app import build_app

__all__ = ["answers", "measured", "retrieval"]

_DATA = Path(__file__).parent.parent.parent / "data"


def retrieval(folder: Path, home: Path) -> Mapping[str, float]:
    """Return retrieval metrics and search times over the answerable questions of a set."""
    with open_knowledge_base(home, model="quotes") as kb:
        if not kb.status().articles:  # a measured ingest has been there before
            kb.sync(folder / "corpus.jsonl")
        found = measure_retrieval(kb, folder, load_evaluation_set(folder))
    figures = {name: round(figure.value, 4) for name, figure in found.metrics().items()}
    return {**figures, "n": len(found.questions)}


def answers(home: Path, model: str, every: int) -> Mapping[str, float]:
    """Return answer metrics on the sample questions with a model."""
    questions = load_questions(_DATA / "questions.jsonl")[::every]
    with open_knowledge_base(home, model=model) as kb:
        kb.sync(_DATA / "articles")
        build_app(kb)  # so that the memory is that of a server
        kb.warm()
        read: list[int] = []
        answered = [(one, _asked(kb, one, read)) for one in questions]
    found = dict(answer_metrics(answered))
    if read:
        found["prompt_tokens_read_p50"] = statistics.median(read)
    known = sum(one.answerable for one, _ in answered)
    return {**found, "answerable": known, "unanswerable": len(answered) - known}


def _asked(kb: KnowledgeBase, question: Question, read: list[int]) -> Answer:
    """Ask, and write down how many prompt tokens a local model had to read for it."""
    llm = getattr(kb._chain.writer, "llm", None)
    before = getattr(llm, "last_timings", None)
    answer = kb.ask(question.question)
    timings = getattr(llm, "last_timings", None)
    if timings and timings is not before:
        read.append(timings.prompt_tokens - timings.cached_tokens)
    return answer


def measured(part: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the figures of a part, and the most memory that the process had, in GiB."""
    found = part()
    # Linux counts in KiB. The peak of this process: models, indexes and, where served, the page.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    return {**found, "peak_memory_gb": round(peak, 2)}

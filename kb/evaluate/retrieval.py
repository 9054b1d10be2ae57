"""How well the right passages and articles are found for the questions of an evaluation set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.article import Hit
from index.sync import Progress
from kb.errors import QuestionError, SourceError
from kb.evaluate.asking import circumstances, drawn, problems
from kb.evaluate.dataset import Question, load_evaluation_set
from kb.evaluate.evaluation import Asked, Evaluation
from kb.evaluate.homes import default_cache, evaluation_home, set_digest
from kb.evaluate.intervals import SEARCH_TIME
from kb.evaluate.judge import judge
from kb.evaluate.metrics import ranking_metrics
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.wiring import open_knowledge_base

__all__ = ["evaluate_retrieval", "measure_retrieval"]

_PASSAGES = 20  # recall@20 looks no further
_PASSAGES_FOR_ARTICLES = 100
_SHOWN = ("ranking", "reranker", "rerank_depth")  # settings that change what is found


def evaluate_retrieval(
    folder: str | Path,
    *,
    cache: Path | None = None,
    limit_questions: int | None = None,
    seed: int = 0,
    building: Callable[[Progress], None] | None = None,
    asking: Callable[[int, int], None] | None = None,
    **settings: Any,
) -> Evaluation:
    """Search for every answerable question of an evaluation set, and return how well that went.

    The set's articles are put into a home of their own, once for each corpus and embedder.

    Args:
        folder: With ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.jsonl``.
        cache: Where such homes are kept; the user's cache folder without it.
        limit_questions: Ask only so many, drawn evenly.
        seed: Of the drawing, and of the intervals.
        building, asking: Told of progress: the steps of a sync, and the number of questions that
            were asked, of how many.
        settings: Fields of ``kb.Settings``, as ``ranking`` and ``embedder``; over ``KB_*``.

    Raises:
        SourceError: The set cannot be read, or has no question that can be measured.
        SettingsError, HomeError, EmbedderError: As for ``open_knowledge_base``.
    """
    folder, cache = Path(folder).absolute(), cache or default_cache()
    questions = load_evaluation_set(folder)
    _measurable(questions, folder)  # an error in the set comes before the home is built
    settings = {**settings, "model": "quotes"}
    home = evaluation_home(folder, load_settings(cache, **settings).embedder, cache, building)
    chosen = load_settings(home, **settings).model_dump()
    with open_knowledge_base(home, create=False, **settings) as kb:
        return measure_retrieval(
            kb,
            folder,
            questions,
            settings={name: chosen[name] for name in _SHOWN if name in chosen},
            limit_questions=limit_questions,
            seed=seed,
            progress=asking,
        )


def measure_retrieval(
    kb: KnowledgeBase,
    folder: Path,
    questions: Sequence[Question],
    *,
    settings: Mapping[str, Any] | None = None,
    limit_questions: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Return how well an open knowledge base, which holds the set's articles, finds what it should.

    The first 20 passages are judged. Where judgements are of whole articles it is the distinct
    articles of the first 100 passages, each ranked by its first one; if these are of fewer than 20
    articles, as with long ones, fewer are judged. Milliseconds are those of
    ``KnowledgeBase.search`` after ``warm``. A question that it refuses, as a very long one, counts
    as one for which nothing was found.

    Args:
        folder: Of the set.
        questions: All of the set's; the answerable ones are asked.
        settings: To be written down beside what is known of the knowledge base.
        limit_questions, seed, progress: As for ``evaluate_retrieval``.

    Raises:
        SourceError: No question can be measured.
    """
    asked = _measurable(questions, folder)
    by_article = [gold.whole_article for one in asked for gold in one.gold]
    limit = _PASSAGES_FOR_ARTICLES if any(by_article) else _PASSAGES
    notes = list(problems(kb, questions, asked))
    asked = drawn(asked, limit_questions, seed)
    searches = _Searches(kb, limit, graded=all(by_article))
    found = []
    for count, question in enumerate(asked, 1):
        found.append(searches.measured(question))
        if progress:
            progress(count, len(asked))
    return Evaluation(
        set=folder.name,
        digest=set_digest(folder),
        settings=circumstances(kb, {**(settings or {}), "limit": limit}),
        questions=tuple(found),
        unanswerable=sum(not one.answerable for one in questions),
        seed=seed,
        notes=(*notes, *searches.notes()),
    )


class _Searches:
    """Searches for questions, by the clock."""

    def __init__(self, kb: KnowledgeBase, limit: int, *, graded: bool) -> None:
        self._kb = kb
        self._limit = limit
        self._graded = graded
        self._refused: list[str] = []
        kb.warm()

    def measured(self, question: Question) -> Asked:
        begun = time.perf_counter()
        hits = self._hits(question)
        took = (time.perf_counter() - begun) * 1000
        values = ranking_metrics(judge(question, hits), graded=self._graded)
        return Asked(question.id, question.type, {**values, SEARCH_TIME: took})

    def _hits(self, question: Question) -> Sequence[Hit]:
        try:
            return self._kb.search(question.question, self._limit)
        except QuestionError as error:
            self._refused.append(f"{question.id!r}: {error.problem}")
            return ()

    def notes(self) -> Iterator[str]:
        if self._refused:
            count = len(self._refused)
            what = "questions that a search refuses, and count as not found"
            yield f"{what}: {count}, as {self._refused[0]}"


def _measurable(questions: Sequence[Question], folder: Path) -> list[Question]:
    """Return the questions that are answerable and have gold; raises if there is none."""
    asked = [one for one in questions if one.answerable and one.gold]
    if not asked:
        raise SourceError(
            f"no question of {str(folder)!r} has a judgement to measure it by",
            "query_id in qrels.jsonl has to name an id in queries.jsonl",
        )
    return asked

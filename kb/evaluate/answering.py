"""How good the answers to the questions of an evaluation set are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.sync import Progress
from kb.answer import Answer
from kb.errors import QuestionError, SourceError
from kb.evaluate.answers import answer_values
from kb.evaluate.asking import circumstances, drawn, problems
from kb.evaluate.dataset import Question, load_evaluation_set
from kb.evaluate.evaluation import Asked, Evaluation
from kb.evaluate.homes import default_cache, evaluation_home, set_digest
from kb.knowledge_base import KnowledgeBase
from kb.protocols import Verifier
from kb.settings import load_settings
from kb.verify import WordVerifier
from kb.wiring import open_knowledge_base

__all__ = ["evaluate_answers", "measure_answers"]

_SHOWN = ("ranking", "reranker", "rerank_depth", "passages", "min_similarity", "min_confidence")


def evaluate_answers(
    folder: str | Path,
    *,
    cache: Path | None = None,
    limit_questions: int | None = None,
    seed: int = 0,
    building: Callable[[Progress], None] | None = None,
    asking: Callable[[int, int], None] | None = None,
    **settings: Any,
) -> Evaluation:
    """Ask every question of an evaluation set, and return how good the answers are.

    Takes what ``evaluate_retrieval`` takes; of the settings, ``model`` says what answers.

    Raises:
        SourceError: The set cannot be read, or has no question.
        SettingsError, HomeError, EmbedderError, ModelError: As for ``open_knowledge_base``.
    """
    folder, cache = Path(folder).absolute(), cache or default_cache()
    questions = load_evaluation_set(folder)
    without_model = {**settings, "model": "quotes"}
    embedder = load_settings(cache, **without_model).embedder
    home = evaluation_home(folder, embedder, cache, building)
    settings = {"fallback": "none", **settings}  # a dead server must not count as quotes
    chosen = load_settings(home, **settings).model_dump()
    with open_knowledge_base(home, create=False, **settings) as kb:
        return measure_answers(
            kb,
            folder.name,
            questions,
            digest=set_digest(folder),
            settings={name: chosen[name] for name in _SHOWN},
            limit_questions=limit_questions,
            seed=seed,
            progress=asking,
        )


def measure_answers(
    kb: KnowledgeBase,
    name: str,
    questions: Sequence[Question],
    *,
    digest: str = "",
    settings: Mapping[str, Any] | None = None,
    verifier: Verifier | None = None,
    limit_questions: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Return how good the answers of an open knowledge base, which holds the articles, are.

    CONTRIBUTING.md defines the figures; each is over the questions that it applies to.

    Args:
        name: Of the set.
        questions: All of the set's.
        digest: As ``set_digest`` gives it.
        settings: To be written down beside what is known of the knowledge base.
        verifier: The judge of the figures that ALCE defines; the words' without one.
        limit_questions, seed, progress: As for ``evaluate_retrieval``.

    Raises:
        SourceError: There is no question, or none that the knowledge base takes.
    """
    judge = verifier or WordVerifier()
    asked = drawn(questions, limit_questions, seed)
    kb.warm()
    found, refused = [], []
    for count, question in enumerate(asked, 1):
        try:
            answer = kb.ask(question.question)
        except QuestionError as error:
            refused.append(f"{question.id!r}: {error.problem}")
        else:
            values = answer_values(question, answer, judge)
            found.append(Asked(question.id, question.type, values, answer=_line(answer)))
        if progress:
            progress(count, len(asked))
    if not found:
        raise SourceError(f"there is no question to ask in the set {name!r}")
    notes = [*problems(kb, questions, [one for one in asked if one.answerable])]
    if refused:
        notes.append(
            f"questions that are not taken, and were left out: {len(refused)}, as {refused[0]}"
        )
    return Evaluation(
        set=name,
        digest=digest,
        settings=circumstances(kb, {"model": kb.status().model, **(settings or {})}),
        questions=tuple(found),
        seed=seed,
        notes=tuple(notes),
    )


def _line(answer: Answer) -> str:
    return f"{answer.short}: {answer.text}" if answer.short else answer.text

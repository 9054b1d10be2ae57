"""What every evaluation does: draw questions, and write down with what they were asked."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from kb.evaluate.dataset import Question
from kb.knowledge_base import KnowledgeBase

__all__ = ["circumstances", "drawn", "problems"]


def drawn(questions: Sequence[Question], limit: int | None, seed: int) -> list[Question]:
    """Return so many of the questions, drawn evenly, in their order; all without a limit."""
    if limit is None or limit >= len(questions):
        return list(questions)
    places = np.random.default_rng(seed).choice(len(questions), limit, replace=False)
    return [questions[place] for place in sorted(places)]


def circumstances(kb: KnowledgeBase, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was measured with: the settings, the home, the version and the machine."""
    status = kb.status()
    return {
        "embedder": status.embedder,
        **settings,
        "articles": status.articles,
        "passages": status.passages,
        "version": _version(),
        "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
    }


def problems(
    kb: KnowledgeBase, questions: Sequence[Question], asked: Sequence[Question]
) -> Iterator[str]:
    """Yield what is wrong with a set and changes its figures, as lines."""
    unjudged = sum(one.answerable and not one.gold for one in questions)
    if unjudged:
        yield f"answerable questions that have no judgement, and were left out: {unjudged}"
    there = {article.id for article in kb.articles()}
    absent = {gold.article for one in asked for gold in one.gold} - there
    if absent:
        yield (
            f"judged articles that are not in the corpus, and count as not found: {len(absent)}, "
            f"as {min(absent)!r}"
        )


def _version() -> str | None:
    try:
        return version("footnoted")
    except PackageNotFoundError:  # run from a folder that was not installed
        return None

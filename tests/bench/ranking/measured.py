"""The questions of an evaluation set with the signals of their candidates, and which are right."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import candidates
from index.article import Hit
from index.asked import Asking
from index.lexical import Lexical
from index.signals import Signals, signals
from kb import open_knowledge_base
from kb.evaluate.dataset import Question, load_evaluation_set
from kb.evaluate.homes import default_cache, evaluation_home
from kb.evaluate.judge import Judged, judge
from kb.evaluate.metrics import ranking_metrics

__all__ = ["Measured", "measured"]


@dataclass(frozen=True)
class Measured:
    """A question.

    Attributes:
        meets: Which candidate meets which judgement; shape (candidates, judgements).
        articles: The number of each candidate's article.
        gold: Names of what is to be found, the same in all questions that share it.
    """

    type: str
    signals: Signals
    meets: npt.NDArray[np.bool_]
    articles: npt.NDArray[np.int64]
    gold: tuple[str, ...]
    whole_articles: bool

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Which candidates meet any judgement."""
        found: npt.NDArray[np.bool_] = np.any(self.meets, axis=1)
        return found

    def metrics(self, scores: npt.NDArray[np.float64]) -> dict[str, float]:
        """Return the metrics of the candidates in the order of these scores."""
        order = np.argsort(-scores, kind="stable")
        if self.whole_articles:  # ranks are those of distinct articles
            _, first = np.unique(self.articles[order], return_index=True)
            order = order[np.sort(first)]
        ranks = [int(met.argmax()) + 1 if met.any() else None for met in self.meets[order].T]
        return ranking_metrics(Judged(tuple(ranks)), graded=False)


def measured(folder: Path, embedder: str = "minilm") -> list[Measured]:
    """Return the answerable questions of a set; its home is built if it is not there yet."""
    print(f"measuring {folder}", file=sys.stderr)
    home = evaluation_home(folder, embedder, default_cache())
    questions = [one for one in load_evaluation_set(folder) if one.answerable and one.gold]
    with open_knowledge_base(home, model="quotes", embedder=embedder) as kb:
        opened = kb._home
        lexical = Lexical(opened.catalog)
        asking = Asking(opened.catalog, lexical)
        known: dict[str, Hit] = {}
        found = []
        for question in questions:
            understood = asking.understood(question.question)
            asked = asking.asked(understood, opened.embedder)
            ids = candidates.by_words(lexical, understood, 20, None)
            ids += candidates.by_meaning(opened, asked, 20, None)
            these = candidates.measured(opened, asked, ids)
            new = [id for id in these.ids if id not in known]
            known |= {
                id: Hit(passage, article, 0.0, 0.0)
                for id, (passage, article) in opened.catalog.passages(new).items()
            }
            hits = [known[id] for id in these.ids]
            found.append(
                Measured(
                    question.type,
                    signals(asked, these),
                    _meets(question, hits),
                    these.articles,
                    tuple(f"{gold.article} {gold.text}" for gold in question.gold),
                    all(gold.whole_article for gold in question.gold),
                )
            )
    return found


def _meets(question: Question, hits: list[Hit]) -> npt.NDArray[np.bool_]:
    return np.array([[rank is not None for rank in judge(question, [hit]).ranks] for hit in hits])

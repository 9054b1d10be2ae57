"""The way of a question to its passages: words and vectors, fused, and looked at again."""

from __future__ import annotations

import unicodedata
from typing import Literal

from index.article import Hit
from index.errors import QuestionError
from index.filter import Filter
from index.fuse import fuse
from index.home import Home
from index.lexical import Lexical
from index.mentions import named_sources
from index.protocols import Reranker, Vectors

__all__ = ["QUESTION_AT_MOST", "Ranking", "Search", "checked_question"]

Ranking = Literal["all", "words", "vectors"]

QUESTION_AT_MOST = 4_000
"""The longest question, in characters."""

_WORDS_DEPTH = 150  # candidates of each ranking; more add time and hardly any evidence
_VECTORS_DEPTH = 100


def checked_question(question: str) -> str:
    """Return the question on one line; raises ``QuestionError`` if it is empty or too long."""
    line = unicodedata.normalize("NFC", "".join(c if c.isprintable() else " " for c in question))
    line = " ".join(line.split())
    if not any(c.isalnum() for c in line):
        raise QuestionError("the question is empty", "ask something in words")
    if len(line) > QUESTION_AT_MOST:
        raise QuestionError(
            f"the question has {len(line):,} characters", f"ask in at most {QUESTION_AT_MOST:,}"
        )
    return line


class Search:
    """Finds passages by words and by meaning; a ``Ranker``.

    Args:
        home: What is searched. A search sees an article as it was before a change, or after it.
        reranker: Orders the best ``rerank_depth`` again, if there is one.
        ranking: By all signals, or by words or vectors alone, to measure against.
    """

    def __init__(
        self,
        home: Home,
        reranker: Reranker | None = None,
        rerank_depth: int = 30,
        ranking: Ranking = "all",
    ) -> None:
        self._home = home
        self._catalog = home.catalog
        self._lexical = Lexical(home.catalog)
        self._reranker = reranker
        self._rerank_depth = rerank_depth
        self._ranking = ranking

    def search(self, question: str, limit: int = 10, wanted: Filter | None = None) -> list[Hit]:
        """Return at most ``limit`` hits, best first, each passage once.

        Args:
            wanted: Only passages of the articles that it lets through.

        Raises:
            QuestionError: The question is empty or too long.
        """
        question = checked_question(question)
        if limit < 1 or not self._catalog.rows("SELECT 1 FROM passages LIMIT 1"):
            return []
        vector = self._home.embedder.embed_query(question)
        depth = max(limit, self._rerank_depth) if self._reranker else limit
        with self._home.changes.shared():
            hits = self._found(question, vector, depth, wanted)
        if self._reranker:
            hits = self._reranker.rerank(question, hits)
        return hits[:limit]

    def _found(
        self, question: str, vector: Vectors, limit: int, wanted: Filter | None
    ) -> list[Hit]:
        words = self._lexical.rank(question, max(_WORDS_DEPTH, limit), wanted)
        articles = self._catalog.numbers(wanted) if wanted else None
        nearest = self._home.vectors.nearest(vector, max(_VECTORS_DEPTH, limit), articles)
        similarities = dict(nearest)
        missing = [id for id, _ in words if id not in similarities]
        kept = self._catalog.passage_vectors(missing, self._home.embedder.name)
        similarities.update((id, float(kept[id] @ vector)) for id in missing if id in kept)
        if self._ranking == "words":
            ranked = [(id, score) for id, score in words if id in similarities]
        elif self._ranking == "vectors":
            ranked = nearest
        else:
            ranked = fuse(words, similarities, self._from_named(question, list(similarities)))
        passages = self._catalog.passages([id for id, _ in ranked[:limit]])
        return [
            Hit(*passages[id], score=score, similarity=similarities[id])
            for id, score in ranked[:limit]
            if id in passages
        ]

    def _from_named(self, question: str, ids: list[str]) -> set[str]:
        """Return those of the passages whose source the question names."""
        named = named_sources(question, self._catalog.sources())
        return self._catalog.passages_from(ids, sorted(named)) if named else set()

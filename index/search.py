"""The way of a question to its passages: words and vectors, fused, and looked at again."""

from __future__ import annotations

import unicodedata

from index.article import Hit
from index.catalog import Catalog
from index.chroma import VectorIndex
from index.errors import QuestionError
from index.fuse import fuse
from index.lexical import rank_words
from index.mentions import named_sources
from index.protocols import Embedder, Reranker

__all__ = ["QUESTION_AT_MOST", "Search", "checked_question"]

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
        reranker: Orders the best ``rerank_depth`` again, if there is one.
    """

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorIndex,
        embedder: Embedder,
        reranker: Reranker | None = None,
        rerank_depth: int = 30,
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        self._reranker = reranker
        self._rerank_depth = rerank_depth

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """Return at most ``limit`` hits, best first, each passage once.

        Raises:
            QuestionError: The question is empty or too long.
        """
        question = checked_question(question)
        if limit < 1 or not self._catalog.rows("SELECT 1 FROM passages LIMIT 1"):
            return []
        words = rank_words(self._catalog, question, max(_WORDS_DEPTH, limit))
        similarities = self._similarities(question, [id for id, _ in words], limit)
        depth = max(limit, self._rerank_depth) if self._reranker else limit
        ranked = fuse(words, similarities, self._from_named(question, list(similarities)))
        hits = self._hits(ranked[:depth], similarities)
        if self._reranker:
            hits = self._reranker.rerank(question, hits)
        return hits[:limit]

    def _similarities(self, question: str, ids: list[str], limit: int) -> dict[str, float]:
        """Return the cosine to the question of the nearest passages and of these."""
        vector = self._embedder.embed_query(question)
        found = dict(self._vectors.nearest(vector, max(_VECTORS_DEPTH, limit)))
        missing = [id for id in ids if id not in found]
        kept = self._catalog.passage_vectors(missing, self._embedder.name)
        found.update((id, float(kept[id] @ vector)) for id in missing if id in kept)
        return found

    def _from_named(self, question: str, ids: list[str]) -> set[str]:
        """Return those of the passages whose source the question names."""
        named = named_sources(question, self._catalog.sources())
        return self._catalog.passages_from(ids, sorted(named)) if named else set()

    def _hits(self, ranked: list[tuple[str, float]], similarities: dict[str, float]) -> list[Hit]:
        passages = self._catalog.passages([id for id, _ in ranked])
        return [
            Hit(*passages[id], score=score, similarity=similarities[id])
            for id, score in ranked
            if id in passages  # one removed a moment ago is in the vectors a moment longer
        ]

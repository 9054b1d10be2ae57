"""A second look by sentences: the one of a passage that has the question's words, and its meaning.

A passage's vector is of all that it says; what answers is mostly one sentence of it. Needs no model
but the embedder.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from index.article import Hit
from index.protocols import Embedder, Vectors
from index.rerankers.order import reordered
from index.rerankers.telling import Telling, telling

__all__ = ["SentenceReranker"]

STEEPNESS = 3.0
"""By how much the logarithm of a search's score is divided; undone here."""

# What each counts beside the search's own score, round numbers from a few that were tried.
_MEANING = 3.0  # the best sentence's cosine with the question
_PART_MEANING = 3.0  # … and with the part of it that is nearest
_WORDS = 0.5  # the share of the question's words that one sentence has
_PART_WORDS = 0.5  # … and of a part's words
_FAR = -0.2  # the cosine of a passage with a part that asks another source
_LEAST = 1e-9


class SentenceReranker:
    """Adds to the score of each passage what its best sentence says; a ``Reranker``.

    Args:
        embedder: Gives the one in use, which a reindex changes.
    """

    def __init__(self, embedder: Callable[[], Embedder]) -> None:
        self._embedder = embedder

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits in a better order; their scores are of this question's hits only.

        Raises:
            EmbedderError: The embedder failed.
        """
        if not hits:
            return []
        return reordered(hits, self.scores(question, hits, telling(question, hits)).tolist())

    def scores(self, question: str, hits: Sequence[Hit], told: Telling) -> npt.NDArray[np.float64]:
        """Return the logarithm of each hit's score with what its best sentence adds."""
        whole, part = self._cosines(question, told)
        first = np.array([STEEPNESS * math.log(max(hit.score, _LEAST)) for hit in hits])
        scores: npt.NDArray[np.float64] = (
            first
            + _MEANING * whole
            + _PART_MEANING * part
            + _WORDS * told.coverage
            + _PART_WORDS * told.part_coverage
        )
        return scores

    def _cosines(self, question: str, told: Telling) -> tuple[Vectors, Vectors]:
        """Return how much the best sentence of each hit is like the question, and like a part."""
        embedder = self._embedder()
        asked = embedder.embed_query(question)
        parts = asked[None]
        if len(told.parts) > 1:
            parts = embedder.embed_queries([part.text for part in told.parts])
        # All of a question together, and none remembered: in other company a sentence would be
        # rounded in another way, and the order would depend on what was asked before.
        vectors = embedder.embed_documents(told.best)
        return vectors @ asked, np.where(told.fits, vectors @ parts.T, _FAR).max(1)

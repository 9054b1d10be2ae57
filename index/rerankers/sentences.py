"""A second look by sentences: the one of a passage that is nearest to the question or to a part.

A passage's vector is of all that it says; what answers is mostly one sentence of it. Needs no model
but the embedder, and gained as much as a trained network on every collection that was tried.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from index.analysis import query_terms
from index.article import Hit
from index.parts import parts
from index.protocols import Embedder, Vectors
from index.rerankers.order import reordered
from index.sentences import sentence_spans
from index.understand import understand

__all__ = ["SentenceReranker"]

STEEPNESS = 3.0
"""By how much the logarithm of a search's score is divided; undone here."""

_WHOLE = 4.0  # what the cosine with the question counts beside the search's own score
_PART = 4.0  # … and that with the part of it that is nearest
_LETTERS_AT_LEAST = 15  # of a sentence; fewer say nothing by themselves
_LETTERS_AT_MOST = 1_000
_KEPT = 2_000  # passages whose sentences are remembered; some 12 kB each
_LEAST = 1e-9


class SentenceReranker:
    """Adds to the score of each passage how near its nearest sentence is; a ``Reranker``.

    Args:
        embedder: Gives the one in use, which a reindex changes.
    """

    def __init__(self, embedder: Callable[[], Embedder]) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Vectors] = OrderedDict()

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits in a better order; their scores are of this question's hits only.

        Raises:
            EmbedderError: The embedder failed.
        """
        return reordered(hits, self.scores(question, hits).tolist())

    def scores(self, question: str, hits: Sequence[Hit]) -> npt.NDArray[np.float64]:
        """Return the logarithm of each hit's score with what its sentences add."""
        embedder = self._embedder()
        languages = {hit.article.language for hit in hits}

        def count(text: str) -> int:
            return len(query_terms(text, languages)) if text.strip() else 0

        cut = [part.text for part in parts(understand(question, ()), count)]
        asked = embedder.embed_queries([question, *cut] if len(cut) > 1 else [question])
        found = []
        for hit in hits:
            cosines = self._sentences(embedder, hit) @ asked.T
            near = cosines.max(0)
            part = near[1:].max() if len(asked) > 1 else near[0]
            first = STEEPNESS * math.log(max(hit.score, _LEAST))
            found.append(first + _WHOLE * float(near[0]) + _PART * float(part))
        return np.array(found, np.float64)

    def _sentences(self, embedder: Embedder, hit: Hit) -> Vectors:
        """Return the vectors of a passage's sentences, embedded by themselves.

        In other company they would be rounded in another way, and the order of passages that are
        about as good would depend on what was asked before.
        """
        key = (embedder.name, hit.passage.id)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        text = hit.passage.text
        spans = sentence_spans(text)
        sentences = [text[start:end] for start, end in spans if end - start >= _LETTERS_AT_LEAST]
        read = [sentence[:_LETTERS_AT_MOST] for sentence in sentences or [text]]
        vectors = embedder.embed_documents(read)
        with self._lock:
            self._kept[key] = vectors
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return vectors

"""What every reranker does before and after its model: texts to read, hits in a new order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index.article import Hit
from index.chunk import indexed_text
from index.cross_encoders import TOKENS_AT_MOST

__all__ = ["by_length", "heads", "readable", "reordered"]

_LETTERS_AT_MOST = 8 * TOKENS_AT_MOST  # more are not read, and tokenizing a whole book takes long
_BATCH = 5  # pairs; padding to the longest of more wastes what their number brings


def heads(hits: Sequence[Hit]) -> list[str]:
    """Return what stands before the text of each hit's passage: the header and the heading."""
    return [indexed_text(hit.article, hit.passage).removesuffix(hit.passage.text) for hit in hits]


def readable(hits: Sequence[Hit]) -> list[str]:
    """Return what a reranker reads of each hit: the header, the heading and the passage."""
    return [indexed_text(hit.article, hit.passage)[:_LETTERS_AT_MOST] for hit in hits]


def by_length(
    texts: Sequence[str], scored: Callable[[list[str]], npt.ArrayLike]
) -> npt.NDArray[np.float32]:
    """Return the score of each text, in order; texts of similar lengths are scored together."""
    scores = np.zeros(len(texts), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(order), _BATCH):
        some = order[start : start + _BATCH]
        scores[some] = scored([texts[i] for i in some])
    return scores


def reordered(hits: Sequence[Hit], scores: Sequence[float]) -> list[Hit]:
    """Return the hits with these scores, the highest first; equal ones in the order they had."""
    order = sorted(range(len(hits)), key=lambda i: -scores[i])
    return [replace(hits[i], score=float(scores[i])) for i in order]

"""The passages that may be the best for a question, with what they are measured by."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from index.asked import Asked
from index.filter import Filter
from index.home import Home
from index.lexical import Lexical
from index.protocols import Vectors

__all__ = ["Candidates", "gather"]

_WORDS_DEPTH = 150  # candidates of each ranking; more add time and hardly any evidence
_NAMED_DEPTH = 60  # … from the sources that are named
_VECTORS_DEPTH = 100
_PART_DEPTH = 20  # … for each part of the question

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidates:
    """Passages, a row each, in the order of their ids.

    Attributes:
        articles: The number of each one's article.
        sources, days: Of its article; None for none.
        counts: How often it has each word of the question, by field: title, source, date, heading,
            text; shape (5, passages, words).
        lengths: Its terms in all fields together.
        vectors: Its unit vector.
    """

    ids: list[str]
    articles: npt.NDArray[np.int64]
    sources: list[str | None]
    days: list[str | None]
    counts: Numbers
    lengths: Numbers
    vectors: Vectors


def gather(
    home: Home, lexical: Lexical, asked: Asked, limit: int, wanted: Filter | None
) -> Candidates:
    """Return the best by words and by vectors, for the whole question and for its parts."""
    question = asked.understood.question
    ids = [id for id, _ in lexical.rank(question, max(_WORDS_DEPTH, limit), wanted)]
    if asked.sources and not (wanted and wanted.sources):
        named = replace(wanted or Filter(), sources=tuple(sorted(asked.sources)))
        ids += [id for id, _ in lexical.rank(question, _NAMED_DEPTH, named)]
    articles = home.catalog.numbers(wanted) if wanted else None
    nearest = home.vectors.nearest
    ids += [id for id, _ in nearest(asked.vector, max(_VECTORS_DEPTH, limit), articles)]
    if len(asked.parts) > 1:
        for vector in asked.part_vectors:
            ids += [id for id, _ in nearest(vector, _PART_DEPTH, articles)]
    return _measured(home, asked, sorted(set(ids)))


def _measured(home: Home, asked: Asked, ids: list[str]) -> Candidates:
    rows = home.catalog.candidates(ids, home.embedder.name)
    column = {form: i for i, forms in enumerate(asked.words) for form in forms}
    fields = [[row[4 + field].split() for row in rows] for field in range(5)]
    counts = np.stack([_counts(texts, column, len(asked.words)) for texts in fields])
    lengths = np.array([sum(map(len, each)) for each in zip(*fields, strict=True)], np.float64)
    blobs = b"".join(row[9] for row in rows)
    return Candidates(
        [row[0] for row in rows],
        np.array([row[1] for row in rows], np.int64),
        [row[2] for row in rows],
        [row[3] for row in rows],
        counts,
        lengths,
        np.frombuffer(blobs, "<f4").reshape(len(rows), len(asked.vector)),
    )


def _counts(texts: list[list[str]], column: dict[str, int], words: int) -> Numbers:
    """Return how often each text has each word, shape (texts, words)."""
    of = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    terms = itertools.chain.from_iterable(texts)
    which = np.fromiter((column.get(term, -1) for term in terms), np.int64, len(of))
    there = which >= 0
    flat = np.bincount(of[there] * words + which[there], minlength=len(texts) * words)
    return flat.reshape(len(texts), words).astype(np.float64)

"""The passages that may be the best for a question, with what they are measured by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from index.asked import Asked
from index.filter import Filter
from index.home import Home
from index.lexical import Lexical
from index.protocols import Vectors
from index.understand import Understood

__all__ = ["Candidates", "by_meaning", "by_words", "measured"]

_WORDS_DEPTH = 150  # candidates of each ranking; more add time and hardly any evidence
_NAMED_DEPTH = 60  # … from the sources that are named
_VECTORS_DEPTH = 100
_PART_DEPTH = 20  # … for each part of the question
_FIELDS = 5

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


def by_words(
    lexical: Lexical, understood: Understood, limit: int, wanted: Filter | None
) -> list[str]:
    """Return the ids of the best by words, and of those from the sources that are named."""
    ids = [id for id, _ in lexical.rank(understood.question, max(_WORDS_DEPTH, limit), wanted)]
    sources = understood.source_names
    if sources and not (wanted and wanted.sources):
        named = replace(wanted or Filter(), sources=tuple(sorted(sources)))
        ids += [id for id, _ in lexical.rank(understood.question, _NAMED_DEPTH, named)]
    return ids


def by_meaning(home: Home, asked: Asked, limit: int, wanted: Filter | None) -> list[str]:
    """Return the ids of the best by vectors, for the whole question and for its parts."""
    articles = home.catalog.numbers(wanted) if wanted else None
    nearest = home.vectors.nearest
    ids = [id for id, _ in nearest(asked.vector, max(_VECTORS_DEPTH, limit), articles)]
    if len(asked.parts) > 1:
        for vector in asked.part_vectors:
            ids += [id for id, _ in nearest(vector, _PART_DEPTH, articles)]
    return ids


def measured(home: Home, asked: Asked, ids: Iterable[str]) -> Candidates:
    """Return what these passages are ranked by."""
    rows = home.catalog.candidates(sorted(set(ids)), home.embedder.name)
    column = {form: i for i, forms in enumerate(asked.words) for form in forms}
    counts = np.zeros((_FIELDS, len(rows), len(asked.words)))
    lengths = np.zeros(len(rows))
    for field in range(_FIELDS):
        known: dict[str, tuple[list[int], int]] = {}  # passages share title, source and date
        for row, values in enumerate(rows):
            text = values[4 + field]
            if text not in known:
                terms = text.split()
                known[text] = ([column[term] for term in terms if term in column], len(terms))
            there, length = known[text]
            for which in there:
                counts[field, row, which] += 1
            lengths[row] += length
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

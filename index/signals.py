"""What speaks for a passage, in numbers: words, meaning, parts, sources, days; pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.asked import Asked
from index.candidates import Candidates
from index.dates import DateRange
from index.lexical import FIELD_WEIGHTS

__all__ = ["GATES", "SIGNALS", "Signals", "bm25", "signals"]

_K1, _B = 1.2, 0.75
_BODY = 4

SIGNALS = (
    "words",  # BM25, the best candidate's being 1
    "words of all",  # BM25, as a share of what a passage with all the words would have
    "meaning",  # cosine
    "coverage",  # share of the words that are in the text, each by how much it tells
    "coverage by heading",  # … in title, source, date or heading
    "coverage by title",
    "rare words",  # share of the three rarest words in the text
    "names",  # share of the names in the text
    "source",  # it is from a source that is named
    "other source",  # sources are named, and it is from another
    "day",  # it is of a day that is spoken of
    "other day",
    "part words",  # the most for one part of the question: BM25 of what its words would have
    "part coverage",
    "part meaning",
    "part words, source",  # the same, but only for parts that name its source, or none
    "part coverage, source",
    "part meaning, source",
    "part rank",  # 1 / (5 + rank) by words and meaning, for the part where it is the best
    "part rank, source",
    "article words",  # the most BM25 of any passage of its article
    "article coverage",  # share of the words in the article's passages together
    "length",
)
"""The signals of a passage, in the order of the columns."""

GATES = ("words asked", "coverage at best", "rarity", "meaning at best")
"""What is known of a question as a whole; some signals count more or less by it."""

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Signals:
    """The signals of the candidates, shape (candidates, signals), and the gates of the question."""

    values: Matrix
    gates: Matrix


def bm25(counts: Matrix, lengths: Matrix, mean_length: float, tells: Matrix) -> Matrix:
    """Return what each word adds to the BM25 score of each passage, shape (passages, words).

    As SQLite's FTS5 computes it, with k1 = 1.2, b = 0.75 and counts weighted by field (Robertson et
    al., 2004).

    Args:
        counts: By field, shape (5, passages, words).
    """
    weighted = np.tensordot(np.array(FIELD_WEIGHTS), counts, 1)
    norm = _K1 * (1 - _B + _B * lengths / max(mean_length, 1.0))
    return tells * weighted * (_K1 + 1) / (weighted + norm[:, None])


def signals(asked: Asked, found: Candidates) -> Signals:
    """Measure the candidates; there has to be one at least."""
    tells = asked.tells
    ranked = np.where(asked.ranked, tells, 0.0)
    each = bm25(found.counts, found.lengths, asked.mean_length, tells)
    words = each @ asked.ranked
    inside = found.counts[_BODY] > 0
    around = np.any(found.counts[:_BODY] > 0, axis=0)
    cosines = (found.vectors @ asked.vector).astype(np.float64)
    best = words.max()
    of_all = words / max(ranked.sum() * (_K1 + 1), 1e-9)
    coverage = _share(inside, tells)
    rare = np.zeros(len(tells))
    rare[np.argsort(-tells, kind="stable")[:3]] = 1
    named = asked.understood.source_names
    sources, other_source = _matches([source in named for source in found.sources], bool(named))
    dates = asked.understood.dates
    days, other_day = _matches([_on(day, dates) for day in found.days], bool(dates))
    parts = _parts(asked, found, each, inside)
    by_article, sibling, covered = _articles(found, words, inside, tells)
    values = np.stack(
        [
            words / best if best > 0 else words,
            of_all,
            cosines,
            coverage,
            _share(around, tells),
            _share(found.counts[0] > 0, tells),
            _share(inside, tells * rare),
            _share(inside, tells * asked.names),
            sources,
            other_source,
            days,
            other_day,
            *parts,
            (sibling / best if best > 0 else sibling)[by_article],
            covered[by_article],
            np.minimum(found.lengths, 400) / 200,
        ],
        1,
    )
    rarest = np.sort(tells)[::-1][:3]
    gates = np.array(
        [
            min(len(asked.words), 20) / 20,
            coverage.max(),
            (rarest.mean() if len(rarest) else 0.0) / max(np.log(asked.passages + 1.0), 1.0),
            cosines.max(),
        ]
    )
    return Signals(values, gates)


def _share(there: npt.NDArray[np.bool_], tells: Matrix) -> Matrix:
    share: Matrix = (there @ tells) / max(tells.sum(), 1e-9)
    return share


def _matches(there: list[bool], asked: bool) -> tuple[Matrix, Matrix]:
    is_one = np.array(there, np.float64)
    return is_one, (1 - is_one if asked else np.zeros(len(there)))


def _on(day: str | None, dates: tuple[DateRange, ...]) -> bool:
    return day is not None and any(
        (one.since or "") <= day and (one.until is None or day <= one.until) for one in dates
    )


def _parts(
    asked: Asked,
    found: Candidates,
    each: Matrix,
    inside: npt.NDArray[np.bool_],
) -> list[Matrix]:
    own = asked.part_words.astype(np.float64)  # (parts, words)
    total = np.maximum(own @ asked.tells, 1e-9)
    words = each @ own.T / (total * (_K1 + 1))
    coverage = inside @ (own * asked.tells).T / total
    meaning = (found.vectors @ asked.part_vectors.T).astype(np.float64)
    named = asked.understood.source_names
    fits = np.stack([_fits(part.sources or named, found) for part in asked.parts], 1)
    both = 0.6 * words / np.maximum(words.max(0), 1e-9) + 0.4 * meaning
    return [
        words.max(1),
        coverage.max(1),
        meaning.max(1),
        (words * fits).max(1),
        (coverage * fits).max(1),
        np.where(fits > 0, meaning, -0.2).max(1),
        1 / (5 + _ranks(both).min(1)),
        1 / (5 + _ranks(both * fits).min(1)),
    ]


def _fits(sources: frozenset[str], found: Candidates) -> Matrix:
    if not sources:
        return np.ones(len(found.ids))
    return np.array([source in sources for source in found.sources], np.float64)


def _ranks(scores: Matrix) -> Matrix:
    """Return the rank of each passage for each part, from 0; equals in the order of their ids."""
    order = np.argsort(-scores, axis=0, kind="stable")
    ranks = np.empty_like(scores)
    np.put_along_axis(ranks, order, np.arange(len(scores), dtype=np.float64)[:, None], 0)
    return ranks


def _articles(
    found: Candidates, words: Matrix, inside: npt.NDArray[np.bool_], tells: Matrix
) -> tuple[npt.NDArray[np.int64], Matrix, Matrix]:
    """Return each passage's article by row, and of each article the best BM25 and coverage."""
    numbers, row = np.unique(found.articles, return_inverse=True)
    best = np.zeros(len(numbers))
    np.maximum.at(best, row, words)
    there = np.zeros((len(numbers), inside.shape[1]), bool)
    np.logical_or.at(there, row, inside)
    return row, best, _share(there, tells)

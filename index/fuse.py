"""Two rankings into one, by weighted scores; pure.

Rank fusion (Cormack et al., 2009) throws the distances away, and was worse than words alone on news
questions; a convex combination of normalised scores (Bruch et al., 2023) keeps them. The weight was
measured on two collections, see CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

__all__ = ["NAMED_BONUS", "WORDS_WEIGHT", "fuse"]

WORDS_WEIGHT = 0.6
"""The share of words in a score; the rest is the vectors'."""

NAMED_BONUS = 0.15
"""What a passage gains if the question names its source."""


def fuse(
    words: Sequence[tuple[str, float]],
    similarities: Mapping[str, float],
    named: Collection[str] = (),
    weight: float = WORDS_WEIGHT,
) -> list[tuple[str, float]]:
    """Return ids with scores from 0 to 1.15, best first; equal scores in the order of their ids.

    Args:
        words: Ids with BM25 scores; the best of them counts as 1.
        similarities: The cosine of every candidate; ids that are not in ``words`` have no words.
        named: Ids of passages whose source the question names.
        weight: The share of words in the score.
    """
    best = max((score for _, score in words), default=0.0)
    lexical = {id: score / best for id, score in words} if best > 0 else {}
    scored = {
        id: weight * lexical.get(id, 0.0)
        + (1 - weight) * max(0.0, similarity)
        + (NAMED_BONUS if id in named else 0.0)
        for id, similarity in similarities.items()
    }
    return sorted(scored.items(), key=lambda item: (-item[1], item[0]))

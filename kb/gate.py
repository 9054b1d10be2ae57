"""The first gate: is there anything to answer from, before a model is asked?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from index.article import Hit
from index.chunk import spelled_header
from index.understand import Understood
from kb.condense import focus
from kb.evidence import Scored
from kb.words import content, folded, names, stems

__all__ = ["nearest", "no_evidence"]

_LOOKED_AT = 8
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_WORD = re.compile(r"\w+")
_ALIKE = 0.8  # difflib's ratio; "Frist" and "First" are alike, "Nairobi" and "Austria" are not


def no_evidence(
    understood: Understood, hits: Sequence[Hit], ranked: Sequence[Scored], min_similarity: float
) -> str | None:
    """Return why there is nothing to answer from, as a sentence for the reader; None if there is.

    Nothing is similar enough; or what was found mentions nowhere, in no spelling near it, a name or
    a year that the question is about; or it has none of the words that a follow-up adds.
    """
    if nearest(hits, ranked) < min_similarity:
        return "The articles say nothing about this."
    found = " ".join(
        f"{spelled_header(hit.article)} {hit.passage.text}" for hit in hits[:_LOOKED_AT]
    )
    words = set(_WORD.findall(folded(found)))
    question = understood.question
    # A source of the home that the question names is there, also where its articles do not say so.
    sources = " ".join(question[one.start : one.end] for one in understood.sources)
    named = [name for name in _mixed_case(names(question)) if name not in sources]
    for name in [*named, *_YEAR.findall(question)]:
        if not all(_mentioned(part, words) for part in _WORD.findall(folded(name))):
            return f"The articles found say nothing about “{name}”."
    own = set(content(focus(question)))
    if len(own) > 1 and not own & stems(found):
        return "The articles found say nothing about this."
    return None


def nearest(hits: Sequence[Hit], ranked: Sequence[Scored]) -> float:
    """Return the cosine to the question of the best hit or of the sentence nearest to it."""
    similarities = [hit.similarity for hit in hits[:1]] + [one.similarity for one in ranked]
    return max(similarities, default=-1.0)


def _mixed_case(found: Sequence[str]) -> list[str]:
    """Return the names without abbreviations, which an article may well spell out."""
    return [name for name in found if sum(char.isupper() for char in name) == 1 and len(name) > 3]


def _mentioned(word: str, words: set[str]) -> bool:
    if word in words:
        return True
    if word.isdigit():
        return False
    prefix = word[: max(4, len(word) - 3)]
    if any(other.startswith(prefix) for other in words):
        return True
    return bool(get_close_matches(word, words, 1, _ALIKE))

"""The sentences that answer by themselves, where no model writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.evidence import Evidence, Scored, before, evidence_of
from kb.refer import leans

__all__ = ["quotes"]

_QUOTES, _WITHIN = 3, 0.6
_SAME_MATTER = 0.65  # cosine of question and sentence


def quotes(ranked: Sequence[Scored]) -> list[Evidence]:
    """Return the best sentence and up to two that come near it, as single pieces of evidence.

    If all are of one article, and another has a sentence on the very same matter, that has the last
    place: an article made to be found first shall not be heard alone. Before a sentence that begins
    with "it" or "he" stands the one that says who or what that is.
    """
    chosen = [one for one in ranked[:_QUOTES] if one.score >= _WITHIN * ranked[0].score]
    articles = {one.hit.article.id for one in chosen}
    others = (
        one
        for one in ranked
        if one.similarity >= _SAME_MATTER and one.hit.article.id not in articles
    )
    if len(articles) == 1 and (other := next(others, None)):
        chosen = [*chosen[: _QUOTES - 1], other]
    told = {(one.hit.article.id, one.start): one for one in _explained(chosen)}  # each once
    return [evidence_of(n, one.hit, one.start, one.end) for n, one in enumerate(told.values(), 1)]


def _explained(chosen: Sequence[Scored]) -> Iterator[Scored]:
    """Yield the sentences, before each that leans on the one before it that one."""
    for one in chosen:
        if leans(one.text) and (earlier := before(one)):
            yield earlier
        yield one

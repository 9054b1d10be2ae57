"""The sentences of found passages that tell most about a question, by its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.analysis import Forms, analyze, query_terms
from index.article import Hit
from index.parts import Part, parts
from index.sentences import Span, sentence_spans
from index.understand import understand

__all__ = ["Telling", "telling"]

_SENTENCES = 2  # of a passage; more take time and are worth nothing
_LETTERS_AT_LEAST = 15  # of a sentence; fewer say nothing by themselves
_LETTERS_AT_MOST = 1_000

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Telling:
    """A question's parts, and for each hit the sentences that have the most of its words.

    Attributes:
        parts: Of the question; one that is the whole of it if it asks for one thing.
        fits: Which hit a part may be about: its source is the one that the part names, or it names
            none; shape (hits, parts).
        best: The sentence of each hit that has the most of the question's words, or of a part's.
        sentences: The best of each hit and the next best, in the order of the text.
        coverage: The most of the question's words that one sentence has, by their rarity among all
            sentences of the hits; shape (hits,), 0 to 1.
        part_coverage: The same of the part that is covered best, of those that fit.
    """

    parts: list[Part]
    fits: npt.NDArray[np.bool_]
    best: list[str]
    sentences: list[list[str]]
    coverage: Numbers
    part_coverage: Numbers


def telling(question: str, hits: Sequence[Hit]) -> Telling:
    """Return what the words of a question say of the sentences of at least one hit."""
    languages = {hit.article.language for hit in hits}
    understood = understand(question, {hit.article.source for hit in hits if hit.article.source})

    def words_of(text: str) -> list[Forms]:
        return query_terms(text, languages) if text.strip() else []

    words = words_of(question)
    cut = parts(understood, lambda text: len(words_of(text)))
    read = [_sentences(hit.passage.text) for hit in hits]
    has = [
        np.stack([_has(sentence, hit, words) for sentence in sentences])
        for sentences, hit in zip(read, hits, strict=True)
    ]
    rarity = _rarity(np.concatenate(has))
    owned = [set(words_of(part.text)) for part in cut]
    own = np.array([[forms in some for forms in words] for some in owned], np.float64) * rarity
    named = understood.source_names
    fits = np.array([[_fits(hit, part.sources or named) for part in cut] for hit in hits], bool)
    best, sentences, whole, part = [], [], [], []
    for texts, there, fitting in zip(read, has, fits, strict=True):
        covered = there @ rarity / max(rarity.sum(), 1e-9)
        by_part = there @ own.T / np.maximum(own.sum(1), 1e-9)
        order = np.argsort(-np.maximum(covered, by_part.max(1)), kind="stable")
        best.append(texts[order[0]])
        sentences.append([texts[i] for i in sorted(order[:_SENTENCES])])
        whole.append(covered.max())
        part.append((by_part * fitting).max())
    return Telling(cut, fits, best, sentences, np.array(whole), np.array(part))


def _sentences(text: str) -> list[str]:
    spans: list[Span] = sentence_spans(text)
    found = [text[start:end] for start, end in spans if end - start >= _LETTERS_AT_LEAST]
    return [sentence[:_LETTERS_AT_MOST] for sentence in found or [text]]


def _has(sentence: str, hit: Hit, words: Sequence[Forms]) -> npt.NDArray[np.bool_]:
    """Return which of the words a sentence has."""
    terms = set(analyze(sentence, hit.article.language))
    return np.array([not terms.isdisjoint(forms) for forms in words], bool)


def _rarity(has: npt.NDArray[np.bool_]) -> Numbers:
    """Return the inverse document frequency of each word, a sentence being a document."""
    there = has.sum(0)
    rarity: Numbers = np.log1p((len(has) - there + 0.5) / (there + 0.5))
    return rarity


def _fits(hit: Hit, sources: frozenset[str]) -> bool:
    return not sources or hit.article.source in sources

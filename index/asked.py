"""A question as it is searched for: its words, how much each tells, its parts and their vectors."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.analysis import Forms, query_terms
from index.lexical import Lexical
from index.parts import Part, parts
from index.protocols import Embedder, Vectors
from index.records import Records
from index.understand import Understood, understand

__all__ = ["Asked", "Asking"]

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question, ready for passages to be measured against it.

    Attributes:
        words: The distinct words that tell what it is about, each in its forms.
        tells: How rare each word is: its inverse document frequency, more than 0.
        ranked: Which of the words BM25 goes by: not those that stand nearly everywhere.
        parts: Its parts; one that is the whole question if it asks for one thing.
        part_words: For each part, which of the words are its own; shape (parts, words).
        names: Which of the words are of names.
        vector, part_vectors: Unit vectors of the question and of its parts.
        passages: How many there are in all.
        mean_length: How many terms one has on average.
    """

    understood: Understood
    words: list[Forms]
    tells: Weights
    ranked: npt.NDArray[np.bool_]
    parts: list[Part]
    part_words: npt.NDArray[np.bool_]
    names: npt.NDArray[np.bool_]
    vector: Vectors
    part_vectors: Vectors
    passages: int
    mean_length: float


class Asking:
    """Prepares questions for the search of one home."""

    def __init__(self, catalog: Records, lexical: Lexical) -> None:
        self._catalog = catalog
        self._lexical = lexical

    def understood(
        self, question: str, now: dt.date | None = None, without: Iterable[str] = ()
    ) -> Understood:
        """Return what a question says of the articles it wants, see ``index.understand``."""
        known, newest = tuple(self._catalog.sources()), self._catalog.newest()
        return understand(question, known, now=now, newest=newest, without=without)

    def asked(self, understood: Understood, embedder: Embedder) -> Asked:
        """Prepare a question that was understood."""
        languages = self._lexical.languages
        question = understood.question

        def words_of(text: str) -> list[Forms]:
            return query_terms(text, languages)

        words = words_of(question)
        cut = parts(understood, lambda text: len(words_of(text)) if text.strip() else 0)
        vector = embedder.embed_query(question)
        texts = [part.text for part in cut]  # shorter than the whole, so not padded to its length
        part_vectors = embedder.embed_queries(texts) if len(cut) > 1 else vector[None]
        named = {
            forms for start, end in understood.names for forms in words_of(question[start:end])
        }
        owned = [set(words_of(part.text)) for part in cut]
        ranked = set(self._lexical.terms(question))
        often = {form: self._lexical.frequency(form) for forms in words for form in forms}
        counts = [sum(often[form] for form in forms) for forms in words]
        there = [tuple(form for form in forms if often[form]) or forms for forms in words]
        passages = self._lexical.passages
        return Asked(
            understood,
            words,
            np.array([_tells(count, passages) for count in counts]),
            np.array([forms in ranked for forms in there], bool),
            cut,
            np.array([[forms in own for forms in words] for own in owned], bool),
            np.array([forms in named for forms in words], bool),
            vector,
            part_vectors,
            passages,
            self._lexical.mean_length,
        )


def _tells(count: int, passages: int) -> float:
    """Return the inverse document frequency as Lucene has it: more than 0 in the smallest home."""
    return math.log1p((max(passages - count, 0) + 0.5) / (count + 0.5))

"""What is ready to be stored: articles with their passages and vectors, documents that are done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article, Passage, digest
from index.chunk import indexed_text
from index.protocols import Vectors
from index.records import Remembered

__all__ = ["Finished", "Prepared", "text_key"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored.

    Attributes:
        document: What is to be remembered of its document while that is not finished.
        bands: By which its copies are found (see ``index.copies``).
        passages: What it is cut into.
        vectors: One for each passage.
    """

    article: Article
    location: str
    document: Remembered
    bands: Sequence[int]
    passages: Sequence[Passage]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Finished:
    """A document of which everything is stored.

    Attributes:
        troubles: Uri and reason of each part that could not be read.
    """

    location: str
    document: Remembered
    troubles: Sequence[tuple[str, str]] = ()


def text_key(article: Article, passage: Passage) -> str:
    """Return the key under which the vector of a passage is kept."""
    return digest(indexed_text(article, passage))

"""Every seam of this package: what a replacement must do, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.article import Article, Hit
from index.errors import ReadError

__all__ = ["Embedder", "Ranker", "Reader", "Reranker", "Vectors"]

Vectors = npt.NDArray[np.float32]
"""One unit vector a row: shape ``(n, dimensions)``, float32."""


class Reader(Protocol):
    """Turns a file of one format into articles."""

    def __call__(self, file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
        """Yield the articles of a file, and for a part that cannot be read, the reason.

        Args:
            id: The id for a document that does not bring one.
            uri: Where the bytes came from, for the articles and for messages.

        Raises:
            ReadError: The file is not of this format, or holds no text.
        """
        ...


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors; equal texts give equal vectors."""

    @property
    def name(self) -> str:
        """``provider:model@revision``; vectors are comparable exactly if the names are equal."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens of this model, special tokens not counted."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, in order; raises ``EmbedderError``."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``."""
        ...


class Ranker(Protocol):
    """Finds passages for a question."""

    def search(self, question: str, limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first, each passage once."""
        ...


class Reranker(Protocol):
    """Takes a second look at the best few."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits in a better order, with scores that follow it."""
        ...

"""Every seam of this package: what a replacement must do, and nothing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.article import Article, Hit
from index.errors import ReadError
from index.filter import Filter
from index.sources.document import Document, Reading, Skipped
from index.understand import Understood

__all__ = ["Embedder", "Ranker", "Reader", "Reranker", "Source", "Vectors"]

Vectors = npt.NDArray[np.float32]
"""One unit vector a row: shape ``(n, dimensions)``, float32."""


class Source(Protocol):
    """A place whose documents are mirrored: a folder, a file, a web page, a feed, a sitemap."""

    @property
    def origin(self) -> str:
        """What identifies the place: an absolute path, an address."""
        ...

    @property
    def whole(self) -> bool:
        """Whether what it does not list any more is gone; a feed only stops naming old entries."""
        ...

    def holds(self, location: str) -> bool:
        """Say whether a document at this location is this place's, whoever listed it before."""
        ...

    def documents(self, known: Mapping[str, str]) -> Iterator[Document | Skipped]:
        """Yield every document that there is, or why one is left out.

        Args:
            known: The stamps of the documents at the last sync, by location.

        Raises:
            SourceError: The place cannot be looked at; nothing of it is changed then.
        """
        ...

    def read(self, document: Document, id: str, known: str) -> Reading:
        """Read a document that is new or whose stamp is another one.

        Args:
            id: The id for an article that does not bring one.
            known: The stamp at the last sync, "" for a new document.

        Raises:
            ReadError: It cannot be read; what was known of it is kept.
        """
        ...


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

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, in order; a question's is the same in any company."""
        ...


class Ranker(Protocol):
    """Finds passages for a question."""

    def search(
        self,
        question: str,
        limit: int,
        wanted: Filter | None = None,
        *,
        now: dt.date | None = None,
        without: Iterable[str] = (),
        explain: bool = False,
    ) -> list[Hit]:
        """Return at most ``limit`` hits, best first, each passage once.

        Args:
            wanted: Only passages of the articles that it lets through.
            now: The day that "yesterday" is before; today by default.
            without: Labels of chips that shall not be understood.
            explain: Whether the hits say what each signal added.
        """
        ...

    def understand(
        self, question: str, now: dt.date | None = None, without: Iterable[str] = ()
    ) -> Understood:
        """Return what a question says of the articles it wants."""
        ...


class Reranker(Protocol):
    """Takes a second look at the best few."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits in a better order, with scores that follow it."""
        ...

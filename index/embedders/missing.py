"""In the place of an embedder that cannot be opened: a home opens, and says why it is dumb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from index.errors import EmbedderError
from index.protocols import Vectors

__all__ = ["MissingEmbedder"]


class MissingEmbedder:
    """Has the name of an embedder, and raises the reason why it is not there when it is used.

    So what needs no vectors goes on without it: articles are shown, removed and saved, and a
    reindex makes the vectors of another one.
    """

    def __init__(self, name: str, reason: EmbedderError) -> None:
        self.name = name
        self.reason = reason

    def _raise(self) -> NoReturn:
        # A new one each time: a traceback is not shared by threads.
        raise EmbedderError(self.reason.problem, self.reason.remedy) from self.reason

    @property
    def dimensions(self) -> int:
        """Raises ``EmbedderError``."""
        self._raise()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Raises ``EmbedderError``."""
        self._raise()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Raises ``EmbedderError``."""
        self._raise()

    def embed_query(self, text: str) -> Vectors:
        """Raises ``EmbedderError``."""
        self._raise()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Raises ``EmbedderError``."""
        self._raise()

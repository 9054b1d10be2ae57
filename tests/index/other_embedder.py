"""A second embedder that needs no model, to change over to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.embedders.hashing import HashingEmbedder
from index.protocols import Vectors

__all__ = ["OtherEmbedder"]


class OtherEmbedder(HashingEmbedder):
    """Bags of hashed words in fewer dimensions than ``HashingEmbedder``.

    Args:
        before: Called with the texts before any are embedded.
    """

    name = "hashing:other@1"
    dimensions = 96

    def __init__(self, before: Callable[[Sequence[str]], None] = lambda texts: None) -> None:
        self.before = before

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), 96)``."""
        self.before(texts)
        return super().embed_documents(texts)

"""Texts into vectors: ``open_embedder("provider:model")``, one provider a file."""

from __future__ import annotations

from index.errors import EmbedderError
from index.protocols import Embedder

__all__ = ["DEFAULT", "open_embedder"]

DEFAULT = "sentence-transformers:minilm"


def open_embedder(name: str = DEFAULT) -> Embedder:
    """Return the embedder of this name; its weights are loaded when first used.

    Args:
        name: ``sentence-transformers:minilm`` (the packaged all-MiniLM-L6-v2),
            ``sentence-transformers:PATH`` (a folder with a model) or ``hashing`` (no model: words
            hashed into a vector, for tests and for machines where nothing can be installed).

    Raises:
        EmbedderError: There is no such provider or model.
    """
    provider, _, model = name.partition(":")
    if provider == "sentence-transformers" and model:
        from index.embedders.sentence_transformers import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(model)
    if provider == "hashing" and not model:
        from index.embedders.hashing import HashingEmbedder

        return HashingEmbedder()
    raise EmbedderError(
        f"there is no embedder {name!r}",
        "use sentence-transformers:minilm, sentence-transformers:PATH or hashing",
    )

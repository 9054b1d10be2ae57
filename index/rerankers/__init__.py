"""A second look at the best passages: ``open_reranker("provider:model")``, one provider a file."""

from __future__ import annotations

from collections.abc import Callable

from index.errors import ModelError
from index.protocols import Embedder, Reranker

__all__ = ["AUTO", "NONE", "open_reranker"]

NONE = "none"
"""No second look."""

AUTO = "auto"
"""``minilm``, but none beside the double of an embedder."""

_CROSS_ENCODER = "cross-encoder"


def open_reranker(name: str, embedder: Callable[[], Embedder]) -> Reranker | None:
    """Return the reranker of this name; its weights are loaded when first used.

    Args:
        name: ``none``; ``sentences`` (by the nearest sentence of each passage); ``minilm`` (by
            that, and by the small network that comes with this program);
            ``cross-encoder:PATH`` (a folder with a sentence-transformers CrossEncoder) or
            ``cross-encoder:ORG/NAME`` (one on the hub, fetched now if it is not in the cache).
        embedder: Gives the one in use.

    Raises:
        ModelError: There is no such reranker, or it cannot be had.
    """
    provider, _, model = name.partition(":")
    if name == NONE:
        return None
    if name in ("sentences", "minilm"):
        from index.rerankers.sentences import SentenceReranker

        sentences = SentenceReranker(embedder)
        if name == "sentences":
            return sentences
        from index.rerankers.minilm import MiniLMReranker

        return MiniLMReranker(sentences)
    if provider == _CROSS_ENCODER and model:
        from index.rerankers.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(model)
    raise ModelError(
        f"there is no reranker {name!r}",
        "use none, sentences, minilm, cross-encoder:PATH or cross-encoder:ORG/NAME",
    )

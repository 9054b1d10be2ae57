"""The shipped double: words hashed into a vector, so that texts with common words are near."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from index.protocols import Vectors

__all__ = ["HashingEmbedder"]

_WORD = re.compile(r"\w+")


class HashingEmbedder:
    """Bags of hashed words (Weinberger et al., 2009), with square-root counts; needs no model."""

    name = "hashing:words@1"
    dimensions = 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(_WORD.findall(text)) for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), 256)``."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.casefold()) or [""]:
                hashed = zlib.crc32(word.encode("utf-8", "surrogatepass"))
                row[hashed % self.dimensions] += 1
        vectors = np.sqrt(vectors)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, shape ``(256,)``."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), 256)``."""
        return self.embed_documents(texts)

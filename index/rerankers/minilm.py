"""The small network that comes with this program, see the model card beside it."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property, partial
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.article import Hit
from index.embedders.pinned import minilm_folder
from index.errors import ModelError
from index.inference import bfloat16, cores, no_progress_bar
from index.rerankers.order import by_length, heads, reordered
from index.rerankers.packed import load_packed
from index.rerankers.sentences import SentenceReranker
from index.rerankers.telling import telling

__all__ = ["WEIGHT", "WEIGHTS", "MiniLMReranker"]

WEIGHTS = Path(__file__).parent / "minilm.safetensors"
_SHA256 = "16d9cec8f7250fe8e716fe8b42a3bee96d0277324419de5644a53a8bae371207"

WEIGHT = 1.0
"""What a point of the network counts beside the logarithm of the search's score."""

_LANGUAGES = ("en", None)  # that it was trained on; others are as good as the mean to it
_TOKENS = 320  # header, passage and question; hardly any is longer


class MiniLMReranker:
    """Reads the question with the best sentences of each passage, and adds what it finds.

    Four layers of all-MiniLM-L6-v2, trained on made questions; a ``Reranker``. Construction is
    light; the weights are loaded at the first question.

    Args:
        sentences: What it adds to.
    """

    def __init__(self, sentences: SentenceReranker) -> None:
        self._sentences = sentences
        self._lock = threading.Lock()

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        path = minilm_folder() / "tokenizer.json"
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises Exception itself
            raise ModelError(f"cannot load the tokenizer in {str(path)!r}: {error}") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _network(self) -> Any:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        weights = load_packed(WEIGHTS, _SHA256)
        from index.rerankers.pair_scorer import empty_scorer

        with no_progress_bar():
            network = empty_scorer()
        network.load_state_dict(weights, assign=True)
        return network

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits; their scores are of this question's hits only.

        Raises:
            ModelError: The weights or the tokenizer are missing or altered.
        """
        if not hits:
            return []
        told = telling(question, hits)
        first = self._sentences.scores(question, hits, told)
        read = [hit.article.language in _LANGUAGES for hit in hits]
        pairs = zip(heads(hits), told.sentences, strict=True)
        texts = [f"{head}{' '.join(sentences)}" for head, sentences in pairs]
        found = np.zeros(len(hits))
        if any(read):
            with self._lock:
                scores = by_length(list(compress(texts, read)), partial(self._scores, question))
            found[read] = scores - scores.mean()
        return reordered(hits, (first + WEIGHT * found).tolist())

    def _scores(self, question: str, texts: list[str]) -> npt.NDArray[np.float32]:
        network = self._network
        import torch

        from index.rerankers.pair_scorer import batch_of

        torch.set_num_threads(cores())
        with torch.inference_mode(), bfloat16("cpu"):
            batch = batch_of(self._tokenizer, [question] * len(texts), texts, _TOKENS)
            found: npt.NDArray[np.float32] = network(**batch).numpy()
        return found

"""Any sentence-transformers CrossEncoder that a user has, by path or by its name on the hub."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from index.article import Hit
from index.cross_encoders import cross_encoder_folder, load_cross_encoder
from index.errors import ModelError
from index.inference import bfloat16, cores
from index.rerankers.order import by_length, readable, reordered

__all__ = ["CrossEncoderReranker"]


class CrossEncoderReranker:
    """Reads the question with each passage, and orders by that alone; a ``Reranker``.

    Construction is light where the model is on this machine; the weights are loaded at the first
    question. Code that comes with a model is never run, and weights are read from safetensors only.

    Args:
        model: The path of a folder, or ORG/NAME on the hub.

    Raises:
        ModelError: There is no such folder, or the hub does not give the model.
    """

    def __init__(self, model: str) -> None:
        self._folder = cross_encoder_folder(model)
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        return load_cross_encoder(self._folder)

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits, ordered and scored by the model.

        Raises:
            ModelError: The model cannot be loaded, failed, or gives something other than one
                finite number a passage.
        """
        if not hits:
            return []
        with self._lock:
            scores = by_length(readable(hits), lambda texts: self._scores(question, texts))
        return reordered(hits, scores.tolist())

    def _scores(self, question: str, texts: list[str]) -> npt.NDArray[np.float32]:
        import torch

        model = self._model
        torch.set_num_threads(cores())
        try:
            with bfloat16(model.device.type):
                found = model.predict(
                    [(question, text) for text in texts],
                    batch_size=len(texts),
                    show_progress_bar=False,
                )
        except (RuntimeError, ValueError, IndexError) as error:
            raise ModelError(
                f"the cross-encoder in {str(self._folder)!r} failed: {error}"
            ) from error
        scores = np.asarray(found, dtype=np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise ModelError(
                f"the model in {str(self._folder)!r} does not give one number a passage",
                "use a cross-encoder that was trained to rank",
            )
        return scores

"""Any sentence-transformers CrossEncoder that a user has, by path or by its name on the hub."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.article import Hit
from index.errors import ModelError
from index.hub import hub_folder, is_hub_name
from index.inference import bfloat16, cores, no_progress_bar
from index.rerankers.order import TOKENS_AT_MOST, by_length, readable, reordered

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
        # Not Path.expanduser, which raises for a user that there is not.
        folder = Path(os.path.expanduser(model))  # noqa: PTH111
        if not folder.is_dir() and is_hub_name(model):
            folder = hub_folder(model, "cross-encoder", "config.json", ModelError)
        if not (folder / "config.json").is_file():
            raise ModelError(
                f"{str(folder)!r} is not the folder of a cross-encoder",
                "give the folder that has config.json and model.safetensors",
            )
        self._folder = folder
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import CrossEncoder

        try:
            with no_progress_bar():
                model = CrossEncoder(
                    str(self._folder),
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
            model.max_seq_length = min(model.get_max_seq_length() or TOKENS_AT_MOST, TOKENS_AT_MOST)
            return model
        except Exception as error:  # a folder can hold anything, and each part fails its own way
            raise ModelError(
                f"cannot load the cross-encoder in {str(self._folder)!r}: {error}"
            ) from error

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

"""A sentence-transformers CrossEncoder that a user has, by path or by its name on the hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from index.errors import ModelError
from index.hub import hub_folder, is_hub_name
from index.inference import no_progress_bar

__all__ = ["TOKENS_AT_MOST", "cross_encoder_folder", "load_cross_encoder"]

TOKENS_AT_MOST = 512
"""Of two texts together."""


def cross_encoder_folder(model: str) -> Path:
    """Return the folder of a cross-encoder.

    Args:
        model: The path of a folder, or ORG/NAME on the hub, fetched if it is not in the cache.

    Raises:
        ModelError: There is no such folder, or the hub does not give the model.
    """
    # Not Path.expanduser, which raises for a user that there is not.
    folder = Path(os.path.expanduser(model))  # noqa: PTH111
    if not folder.is_dir() and is_hub_name(model):
        folder = hub_folder(model, "cross-encoder", "config.json", ModelError)
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"{str(folder)!r} is not the folder of a cross-encoder",
            "give the folder that has config.json and model.safetensors",
        )
    return folder


def load_cross_encoder(folder: Path) -> Any:
    """Return the model in a folder, with its weights.

    Code that comes with a model is never run, and weights are read from safetensors only.

    Raises:
        ModelError: It cannot be loaded.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import CrossEncoder

    try:
        with no_progress_bar():
            model = CrossEncoder(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        model.max_seq_length = min(model.get_max_seq_length() or TOKENS_AT_MOST, TOKENS_AT_MOST)
        return model
    except Exception as error:  # a folder can hold anything, and each part fails its own way
        raise ModelError(f"cannot load the cross-encoder in {str(folder)!r}: {error}") from error

"""Weights in a quarter of their size: matrices as int8 with a scale for each row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import ModelError

__all__ = ["load_packed", "save_packed"]

_SCALE = ".scale"
_MOST = 127.0


def save_packed(weights: Mapping[str, Any], path: Path) -> str:
    """Write weights as safetensors, and return the SHA-256 of the file.

    What has two dimensions is kept as int8, with the float32 that gives each row back; the rest
    stays float32.
    """
    import torch
    from safetensors.torch import save

    tensors = {}
    for name, value in weights.items():
        value = value.detach().float()
        if value.dim() == 2:
            scale = value.abs().amax(1).clamp_min(1e-12) / _MOST
            tensors[name + _SCALE] = scale
            value = (value / scale[:, None]).round().to(torch.int8)
        tensors[name] = value.contiguous()
    data = save(tensors)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def load_packed(path: Path, sha256: str) -> dict[str, Any]:
    """Return the weights of a file, float32, by name.

    Raises:
        ModelError: The file is not there, or is not the one with this hash.
    """
    from safetensors.torch import load

    remedy = "install footnoted again: pip install --force-reinstall --no-deps footnoted"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read the reranker in {str(path)!r}: {error}", remedy) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"the reranker in {str(path)!r} has been altered", remedy)
    tensors = load(data)
    scales = {name: tensors.pop(name) for name in list(tensors) if name.endswith(_SCALE)}
    return {
        name: value.float() * scales[name + _SCALE][:, None] if name + _SCALE in scales else value
        for name, value in tensors.items()
    }

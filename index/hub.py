"""A model's folder by its name on the hub: from this machine's cache, else fetched once."""

from __future__ import annotations

import json
import re
from pathlib import Path

from index.errors import EmbedderError, ModelError

__all__ = ["hub_folder", "is_hub_name"]

_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
_WITHIN = 5.0  # seconds that the hub has for its first answer
# Weights as safetensors only: the other formats can carry code.
_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model"]
_UNWANTED = ["onnx/*", "openvino/*"]
_REASON_AT_MOST = 200  # characters


def is_hub_name(name: str) -> bool:
    """Say whether this has the form ORG/NAME."""
    return bool(_NAME.fullmatch(name))


def hub_folder(
    name: str,
    what: str,
    needed: str,
    failed: type[EmbedderError] | type[ModelError],
    *,
    download: bool = True,
) -> Path:
    """Return the folder with the files of a model on the hub that ``HF_ENDPOINT`` names.

    What is in the cache is used as it is. Otherwise the hub is asked once, and has five seconds for
    a first answer: a machine without a network is told so at once.

    Args:
        what: What the model is, for messages.
        needed: The file without which it is none.
        failed: What is raised.
        download: Whether the hub may be asked.

    Raises:
        EmbedderError, ModelError: It is not in the cache and cannot, or shall not, be had.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
        if (folder / needed).is_file() and _has_weights(folder):
            return folder
    except (LocalEntryNotFoundError, OSError, ValueError, KeyError):
        pass
    if not download:
        raise failed(
            f"the {what} {name!r} is not on this machine any more",
            f"fetch it by naming it: KB_EMBEDDER=sentence-transformers:{name}",
        )
    try:
        return Path(
            snapshot_download(
                name, etag_timeout=_WITHIN, allow_patterns=_WANTED, ignore_patterns=_UNWANTED
            )
        )
    except Exception as error:  # its errors belong to whichever HTTP library it speaks through
        reason = " ".join(str(error).split())[:_REASON_AT_MOST]
        raise failed(
            f"the {what} {name!r} is neither a folder here nor in the hub's cache, and "
            f"cannot be fetched: {reason}",
            "check the name and the network, or give the path of a folder with the model",
        ) from error


def _has_weights(folder: Path) -> bool:
    """Say whether the cache has all weights: it keeps what there is of a download that ended."""
    for index in folder.rglob("*.safetensors.index.json"):
        shards = set(json.loads(index.read_bytes())["weight_map"].values())
        if not all((index.parent / shard).is_file() for shard in shards):
            return False
    return any(folder.rglob("*.safetensors"))

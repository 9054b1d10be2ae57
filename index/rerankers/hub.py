"""A cross-encoder's folder by its name on the hub: from this machine's cache, else fetched once."""

from __future__ import annotations

from pathlib import Path

from index.errors import ModelError

__all__ = ["hub_folder"]

_WITHIN = 5.0  # seconds that the hub has for its first answer
# Weights as safetensors only: the other formats can carry code.
_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model"]
_UNWANTED = ["onnx/*", "openvino/*"]
_REASON_AT_MOST = 200  # characters


def hub_folder(name: str) -> Path:
    """Return the folder with the files of a cross-encoder on the hub that ``HF_ENDPOINT`` names.

    What is in the cache is used as it is; otherwise the hub is asked once.

    Raises:
        ModelError: It is not in the cache and cannot be fetched.
    """
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
        if (folder / "config.json").is_file() and any(folder.rglob("*.safetensors")):
            return folder
    except (OSError, ValueError):
        pass
    try:
        return Path(
            snapshot_download(
                name, etag_timeout=_WITHIN, allow_patterns=_WANTED, ignore_patterns=_UNWANTED
            )
        )
    except Exception as error:  # its errors belong to whichever HTTP library it speaks through
        reason = " ".join(str(error).split())[:_REASON_AT_MOST]
        raise ModelError(
            f"the cross-encoder {name!r} is neither a folder here nor in the hub's cache, and "
            f"cannot be fetched: {reason}",
            "check the name and the network, or give the path of a folder with the model",
        ) from error

"""Texts into vectors: ``open_embedder("provider:model")``, one provider a file."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from index.errors import EmbedderError
from index.hub import hub_folder, is_hub_name
from index.protocols import Embedder

__all__ = ["AUTO", "DEFAULT", "open_embedder", "spelled_out"]

AUTO = "auto"
"""The embedder that a home was made with; ``DEFAULT`` where there is none yet."""

DEFAULT = "sentence-transformers:minilm"

_PROVIDER = "sentence-transformers"
_SHORT = {AUTO: DEFAULT, "minilm": DEFAULT, "mpnet": f"{_PROVIDER}:mpnet"}


def spelled_out(name: str) -> str:
    """Return the name by which the same embedder is opened again, from any folder."""
    full = _SHORT.get(name, name)
    provider, _, model = full.partition(":")
    folder = Path(model)
    with suppress(RuntimeError):  # there is no such user
        folder = folder.expanduser()
    if provider == _PROVIDER and model and full not in _SHORT.values() and folder.is_dir():
        return f"{provider}:{folder.absolute()}"
    return full


def open_embedder(
    name: str = DEFAULT, models_dir: Path | None = None, *, download: bool = True
) -> Embedder:
    """Return the embedder of this name; its weights are loaded when first used.

    Args:
        name: ``minilm`` (the packaged all-MiniLM-L6-v2), ``mpnet`` (all-mpnet-base-v2, which
            ``kb models pull`` fetches), both also with ``sentence-transformers:`` in front;
            ``sentence-transformers:PATH`` (a folder with a model) or
            ``sentence-transformers:ORG/NAME`` (a model on the hub); or ``hashing`` (no model:
            words hashed into a vector, for tests and for machines where nothing can be installed).
        models_dir: Where ``mpnet`` lies.
        download: Whether a model on the hub may be fetched that is not in its cache.

    Raises:
        EmbedderError: There is no such provider or model.
    """
    full = spelled_out(name)
    provider, _, model = full.partition(":")
    if provider == _PROVIDER and model:
        return _sentence_transformers(model, models_dir, download)
    if full == "hashing":
        from index.embedders.hashing import HashingEmbedder

        return HashingEmbedder()
    raise EmbedderError(
        f"there is no embedder {name!r}",
        "use minilm, mpnet, sentence-transformers:PATH, sentence-transformers:ORG/NAME or hashing",
    )


def _sentence_transformers(model: str, models_dir: Path | None, download: bool) -> Embedder:
    from index.embedders.pinned import MINILM, MPNET, minilm_folder, mpnet_folder
    from index.embedders.sentence_transformers import SentenceTransformersEmbedder

    if model == "minilm":
        return SentenceTransformersEmbedder(minilm_folder(), MINILM.label, MINILM)
    if model == "mpnet":
        return SentenceTransformersEmbedder(mpnet_folder(models_dir), MPNET.label, MPNET)
    folder = Path(model)
    if not folder.is_dir() and is_hub_name(model):
        found = hub_folder(
            model, "embedding model", "modules.json", EmbedderError, download=download
        )
        return SentenceTransformersEmbedder(found, model)
    return SentenceTransformersEmbedder(folder, folder.name)

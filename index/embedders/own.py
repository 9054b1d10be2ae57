"""Which embedder a home has, and how it is opened again."""

from __future__ import annotations

from pathlib import Path

from index.catalog import Catalog
from index.embedders import AUTO, open_embedder, spelled_out
from index.embedders.hashing import HashingEmbedder
from index.embedders.missing import MissingEmbedder
from index.embedders.pinned import MINILM, MPNET
from index.errors import EmbedderError, SettingsError
from index.protocols import Embedder

__all__ = ["KNOWN_AS", "OPENED_BY", "chosen"]

KNOWN_AS = "embedder"
"""The catalog's key for the name, with its revision, of the embedder that the vectors are of."""

OPENED_BY = "embedder_opened_by"
"""The catalog's key for the name by which that one is opened; homes of version 0.2 have none."""

_OPENED_BY = {MINILM.name: "minilm", MPNET.name: "mpnet", HashingEmbedder.name: "hashing"}


def chosen(
    catalog: Catalog, wanted: Embedder | str, models_dir: Path | None, folder: Path
) -> Embedder:
    """Return the embedder for a home, and let its catalog remember a new home's.

    Args:
        wanted: As for ``Home``.
        folder: The home's, for messages.

    Raises:
        SettingsError: The home was made with another one.
        EmbedderError: There is no embedder of this name.
    """
    known = catalog.get(KNOWN_AS)
    if wanted == AUTO and known is not None:
        return _own(known, catalog.get(OPENED_BY), models_dir)
    named = spelled_out(wanted) if isinstance(wanted, str) else None
    embedder = open_embedder(wanted, models_dir) if isinstance(wanted, str) else wanted
    if known not in (None, embedder.name):
        raise SettingsError(
            f"{str(folder)!r} was made with another embedder, {known}, not with {embedder.name}",
            "leave the setting out to go on with it, or change over with: "
            f"kb reindex --embedder {wanted if named else 'NAME'}",
        )
    if known is None or named not in (None, catalog.get(OPENED_BY)):
        with catalog.transaction():
            catalog.set(KNOWN_AS, embedder.name)
            if named:
                catalog.set(OPENED_BY, named)
    return embedder


def _own(known: str, opened_by: str | None, models_dir: Path | None) -> Embedder:
    """Open the embedder of this name; nothing is downloaded only because a home names it."""
    try:
        name = opened_by or _OPENED_BY.get(known)
        if name is None:
            raise EmbedderError(
                f"the home was made with {known}, and does not know where that one is",
                "name it: KB_EMBEDDER=sentence-transformers:PATH",
            )
        embedder = open_embedder(name, models_dir, download=False)
        if embedder.name != known:
            raise EmbedderError(
                f"the home was made with {known}, and {name} is {embedder.name} now",
                "bring the earlier one back",
            )
    except EmbedderError as error:
        remedy = f"{error.remedy}, or use another one: kb reindex --embedder NAME"
        return MissingEmbedder(known, EmbedderError(error.problem, remedy))
    return embedder

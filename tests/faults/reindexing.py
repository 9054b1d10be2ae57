"""A reindex in a process of its own, to be killed."""

from __future__ import annotations

import time
from pathlib import Path

from index.embedders.hashing import HashingEmbedder
from index.errors import SettingsError
from index.home import Home
from index.reindex import ReindexReport, reindex
from tests.index.other_embedder import OtherEmbedder

__all__ = ["open_either", "reindex_slowly"]


def reindex_slowly(home: str) -> None:
    """Change a home over to ``OtherEmbedder``, so slowly that most kills come in between."""
    with open_either(Path(home)) as opened:
        _few_at_once(opened, OtherEmbedder(lambda texts: time.sleep(0.01)))


def _few_at_once(home: Home, embedder: OtherEmbedder) -> ReindexReport:
    from index import reindex as module

    module._AT_ONCE = 4
    return reindex(home, embedder)


def open_either(folder: Path) -> Home:
    """Open a home by whichever of the two embedders it has."""
    try:
        return Home(folder, HashingEmbedder())
    except SettingsError:
        return Home(folder, OtherEmbedder())

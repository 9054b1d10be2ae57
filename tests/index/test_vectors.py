"""Nearest passages: all that are there, whatever a graph can reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.home import Home
from tests.index.syncing import sync


def test_in_a_small_home_no_passage_is_out_of_reach(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(home, [folder])
    there = {row[0] for row in home.catalog.rows("SELECT id FROM passages")}
    asked = home.embedder.embed_query("otters on the river")
    lost, _ = home.vectors.nearest(asked, 1)[0]
    home.vectors.change([lost], [], np.zeros((0, 0), dtype=np.float32))
    assert home.vectors.nearest(asked, 1)[0][0] == lost
    assert {id for id, _ in home.vectors.nearest(asked, 10)} == there
    monkeypatch.setattr("index.vectors._FEW", 1)
    assert {id for id, _ in home.vectors.nearest(asked, 10)} == there - {lost}, "by the graph"

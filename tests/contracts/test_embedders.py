"""What every embedder promises, held against each that is shipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedders import open_embedder
from index.errors import EmbedderError
from index.protocols import Embedder

TEXTS = ["Otters swim in the river.", "The bridge was closed.", "", "水獭在河里游泳。", "x" * 5000]


@pytest.fixture(
    scope="module",
    params=["hashing", pytest.param("sentence-transformers:minilm", marks=pytest.mark.model)],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return open_embedder(request.param)


def test_it_is_an_embedder_with_a_name_that_says_which(embedder: Embedder) -> None:
    assert isinstance(embedder, Embedder)
    assert ":" in embedder.name
    assert "@" in embedder.name


def test_each_text_is_a_unit_vector_in_order(embedder: Embedder) -> None:
    vectors = embedder.embed_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=2e-3)
    alone = np.stack([embedder.embed_documents([text])[0] for text in TEXTS])
    assert (np.sum(vectors * alone, axis=1) > 0.999).all()


def test_nothing_gives_nothing(embedder: Embedder) -> None:
    assert embedder.embed_documents([]).shape == (0, embedder.dimensions)
    assert embedder.count_tokens([]) == []


def test_a_question_is_nearest_to_the_text_that_answers_it(embedder: Embedder) -> None:
    asked = embedder.embed_query("Where do otters swim?")
    assert asked.shape == (embedder.dimensions,)
    assert int(np.argmax(embedder.embed_documents(TEXTS) @ asked)) == 0


def test_longer_texts_have_more_tokens(embedder: Embedder) -> None:
    short, long = embedder.count_tokens(["one two", "one two three four"])
    assert 0 < short < long


@pytest.mark.parametrize(
    "name", ["", "nonsense", "hashing:x", "sentence-transformers:", "openai:x"]
)
def test_an_unknown_embedder_is_told_with_the_choices(name: str) -> None:
    with pytest.raises(EmbedderError, match="sentence-transformers:minilm"):
        open_embedder(name)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"modules\.json"):
        open_embedder(f"sentence-transformers:{tmp_path}")

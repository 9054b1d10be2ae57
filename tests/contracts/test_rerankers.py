"""What every reranker promises, held against each that is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.article import Article, Hit, Passage
from index.embedders.hashing import HashingEmbedder
from index.errors import ModelError
from index.protocols import Reranker
from index.rerankers import NONE, open_reranker
from kb import open_knowledge_base
from tests.contracts.tiny_cross_encoder import save_tiny_cross_encoder

TEXTS = [
    "Otters swim in the river.",
    "The bridge was closed on Monday.",
    "水獭在河里游泳。",
    "Ελλάδα \u202e reversed \u0301\u0301\u0301 \U0001f9a6 \x00 ﷽",
    "x" * 300_000,
    "One of very many sentences about otters. " * 5_000,
    "?",
    "Otters swim in the river.",
]
QUESTION = "Where do otters swim?"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_cross_encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(
    scope="module",
    params=["cross-encoder", "sentences", pytest.param("minilm", marks=pytest.mark.model)],
)
def reranker(request: pytest.FixtureRequest, tiny: Path) -> Reranker:
    name = f"cross-encoder:{tiny}" if request.param == "cross-encoder" else request.param
    opened = open_reranker(name, HashingEmbedder)
    assert opened is not None
    return opened


def hits_of(texts: Sequence[str]) -> list[Hit]:
    found = []
    for i, text in enumerate(texts):
        article = Article(str(i), f"{i}.md", f"Title {i}", text, published_at="2024-03-05")
        passage = Passage(f"p{i}", article.id, 0, len(text), text)
        found.append(Hit(passage, article, score=1 - i / 100, similarity=i / 10))
    return found


def test_the_same_hits_come_back_each_once_and_only_their_scores_change(
    reranker: Reranker,
) -> None:
    hits = hits_of(TEXTS)
    ranked = reranker.rerank(QUESTION, hits)
    known = {hit.passage.id: hit for hit in hits}
    assert len(ranked) == len(hits)
    assert {hit.passage.id for hit in ranked} == set(known)
    for hit in ranked:
        before = known[hit.passage.id]
        assert (hit.passage, hit.article) == (before.passage, before.article)
        assert hit.similarity == before.similarity


def test_the_scores_follow_the_order(reranker: Reranker) -> None:
    scores = [hit.score for hit in reranker.rerank(QUESTION, hits_of(TEXTS))]
    assert scores == sorted(scores, reverse=True)
    assert np.isfinite(scores).all()
    assert all(type(score) is float for score in scores)


def test_the_same_question_gives_the_same_every_time(reranker: Reranker) -> None:
    hits = hits_of(TEXTS)
    assert reranker.rerank(QUESTION, hits) == reranker.rerank(QUESTION, hits)


def test_the_given_hits_stay_as_they_are(reranker: Reranker) -> None:
    hits = hits_of(TEXTS)
    reranker.rerank(QUESTION, hits)
    assert hits == hits_of(TEXTS)


def test_nothing_gives_nothing_and_one_stays(reranker: Reranker) -> None:
    assert reranker.rerank(QUESTION, []) == []
    (only,) = reranker.rerank(QUESTION, hits_of(TEXTS[:1]))
    assert only.passage.text == TEXTS[0]


@pytest.mark.parametrize("question", ["?", "w" * 4_000, "why " * 1_000, "水獭 \U0001f9a6 \x00"])
def test_any_question_is_taken(reranker: Reranker, question: str) -> None:
    assert len(reranker.rerank(question, hits_of(TEXTS))) == len(TEXTS)


def test_none_is_no_reranker() -> None:
    assert open_reranker(NONE, HashingEmbedder) is None


@pytest.mark.parametrize("name", ["", "nonsense", "none:x", "minilm:x", "cross-encoder:", "own"])
def test_an_unknown_reranker_is_told_with_the_choices(name: str) -> None:
    with pytest.raises(ModelError, match="cross-encoder:ORG/NAME"):
        open_reranker(name, HashingEmbedder)


def test_it_is_chosen_by_a_setting(tiny: Path, tmp_path: Path, folder: Path) -> None:
    chosen: dict[str, Any] = {"embedder": "hashing", "model": "quotes"}
    with open_knowledge_base(tmp_path / "home", **chosen) as kb:
        kb.sync(folder)
        plain = kb.search(QUESTION)
    with open_knowledge_base(tmp_path / "home", reranker=f"cross-encoder:{tiny}", **chosen) as kb:
        ranked = kb.search(QUESTION)
    with pytest.raises(ModelError, match="no reranker 'nonsense'"):
        open_knowledge_base(tmp_path / "home", reranker="nonsense", **chosen)
    assert {hit.passage.id for hit in ranked} == {hit.passage.id for hit in plain}
    assert {hit.score for hit in ranked} != {hit.score for hit in plain}

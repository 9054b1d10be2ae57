"""Rerankers by path and by name, their weights and their scores, and what is said if one fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Hit
from index.embedders.hashing import HashingEmbedder
from index.errors import ModelError
from index.home import Home
from index.rerankers import open_reranker
from index.rerankers.order import by_length, reordered
from index.rerankers.packed import load_packed, save_packed
from index.rerankers.sentences import SentenceReranker
from index.rerankers.telling import telling
from index.search import Search
from tests.contracts.test_rerankers import hits_of
from tests.contracts.tiny_cross_encoder import save_tiny_cross_encoder
from tests.index.syncing import sync


def test_a_search_is_ordered_by_a_users_cross_encoder(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    sync(home, [folder])
    plain = Search(home).search("otters Ostrava", 10)
    reranker = open_reranker(
        f"cross-encoder:{save_tiny_cross_encoder(tmp_path / 'tiny')}", HashingEmbedder
    )
    assert reranker is not None
    ranked = Search(home, reranker).search("otters Ostrava", 10)
    expected = reranker.rerank("otters Ostrava", plain)
    assert [hit.passage.id for hit in ranked] == [hit.passage.id for hit in expected]
    assert {hit.passage.id for hit in ranked} == {hit.passage.id for hit in plain}


def test_a_folder_without_a_model_is_refused_at_once(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent", "~nobody-here/model"):
        with pytest.raises(ModelError, match=r"config\.json"):
            open_reranker(f"cross-encoder:{path}", HashingEmbedder)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("config", "cannot load the cross-encoder"),
        ("weights", "cannot load the cross-encoder"),
        ("pickle", "cannot load the cross-encoder"),
        ("labels", "one number a passage"),
    ],
)
def test_a_model_that_cannot_rank_is_told_in_one_line(
    tmp_path: Path, damage: str, said: str
) -> None:
    labels = 3 if damage == "labels" else 1
    model = save_tiny_cross_encoder(tmp_path / "tiny", labels)
    if damage == "config":
        (model / "config.json").write_text("{", "utf-8")
    if damage == "weights":
        (model / "model.safetensors").write_bytes(b"no weights")
    if damage == "pickle":  # which could carry code, and is not looked at
        (model / "model.safetensors").rename(model / "pytorch_model.bin")
    reranker = open_reranker(f"cross-encoder:{model}", HashingEmbedder)
    assert reranker is not None
    with pytest.raises(ModelError, match=said) as caught:
        reranker.rerank("otters?", hits_of(["otters", "bridges"]))
    assert "\n" not in str(caught.value)


def test_a_name_on_the_hub_is_taken_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = save_tiny_cross_encoder(tmp_path / "tiny")

    def snapshot_download(name: str, *, local_files_only: bool = False, **_: object) -> str:
        assert (name, local_files_only) == ("someone/ranker", True)
        return str(cached)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    reranker = open_reranker("cross-encoder:someone/ranker", HashingEmbedder)
    assert reranker is not None
    assert len(reranker.rerank("otters?", hits_of(["otters", "bridges"]))) == 2


def test_without_a_network_the_hub_is_asked_once_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []

    def snapshot_download(name: str, *, local_files_only: bool = False, **_: object) -> str:
        asked.append(local_files_only)
        raise FileNotFoundError("not cached") if local_files_only else ConnectionError("no\nroute")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    with pytest.raises(ModelError, match=r"'someone/ranker'.*no route.*the path of a folder"):
        open_reranker("cross-encoder:someone/ranker", HashingEmbedder)
    assert asked == [True, False]


@given(st.lists(st.floats(-5, 5, width=32), min_size=1, max_size=40))
def test_hits_come_in_the_order_of_their_scores_and_equal_ones_as_they_were(
    scores: list[float],
) -> None:
    hits = hits_of([f"passage {i}" for i in range(len(scores))])
    ranked = reordered(hits, scores)
    found = [(-hit.score, int(hit.passage.id[1:])) for hit in ranked]
    assert found == sorted((-score, i) for i, score in enumerate(scores))


@given(st.lists(st.text(max_size=30), max_size=60))
def test_texts_are_scored_by_length_and_the_scores_come_back_in_order(texts: list[str]) -> None:
    seen: list[int] = []

    def scored(some: list[str]) -> list[float]:
        seen.extend(len(text) for text in some)
        return [float(len(text)) for text in some]

    assert by_length(texts, scored).tolist() == [float(len(text)) for text in texts]
    assert seen == sorted(seen)


def test_packed_weights_come_back_and_an_altered_file_is_refused(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(3)
    weights = {"matrix": torch.randn(5, 7), "zeros": torch.zeros(2, 3), "bias": torch.randn(7)}
    path = tmp_path / "packed.safetensors"
    sha256 = save_packed(weights, path)
    found = load_packed(path, sha256)
    assert found.keys() == weights.keys()
    assert torch.equal(found["bias"], weights["bias"])
    assert torch.equal(found["zeros"], weights["zeros"])
    step = weights["matrix"].abs().amax(1, keepdim=True) / 127
    assert bool(((found["matrix"] - weights["matrix"]).abs() <= step / 2 + 1e-6).all())
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(ModelError, match="altered"):
        load_packed(path, sha256)
    with pytest.raises(ModelError, match="cannot read"):
        load_packed(tmp_path / "absent", sha256)


def test_the_best_are_looked_at_again_even_if_fewer_are_wanted(home: Home, folder: Path) -> None:
    seen: list[int] = []

    class Last:
        def rerank(self, question: str, hits: list[Hit]) -> list[Hit]:
            seen.append(len(hits))
            return hits[::-1]

    sync(home, [folder])
    (best,) = Search(home, Last(), rerank_depth=30).search("otters Ostrava", 1)  # type: ignore[arg-type]
    assert best.passage == Search(home).search("otters Ostrava", 10)[-1].passage
    assert seen[0] > 1


def test_the_passage_with_the_sentence_that_answers_comes_first() -> None:
    rest = "The council met. The weather was mild. Nothing else was decided that day. "
    answer = "Otters swim in the river."
    hits = hits_of([rest * 3, rest + answer + rest, "Otters. Rivers. Swimming lessons for adults."])
    reranker = SentenceReranker(HashingEmbedder)
    ranked = reranker.rerank("Where do otters swim in the river?", hits)
    assert answer in ranked[0].passage.text
    assert reranker.rerank("Where do otters swim in the river?", hits) == ranked


def test_a_sentence_that_answers_one_part_of_a_question_counts() -> None:
    hits = hits_of(["Wolves returned to the high Tatras.", "A council met about a budget."])
    question = "Why did the ferry to Rügen stop, while wolves returned to the high Tatras?"
    assert (
        SentenceReranker(HashingEmbedder).rerank(question, hits)[0].passage.text.startswith("Wol")
    )


def test_a_part_that_names_its_source_is_answered_by_no_other() -> None:
    said = "Wolves returned to the high Tatras."
    hits = hits_of([said, said, "A council met about a budget."])
    sources = ("Alpha Post", "Beta Post", "Alpha Post")
    hits = [
        replace(hit, article=replace(hit.article, source=source), score=1.0)
        for hit, source in zip(hits, sources, strict=True)
    ]
    question = "Did Beta Post report that wolves returned to the high Tatras?"
    best = SentenceReranker(HashingEmbedder).rerank(question, hits)[0]
    assert best.article.source == "Beta Post"


def test_of_each_passage_the_sentences_with_the_words_of_the_question_are_read() -> None:
    rest = "The council met on Monday. The weather was mild that day. "
    answers = "Otters swim in the river Odra.", "The otters came back in May."
    (hit,) = hits_of([f"{rest}{answers[0]} {rest}{answers[1]} {rest}"])
    told = telling("When did otters come back to the river Odra?", [hit])
    assert told.sentences == [list(answers)]
    assert 0 < told.coverage[0] <= 1


@pytest.mark.model
def test_the_network_leaves_languages_alone_that_it_cannot_read() -> None:
    german = "Die Fischotter sind im Mai an die Oder zurückgekehrt."
    hits = hits_of([german, "The otters came back to the Oder in May.", "A council met in May."])
    hits[0] = replace(hits[0], article=replace(hits[0].article, language="de"))
    question = "When did the otters come back to the Oder?"
    by_sentences = open_reranker("sentences", HashingEmbedder)
    network = open_reranker("minilm", HashingEmbedder)
    assert by_sentences is not None
    assert network is not None
    scores = [
        {hit.passage.id: hit.score for hit in one.rerank(question, hits)}
        for one in (by_sentences, network)
    ]
    assert scores[1]["p0"] == scores[0]["p0"]
    assert scores[1]["p1"] > scores[0]["p1"]
    assert scores[1]["p2"] < scores[0]["p2"]

"""What every embedder promises, held against each that is shipped."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError
from platformdirs import user_data_path

from index.embedders import open_embedder
from index.embedders.pinned import MINILM, minilm_folder
from index.embedders.sentence_transformers import SentenceTransformersEmbedder
from index.errors import EmbedderError
from index.protocols import Embedder

TEXTS = ["Otters swim in the river.", "The bridge was closed.", "", "水獭在河里游泳。", "x" * 5000]


@pytest.fixture(
    scope="module",
    params=[
        "hashing",
        *(pytest.param(name, marks=pytest.mark.model) for name in ("minilm", "mpnet")),
    ],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    folder = Path(os.environ.get("KB_MODELS_DIR") or user_data_path("footnoted") / "models")
    try:
        return open_embedder(request.param, folder)
    except EmbedderError as error:  # mpnet is a choice, and 438 MB: not even CI has to have it
        pytest.skip(str(error))


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


def test_questions_are_the_same_in_any_company(embedder: Embedder) -> None:
    together = embedder.embed_queries(["Where do otters swim?", "Why?"])
    assert together.shape == (2, embedder.dimensions)
    alone = embedder.embed_query("Where do otters swim?")
    assert float(together[0] @ alone) > 0.999


@pytest.mark.parametrize(
    "name", ["", "nonsense", "hashing:x", "sentence-transformers:", "openai:x", "mpnet:x"]
)
def test_an_unknown_embedder_is_told_with_the_choices(name: str) -> None:
    with pytest.raises(EmbedderError, match="minilm, mpnet, sentence-transformers:PATH"):
        open_embedder(name)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"modules\.json"):
        open_embedder(f"sentence-transformers:{tmp_path}")


def copied(folder: Path, **configurations: object) -> Embedder:
    """Return the packaged model as one by path, with some of its small files written anew."""
    source = minilm_folder()
    for inside in MINILM.files:
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        (folder / inside).symlink_to(source / inside)
    for name, content in configurations.items():
        file = folder / f"{name}.json"
        file.unlink(missing_ok=True)
        file.write_text(json.dumps(content), "utf-8")
    return open_embedder(f"sentence-transformers:{folder}")


@pytest.mark.model
def test_a_model_s_own_prompts_make_questions_and_documents_different(tmp_path: Path) -> None:
    prompts = {"query": "Represent this question: ", "document": "A passage of an article: "}
    plain = copied(tmp_path / "a" / "tiny")
    own = copied(tmp_path / "b" / "tiny", config_sentence_transformers={"prompts": prompts})
    text = "Otters swim in the river."
    assert float(plain.embed_query(text) @ plain.embed_documents([text])[0]) > 0.999
    assert float(own.embed_query(text) @ own.embed_documents([text])[0]) < 0.99
    for method, prompt in (("embed_queries", "query"), ("embed_documents", "document")):
        expected = plain.embed_documents([prompts[prompt] + text])[0]
        assert float(getattr(own, method)([text])[0] @ expected) > 0.999


def test_other_prompts_or_another_pooling_are_another_name(tmp_path: Path) -> None:
    named = {
        copied(tmp_path / "plain" / "tiny").name,
        copied(tmp_path / "prompts" / "tiny", config_sentence_transformers={"prompts": {}}).name,
        copied(tmp_path / "pooling" / "tiny", **{"1_Pooling/config": {"x": 1}}).name,
        open_embedder("minilm").name,
    }
    assert len(named) == 4
    assert copied(tmp_path / "again" / "tiny").name in named


def test_the_name_of_minilm_is_that_of_every_home_so_far() -> None:
    assert open_embedder().name == "sentence-transformers:all-MiniLM-L6-v2@53aa51172d14"


@pytest.mark.model
def test_loading_by_path_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert copied(tmp_path / "tiny").embed_query("otters").shape == (384,)


@pytest.mark.model
def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path) -> None:
    modules = [{"idx": 0, "name": "0", "path": "", "type": "mine.Mine"}]
    embedder = copied(tmp_path / "tiny", modules=modules)
    ran = tmp_path / "ran"
    (tmp_path / "tiny" / "mine.py").write_text(f"open({str(ran)!r}, 'w')\nclass Mine: pass\n")
    with pytest.raises(EmbedderError, match="cannot load the embedding model"):
        embedder.embed_query("otters")
    assert not ran.exists()


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json"])
def test_an_altered_file_of_a_pinned_model_is_refused(tmp_path: Path, file: str) -> None:
    copied(tmp_path / "tiny")
    altered = bytearray((tmp_path / "tiny" / file).read_bytes())
    altered[-1] ^= 1
    (tmp_path / "tiny" / file).unlink()
    (tmp_path / "tiny" / file).write_bytes(altered)
    embedder = SentenceTransformersEmbedder(tmp_path / "tiny", MINILM.label, MINILM)
    with pytest.raises(EmbedderError, match=f"{file} of all-MiniLM-L6-v2 has been altered"):
        embedder.embed_documents(["otters"])


def test_a_model_without_safetensors_is_refused(tmp_path: Path) -> None:
    embedder = copied(tmp_path / "tiny")
    (tmp_path / "tiny" / "model.safetensors").rename(tmp_path / "tiny" / "pytorch_model.bin")
    with pytest.raises(EmbedderError, match="no weights"):
        assert embedder.name


@pytest.mark.model
def test_damaged_weights_are_one_line(tmp_path: Path) -> None:
    embedder = copied(tmp_path / "tiny")
    (tmp_path / "tiny" / "model.safetensors").unlink()
    (tmp_path / "tiny" / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(EmbedderError, match="cannot load the embedding model"):
        embedder.embed_documents(["otters"])


class FakeHub:
    """Stands in for ``huggingface_hub.snapshot_download``."""

    def __init__(self, cached: Path | None = None, fetched: Path | None = None) -> None:
        self.cached = cached
        self.fetched = fetched
        self.asked = 0

    def __call__(self, name: str, *, local_files_only: bool = False, **options: object) -> str:
        assert name == "org/tiny"
        if not local_files_only:
            self.asked += 1
            assert "*.safetensors" in str(options["allow_patterns"])
        found = self.cached if local_files_only else self.fetched
        if found is None:
            raise LocalEntryNotFoundError("no such host\nand more")
        return str(found)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with the packaged model, named as the hub's cache names one."""
    copied(tmp_path / "e8c3b32")
    return tmp_path / "e8c3b32"


def test_a_hub_s_name_is_looked_for_in_the_cache(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = FakeHub(cached=tiny)
    monkeypatch.setattr("huggingface_hub.snapshot_download", hub)
    embedder = open_embedder("sentence-transformers:org/tiny", download=False)
    assert embedder.name.startswith("sentence-transformers:org/tiny@")
    assert hub.asked == 0


def test_what_the_cache_has_not_is_fetched_once(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part"  # of a download that was interrupted
    copied(part)
    (part / "model.safetensors").unlink()
    (part / "model.safetensors.index.json").write_text('{"weight_map": {"a": "1.safetensors"}}')
    hub = FakeHub(cached=part, fetched=tiny)
    monkeypatch.setattr("huggingface_hub.snapshot_download", hub)
    embedder = open_embedder("sentence-transformers:org/tiny")
    assert embedder.count_tokens(["otters"])
    assert hub.asked == 1


def test_without_a_network_the_hub_is_asked_once_and_it_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = FakeHub()
    monkeypatch.setattr("huggingface_hub.snapshot_download", hub)
    with pytest.raises(EmbedderError, match=r"'org/tiny' is neither.*no such host and more.*check"):
        open_embedder("sentence-transformers:org/tiny")
    assert hub.asked == 1
    with pytest.raises(EmbedderError, match="not on this machine any more"):
        open_embedder("sentence-transformers:org/tiny", download=False)
    assert hub.asked == 1

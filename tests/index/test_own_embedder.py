"""A home knows its embedder: it opens by itself, and a setting that says another one is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embedders import spelled_out
from index.embedders.hashing import HashingEmbedder
from index.embedders.own import OPENED_BY
from index.embedders.pinned import MINILM, MPNET
from index.embedders.sentence_transformers import SentenceTransformersEmbedder
from index.errors import EmbedderError, SettingsError
from index.home import Home
from index.reindex import reindex
from index.search import Search
from tests.index.syncing import sync


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that looks like a model until it is loaded."""
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text("[]", "utf-8")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


@pytest.fixture
def made(tmp_path: Path, model: Path) -> Path:
    """The folder of a home that was made with this model, and is empty."""
    Home(tmp_path / "home", f"sentence-transformers:{model}").close()
    return tmp_path / "home"


def test_a_new_home_is_made_with_minilm(tmp_path: Path) -> None:
    with Home(tmp_path / "home", "auto") as home:
        assert home.embedder.name == "sentence-transformers:all-MiniLM-L6-v2@53aa51172d14"
        assert home.catalog.get("embedder") == home.embedder.name
    for name in ("auto", "minilm", "sentence-transformers:minilm"):
        with Home(tmp_path / "home", name) as home:
            assert home.embedder.name == MINILM.name


@pytest.mark.parametrize("name", ["hashing", "minilm"])
def test_a_home_of_an_earlier_version_opens_by_the_name_it_has(tmp_path: Path, name: str) -> None:
    with Home(tmp_path / "home", name) as home, home.catalog.transaction():
        home.catalog.set(OPENED_BY, "")
        before = home.embedder.name
    with Home(tmp_path / "home", "auto") as home:
        assert home.embedder.name == before
        assert home.notes == ()


def test_a_home_opens_with_its_own_from_any_folder(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(model.parent)
    with Home(tmp_path / "home", "sentence-transformers:tiny") as home:
        name = home.embedder.name
        assert name.startswith("sentence-transformers:tiny@")
    monkeypatch.chdir("/")
    with Home(tmp_path / "home", "auto") as home:
        assert isinstance(home.embedder, SentenceTransformersEmbedder)
        assert home.embedder.name == name


def test_a_setting_that_says_another_one_is_refused(made: Path, model: Path) -> None:
    with pytest.raises(SettingsError, match=r"tiny@\w{12}, not with hashing.*--embedder hashing"):
        Home(made, "hashing")
    with pytest.raises(EmbedderError, match="'nonsense'"):
        Home(made, "nonsense")
    Home(made, f"sentence-transformers:{model}").close()


def test_a_model_that_was_moved_is_found_again_once_it_is_named(made: Path, model: Path) -> None:
    moved = model.parent.parent / "elsewhere" / "tiny"
    shutil.move(model, moved)
    with Home(made, "auto") as home:
        assert home.notes
    Home(made, f"sentence-transformers:{moved}").close()
    with Home(made, "auto") as home:
        assert home.notes == ()


def gone(model: Path) -> None:
    shutil.rmtree(model)


def altered(model: Path) -> None:
    (model / "config.json").write_text("{}", "utf-8")


@pytest.mark.parametrize("damage", [gone, altered])
def test_a_home_opens_without_its_model_and_says_what_to_do(
    made: Path, model: Path, folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(model)
    with Home(made, "auto") as home:
        (note,) = home.notes
        assert "tiny" in note
        assert "kb reindex --embedder NAME" in note
        with pytest.raises(EmbedderError, match="kb reindex"):
            sync(home, [folder])
        with pytest.raises(EmbedderError, match="kb reindex"):
            home.embedder.embed_query("otters")
        with pytest.raises(EmbedderError, match="kb reindex"):
            home.embedder.embed_queries(["otters"])
        with pytest.raises(EmbedderError, match="kb reindex"):
            assert home.embedder.dimensions
        reindex(home, "hashing")
        assert home.notes == ()
        sync(home, [folder])
        assert Search(home).search("otters along the river")
    with Home(made, "auto") as home:
        assert home.embedder.name == HashingEmbedder.name


def test_a_home_with_an_embedder_that_nobody_named_says_so(tmp_path: Path) -> None:
    double = HashingEmbedder()
    double.name = "hashing:double@1"
    Home(tmp_path / "home", double).close()
    with Home(tmp_path / "home", "auto") as home:
        assert "does not know where" in home.notes[0]


def test_mpnet_is_looked_for_in_the_models_folder(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"mpnet is not there.*kb models pull mpnet"):
        Home(tmp_path / "home", "mpnet", tmp_path)
    folder = tmp_path / MPNET.label
    folder.mkdir()
    (folder / "modules.json").write_text("[]", "utf-8")
    with Home(tmp_path / "home", "mpnet", tmp_path) as home:
        assert home.embedder.name == "sentence-transformers:all-mpnet-base-v2@78c0197b6159"
        assert home.embedder.dimensions == 768
    with Home(tmp_path / "home", "auto", tmp_path) as home:
        assert home.embedder.name == MPNET.name
        with pytest.raises(EmbedderError, match=r"cannot be read.*kb models pull mpnet"):
            home.embedder.embed_query("otters")
    with Home(tmp_path / "home", "auto", tmp_path / "nowhere") as home:
        assert "kb models pull mpnet" in home.notes[0]


def test_names_are_spelled_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mpnet").mkdir()
    (tmp_path / "org" / "name").mkdir(parents=True)
    assert spelled_out("mpnet") == "sentence-transformers:mpnet"
    assert spelled_out("minilm") == spelled_out("auto") == "sentence-transformers:minilm"
    assert spelled_out("sentence-transformers:mpnet") == "sentence-transformers:mpnet"
    assert spelled_out("sentence-transformers:./mpnet") == f"sentence-transformers:{tmp_path}/mpnet"
    assert spelled_out("sentence-transformers:org/name").endswith(f"{tmp_path}/org/name")
    assert spelled_out("sentence-transformers:org/other") == "sentence-transformers:org/other"
    assert spelled_out("sentence-transformers:~nobody/x") == "sentence-transformers:~nobody/x"
    assert spelled_out("hashing") == "hashing"

"""Whatever happens to Chroma's files, answers are right, and it heals without embedding."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from index.home import Home
from index.protocols import Vectors
from tests.faults.syncing import QUESTION, state, write_first
from tests.index.syncing import sync


@pytest.fixture(autouse=True)
def _by_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """A home as small as this one has its graph asked."""
    monkeypatch.setattr("index.vectors._FEW", 0)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two homes of different folders."""
    place = tmp_path_factory.mktemp("damaged")
    write_first(place / "news")
    (place / "others").mkdir()
    for name in ("corpus.jsonl", "file0.txt"):
        shutil.copyfile(place / "news" / name, place / "others" / name)
    for home, folder in (("whole", "news"), ("other", "others")):
        with Home(place / home, HashingEmbedder()) as opened:
            sync(opened, [place / folder])
    return place


class _Forbidden(HashingEmbedder):
    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("nothing is embedded again")

    def embed_query(self, text: str) -> Vectors:
        return HashingEmbedder().embed_query(text)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return HashingEmbedder().embed_queries(texts)


def _files(chroma: Path) -> list[Path]:
    return sorted(path for path in chroma.rglob("*") if path.is_file())


def delete(chroma: Path, other: Path) -> None:
    shutil.rmtree(chroma)


def truncate(chroma: Path, other: Path) -> None:
    for file in _files(chroma):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def cut_one_byte(chroma: Path, other: Path) -> None:
    file = max(_files(chroma), key=lambda path: path.stat().st_size)
    file.write_bytes(file.read_bytes()[:-1])


def empty(chroma: Path, other: Path) -> None:
    for file in _files(chroma):
        file.write_bytes(b"")


def from_another_home(chroma: Path, other: Path) -> None:
    shutil.rmtree(chroma)
    shutil.copytree(other, chroma)


def under_the_right_name(chroma: Path, other: Path) -> None:
    (name,) = chroma.iterdir()
    shutil.rmtree(name)
    shutil.copytree(next(other.iterdir()), name)


def a_file_in_its_place(chroma: Path, other: Path) -> None:
    shutil.rmtree(chroma)
    chroma.mkdir()


DAMAGES = [
    *(delete, truncate, cut_one_byte, empty, from_another_home, under_the_right_name),
    a_file_in_its_place,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_heals_from_the_catalog(
    place: Path, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    shutil.copytree(place / "whole", tmp_path / "home")
    with Home(place / "whole", HashingEmbedder()) as home:
        whole = state(home)
    damage(tmp_path / "home" / "chroma", place / "other" / "chroma")
    with Home(tmp_path / "home", _Forbidden()) as home:
        assert home.healed
        asked = home.embedder.embed_query(QUESTION)
        found = [round(cosine, 5) for _, cosine in home.vectors.nearest(asked, 30)]
        assert found == whole["nearest"], "answers are right while it heals"
        assert state(home) == whole
    with Home(tmp_path / "home", _Forbidden()) as home:
        assert not home.healed, "and it stays healed"


def test_every_flipped_byte_is_noticed(place: Path, tmp_path: Path) -> None:
    with Home(place / "whole", HashingEmbedder()) as home:
        whole = state(home)
    chance = random.Random(3)
    files = [path for path in _files(place / "whole" / "chroma") if path.stat().st_size]
    for round in range(12):
        shutil.copytree(place / "whole", tmp_path / str(round))
        file = tmp_path / str(round) / files[round % len(files)].relative_to(place / "whole")
        data = bytearray(file.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)
        with Home(tmp_path / str(round), _Forbidden()) as home:
            assert home.healed, file.name
            assert state(home) == whole

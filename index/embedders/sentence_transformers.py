"""A sentence-transformers model in a folder, with its own prompts for questions and documents."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.embedders.pinned import Pinned
from index.errors import EmbedderError
from index.inference import bfloat16, cores, no_progress_bar
from index.protocols import Vectors

__all__ = ["SentenceTransformersEmbedder"]

_ASKED_KEPT = 4  # calls: a question and its parts, and those of another
_SLICE = 32  # texts at most between which a question may go first
_SLICE_AT_LEAST = 6
_LONGER = 1.25  # than the first of a slice: padding to such a text takes longer than another slice
_DECIDING = {".safetensors", ".json", ".txt", ".model"}  # endings of files that shape vectors
_OTHER_RUNTIMES = {"onnx", "openvino"}
_REASON_AT_MOST = 300  # characters of what a library says


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class SentenceTransformersEmbedder:
    """A sentence-transformers model on the CPU, or on an accelerator if torch finds one.

    Uses bfloat16 where the processor has it: 1.6 to 2 times as fast, cosine to float32 at least
    0.9999. Construction is light; the weights are loaded at the first text. Code that comes with a
    model is never run, and weights are only read from safetensors.

    Args:
        folder: A folder that sentence-transformers can load.
        label: The model's name in ``name``.
        pinned: What its files have to be; None to take them as they are.

    Raises:
        EmbedderError: It is not the folder of such a model.
    """

    def __init__(self, folder: Path, label: str, pinned: Pinned | None = None) -> None:
        if not (folder / "modules.json").is_file():
            raise EmbedderError(
                f"{str(folder)!r} is not the folder of a sentence-transformers model",
                pinned.remedy if pinned else "give the folder that has modules.json",
            )
        self._folder = folder
        self._label = label
        self._pinned = pinned
        self._lock = threading.Lock()
        self._asking = 0  # questions that wait for a slice of documents to be done
        self._asked: deque[tuple[tuple[str, ...], Vectors]] = deque(maxlen=_ASKED_KEPT)

    @cached_property
    def name(self) -> str:
        """``sentence-transformers:LABEL@`` and 12 digits of a SHA-256.

        That of the weights for a pinned model, checked when they are loaded; else one of all files
        that decide on the vectors, so that other prompts or another pooling are another model.
        """
        if self._pinned:
            return self._pinned.name
        return f"sentence-transformers:{self._label}@{self._digest()[:12]}"

    def _digest(self) -> str:
        found = hashlib.sha256()
        weights = 0
        try:
            for path in sorted(self._folder.rglob("*")):
                inside = path.relative_to(self._folder)
                if path.suffix in _DECIDING and not _OTHER_RUNTIMES & set(inside.parts):
                    weights += path.suffix == ".safetensors"
                    found.update(f"{inside.as_posix()} {_sha256(path)}\n".encode())
        except OSError as error:
            raise EmbedderError(
                f"cannot read the embedding model in {str(self._folder)!r}: {error.strerror}"
            ) from error
        if not weights:
            raise EmbedderError(
                f"there are no weights in {str(self._folder)!r}", "it needs a .safetensors file"
            )
        return found.hexdigest()

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        # Next to the weights; static embeddings have both in a folder of their module.
        files = sorted(self._folder.rglob("tokenizer.json"), key=lambda path: len(path.parts))
        try:
            tokenizer = Tokenizer.from_file(str(files[0]))
        except Exception as error:
            raise EmbedderError(f"cannot load the tokenizer in {str(self._folder)!r}") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer

        self._check_files()
        try:
            with no_progress_bar():
                return SentenceTransformer(
                    str(self._folder),
                    local_files_only=True,
                    trust_remote_code=False,
                    model_kwargs={"use_safetensors": True},
                )
        except Exception as error:  # whatever is wrong with files from elsewhere
            reason = " ".join(str(error).split())[:_REASON_AT_MOST]
            raise EmbedderError(
                f"cannot load the embedding model in {str(self._folder)!r}: {reason}",
                self._pinned.remedy if self._pinned else "check its files, or use another model",
            ) from error

    def _check_files(self) -> None:
        """Raise ``EmbedderError`` if a pinned model is not what its name says."""
        if self._pinned is None:
            return
        for inside, sha256 in self._pinned.files.items():
            try:
                altered = _sha256(self._folder / inside) != sha256
            except OSError as error:
                raise EmbedderError(
                    f"{inside} of {self._label} cannot be read: {error.strerror}",
                    self._pinned.remedy,
                ) from error
            if altered:
                raise EmbedderError(
                    f"{inside} of {self._label} has been altered", self._pinned.remedy
                )

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector."""
        if self._pinned:
            return self._pinned.dimensions  # known without the seconds that loading takes
        with self._lock:
            return int(self._model.get_embedding_dimension())

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, special tokens not counted."""
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), dimensions)``."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for some in _slices([len(text) for text in texts]):
            while self._asking:
                time.sleep(0.001)
            vectors[some] = self._encode("encode_document", [texts[i] for i in some], cores())
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``.

        On one thread: waiting for a second core costs more than it brings for one short text.
        """
        vector: Vectors = self.embed_queries([text])[0]
        return vector

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, shape ``(len(texts), dimensions)``, as ``embed_query``."""
        wanted = tuple(texts)
        for asked, vectors in tuple(self._asked):  # several steps ask for the same vectors
            if asked == wanted:
                return vectors
        self._asking += 1
        try:
            vectors = self._encode("encode_query", list(texts), 1)
        finally:
            self._asking -= 1
        self._asked.append((wanted, vectors))
        return vectors

    def _encode(self, method: str, texts: list[str], threads: int) -> Vectors:
        import torch

        with self._lock:
            model = self._model
            torch.set_num_threads(threads)
            try:
                with bfloat16(model.device.type):
                    vectors = getattr(model, method)(
                        texts, batch_size=32, show_progress_bar=False, normalize_embeddings=True
                    )
            except RuntimeError as error:
                raise EmbedderError(f"embedding {len(texts)} texts failed: {error}") from error
        found = np.asarray(vectors, dtype=np.float32)
        if not np.isfinite(found).all():
            raise EmbedderError(
                f"{self._label} gives vectors that are not numbers", "use another model"
            )
        return found


def _slices(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts that are embedded together, those of similar lengths."""
    some: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        longer = len(some) >= _SLICE_AT_LEAST and lengths[place] > _LONGER * lengths[some[0]]
        if longer or len(some) == _SLICE:
            yield some
            some = []
        some.append(place)
    yield some

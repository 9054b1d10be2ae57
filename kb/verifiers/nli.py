"""Any CrossEncoder that tells entailment from contradiction, by path or by its name on the hub."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.cross_encoders import cross_encoder_folder, load_cross_encoder
from index.inference import bfloat16, cores
from kb.agreement import Agreement
from kb.answer import Verdict
from kb.errors import ModelError
from kb.protocols import Verifier
from kb.verify import agreement, is_copy

__all__ = ["NLIVerifier"]

_LETTERS_AT_MOST = 4_000  # of a quote; more than the model reads


class NLIVerifier:
    """Asks a model of natural language inference whether the quote entails the sentence.

    What the model takes for entailed is still withheld if numbers, names, days or negations
    differ: models of this kind overlook these. Construction is light where the model is on this
    machine; the weights are loaded at the first sentence. Code that comes with it is never run.

    Args:
        model: The path of a folder, or ORG/NAME on the hub.
        words: Says of what is neither entailed nor contradicted whether it is carried in part.

    Raises:
        ModelError: There is no such model, or its labels are not those of inference.
    """

    def __init__(self, model: str, words: Verifier) -> None:
        self._folder = cross_encoder_folder(model)
        self._labels = _labels(self._folder)
        self._words = words
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        return load_cross_encoder(self._folder)

    def verify(self, sentence: str, quote: str, context: str) -> tuple[Verdict, float]:
        """Return the verdict, and how probable it is that the quote entails the sentence.

        A sentence of the quote, word for word, is always carried.

        Raises:
            ModelError: The model cannot be loaded, or failed.
        """
        if is_copy(sentence, quote):
            return Verdict.SUPPORTED, 1.0
        agreed = agreement(sentence, quote, context)
        if agreed is Agreement.NO:
            return Verdict.UNSUPPORTED, 0.0
        entailed, denied = self._judged(quote, sentence)
        if entailed >= max(denied, 1 - entailed - denied):
            whole = agreed is Agreement.YES
            return (Verdict.SUPPORTED if whole else Verdict.PARTIAL), entailed
        if denied > 1 - entailed - denied:
            return Verdict.UNSUPPORTED, entailed
        by_words, _ = self._words.verify(sentence, quote, context)
        carried = by_words is not Verdict.UNSUPPORTED
        return (Verdict.PARTIAL if carried else Verdict.UNSUPPORTED), entailed

    def _judged(self, premise: str, hypothesis: str) -> tuple[float, float]:
        """Return how probable entailment and contradiction are."""
        import torch

        with self._lock:
            model = self._model
            torch.set_num_threads(cores())
            try:
                with bfloat16(model.device.type):
                    found = model.predict(
                        [(premise[:_LETTERS_AT_MOST], hypothesis)],
                        activation_fn=torch.nn.Identity(),  # a saved one may be a softmax already
                        apply_softmax=True,
                        show_progress_bar=False,
                    )
            except (RuntimeError, ValueError, IndexError) as error:
                raise ModelError(f"the model in {str(self._folder)!r} failed: {error}") from error
        shares = np.asarray(found, dtype=np.float64).reshape(-1)
        if shares.shape != (len(self._labels),) or not np.isfinite(shares).all():
            raise ModelError(
                f"the model in {str(self._folder)!r} does not give one number a label",
                "use a cross-encoder that was trained for natural language inference",
            )
        by_label = dict(zip(self._labels, shares.tolist(), strict=True))
        return min(by_label["entailment"], 1.0), by_label.get("contradiction", 0.0)


def _labels(folder: Path) -> Sequence[str]:
    """Return what each number of the model stands for, as its own configuration has it.

    Raises:
        ModelError: There is no entailment among them, or a label is none of inference.
    """
    path = folder / "config.json"
    try:
        named = json.loads(path.read_bytes()).get("id2label") or {}
        found = [_label(str(named[number])) for number in sorted(named, key=int)]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"cannot read the labels in {str(path)!r}: {error}") from error
    if sorted(found) not in (
        ["contradiction", "entailment", "neutral"],
        ["entailment", "neutral"],
    ):
        raise ModelError(
            f"the labels in {str(path)!r} are not those of inference: "
            f"{', '.join(map(str, named.values())) or 'there are none'}",
            "use a model with the labels entailment, neutral and contradiction",
        )
    return found


def _label(named: str) -> str:
    """Return the usual name of a label; "not_entailment" of models with two is neutral."""
    low = named.casefold()
    if "not" in low and "entail" in low:
        return "neutral"
    for known, name in (
        ("entail", "entailment"),
        ("neutral", "neutral"),
        ("contradict", "contradiction"),
    ):
        if known in low:
            return name
    return low

"""A cross-encoder with random weights, as small as they come, as a user would have one saved."""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["save_tiny_cross_encoder"]


def save_tiny_cross_encoder(
    folder: Path, labels: int = 1, names: Sequence[str] = (), **saving: Any
) -> Path:
    """Write a model that sentence-transformers loads as a CrossEncoder; return its folder.

    Args:
        labels: How many numbers it gives for a pair; one that ranks gives one.
        names: What the numbers are called; LABEL_0 and so on if nothing is given.
        saving: For ``save_pretrained``.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    pieces = [*string.ascii_lowercase, *string.digits, *".,?!"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces, *(f"##{one}" for one in pieces)]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(words) + "\n", "utf-8")
    torch.manual_seed(1)
    named: dict[str, Any] = {"id2label": dict(enumerate(names))} if names else {}
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            initializer_range=0.5,  # scores that differ, where the usual ones hardly do
            **(named or {"num_labels": labels}),
        )
    )
    model.save_pretrained(str(folder), **saving)
    BertTokenizerFast(vocab=str(vocabulary), model_max_length=512).save_pretrained(str(folder))
    return folder

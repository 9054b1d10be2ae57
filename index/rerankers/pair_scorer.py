"""The network of the small reranker: question and passage read together, words matched at the end.

Imports torch, so it is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

__all__ = ["QUESTION_TOKENS", "PairScorer", "batch_of", "empty_scorer"]

QUESTION_TOKENS = 96
"""The most tokens of a question that are read."""

LAYERS = 4
_FIRST, _SEPARATOR = 101, 102  # [CLS] and [SEP] in BERT's vocabulary


class PairScorer(nn.Module):  # type: ignore[misc]  # torch is not checked
    """Scores a question with a passage; higher is better.

    The score is a linear function of the first token, plus a weighted mean over the question's
    tokens of the best cosine with a token of the passage (as Khattab & Zaharia, 2020, but over
    tokens that have read both): a network that ranks before it is trained, where a linear function
    alone begins at chance.

    Args:
        bert: Gives ``last_hidden_state``, shape ``(pairs, tokens, hidden size)``.
    """

    def __init__(self, bert: Any) -> None:
        super().__init__()
        size = bert.config.hidden_size
        self.bert = bert
        self.first = nn.Linear(size, 1)
        self.weight = nn.Linear(size, 1)
        self.scale = nn.Parameter(torch.tensor(10.0))
        nn.init.zeros_(self.first.weight)
        nn.init.zeros_(self.weight.weight)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        """Return one score a pair, shape ``(pairs,)``, float32.

        Args:
            input_ids, attention_mask, token_type_ids: Shape ``(pairs, tokens)``, see ``batch_of``.
        """
        states = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        words = attention_mask.bool() & (input_ids != _FIRST) & (input_ids != _SEPARATOR)
        asked, told = words & (token_type_ids == 0), words & (token_type_ids == 1)
        unit = nn.functional.normalize(states, dim=-1)
        cosines = torch.bmm(unit, unit.transpose(1, 2)).float()
        best = cosines.masked_fill(~told[:, None, :], -1.0).amax(-1)
        weights = nn.functional.softplus(self.weight(states).float().squeeze(-1)) * asked
        matched = (weights * best).sum(-1) / weights.sum(-1).clamp_min(1e-6)
        return self.first(states[:, 0]).float().squeeze(-1) + self.scale * matched


def empty_scorer() -> PairScorer:
    """Return a scorer of the shape that is shipped, its weights not trained."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=30_522,
        hidden_size=384,
        num_hidden_layers=LAYERS,
        num_attention_heads=12,
        intermediate_size=1_536,
    )
    scorer = PairScorer(BertModel(config, add_pooling_layer=False))
    scorer.eval()
    return scorer


def batch_of(
    tokenizer: Any, questions: Sequence[str], texts: Sequence[str], tokens: int
) -> dict[str, Any]:
    """Return pairs as ``PairScorer`` takes them, padded to the longest.

    Args:
        tokenizer: Of the ``tokenizers`` library, with BERT's vocabulary, nothing cut or padded.
        tokens: The length of the longest pair; what is too long of a passage is cut off.
    """
    asked = tokenizer.encode_batch_fast(list(questions), add_special_tokens=False)
    told = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    pairs = []
    for question, text in zip(asked, told, strict=True):
        first = [_FIRST, *question.ids[:QUESTION_TOKENS], _SEPARATOR]
        pairs.append((first, [*text.ids[: tokens - len(first) - 1], _SEPARATOR]))
    longest = max(len(first) + len(second) for first, second in pairs)
    ids, kinds, read = (torch.zeros(len(pairs), longest, dtype=torch.long) for _ in range(3))
    for row, (first, second) in enumerate(pairs):
        length = len(first) + len(second)
        ids[row, :length] = torch.tensor(first + second)
        kinds[row, len(first) : length] = 1
        read[row, :length] = 1
    return {"input_ids": ids, "attention_mask": read, "token_type_ids": kinds}

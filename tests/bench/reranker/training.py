"""Listwise training: the passages with evidence against what search found beside them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from index.inference import bfloat16
from index.rerankers.pair_scorer import LAYERS, PairScorer, batch_of
from index.sentences import sentence_spans
from tests.bench.reranker.examples import Candidate, Example

__all__ = ["averaged", "scored", "start", "train"]

_GROUP = 8  # passages a question
_POSITIVES = 3
_QUESTIONS = 4  # a step
_RATE = 1e-4
_HEAD_RATE = 2e-3
_WARM_UP = 0.04  # of the time
_TOKENS = 192  # of a pair; longer ones take twice the time and more
_LETTERS = (200, 350, 500, 800)  # of a passage, so that its length tells nothing


def start(folder: Path) -> PairScorer:
    """Return the scorer to begin with: the first layers of a sentence-transformers BERT."""
    from transformers import AutoModel

    bert = AutoModel.from_pretrained(
        str(folder),
        num_hidden_layers=LAYERS,
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,  # dropout takes half of the time of a step on a processor
        attention_probs_dropout_prob=0.0,
    )
    return PairScorer(bert)


def _window(rng: random.Random, candidate: Candidate, letters: int) -> str:
    """Return a run of a passage's sentences with its evidence, behind its header."""
    text = candidate.text
    spans = sentence_spans(text)
    at = text.find(candidate.evidence) if candidate.evidence else rng.randrange(len(text))
    end = at + len(candidate.evidence)
    inside = [i for i, (a, b) in enumerate(spans) if a < end and b > at] or [0]
    first, last = inside[0], inside[-1]
    while spans[last][1] - spans[first][0] < letters and (first > 0 or last < len(spans) - 1):
        if last == len(spans) - 1 or (first > 0 and rng.random() < 0.5):
            first -= 1
        else:
            last += 1
    return f"{candidate.head}\n{text[spans[first][0] : spans[last][1]]}"


def _group(rng: random.Random, example: Example) -> tuple[list[Candidate], int]:
    """Return candidates, those with evidence first, and how many these are."""
    right = [one for one in example.candidates if one.evidence]
    wrong = [one for one in example.candidates if not one.evidence]
    right = rng.sample(right, min(len(right), _POSITIVES))
    near = wrong[:10]
    room = _GROUP - len(right)
    some = rng.sample(near, min(len(near), room - 2))
    rest = [one for one in wrong if one not in some]
    return right + some + rng.sample(rest, min(len(rest), room - len(some))), len(right)


def _loss(scores: Any, right: Sequence[int], sizes: Sequence[int]) -> Any:
    """Return the mean over positives of the cross entropy of one among the negatives."""
    losses = []
    for many, group in zip(right, scores.split(list(sizes)), strict=True):
        against = torch.logsumexp(group[many:], 0)
        losses.append((torch.logaddexp(group[:many], against) - group[:many]).mean())
    return torch.stack(losses).mean()


def averaged(trained: PairScorer, begun: PairScorer) -> PairScorer:
    """Return the trained scorer with the means of its weights and those it began with.

    Between the two lie weights that know what both know (Wortsman et al., 2022): better on texts
    of another kind than either.
    """
    before = begun.state_dict()
    trained.load_state_dict(
        {name: (value + before[name]) / 2 for name, value in trained.state_dict().items()}
    )
    return trained


def train(
    model: PairScorer,
    tokenizer: Any,
    examples: Sequence[Example],
    minutes: float,
    seed: int,
    each: Callable[[int, float, float], None],
) -> None:
    """Train for this long; the rate rises, then falls to 0 with the time.

    Args:
        each: Called every 50 steps with their number, the mean loss, and the share of time gone.
    """
    rng = random.Random(seed)
    heads = [value for name, value in model.named_parameters() if not name.startswith("bert.")]
    optimizer = torch.optim.AdamW(
        [
            {"params": list(model.bert.parameters()), "peak": _RATE},
            {"params": heads, "peak": _HEAD_RATE},
        ],
        lr=_RATE,
        weight_decay=0.01,
    )
    model.train()
    begun, losses, queue = time.monotonic(), list[float](), list[Example]()
    while (gone := (time.monotonic() - begun) / (minutes * 60)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * min(gone / _WARM_UP, (1 - gone) / (1 - _WARM_UP))
        if len(queue) < _QUESTIONS:
            queue = rng.sample(list(examples), len(examples))
        chosen, queue = queue[:_QUESTIONS], queue[_QUESTIONS:]
        loss = _step_loss(model, tokenizer, rng, chosen)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if len(losses) % 50 == 0:
            each(len(losses), sum(losses[-50:]) / 50, gone)


def _step_loss(
    model: PairScorer, tokenizer: Any, rng: random.Random, chosen: Sequence[Example]
) -> Any:
    letters = rng.choice(_LETTERS)
    groups = [_group(rng, one) for one in chosen]
    questions, texts = [], []
    for example, (group, _) in zip(chosen, groups, strict=True):
        questions += [example.question] * len(group)
        texts += [_window(rng, candidate, letters) for candidate in group]
    with bfloat16("cpu"):
        scores = model(**batch_of(tokenizer, questions, texts, _TOKENS))
    return _loss(scores, [many for _, many in groups], [len(group) for group, _ in groups])


def scored(model: PairScorer, tokenizer: Any, question: str, texts: Sequence[str]) -> list[float]:
    """Return the scores of texts for a question, in order, each read whole."""
    model.eval()
    scores = torch.zeros(len(texts))
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for first in range(0, len(order), 16):
        some = order[first : first + 16]
        pairs = batch_of(tokenizer, [question] * len(some), [texts[i] for i in some], 320)
        with torch.inference_mode(), bfloat16("cpu"):
            scores[some] = model(**pairs)
    return [float(score) for score in scores]

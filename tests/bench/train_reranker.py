"""``python -m tests.bench.train_reranker``: trains the small reranker and says what it is worth.

From a folder with SQuAD 1.1's and one with SQuAD 2.0's articles (corpus.jsonl, queries.jsonl,
qrels.jsonl), the latter's every second article, and the repository's sample articles: questions of
the data sets and made ones, each with what search finds for it. The weight of the blend is chosen
on made questions about articles that were not trained on. The weights, packed, go to
``--out/minilm.safetensors``; on standard output stand their hash, the weight, and for each
``--judge`` folder what it finds without and with the reranker.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from index.embedders.pinned import minilm_folder
from index.rerankers.packed import save_packed
from kb import open_knowledge_base
from kb.evaluate.dataset import Question, load_evaluation_set
from tests.bench.reranker.dressing import Piece, dressed, write_corpus
from tests.bench.reranker.examples import Example, Maker, load_examples, save_examples
from tests.bench.reranker.judging import best_weight, compared

_SAMPLE = Path(__file__).parent.parent.parent / "data" / "articles"
_HELD_OUT = 3  # articles of SQuAD 1.1 to choose the weight on
_TRAINING = (2_800, 900, 1_500, 2_300)  # real, joined, about one sentence, about several
_CHOOSING = (150, 80, 100, 120)


def _articles(questions: Sequence[Question]) -> list[str]:
    return sorted({gold.article for one in questions for gold in one.gold})


def _made(
    file: Path,
    pieces: Sequence[Piece],
    questions: Sequence[Question],
    counts: Sequence[int],
    seed: int,
    more: Sequence[Path] = (),
) -> list[Example]:
    """Make examples of these pieces in a home of their own, once for a file."""
    if file.exists():
        return load_examples(file)
    corpus = file.with_suffix(".corpus.jsonl")
    write_corpus(pieces, corpus)
    with (
        tempfile.TemporaryDirectory(prefix="footnoted-train-") as home,
        open_knowledge_base(home, model="quotes", reranker="none") as kb,
    ):
        kb.sync(corpus, *more)
        maker = Maker(kb, pieces, seed)
        real, joined, single, several = counts
        examples = [
            *maker.real(questions, real),
            *maker.joined_real(questions, joined),
            *maker.statements(single),
            *maker.joined_statements(several),
        ]
    random.Random(seed).shuffle(examples)
    save_examples(examples, file)
    return examples


def _of(
    articles: Collection[str], pieces: Sequence[Piece], questions: Sequence[Question]
) -> tuple[list[Piece], list[Question]]:
    return (
        [one for one in pieces if one.article_id in articles],
        [one for one in questions if one.gold[0].article in articles],
    )


def _examples(
    squad1: Path, squad2: Path, out: Path, seed: int
) -> tuple[list[Example], list[Example], frozenset[str]]:
    """Return examples to train on, examples to choose on, and the articles of both."""
    rng = random.Random(seed)
    first, second = (
        [one for one in load_evaluation_set(folder) if one.answerable and one.gold]
        for folder in (squad1, squad2)
    )
    held_out = set(_articles(first)[:_HELD_OUT])
    used = (set(_articles(first)) | set(_articles(second)[::2])) - held_out
    pieces = [*dressed(squad1 / "corpus.jsonl", rng), *dressed(squad2 / "corpus.jsonl", rng)]
    choosing = _made(
        out / "choosing.jsonl", *_of(held_out, pieces, first + second), _CHOOSING, seed
    )
    training = _made(
        out / "training.jsonl", *_of(used, pieces, first + second), _TRAINING, seed, [_SAMPLE]
    )
    return training, choosing, frozenset(used | held_out)


def _trained(examples: Sequence[Example], minutes: float, seed: int) -> tuple[Any, Any]:
    """Return the network and its tokenizer."""
    import torch
    from tokenizers import Tokenizer

    from tests.bench.reranker.training import averaged, start, train

    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    network = start(minilm_folder())

    def each(step: int, loss: float, gone: float) -> None:
        print(f"step {step}, loss {loss:.3f}, {gone:.0%} of the time", flush=True)

    train(network, tokenizer, examples, minutes, seed, each)
    return averaged(network, start(minilm_folder())), tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad1", type=Path, required=True, help="folder of the set to train on")
    parser.add_argument("--squad2", type=Path, required=True, help="half of it is trained on")
    parser.add_argument("--out", type=Path, required=True, help="folder for what is made")
    parser.add_argument("--judge", type=Path, nargs="*", default=[], help="evaluation sets")
    parser.add_argument("--every", type=int, default=1, help="judge only each n-th question")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long to train")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    training, choosing, used = _examples(chosen.squad1, chosen.squad2, chosen.out, chosen.seed)
    network, tokenizer = _trained(training, chosen.minutes, chosen.seed)
    sha256 = save_packed(network.state_dict(), chosen.out / "minilm.safetensors")
    print(f"sha256 {sha256}", flush=True)

    from tests.bench.reranker.training import scored

    score = partial(scored, network, tokenizer)
    weight, tried = best_weight(choosing, score)
    print(f"weight {weight}, of {json.dumps(tried)}", flush=True)
    for folder in chosen.judge:
        with (
            tempfile.TemporaryDirectory(prefix="footnoted-train-") as home,
            open_knowledge_base(home, model="quotes", reranker="none") as kb,
        ):
            kb.sync(folder / "corpus.jsonl")
            for line in compared(kb, folder, score, weight, chosen.every, used):
                print(line, flush=True)


if __name__ == "__main__":
    main()

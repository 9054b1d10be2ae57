"""``python -m tests.bench.suggesting [DIR]``: are the questions that are suggested answered?

Questions of an evaluation set, or without DIR of the sample, are asked, and then what is suggested
after each answer. Printed: for how many of the answers there is a suggestion, how many of these are
answered when they are asked, and by which words, and the milliseconds that suggesting took.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from kb import Answer, Conversation, KnowledgeBase, open_knowledge_base
from kb.evaluate.dataset import load_evaluation_set
from kb.evaluate.homes import default_cache, evaluation_home
from kb.settings import load_settings

__all__ = ["main"]

_DATA = Path(__file__).parent.parent.parent / "data"


@dataclass
class _Found:
    """What came of asking; ``refused`` are suggestions that were not answered."""

    answers: int = 0
    with_some: int = 0
    refusals: int = 0
    refusals_with_some: int = 0
    suggested: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def add(self, kb: KnowledgeBase, question: str) -> None:
        """Ask a question, and what is suggested after it."""
        answer = kb.ask(question)
        begun = time.perf_counter()
        found = kb.suggestions(answer)
        self.took.append((time.perf_counter() - begun) * 1000)
        if answer.refusal:
            self.refusals += 1
            self.refusals_with_some += bool(found)
        else:
            self.answers += 1
            self.with_some += bool(found)
        for one in found:
            self.suggested.append((question, one))
            told: Answer = kb.ask(one, Conversation((answer,)))
            if told.refusal:
                self.refused.append(f"{one} ({told.text})")


@contextmanager
def _opened(folder: Path | None, cache: Path, model: str) -> Iterator[KnowledgeBase]:
    if folder:
        home = evaluation_home(folder.absolute(), load_settings(cache).embedder, cache)
        with open_knowledge_base(home, create=False, model=model) as kb:
            yield kb
        return
    with tempfile.TemporaryDirectory() as place, open_knowledge_base(place, model=model) as kb:
        kb.sync(_DATA / "articles")
        yield kb


def _questions(folder: Path | None) -> list[str]:
    if folder:
        return [one.question for one in load_evaluation_set(folder)]
    lines = (_DATA / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def _told(found: _Found, shown: int) -> Iterator[str]:
    yield (
        f"{found.answers} answers, {found.with_some / max(found.answers, 1):.3f} of them with a"
        f" suggestion; {found.refusals} refusals,"
        f" {found.refusals_with_some / max(found.refusals, 1):.3f} of them"
    )
    answered = 1 - len(found.refused) / max(len(found.suggested), 1)
    yield f"{len(found.suggested)} suggestions, {answered:.3f} of them are answered"
    cuts: Sequence[float] = quantiles(found.took, n=20)
    yield f"suggesting takes {cuts[9]:.0f} ms (median), {cuts[18]:.0f} ms (95th percentile)"
    yield from (f"    refused: {one}" for one in found.refused)
    chosen = random.Random(1).sample(found.suggested, min(shown, len(found.suggested)))
    yield from (f"    {question}\n        {one}" for question, one in chosen)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, help="of questions, drawn evenly")
    parser.add_argument("--model", default="quotes")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--show", type=int, default=0, help="how many suggestions to print")
    given = parser.parse_args()
    asked = _questions(given.folder)
    asked = asked[:: max(1, len(asked) // given.limit)] if given.limit else asked
    found = _Found()
    with _opened(given.folder, given.cache, given.model) as kb:
        kb.warm()
        for question in asked:
            found.add(kb, question)
    for line in _told(found, given.show):
        print(line)


if __name__ == "__main__":
    main()

"""``python -m tests.bench.citing DIR``: what ``KnowledgeBase.cite`` finds for statements.

DIR is a set whose judgements are paragraphs with answers, as SQuAD's. Its questions with their
answers make true statements, and those with one number, name, date or negation changed make false
ones (``tests.bench.verifier.pairs``). All are cited out of the whole set, as texts of one sentence.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from kb import CitedSentence, Verdict, open_knowledge_base
from kb.evaluate.homes import default_cache, evaluation_home
from kb.settings import load_settings
from tests.bench.verifier.pairs import KINDS, Pair, pairs

__all__ = ["main"]


def _quotes_gold(quotes: list[str], pair: Pair) -> bool:
    return any(quote in pair.quote or pair.quote in quote for quote in quotes)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="of true statements, drawn evenly")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--show", type=int, default=0, help="how many false ones to print")
    given = parser.parse_args()
    made = [pair for pair in pairs(given.folder) if pair.kind != "elsewhere"]
    true = [pair for pair in made if pair.true]
    some = true[:: max(1, len(true) // given.limit)] if given.limit else true
    contexts = {pair.context for pair in some}
    chosen = [pair for pair in made if pair in some or (not pair.true and pair.context in contexts)]
    random.Random(0).shuffle(chosen)
    home = evaluation_home(
        given.folder.absolute(), load_settings(given.cache).embedder, given.cache
    )
    counts = {kind: Counter[str]() for kind in KINDS}
    with open_knowledge_base(home, create=False, model="quotes") as kb:
        kb.cite("The models are loaded before the clock runs.")
        begun = time.perf_counter()
        for pair in chosen:
            cited = kb.cite(pair.statement)
            one: CitedSentence = cited.sentences[0]
            count = counts[pair.kind]
            count["n"] += 1
            count[str(one.verdict)] += 1
            count["gold cited"] += _quotes_gold([each.quote for each in cited.citations], pair)
            count["gold nearest"] += bool(one.nearest and _quotes_gold([one.nearest.quote], pair))
            if not pair.true and one.verdict is Verdict.SUPPORTED and given.show:
                given.show -= 1
                print(f"{pair.kind}: {pair.statement}\n    {cited.citations[0].quote}")
        took = (time.perf_counter() - begun) / max(len(chosen), 1)
    for kind, count in counts.items():
        if total := count.pop("n", 0):
            shares = "  ".join(f"{name} {value / total:.3f}" for name, value in count.items())
            print(f"{kind:<10} {total:>5}  {shares}")
    print(f"{took * 1000:.1f} ms a sentence")


if __name__ == "__main__":
    main()

"""``python -m tests.bench.verifier DIR``: how well what is false is found, and what it takes.

DIR is a set whose judgements are paragraphs with answers, as SQuAD's, or with ``--news`` a file of
news articles. Pairs of a statement and a quote are made from it; those of every second article are
what thresholds may be set by, the others are kept aside. F1 is that of finding the false.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from kb.answer import Verdict
from kb.verifiers import open_verifier
from tests.bench.verifier.pairs import KINDS, Pair, news_pairs, pairs

__all__ = ["main"]


def _told(label: str, found: Sequence[tuple[Pair, Verdict]], carried: set[Verdict]) -> None:
    hit = sum(not pair.true and verdict not in carried for pair, verdict in found)
    flagged = sum(verdict not in carried for _, verdict in found)
    false = sum(not pair.true for pair, _ in found)
    precision, recall = hit / max(flagged, 1), hit / max(false, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{label}: n {len(found)}  F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}")
    for kind in KINDS:
        own = [verdict in carried for pair, verdict in found if pair.kind == kind]
        if own:
            print(f"    {kind:<10} {len(own):>5}  carried {sum(own) / len(own):.3f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, metavar="DIR")
    parser.add_argument("--news", action="store_true", help="DIR is a corpus.jsonl of news")
    parser.add_argument("--verifier", default="words", help="as for KB_VERIFIER")
    chosen = parser.parse_args()
    made = (news_pairs if chosen.news else pairs)(chosen.source)
    articles = sorted({pair.article for pair in made})
    verifier = open_verifier(chosen.verifier)
    for label, some_articles in (("seen", articles[::2]), ("kept aside", articles[1::2])):
        some = [pair for pair in made if pair.article in set(some_articles)]
        begun = time.perf_counter()
        found = [
            (pair, verifier.verify(pair.statement, pair.quote, pair.context)[0]) for pair in some
        ]
        took = (time.perf_counter() - begun) / max(len(some), 1)
        _told(f"{label}, carried", found, {Verdict.SUPPORTED})
        _told(f"{label}, carried or in part", found, {Verdict.SUPPORTED, Verdict.PARTIAL})
        print(f"    {took * 1000:.2f} ms a statement")


if __name__ == "__main__":
    main()

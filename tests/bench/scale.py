"""``python -m tests.bench.scale [EVAL]``: how a home behaves as it grows.

Homes of 1,000, 10,000 and 100,000 passages, made of recombined sentences of the sample or of the
corpus in the folder EVAL (see ``tests.bench.grown``). Each is searched in a process of its own.
Prints a table; writes ``bench-out/scale.json`` and ``bench-out/scale.png``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from index.filter import Filter
from index.home import Home
from index.protocols import Vectors
from index.search import Search
from index.sync import Progress
from tests.bench.grown import (
    FIRST_DAY,
    Mixing,
    article_files,
    questions,
    read_articles,
    real_vectors,
)
from tests.bench.plot import plot
from tests.index.syncing import sync

__all__ = ["main"]

_ROOT = Path(__file__).parent.parent.parent
_OUT = _ROOT / "bench-out"
_SIZES = (1_000, 10_000, 100_000)
_PASSAGES_AN_ARTICLE = 10
_QUESTIONS = 200
_FILTERS = {
    "plain": Filter(),
    "date": Filter.of(since=FIRST_DAY.replace(year=2023), until=FIRST_DAY.replace(year=2024)),
    "source": Filter.of(sources=["Source 7"]),
}


def grow(folder: Path, home: Path, base: Vectors) -> dict[str, Any]:
    """Sync a folder into a new home; then with nothing changed; then with one article changed."""
    with Home(home, Mixing(base)) as opened:
        tell = _Lines()
        first = sync(opened, [folder], progress=tell)
        same = sync(opened, [folder])
        path = next(folder.rglob("*.md"))
        path.write_text(path.read_text("utf-8") + "\nOne sentence more.\n", "utf-8")
        changed = sync(opened, [folder])
        assert (len(changed.updated), same.kept) == (1, len(first.added))
        return {
            "articles": len(first.added),
            "passages": first.passages,
            "sync_per_s": round(first.passages / first.seconds, 1),
            "unchanged_s": same.seconds,
            "one_changed_s": changed.seconds,
        }


def use(home: Path, base: Vectors, asked: list[str]) -> dict[str, Any]:
    """Open a home, and search it plainly, in a range of days and in one source."""
    embedder = Mixing(base)
    embedder.embed_query("warm")  # the model is not what is measured
    begun = time.perf_counter()
    opened = Home(home, embedder)
    found: dict[str, Any] = {"open_s": round(time.perf_counter() - begun, 2)}
    with opened:
        search = Search(opened)
        for name, wanted in _FILTERS.items():
            begun = time.perf_counter()
            search.search(asked[0], 10, wanted)
            found[f"{name}_first_s"] = round(time.perf_counter() - begun, 2)
            times = []
            for question in asked:
                begun = time.perf_counter()
                search.search(question, 10, wanted)
                times.append((time.perf_counter() - begun) * 1000)
            cuts = statistics.quantiles(times, n=20)
            found[f"{name}_ms_p50"] = round(statistics.median(times), 1)
            found[f"{name}_ms_p95"] = round(cuts[18], 1)
        found["resident_gb"] = round(_resident() / 1e9, 2)
    found["disk_mb"] = round(sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) / 1e6)
    return found


class _Lines:
    """Prints the progress of a long sync now and then."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, step: Progress) -> None:
        if step.seconds - self._last > 20:
            self._last = step.seconds
            print(f"  {step.share:.0%}, {step.rate:.0f} passages a second", file=sys.stderr)


def _resident() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) * 1024


def _apart(part: Callable[[], Any]) -> Any:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(part).result()


def main() -> None:
    """Measure every size, print the table and draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", nargs="?", type=Path, default=_ROOT / "data" / "articles")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--keep", type=Path, help="where homes and files are left for a look")
    chosen = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    articles = read_articles(chosen.eval)
    base = _apart(partial(real_vectors, articles))
    asked = list(questions(chosen.eval, _QUESTIONS))
    work = chosen.keep or Path(tempfile.mkdtemp(prefix="footnoted-scale-"))
    rows = []
    _OUT.mkdir(exist_ok=True)
    try:
        for size in chosen.sizes or _SIZES:
            files, home = work / f"files-{size}", work / f"home-{size}"
            article_files(articles, files, size // _PASSAGES_AN_ARTICLE)
            row = {"size": size, **_apart(partial(grow, files, home, base))}
            row |= _apart(partial(use, home, base, asked))
            rows.append(row)
            print(json.dumps(row), flush=True)
            machine = f"{platform.machine()}, {os.cpu_count()} cores"
            found = {"machine": machine, "rows": rows, "questions": len(asked)}
            (_OUT / "scale.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    finally:
        if not chosen.keep:
            shutil.rmtree(work, ignore_errors=True)
    plot(rows, _OUT / "scale.png")


if __name__ == "__main__":
    main()

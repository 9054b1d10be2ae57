"""``python -m tests.bench [EVAL]``: the figures of the README, measured and written down.

Always: answers on the sample questions, with quotes and with the local model, and the memory of a
server. With the folder of an evaluation set (corpus.jsonl, queries.jsonl, qrels.jsonl) also: the
rate of a sync against the bare embedder on the same passages, retrieval, and search time. The
results go to ``bench-out/bench.json`` and, as lines, to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.bench.ingest import ingest_rate
from tests.bench.parts import answers, measured, retrieval

_OUT = Path(__file__).parent.parent.parent / "bench-out"


def _in_a_process_of_its_own(part: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measured, part).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval", nargs="?", type=Path, help="folder of an evaluation set")
    parser.add_argument("--every", type=int, default=1, help="only each n-th sample question")
    parser.add_argument("--only", help="names of parts, with commas between")
    chosen = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="footnoted-bench-"))
    parts: dict[str, Callable[[], Mapping[str, Any]]] = {
        "quotes": partial(answers, work / "sample", "quotes", chosen.every),
        "local": partial(answers, work / "sample", "local", chosen.every),
    }
    if chosen.eval:
        corpus = chosen.eval / "corpus.jsonl"
        parts["ingest"] = partial(ingest_rate, corpus, work / "eval")
        parts["retrieval"] = partial(retrieval, chosen.eval, work / "eval")
    results: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    _OUT.mkdir(exist_ok=True)
    try:
        for name, part in parts.items():
            if not chosen.only or name in chosen.only.split(","):
                results[name] = _in_a_process_of_its_own(part)
                print(name, json.dumps(results[name]), flush=True)
                (_OUT / "bench.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()

"""``python -m tests.bench [EVAL]``: the figures of the README, measured and written down.

With the folder of an evaluation set (corpus.jsonl, queries.jsonl, qrels.jsonl): retrieval, search
time, and the rate of a sync against the bare embedder on the same passages. Always: answers on the
sample questions, with quotes and with the local model, and the memory of a server. The results go
to ``bench-out/bench.json`` and, as lines, to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kb import Answer, KnowledgeBase, open_knowledge_base
from kb.evaluate.answers import answer_metrics
from kb.evaluate.dataset import Question, load_evaluation_set, load_questions
from kb.evaluate.retrieval import Ranking, retrieval_metrics
from tests.bench.ingest import ingest_rate
from ui.app import build_app

_ROOT = Path(__file__).parent.parent.parent
_OUT = _ROOT / "bench-out"


def retrieval(folder: Path, home: Path) -> Mapping[str, float]:
    """Return retrieval metrics and search times over the answerable questions of a set."""
    questions = [one for one in load_evaluation_set(folder) if one.answerable]
    with open_knowledge_base(home, model="quotes") as kb:
        if not kb.status().articles:  # a measured ingest has been there before
            kb.sync(folder / "corpus.jsonl")
        kb.warm()
        rankings, times = [], []
        for question in questions:
            begun = time.perf_counter()
            hits = kb.search(question.question, 20)
            times.append((time.perf_counter() - begun) * 1000)
            rankings.append(Ranking(question, [hit.passage.text for hit in hits]))
    cuts = statistics.quantiles(times, n=20)
    return {
        **retrieval_metrics(rankings),
        "search_ms_p50": round(statistics.median(times), 1),
        "search_ms_p95": round(cuts[18], 1),
        "n": len(questions),
    }


def answers(home: Path, model: str, every: int) -> Mapping[str, float]:
    """Return answer metrics on the sample questions with a model."""
    questions = load_questions(_ROOT / "data" / "questions.jsonl")[::every]
    with open_knowledge_base(home, model=model) as kb:
        kb.sync(_ROOT / "data" / "articles")
        build_app(kb)  # so that the memory is that of a server
        kb.warm()
        read: list[int] = []
        answered = [(one, _asked(kb, one, read)) for one in questions]
    found = dict(answer_metrics(answered))
    if read:
        found["prompt_tokens_read_p50"] = statistics.median(read)
    known = sum(one.answerable for one, _ in answered)
    return {**found, "answerable": known, "unanswerable": len(answered) - known}


def _asked(kb: KnowledgeBase, question: Question, read: list[int]) -> Answer:
    """Ask, and write down how many prompt tokens a local model had to read for it."""
    llm = getattr(kb._chain.writer, "llm", None)
    before = getattr(llm, "last_timings", None)
    answer = kb.ask(question.question)
    timings = getattr(llm, "last_timings", None)
    if timings and timings is not before:
        read.append(timings.prompt_tokens - timings.cached_tokens)
    return answer


def _measured(part: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    found = part()
    # Linux counts in KiB. The peak of this process: models, indexes and, where served, the page.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_048_576
    return {**found, "peak_memory_gb": round(peak, 2)}


def _in_a_process_of_its_own(part: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, part).result()


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

"""``python -m tests.bench.page [--home DIR]``: how soon the page is there, and passages; as JSON.

In a real Chromium, on a warm server over ``--home``, or one of 10,000 passages that is made of the
sample; each of ``--times`` questions in a fresh profile. ``external`` counts requests that left.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from kb.evaluate.dataset import load_questions
from tests.bench.load import made, percentile, served
from tests.browser.conftest import NAMES, QUIET

_SAMPLE = Path(__file__).parent.parent.parent / "data"


def visited(address: str, question: str, chromium: Any) -> tuple[float, float, int]:
    """Return seconds until the page can be typed into, until passages are shown, and strangers."""
    context = chromium.new_context()
    page, asked = context.new_page(), list[str]()
    context.on("request", lambda request: asked.append(request.url))
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#fn-box textarea")
    page.wait_for_selector(".fn-status[data-state=ready]")
    ready = time.perf_counter() - begun
    page.fill("#fn-box textarea", question)
    begun = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_selector("#fn-panel .fn-card")
    shown = time.perf_counter() - begun
    page.wait_for_selector(".fn-colophon")
    context.close()
    return ready, shown, sum(not url.startswith((address, "data:", "blob:")) for url in asked)


def main() -> None:
    """Measure."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="of the knowledge base; it keeps the questions")
    parser.add_argument("--times", type=int, default=10)
    chosen = parser.parse_args()
    questions = [one.question for one in load_questions(_SAMPLE / "questions.jsonl")]
    path = os.environ.get("KB_BROWSER") or next(filter(None, map(shutil.which, NAMES)))
    with tempfile.TemporaryDirectory() as folder:
        home = chosen.home or made(Path(folder), 10_000)
        with served(home, "quotes") as (address, _), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
            visited(address, questions[0], chromium)
            found = [visited(address, one, chromium) for one in questions[1 : chosen.times + 1]]
            chromium.close()
    ready, shown, strangers = zip(*found, strict=True)
    figures = {
        "ready_s": {"p50": percentile(ready, 0.5), "max": percentile(ready, 1)},
        "passages_s": {"p50": percentile(shown, 0.5), "max": percentile(shown, 1)},
        "external": sum(strangers),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()

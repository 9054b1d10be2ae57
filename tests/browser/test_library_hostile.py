"""Hostile titles, sources, names and places on the Library and Status pages: only ever text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.errors import SourceError
from tests.browser.conftest import Visit
from tests.browser.payloads import PAYLOADS
from tests.browser.test_library import fits
from tests.conftest import OpenKB

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

NOT_OURS = """() => [...document.querySelectorAll("main *")].filter((node) =>
  ["SCRIPT", "IFRAME", "OBJECT", "EMBED", "LINK", "META", "BASE", "STYLE", "IMG", "MATH",
   "TEMPLATE"].includes(node.tagName)
  || [...node.attributes].some((one) => one.name.startsWith("on"))
  || (node.tagName === "A" && !["http:", "https:"].includes(new URL(node.href).protocol))
).map((node) => node.outerHTML.slice(0, 200))"""


def corpus(folder: Path) -> Path:
    """Write articles with a payload in every field, half of them copies of each other."""
    path = folder / "hostile.jsonl"
    lines = [
        {
            "id": f"{number}{payload}",
            "title": payload or "none",
            "text": f"It is said: {payload}. So much for that.",
            "metadata": {"source": payload, "author": payload, "url": payload},
        }
        for number, payload in enumerate(PAYLOADS)
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return path


@pytest.mark.parametrize("width", [1200, 360])
def test_nothing_runs_and_nothing_breaks(
    visit: Open, open_kb: OpenKB, tmp_path: Path, width: int
) -> None:
    kb = open_kb()
    kb.sync(corpus(tmp_path))
    known = [one.id for one in kb.articles()]
    kb.remove(known[:20], exact=True)
    with pytest.raises(SourceError):
        kb.sync(tmp_path / PAYLOADS[0] / ("a" * 300))
    tab = visit(kb, viewport={"width": width, "height": 800})
    article = "/library/article?id="
    addresses = ["/library", "/library?page=2", "/library/duplicates", "/library/removed"]
    addresses += ["/library?text=%3Cimg%20src=x%20onerror=window.pwned=1%3E", "/status"]
    for address in addresses:
        tab.page.goto(f"{tab.origin}{address}")
        assert tab.page.evaluate(NOT_OURS) == [], address
        assert fits(tab), address
    tab.page.goto(f"{tab.origin}/library?order=title")
    titles = tab.page.locator("#fn-articles tbody th a")
    for number in range(0, titles.count(), 7):
        href = titles.nth(number).get_attribute("href")
        assert href
        assert href.startswith(article)
        titles.nth(number).click()
        assert "It is said:" in tab.page.inner_text(".fn-text")
        assert tab.page.evaluate(NOT_OURS) == [], href
        assert fits(tab), href
        tab.page.go_back()

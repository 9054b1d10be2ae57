"""The whole program as a user meets it: the sample articles, the real models, a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb import KnowledgeBase, open_knowledge_base
from tests.browser.conftest import Visit
from tests.conftest import SAMPLE

pytestmark = [pytest.mark.browser, pytest.mark.model]

SLOW = 120_000  # milliseconds; two busy cores read a prompt at a few tokens a second


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[KnowledgeBase]:
    home = tmp_path_factory.mktemp("sample") / "home"
    with open_knowledge_base(home, model="local", models_dir=models_dir) as kb:
        kb.sync(SAMPLE)
        kb.warm()
        yield kb


def test_a_question_its_footnote_a_follow_up_and_a_refusal(
    visit: Callable[..., Visit], sample: KnowledgeBase
) -> None:
    tab = visit(sample)
    tab.ask("Who replaced Mira Murati as interim boss of OpenAI?")
    tab.page.wait_for_selector("#fn-panel .fn-card")
    first = tab.answer(1, SLOW)
    assert "Shear" in first.inner_text()
    tab.page.wait_for_selector("#fn-next button", timeout=SLOW)
    tab.picture("chat")
    footnote = first.locator(".fn-footnotes li", has_text="Shear").first
    number = footnote.locator(".fn-number").inner_text()
    first.locator("a.fn-cite", has_text=f"[{number}]").first.click()
    quote = tab.marked()
    assert "Shear" in quote
    titles = {
        article.title for article in sample.articles() if quote in sample.article(article.id).text
    }
    assert any(title in tab.panel() for title in titles)
    assert "2023" in tab.panel()
    assert tab.read() in {sample.article(article.id).text for article in sample.articles()}
    assert tab.marked() == quote
    tab.picture("reader")
    tab.page.set_viewport_size({"width": 390, "height": 800})
    tab.page.click("#fn-panel .fn-close")
    tab.page.wait_for_timeout(500)
    tab.picture("phone")
    tab.page.set_viewport_size({"width": 1280, "height": 800})

    tab.ask("and when was that?")
    follow_up = tab.answer(2, SLOW)
    assert "OpenAI" in follow_up.inner_text()

    tab.ask("What is the population of Nairobi?")
    refusal = tab.answer(3, SLOW)
    assert refusal.locator("a.fn-cite").count() == 0
    assert "Nairobi" in refusal.inner_text()
    tab.page.goto(f"{tab.origin}/library")
    tab.page.get_by_role("table").wait_for()
    tab.picture("library")

"""The page shows the answer that every other door gives, to the last character."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.browser.conftest import Visit
from tests.conftest import OpenKB
from tests.ui.test_one_contract import the_same
from ui.wire import answer_json

pytestmark = pytest.mark.browser

QUESTION = "How much will the repair of the bridge at Ostrava cost?"


def test_the_page_shows_and_stores_what_others_are_told(
    visit: Callable[..., Visit], open_kb: OpenKB
) -> None:
    kb = open_kb()
    told = json.loads(json.dumps(answer_json(kb.ask(QUESTION))))
    tab = visit(kb)
    tab.ask(QUESTION)
    turn = tab.answer(1)
    shown = " ".join(turn.locator(".fn-answer").inner_text().split())
    assert shown == " ".join(told["text"].split())
    quotes = [
        " ".join(one.split())
        for one in turn.locator(".fn-footnotes blockquote").all_text_contents()
    ]
    assert quotes == [" ".join(one["quote"].split()) for one in told["citations"]]
    tab.page.wait_for_url("**/?c=*")
    (id,) = parse_qs(urlsplit(tab.page.url).query)["c"]
    (stored,) = httpx.get(f"{tab.origin}/api/v1/conversations/{id}").json()["answers"]
    del stored["asked_at"]
    assert the_same(told, stored)

"""Everybody can use the page: axe-core finds no serious fault in any of its states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_page import CHIPS, EXAMPLES, library

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]


def faults(tab: Visit) -> list[str]:
    """Return what axe-core calls serious or critical, each with where it is."""
    from axe_playwright_python.sync_playwright import Axe

    report = Axe().run(tab.page).response
    assert len(report["passes"]) > 10
    found: list[dict[str, Any]] = report["violations"]
    return [
        f"{one['id']}: {node['html'][:150]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_state_of_the_page_has_a_serious_fault(visit: Open, scheme: str, width: int) -> None:
    tab = visit(
        library(chips=CHIPS, next=("And the moon?",)),
        examples=EXAMPLES,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    tab.page.get_by_text("All articles").click()
    tab.page.get_by_label("From", exact=True).wait_for()
    assert faults(tab) == []
    tab.ask("What happened to the bridge?")
    tab.answer(1)
    tab.page.evaluate("document.querySelector('#t1 a.fn-cite').click()")
    tab.page.wait_for_timeout(400)
    tab.page.wait_for_selector("#fn-next button")
    assert faults(tab) == []
    tab.page.keyboard.press("Escape")  # on a phone what is read lies over where one asks
    tab.ask("Who lives on Mars?")
    tab.answer(2)
    assert faults(tab) == []

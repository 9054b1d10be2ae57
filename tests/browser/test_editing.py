"""The newest question, edited in its place: nothing is lost until there is a new answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_access import faults
from tests.browser.test_page import library
from tests.ui.doubles import refused

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

FOCUS = "document.activeElement.getAttribute('aria-label')"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_a_question_is_edited_with_the_keyboard_alone(visit: Open, scheme: str, width: int) -> None:
    double = library()
    tab = visit(double, color_scheme=scheme, viewport={"width": width, "height": 740})
    tab.ask("the bridge?")
    tab.answer(1)
    page = tab.page
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(FOCUS) == "Edit the question":
            break
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS) == "The question"
    page.keyboard.type(" No.")
    tab.picture(f"editing-{width}")
    assert faults(tab) == []
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS) == "Edit the question"
    assert page.inner_text("#t1 .fn-question") == "the bridge?"
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("the <b>moon</b>?")
    page.keyboard.press("Enter")
    page.get_by_text("India landed on 23 August 2023.").wait_for()
    tab.answer(1)
    assert page.inner_text("#t1 .fn-question") == "the <b>moon</b>?"
    assert page.locator(".fn-turn").count() == 1
    assert double.asked == [("the bridge?", 0), ("the <b>moon</b>?", 0)]
    (entry,) = double.conversations.list()
    assert (entry.title, entry.turns) == ("the <b>moon</b>?", 1)
    if width == 1280:
        page.wait_for_function("document.querySelectorAll('#fn-panel .fn-card').length === 2")


def test_only_the_newest_is_edited_also_after_a_reload(visit: Open) -> None:
    double = library()
    tab = visit(double)
    tab.ask("the bridge?")
    tab.answer(1)
    tab.ask("the moon?")
    tab.answer(2)
    tab.page.wait_for_url("**/?c=*")
    tab.page.reload()
    tab.answer(2)
    assert tab.page.locator("button.fn-edit").count() == 1
    tab.page.click("#t2 button.fn-edit")
    tab.page.fill(".fn-edit-box", "the bridge again?")
    tab.page.locator(".fn-edit-form").get_by_role("button", name="Ask").click()
    tab.page.get_by_text("The air force destroyed a bridge").nth(1).wait_for()
    tab.answer(2)
    tab.page.reload()
    tab.answer(2)
    assert tab.page.locator(".fn-question").all_inner_texts() == [
        "the bridge?",
        "the bridge again?",
    ]
    assert double.asked[-1] == ("the bridge again?", 1)


def test_the_panel_shows_no_source_of_an_answer_that_is_gone(visit: Open) -> None:
    double = library()
    double.answers["nothing"] = ((), refused("The articles do not say."))
    tab = visit(double)
    tab.ask("the moon?")
    tab.answer(1).locator(".fn-answer .fn-cite").click()
    tab.read()
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#fn-panel .fn-card")
    tab.page.click("#t1 .fn-answer .fn-cite")
    tab.read()
    tab.page.click("#t1 button.fn-edit")
    tab.page.fill(".fn-edit-box", "nothing?")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#t1 .fn-refusal")
    tab.answer(1)
    assert "Vikram" not in tab.panel()


def test_a_stopped_edit_leaves_the_answer_that_was_there(visit: Open) -> None:
    double = library()
    tab = visit(double)
    tab.ask("the moon?")
    before = tab.answer(1).locator(".fn-answer").inner_html()
    double.pause = 1.5
    tab.page.click("#t1 button.fn-edit")
    tab.page.fill(".fn-edit-box", "the bridge, and <i>why</i>?")
    tab.page.keyboard.press("Enter")
    tab.page.get_by_text("The air force destroyed").wait_for()
    tab.page.get_by_role("button", name="Stop").click()
    told = tab.page.get_by_role("alert")
    told.wait_for()
    assert "“the bridge, and <i>why</i>?”" in told.inner_text()
    tab.page.wait_for_timeout(200)
    box = told.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 400
    tab.picture("edit-stopped")
    assert tab.page.inner_text("#t1 .fn-question") == "the moon?"
    assert tab.page.locator("#t1 .fn-answer").inner_html() == before
    (entry,) = double.conversations.list()
    (turn,) = double.conversations.get(entry.id).turns
    assert turn.answer.question == "the moon?"
    double.pause = 0
    tab.ask("the bridge?")
    tab.answer(2)
    assert double.asked[-1] == ("the bridge?", 1)
    assert tab.page.get_by_role("alert").count() == 0

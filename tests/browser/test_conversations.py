"""What is said is there again: after a reload, from the list, and as it was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb import Scope
from tests.browser.conftest import Visit
from tests.browser.test_page import library

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

COPY = "navigator.clipboard.writeText = async (text) => { window.copied = text; };"


def test_a_finger_finds_what_can_be_done_with_a_conversation(visit: Open) -> None:
    phone = {"width": 390, "height": 844}
    tab = visit(library(), viewport=phone, has_touch=True, is_mobile=True)
    tab.ask("What happened to the bridge?")
    tab.answer(1)
    tab.page.get_by_role("button", name="Conversations").tap()
    tab.page.get_by_role("button", name="Rename").wait_for()
    tab.page.touchscreen.tap(380, 400)
    tab.page.wait_for_selector("#fn-shelf", state="hidden")


def test_after_a_reload_everything_is_there_and_goes_on(visit: Open) -> None:
    tab = visit(library())
    tab.ask("What happened to the bridge?")
    before = tab.answer(1).locator(".fn-answer").inner_html()
    tab.page.wait_for_url("**/?c=*")
    tab.page.reload()
    tab.page.wait_for_selector("#t1 .fn-colophon")
    assert tab.page.locator("#t1 .fn-answer").inner_html() == before
    tab.page.click("#t1 a.fn-cite >> nth=0")
    assert tab.marked().startswith("Ukraine's air force said")
    tab.ask("And the moon?")
    tab.answer(2)
    assert tab.page.locator(".fn-turn").count() == 2
    assert not tab.faults


def test_conversations_are_listed_searched_renamed_and_deleted(visit: Open) -> None:
    tab = visit(library())
    tab.page.on("dialog", lambda dialog: dialog.accept())
    tab.ask("What happened to the bridge?")
    tab.answer(1)
    tab.page.click(".fn-new")
    tab.page.wait_for_selector("#fn-welcome")
    tab.ask("When was the moon reached?")
    tab.answer(1)
    titles = tab.page.locator(".fn-shelf-open")
    tab.page.wait_for_function("document.querySelectorAll('.fn-shelf-open').length === 2")
    assert titles.all_inner_texts() == [
        "When was the moon reached?",
        "What happened to the bridge?",
    ]
    tab.page.fill(".fn-shelf-search", "pontoon")
    tab.page.wait_for_function("document.querySelectorAll('.fn-shelf-open').length === 1")
    assert titles.all_inner_texts() == ["What happened to the bridge?"]
    tab.page.fill(".fn-shelf-search", "")
    tab.page.wait_for_function("document.querySelectorAll('.fn-shelf-open').length === 2")
    first = tab.page.locator(".fn-shelf-item").first
    first.hover()
    first.get_by_text("Rename").click()
    tab.page.fill(".fn-shelf-title", "The <b>moon</b>")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("text=The <b>moon</b>")
    tab.picture("conversations")
    last = tab.page.locator(".fn-shelf-item").last
    last.hover()
    last.get_by_text("Delete").click()
    tab.page.wait_for_function("document.querySelectorAll('.fn-shelf-open').length === 1")
    assert titles.all_inner_texts() == ["The <b>moon</b>"]
    assert not tab.faults


def test_an_answer_is_copied_with_footnotes_and_given_a_thumb(visit: Open) -> None:
    double = library()
    tab = visit(double)
    tab.page.evaluate(COPY)
    tab.ask("What happened to the bridge?")
    turn = tab.answer(1)
    turn.get_by_label("Copy as Markdown with footnotes").click()
    tab.page.wait_for_function("window.copied")
    copied = tab.page.evaluate("window.copied")
    assert "The air force destroyed a bridge over the Seim." in copied
    assert "[^1]: " in copied
    turn.get_by_label("A bad answer").click()
    turn.get_by_label("What is wrong with it?").fill("It is <i>old</i>.")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".fn-reason", state="detached")
    (rating,) = double.conversations.ratings()
    assert (rating.good, rating.reason) == (False, "It is <i>old</i>.")
    assert not tab.faults


def test_a_question_is_asked_of_some_sources(visit: Open) -> None:
    double = library()
    tab = visit(double)
    tab.page.get_by_text("All articles").click()
    tab.page.get_by_role("combobox", name="Sources").click()
    tab.page.get_by_role("option", name="<b>Wire</b>").click()
    tab.page.keyboard.press("Escape")
    tab.page.get_by_label("From", exact=True).fill("2023-08-01")
    tab.page.get_by_text("only <b>Wire</b> · only from 2023-08-01").wait_for()
    tab.picture("scope")
    tab.ask("When was the moon reached?")
    assert "only <b>Wire</b>" in tab.answer(1).inner_text()
    assert double.scopes == [Scope(("<b>Wire</b>",), since="2023-08-01")]
    assert not tab.faults

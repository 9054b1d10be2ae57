"""From a marker to the article: the tip, the reader, and the next citation; and back again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kb.answer import Citation, Verdict
from tests.browser.conftest import Visit
from tests.browser.test_access import faults
from tests.browser.test_page import BEYOND, DESTROYED, LANDED
from tests.ui.doubles import BRIDGE, MOON, ScriptedLibrary, answered, cite, hit

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

# Beyond the first 65,536 characters of Unicode, where browsers and Python count differently.
LONG = replace(
    BRIDGE,
    text="# 🌑 The Seim\n\n"
    + "🛰️ Before. " * 200
    + "\n\n## Bridges\n\n"
    + BRIDGE.text
    + " After. 🌕" * 200,
)
PHONE = {"width": 360, "height": 740}
FOCUS = "document.activeElement.textContent"
GIVEN = "document.activeElement.getAttribute('aria-describedby')"


def library(*citations: Citation) -> ScriptedLibrary:
    """Return a library that answers about the bridge with a sentence for each citation."""
    given = citations or (
        cite(1, LONG, DESTROYED),
        cite(2, LONG, "had destroyed a bridge over the river Seim near Glushkovo.\n\nRussian"),
        cite(3, LONG, BEYOND),
        cite(4, MOON, LANDED),
    )
    parts = [(f"Sentence {one.number}.", Verdict.SUPPORTED, one) for one in given]
    double = ScriptedLibrary({"bridge": ((hit(LONG, 0, 430), hit(MOON)), answered(*parts))})
    double.known["bridge"] = LONG
    return double


def asked(tab: Visit) -> None:
    """Ask, and wait for the answer."""
    tab.ask("What of the bridge?")
    tab.answer(1)


def lightly(tab: Visit) -> str:
    """Return what else the answer cites of the article that is read."""
    return "".join(tab.page.locator("#fn-panel mark:not(.fn-present)").all_text_contents())


def test_a_marker_tells_quote_title_source_and_date_and_can_be_read_at_leisure(visit: Open) -> None:
    tab = visit(library())
    asked(tab)
    marker = tab.page.locator("#t1 .fn-answer .fn-cite").nth(2)
    marker.hover()
    tip = tab.page.locator("#fn-quote")
    for told in (BEYOND, BRIDGE.title, "Example Wire", "17 August 2024"):
        assert told in tip.inner_text()
    assert tip.get_attribute("role") == "tooltip"
    assert marker.get_attribute("aria-describedby") == "fn-quote"
    tab.picture("tip")
    tip.hover()
    tab.page.wait_for_timeout(500)
    assert tip.is_visible(), "it can be pointed at"
    tab.page.keyboard.press("Escape")
    assert not tip.is_visible(), "it goes without moving the pointer"
    assert marker.get_attribute("aria-describedby") is None
    tab.page.mouse.move(2, 2)
    marker.hover()
    tip.wait_for()
    tab.page.mouse.move(2, 2)
    tip.wait_for(state="hidden")


def test_a_tip_follows_the_keyboard_and_stays_within_a_phone(visit: Open) -> None:
    text = "An " + "unusually long sentence that goes on and on " * 30 + "ends."
    article = replace(MOON, text=text, title="A title " * 60, source="\u202eecruoS")
    double = library(cite(1, BRIDGE, DESTROYED), cite(2, article, text), cite(3, BRIDGE, BEYOND))
    tab = visit(double, viewport={"width": 360, "height": 420}, color_scheme="dark")
    asked(tab)
    tip = tab.page.locator("#fn-quote")
    for number in (1, 2, 3):
        for _ in range(60):
            tab.page.keyboard.press("Shift+Tab")
            if tab.page.evaluate(FOCUS) == f"[{4 - number}]":
                break
        assert tab.page.evaluate(FOCUS) == f"[{4 - number}]"
        tip.wait_for()
        tab.page.wait_for_timeout(200)
        assert tip.is_visible(), "also once its marker has been scrolled to"
        assert tab.page.evaluate(GIVEN) == "fn-quote"
        box = tip.bounding_box()
        assert box is not None
        assert 0 < box["x"] < box["x"] + box["width"] < 360
        assert 0 <= box["y"] < box["y"] + box["height"] <= 420
        if number == 2:
            tab.picture("tip-phone")
            assert tip.locator(".fn-quoted").inner_text().endswith("…")
            assert tip.locator(".fn-byline").is_visible()
            assert faults(tab) == []
    tab.page.keyboard.press("Tab")
    assert tab.page.locator("#fn-quote").is_visible() is (tab.page.evaluate(FOCUS) == "[2]")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_click_opens_the_whole_article_and_all_that_is_cited_of_it(
    visit: Open, width: int
) -> None:
    tab = visit(library(), viewport={"width": width, "height": 740})
    asked(tab)
    tab.page.locator("#t1 .fn-answer .fn-cite").nth(1).click()
    assert tab.read() == LONG.text
    quote = "had destroyed a bridge over the river Seim near Glushkovo.\n\nRussian"
    assert tab.marked() == quote
    assert lightly(tab) == DESTROYED.partition("had destroyed")[0] + BEYOND
    for mark in tab.page.locator("#fn-panel mark.fn-present").all():
        box = mark.bounding_box()
        assert box is not None
        assert 100 < box["y"] < 700
    headings = tab.page.locator("#fn-panel .fn-text").get_by_role("heading")
    assert [one.strip() for one in headings.all_inner_texts()] == ["🌑 The Seim", "Bridges"]
    assert tab.page.locator("#fn-panel .fn-nth").inner_text() == "2 of 4"
    tab.picture(f"reader-{width}")
    assert faults(tab) == []


def test_citations_are_stepped_through_by_button_and_by_key_from_article_to_article(
    visit: Open,
) -> None:
    tab = visit(library())
    asked(tab)
    page = tab.page
    page.locator("#t1 .fn-answer .fn-cite").nth(1).focus()
    page.keyboard.press("Enter")
    tab.read()
    assert page.evaluate(FOCUS) == BRIDGE.title
    page.keyboard.press("ArrowRight")
    assert (tab.read(), tab.marked()) == (LONG.text, BEYOND)
    page.keyboard.press("ArrowRight")
    assert (tab.read(), tab.marked()) == (MOON.text, LANDED)
    assert page.evaluate(FOCUS) == MOON.title
    assert page.inner_text("#fn-panel .fn-nth") == "4 of 4"
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#fn-panel .fn-nth") == "4 of 4"
    for _ in range(3):
        page.get_by_role("button", name="Previous citation").click()
    assert (tab.read(), tab.marked()) == (LONG.text, DESTROYED)
    assert page.inner_text("#fn-panel .fn-nth") == "1 of 4"
    assert page.get_attribute(".fn-previous", "aria-disabled") == "true"
    before, after = (page.locator(f"#fn-panel .fn-{one}") for one in ("previous", "next"))
    boxes = [one.bounding_box() or {} for one in (before, after)]
    assert boxes[0]
    assert [boxes[0][key] for key in ("y", "height")] == [boxes[1][key] for key in ("y", "height")]
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS) == "[1]"
    assert page.locator("#fn-panel .fn-card").count() == 2


def test_on_a_phone_the_reader_is_a_sheet_over_the_whole_page(visit: Open) -> None:
    tab = visit(library(), viewport=PHONE)
    asked(tab)
    tab.page.locator("#t1 .fn-answer .fn-cite").first.click()
    tab.read()
    tab.page.wait_for_timeout(300)
    assert tab.page.locator("#fn-panel").bounding_box() == {"x": 0, "y": 0, **PHONE}
    for _ in range(12):
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate("!document.activeElement.matches('#fn-desk > :not(#fn-panel) *')")
    tab.page.get_by_role("button", name="Next citation").click()
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#fn-panel", state="hidden")
    assert tab.page.evaluate(FOCUS) == "[2]"
    assert tab.page.locator("[inert]").count() == 0


@pytest.mark.parametrize("reloaded", [False, True])
@pytest.mark.parametrize("gone", ["changed", "been removed"])
def test_an_article_that_is_not_what_it_was_is_quoted_as_it_was(
    visit: Open, gone: str, reloaded: bool
) -> None:
    double = library()
    tab = visit(double)
    asked(tab)
    if gone == "changed":
        text = LONG.text.replace("\n\nRussian", " Two.\n\nRussian")
        double.known["bridge"] = replace(LONG, text=text)
    else:
        del double.known["bridge"]
    if reloaded:
        tab.page.wait_for_url("**/?c=*")
        tab.page.reload()
        tab.answer(1)
    tab.page.locator("#t1 .fn-answer .fn-cite").nth(2).click()
    panel = tab.page.locator("#fn-panel")
    panel.get_by_text(f"The article has {gone} since; this is what it said.").wait_for()
    assert tab.marked() == BEYOND
    tab.page.locator("#t1 .fn-answer .fn-cite").first.click()
    if gone == "changed":
        assert (tab.read(), tab.marked()) == (text, DESTROYED)
        assert lightly(tab) == "", "no other citation is where it was"
    else:
        panel.get_by_text("The article has been removed since").wait_for()
        assert tab.marked() == DESTROYED
    tab.faults[:] = [one for one in tab.faults if "404" not in one]  # Chromium's own line of it


def test_the_article_opens_in_the_library_at_the_cited_characters(visit: Open) -> None:
    tab = visit(library())
    asked(tab)
    tab.page.locator("#t1 .fn-answer .fn-cite").nth(2).click()
    tab.read()
    link = tab.page.locator("#fn-panel").get_by_role("link", name="Open in the Library")
    tab.page.goto(f"{tab.origin}{link.get_attribute('href')}")
    mark = tab.page.locator("mark")
    assert mark.text_content() == BEYOND
    box = mark.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 700
    assert tab.page.locator(".fn-text").text_content() == LONG.text
    assert faults(tab) == []

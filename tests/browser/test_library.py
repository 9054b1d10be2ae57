"""The Library page as a visitor meets it: hand in, find, read, remove; and what a reload keeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_access import faults
from tests.conftest import OpenKB

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

NOTES = "The ferry across the Odra\n\nThe ferry has carried 900 people since June.\n"
HOSTILE = '<img src=x onerror="window.pwned=1">.txt'
DROPPED = """
([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "text/plain" }));
  return carried;
}
"""
SAID = "document.querySelector('#fn-told').textContent"


def fits(tab: Visit) -> bool:
    """Say whether nothing is cut off at the right, and nothing ran that came with an article."""
    wide = "document.documentElement.scrollWidth <= window.innerWidth"
    return bool(tab.page.evaluate(f"{wide} && window.pwned === undefined"))


@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (360, "dark")])
def test_a_file_is_handed_in_read_and_removed(
    visit: Open, open_kb: OpenKB, tmp_path: Path, width: int, scheme: str
) -> None:
    viewport = {"width": width, "height": 800}
    tab = visit(open_kb(), viewport=viewport, color_scheme=scheme)
    page = tab.page
    page.get_by_role("link", name="Library").click()
    page.get_by_role("heading", name="2 articles").wait_for()

    notes = tmp_path / "ferry notes.txt"
    notes.write_text(NOTES, "utf-8")
    page.set_input_files("#fn-files", notes)
    page.get_by_role("heading", name="3 articles").wait_for()
    page.wait_for_function(f"{SAID} === '1 file read, 0 not.'")

    dropped = page.evaluate_handle(DROPPED, [HOSTILE, "<b>Bold</b> title\n\nA text.\n"])
    page.dispatch_event("#fn-drop", "drop", {"dataTransfer": dropped})
    page.get_by_role("heading", name="4 articles").wait_for()
    page.wait_for_function(f"{SAID} === '1 file read, 0 not.'")
    unreadable = page.evaluate_handle(DROPPED, ["ferry.exe", "MZ"])
    page.dispatch_event("#fn-drop", "drop", {"dataTransfer": unreadable})
    page.get_by_text("no reader for").wait_for()
    tab.faults[:] = [one for one in tab.faults if "422" not in one]  # Chromium's own line of it
    assert fits(tab)
    assert faults(tab) == []
    tab.picture(f"library-{width}")

    page.locator("#fn-articles").get_by_role("link", name="The ferry across").click()
    assert "carried 900 people" in page.inner_text(".fn-text")
    assert fits(tab)
    assert faults(tab) == []
    tab.picture(f"library-article-{width}")
    page.go_back()

    name = "Remove: The ferry across the Odra"
    for answer, left in (("Escape", 4), ("Tab Enter", 3)):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="Remove this article?").wait_for()
        assert page.evaluate("document.activeElement.textContent") == "Keep it"
        for key in answer.split():
            page.keyboard.press(key)
        page.get_by_role("heading", name=f"{left} articles").wait_for()
    page.wait_for_function(f"{SAID} === 'Removed: The ferry across the Odra'")
    assert page.evaluate("document.activeElement.id") == "fn-list-h"
    assert page.locator("#fn-articles").get_by_text("ferry across").count() == 0


def test_what_became_of_an_address_is_there_after_a_reload(visit: Open, open_kb: OpenKB) -> None:
    tab = visit(open_kb())
    page = tab.page
    page.goto(f"{tab.origin}/library")
    page.get_by_label("Address of a page").fill("http://127.0.0.1:1/feed.xml")
    page.keyboard.press("Enter")
    told = page.locator("#fn-syncs li")
    told.get_by_text("failed").wait_for()
    reason = told.locator("p").inner_text()
    assert "127.0.0.1" in reason
    page.reload()
    told.get_by_text(reason).wait_for()
    assert told.count() == 1


def test_the_status_page_can_be_used_by_everybody(visit: Open, open_kb: OpenKB) -> None:
    kb = open_kb()
    for scheme, width in (("light", 1200), ("dark", 360)):
        tab = visit(kb, viewport={"width": width, "height": 800}, color_scheme=scheme)
        tab.page.get_by_role("link", name="Status").click()
        tab.page.get_by_role("heading", name="What the doctor says").wait_for()
        assert fits(tab)
        assert faults(tab) == []
        tab.picture(f"status-{width}")

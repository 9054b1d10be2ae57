"""Bringing articles in on the Library page: several files, a sync at work, the keyboard alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb import Progress, Skipped, SyncReport
from tests.browser.conftest import PATIENCE, Visit
from tests.browser.test_access import faults
from tests.browser.test_library import fits
from tests.conftest import OpenKB

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

SEVERAL = """
(files) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  return carried;
}
"""
HOSTILE = '<img src=x onerror="window.pwned=1">'
_TABS = 60


class SlowSync:
    """In the place of ``KnowledgeBase.sync``: is at two fifths until it is stopped or let go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __call__(
        self, *_: str, progress: Callable[[Progress], None], stop: Callable[[], bool], **__: Any
    ) -> SyncReport:
        progress(Progress(0.4, f"news/{HOSTILE}.md", 2, 5, 1.0))
        while not stop() and not self.go_on.wait(0.02):
            pass
        skipped = tuple(
            Skipped(f"{HOSTILE}-{number}.pdf", f"it is only pictures {HOSTILE}")
            for number in range(250)
        )
        return SyncReport(("a",), (), (), (), 3, skipped, 9, 1.0, stopped=stop())


def said(tab: Visit, words: str) -> None:
    """Wait until the page says so to a screen reader."""
    tab.page.locator("#fn-told", has_text=words).wait_for(state="attached", timeout=3 * PATIENCE)


def begin(tab: Visit) -> None:
    """Let the Library page read an address, and wait until it is at two fifths."""
    tab.page.goto(f"{tab.origin}/library")
    tab.page.get_by_label("Address of a page").fill("https://example.org/feed.xml")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#fn-syncs li").get_by_text("40 %, 2 articles").wait_for()


def test_a_sync_survives_a_reload_and_can_be_stopped(
    visit: Open, open_kb: OpenKB, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb = open_kb()
    monkeypatch.setattr(kb, "sync", SlowSync())
    tab = visit(kb)
    begin(tab)
    tab.page.reload()
    told = tab.page.locator("#fn-syncs li")
    told.get_by_text("40 %, 2 articles").wait_for()
    assert told.count() == 1
    assert told.locator("progress").evaluate("bar => bar.value") == pytest.approx(0.4)
    assert faults(tab) == []
    tab.page.get_by_role("button", name="Stop https://example.org/feed.xml").click()
    told.get_by_text("stopped, the next one goes on").wait_for()
    assert told.locator("progress, button").count() == 0
    said(tab, "1 added, 0 updated, 3 kept, 250 skipped; stopped, the next one goes on")


def test_what_was_skipped_is_listed_as_text(
    visit: Open, open_kb: OpenKB, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb, slow = open_kb(), SlowSync()
    monkeypatch.setattr(kb, "sync", slow)
    tab = visit(kb)
    begin(tab)
    slow.go_on.set()
    told = tab.page.locator("#fn-syncs li").first
    told.get_by_text("1 added, 0 updated, 3 kept, 250 skipped").wait_for()
    for _ in range(2):
        tab.page.get_by_text("What was skipped (250)").click()
        items = told.locator("details li")
        assert items.count() == 201
        assert items.first.inner_text() == f"{HOSTILE}-0.pdf: it is only pictures {HOSTILE}"
        assert items.last.inner_text() == "and 50 more"
        assert told.locator("img").count() == 0
        assert fits(tab)
        tab.page.reload()
        told.get_by_text("250 skipped", exact=False).first.wait_for()


def test_of_several_files_a_bad_one_stops_no_other(visit: Open, open_kb: OpenKB) -> None:
    tab = visit(open_kb())
    page = tab.page
    page.goto(f"{tab.origin}/library")
    files = [
        ["ferry.txt", "The ferry\n\nIt has carried 900 people since June.\n"],
        [f"{HOSTILE}.exe", "MZ"],
        ["dam.txt", "The dam\n\nIt was finished in May.\n"],
    ]
    dropped = page.evaluate_handle(SEVERAL, files)
    page.dispatch_event("#fn-drop", "drop", {"dataTransfer": dropped})
    said(tab, "2 files read, 1 not.")
    page.get_by_role("heading", name="4 articles").wait_for()
    handed = page.locator("#fn-handed > li")
    states = [handed.nth(n).locator("> .fn-state").inner_text() for n in range(3)]
    assert sorted(states) == ["1 article", "1 article", "not read"]
    assert handed.filter(has_text="not read").locator("bdi").inner_text() == f"{HOSTILE}.exe"
    assert handed.get_by_text("no reader for").count() == 1
    tab.faults[:] = [one for one in tab.faults if "422" not in one]  # Chromium's own line of it
    assert fits(tab)


def tab_to(tab: Visit, selector: str) -> None:
    """Press Tab until what is meant has the focus, visibly."""
    for _ in range(_TABS):
        if tab.page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert tab.page.evaluate(outline) != "none"
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with Tab")


def test_the_keyboard_alone_is_enough(visit: Open, open_kb: OpenKB, tmp_path: Path) -> None:
    kb = open_kb()
    kb.put_article("..", title="Two dots", text="An article whose id is two dots.")
    tab = visit(kb)
    page = tab.page
    page.on("filechooser", lambda _: None)  # now: it takes a while until one is heeded
    page.goto(f"{tab.origin}/library")
    notes = tmp_path / "notes.txt"
    notes.write_text("Notes\n\nA text of notes.\n", "utf-8")
    tab_to(tab, "#fn-choose")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(notes)
    page.get_by_role("heading", name="4 articles").wait_for()
    tab_to(tab, "input[name=text]")
    page.keyboard.type("two dots")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 article that fits").wait_for()
    tab_to(tab, "#fn-articles tbody a")
    page.keyboard.press("Enter")
    page.get_by_text("An article whose id is two dots.").wait_for()
    tab_to(tab, "button.fn-remove")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="3 articles").wait_for()
    tab_to(tab, "a[href='/library/removed']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Removed").wait_for()
    tab_to(tab, "button.fn-readmit")
    assert faults(tab) == []
    page.keyboard.press("Enter")
    page.get_by_text("No article was removed by hand.").wait_for()
    said(tab, "Comes back with the next sync: ")
    assert kb.excluded() == {}

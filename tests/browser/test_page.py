"""The page as a visitor meets it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb import Chip, Scope, Verdict, open_knowledge_base
from kb.errors import ModelError
from tests.browser.conftest import Visit, open_tab, served
from tests.ui.doubles import (
    BRIDGE,
    HOSTILE,
    MOON,
    QUAKE,
    ScriptedLibrary,
    Status,
    answered,
    cite,
    hit,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

DESTROYED = (
    "Ukraine's air force said on Friday that it had destroyed a bridge over the river Seim near "
    "Glushkovo."
)
BEYOND = "about 30 settlements lay beyond the river"
NO_FIGURE = "It gave no figure for the number of people who had crossed."
LANDED = "The lander Vikram touched down on 23 August 2023 at 18:04 Indian time."
CHIPS = (
    Chip("source", "<i>Example</i> Wire", "from: <i>Example</i> Wire", 0, 3),
    Chip("date", "2024-08-17/2024-08-17", "on: 17 Aug 2024", 4, 7),
)
EXAMPLES = ["What happened to the bridge?", "When was the moon reached?"]


def library(pause: float = 0.05, **more: object) -> ScriptedLibrary:
    good, part = Verdict.SUPPORTED, Verdict.PARTIAL
    bridge = answered(
        ("The air force destroyed a bridge over the Seim.", good, cite(1, BRIDGE, DESTROYED)),
        ("About 30 settlements lie beyond the river.", part, cite(2, BRIDGE, BEYOND)),
        ("Nobody counted those who crossed by pontoon.", good, cite(3, BRIDGE, NO_FIGURE)),
        ("The bridge was built in 1952.", Verdict.UNSUPPORTED, None),
    )
    moon = replace(
        answered(("India landed on 23 August 2023.", good, cite(1, MOON, LANDED))),
        standalone="When did India land on the moon?",
        notes=("the model's file is missing: answers are quotes",),
    )
    hostile = answered((HOSTILE.text, good, cite(1, HOSTILE, HOSTILE.text[22:-21])))
    return ScriptedLibrary(
        {
            "bridge": ((hit(BRIDGE, 0, 430), hit(QUAKE), hit(MOON)), bridge),
            "moon": ((hit(MOON), hit(QUAKE)), moon),
            "hostile": ((hit(HOSTILE),), replace(hostile, standalone=HOSTILE.text)),
        },
        pause,
        **more,  # type: ignore[arg-type]
    )


def test_an_answer_and_its_source(visit: Open) -> None:
    tab = visit(library(pause=0.3), examples=EXAMPLES)
    tab.picture("welcome")
    tab.ask("What happened to the bridge?")
    tab.page.wait_for_selector("#fn-panel .fn-card >> nth=2")
    assert tab.page.locator(".fn-colophon").count() == 0
    card = tab.page.locator("#fn-panel .fn-card").first.inner_text()
    assert BRIDGE.title in card
    assert "Example Wire" in card
    assert "17 August 2024" in card
    turn = tab.answer(1)
    assert turn.locator(".fn-answer").inner_text().endswith("[3]")
    assert tab.page.input_value("#fn-box textarea") == ""
    turn.locator(".fn-answer .fn-cite").nth(1).click()
    assert tab.marked() == BEYOND
    for shown in (BRIDGE.title, "Example Wire", "17 August 2024", "A. Reporter", BRIDGE.uri):
        assert shown in tab.panel()
    assert "[…]" not in tab.panel().partition(BEYOND)[0]
    assert "1 sentence was not supported" in turn.inner_text()
    assert "1952" not in turn.locator(".fn-answer").inner_text()
    assert "scripted:double · 2.9 s" in turn.inner_text()
    tab.picture("answer")


def test_the_quote_is_scrolled_into_view_and_shown_on_hover(visit: Open) -> None:
    article = replace(BRIDGE, text=f"{'Filler. ' * 60}\n\n{'Filler. ' * 60}{BRIDGE.text}")
    double = ScriptedLibrary(
        {"x": ((), answered(("Yes.", Verdict.SUPPORTED, cite(1, article, NO_FIGURE))))}
    )
    double.known["bridge"] = article
    tab = visit(double, viewport={"width": 1000, "height": 420})
    tab.ask("x")
    marker = tab.answer(1).locator(".fn-cite")
    marker.hover()
    assert NO_FIGURE in tab.page.inner_text("#fn-quote")
    marker.click()
    assert tab.read() == article.text
    mark = tab.page.locator("#fn-panel mark").bounding_box()
    assert mark is not None
    assert 50 < mark["y"] < 400


def test_the_keyboard_alone_is_enough(visit: Open) -> None:
    tab = visit(library())
    tab.page.focus("#fn-box textarea")
    tab.page.keyboard.type("the bridge?")
    tab.page.keyboard.press("Enter")
    tab.answer(1)
    for _ in range(30):
        tab.page.keyboard.press("Shift+Tab")
        if tab.page.evaluate("document.activeElement.textContent") == "[3]":
            break
    assert NO_FIGURE in tab.page.inner_text("#fn-quote")
    tab.page.keyboard.press("Enter")
    assert tab.marked() == NO_FIGURE
    assert tab.page.evaluate("document.activeElement.textContent") == BRIDGE.title
    tab.page.keyboard.press("Escape")
    assert tab.page.evaluate("document.activeElement.textContent") == "[3]"


def test_a_refusal_cites_nothing(visit: Open) -> None:
    tab = visit(library())
    tab.ask("Who lives in Ostrava?")
    turn = tab.answer(1)
    assert turn.locator(".fn-refusal").inner_text() == "The articles do not say."
    assert turn.locator(".fn-cite, .fn-footnotes li").count() == 0
    turn.locator(".fn-nearest a").click()
    assert "magnitude 7.8" in tab.panel()


def test_a_marker_keeps_its_source_after_later_turns(visit: Open) -> None:
    double = library()
    tab = visit(double)
    tab.ask("the bridge?")
    tab.answer(1)
    tab.ask("and the moon?")
    second = tab.answer(2)
    assert "understood as: When did India land on the moon?" in second.inner_text()
    assert "answers are quotes" in second.inner_text()
    tab.page.locator("#t1 .fn-answer .fn-cite").first.click()
    assert tab.marked() == DESTROYED
    tab.page.locator("#t2 .fn-answer .fn-cite").first.click()
    assert tab.marked() == LANDED
    tab.ask("Who lives in Ostrava?")
    tab.answer(3)
    tab.page.locator("#t1 .fn-footnotes a").nth(1).click()
    assert tab.marked() == BEYOND
    tab.page.locator("#t2 .fn-found a").click()
    assert tab.page.locator("#fn-panel .fn-card").count() == 2
    assert [earlier for _, earlier in double.asked] == [0, 1, 2]


def test_an_example_can_be_asked_and_the_conversation_begun_anew(visit: Open) -> None:
    tab = visit(library(), examples=EXAMPLES)
    tab.page.get_by_role("button", name=EXAMPLES[1]).click()
    tab.answer(1)
    assert not tab.page.get_by_role("button", name=EXAMPLES[0]).is_visible()
    tab.page.get_by_role("link", name="New conversation").click()
    tab.page.get_by_role("button", name=EXAMPLES[0]).wait_for()
    assert tab.page.locator(".fn-turn").count() == 0
    assert tab.page.locator("#fn-panel .fn-card").count() == 0
    tab.ask("the bridge?")
    assert "The air force" in tab.answer(1).inner_text()


def test_what_is_suggested_is_asked_in_a_click_or_by_a_key(visit: Open) -> None:
    double = library(next=("And <b>the moon</b>?", "Which bridge is next?"))
    tab = visit(double)
    tab.ask("the bridge?")
    tab.answer(1)
    next = tab.page.get_by_role("group", name="What to ask next").get_by_role("button")
    next.nth(1).wait_for()
    assert next.all_inner_texts() == list(double.next)
    tab.picture("suggestions")
    next.first.click()
    assert "India landed" in tab.answer(2).inner_text()
    next.nth(1).wait_for()
    assert next.count() == 2, "only the newest answer has them"
    next.nth(1).press("Enter")
    tab.answer(3)
    assert tab.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert [question for question, _ in double.asked] == ["the bridge?", *double.next]
    next.nth(1).wait_for()
    tab.page.reload()
    next.nth(1).wait_for()
    tab.page.get_by_role("link", name="New conversation").click()
    tab.page.get_by_role("heading", name="What do the articles say?").wait_for()
    assert next.count() == 0


def test_a_model_and_a_collection_are_chosen_and_kept_for_the_tab(visit: Open) -> None:
    double = library()
    tab = visit(double)
    tab.page.get_by_text("All articles").click()
    tab.page.get_by_label("Answered by").click()
    options = tab.page.get_by_role("option").all_inner_texts()
    assert [one.strip(" ✓\n") for one in options] == [
        "scripted:double: a list",
        "quotes: no model: <b>quotes</b>",
    ]
    tab.picture("models")
    tab.page.get_by_role("option", name="quotes").click()
    tab.page.get_by_text("All articles · by quotes").wait_for()
    tab.page.get_by_label("Collections").click()
    tab.page.get_by_role("option", name="news/<b>x</b>").click()
    tab.page.get_by_text("only news/<b>x</b> · by quotes").wait_for()
    tab.page.keyboard.press("Escape")
    tab.picture("collections")
    tab.ask("the bridge?")
    chips = tab.answer(1).locator(".fn-chip").all_inner_texts()
    assert chips == ["only news/<b>x</b>"]
    assert double.scopes == [Scope(collections=("news/<b>x</b>",))]
    tab.ask("the moon?")
    tab.answer(2)
    assert double.models_asked == ["quotes", "quotes"]


def test_a_chip_is_pressed_to_ask_again_without_it_and_with_it(visit: Open) -> None:
    double = library(chips=CHIPS)
    tab = visit(double)
    tab.ask("the moon?")
    tab.answer(1)
    tab.ask("and the bridge?")
    turn = tab.answer(2)
    assert tab.page.locator("#t1 button.fn-chip").count() == 0, "only the newest can be asked again"
    source, day = (tab.page.get_by_role("button", name=chip.label) for chip in CHIPS)
    assert turn.locator("button.fn-chip").all_inner_texts() == [chip.label for chip in CHIPS]
    tab.picture("chips")
    turn.locator(".fn-answer .fn-cite").first.click()
    source.click()
    tab.page.wait_for_selector("#t2 button.fn-chip[aria-pressed=false]")
    assert double.scopes[2:] == [Scope(without=(CHIPS[0].label,))]
    assert tab.page.locator("#fn-panel .fn-card").count() == 3, "its own passages are shown"
    tab.picture("chip-taken-back")
    day.press("Enter")
    tab.page.wait_for_selector("#t2 button.fn-chip[aria-pressed=false] >> nth=1")
    assert double.scopes[3:] == [Scope(without=(CHIPS[0].label, CHIPS[1].label))]
    focused = "document.activeElement.dataset.chip"
    tab.page.wait_for_function(f"{focused} === {CHIPS[1].label!r}")
    source.click()
    tab.page.wait_for_selector("#t2 button.fn-chip[aria-pressed=true]")
    assert double.scopes[4:] == [Scope(without=(CHIPS[1].label,))]
    assert double.asked == [("the moon?", 0)] + [("and the bridge?", 1)] * 4
    assert tab.page.locator(".fn-turn").count() == 2
    tab.ask("the moon?")
    tab.answer(3)
    assert double.asked[-1] == ("the moon?", 2)
    assert double.scopes[-1] == Scope()


def test_stop_really_stops(visit: Open) -> None:
    double = library(pause=1.5)
    tab = visit(double)
    tab.ask("the bridge?")
    tab.page.wait_for_selector("text=The air force destroyed")
    tab.page.get_by_role("button", name="Stop").click()
    tab.page.wait_for_selector("text=Stopped.")
    assert double.closed.wait(30)
    assert "About 30" not in tab.page.inner_text("#t1")
    double.pause = 0
    tab.ask("the moon?")
    assert "India landed" in tab.answer(2).inner_text()
    assert double.asked[-1] == ("the moon?", 0)


def test_closing_the_tab_stops_too(visit: Open) -> None:
    double = library(pause=1.0)
    tab = visit(double)
    tab.ask("the bridge?")
    tab.page.wait_for_selector(".fn-found")
    tab.page.close()
    assert double.closed.wait(30)


def test_errors_are_a_line(visit: Open) -> None:
    tab = visit(library(failure=ModelError("the model <b>broke</b>", "mend it")))
    tab.ask("the bridge?")
    tab.page.wait_for_selector("text=the model <b>broke</b>. mend it.")
    assert "Traceback" not in tab.page.content()


def test_hostile_text_stays_text(visit: Open) -> None:
    tab = visit(library(), examples=[HOSTILE.text])
    tab.ask(f"hostile {HOSTILE.text}")
    turn = tab.answer(1)
    tab.page.wait_for_timeout(300)
    turn.locator(".fn-answer .fn-cite").click()
    assert tab.marked() == HOSTILE.text[22:-21]
    assert HOSTILE.title in tab.panel()
    assert "javascript:window.pwned=1" in tab.panel()
    assert tab.page.evaluate("window.pwned") is None
    inside = tab.page.locator("#fn-page").locator("script, img, iframe, style, [onerror]")
    assert inside.count() == 0
    own = "#fn-conversation a, #fn-panel a"
    links = tab.page.eval_on_selector_all(own, "all => all.map(a => a.href)")
    ours = (f"{tab.origin}/#t1-", f"{tab.origin}/library/article?id=hostile")
    assert [link for link in links if not link.startswith(ours)] == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_policy_stops_what_escaping_would_have_missed(visit: Open) -> None:
    tab = visit(library())
    tab.page.evaluate(
        """() => {
            const node = document.createElement("div");
            node.innerHTML = '<img src="https://evil.example/x.png" onerror="window.pwned=1">';
            document.body.append(node);
        }"""
    )
    tab.page.wait_for_timeout(300)
    assert tab.page.evaluate("window.pwned") is None
    assert len(tab.faults) == 2
    assert all("Content Security Policy" in fault for fault in tab.faults)
    tab.faults.clear()
    # Playwright tells of the image although the policy kept it in.
    tab.requests.remove("https://evil.example/x.png")


def test_a_phone_has_no_sideways_scroll(visit: Open) -> None:
    tab = visit(library(), examples=EXAMPLES, viewport={"width": 360, "height": 740})
    for question, turn in (("hostile", 1), ("the bridge?", 2)):
        tab.ask(question)
        tab.answer(turn).locator(".fn-answer .fn-cite").first.click()
        tab.page.wait_for_selector("#fn-panel.fn-shown mark")
        tab.page.wait_for_timeout(300)
        tab.picture(f"phone-{turn}")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360
        for part in ("#fn-scroll", "#fn-panel .fn-panel-body"):
            assert tab.page.eval_on_selector(part, "n => n.scrollWidth - n.clientWidth") <= 0
        tab.page.get_by_role("button", name="Close the sources").click()
        tab.page.wait_for_selector("#fn-panel", state="hidden")


def test_two_tabs_do_not_mix(visit: Open) -> None:
    double = library(pause=0.4)
    first = visit(double)
    second = visit(origin=first.origin)
    first.ask("the bridge?")
    second.ask("the moon?")
    assert "The air force" in first.answer(1).inner_text()
    assert "India landed" in second.answer(1).inner_text()
    assert first.page.locator(".fn-turn").count() == 1
    first.ask("and the moon?")
    first.answer(2)
    assert second.page.locator(".fn-turn").count() == 1
    assert double.asked[-1] == ("and the moon?", 1)


def test_the_page_is_up_while_models_load(visit: Open) -> None:
    double = library(shown=Status(notes=("no model: answers are <quotes>",)))
    tab = visit(double, warm=True)
    assert "loading the models" in tab.page.inner_text(".fn-status")
    assert tab.page.inner_text("#fn-masthead .fn-notice") == "no model: answers are <quotes>"
    double.warmth.set()
    tab.page.wait_for_selector(".fn-status[data-state=ready]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(visit: Open, scheme: str) -> None:
    tab = visit(library(), color_scheme=scheme)
    ink, paper = tab.page.evaluate(
        """() => ["color", "backgroundColor"].map(
            (name) => getComputedStyle(document.querySelector(
                name === "color" ? "#fn-page" : "body"))[name].match(/\\d+/g).map(Number)[0])"""
    )
    assert (ink < 60 < 200 < paper) if scheme == "light" else (paper < 60 < 200 < ink)
    tab.ask("the bridge?")
    tab.answer(1).locator(".fn-answer .fn-cite").first.click()
    tab.marked()
    tab.picture(scheme)


def test_an_empty_home_explains_itself_and_offers_the_sample(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        open_knowledge_base(tmp_path / "kb", model="quotes", embedder="hashing") as kb,
        served(kb) as origin,
    ):
        tab = open_tab(browser, origin)
        tab.page.get_by_text("There are no articles here yet.").wait_for()
        tab.picture("first-visit")
        tab.page.get_by_role("button", name="Read the sample articles").click()
        tab.page.get_by_text("48 articles").wait_for(timeout=60_000)
        assert not tab.page.get_by_text("There are no articles here yet.").is_visible()
        tab.ask("When did Luna-25 crash?")
        assert "Luna" in tab.answer(1).inner_text()
        assert not tab.faults

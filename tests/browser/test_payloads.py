"""Hostile text in every place that shows text: nothing runs, nothing leaves, nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from index.article import Article
from index.understand import Chip
from kb.answer import Answer, Citation, Conflict, Kind, Sentence, Verdict
from kb.errors import KBError
from tests.browser.conftest import Visit
from tests.browser.payloads import PAYLOADS
from tests.ui.doubles import ScriptedLibrary, hit, refused
from tests.ui.test_render import seen

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

OURS = """() => [...document.querySelectorAll("#fn-page *")].filter((node) =>
  ["SCRIPT","IFRAME","OBJECT","EMBED","LINK","META","BASE","STYLE","IMG","VIDEO","AUDIO","MATH",
   "MARQUEE","TEMPLATE"].includes(node.tagName)
  || [...node.attributes].some((one) => one.name.startsWith("on"))
  || (node.tagName === "A" && !["http:", "https:"].includes(new URL(node.href).protocol))
).map((node) => node.outerHTML.slice(0, 200))"""


def article(payload: str, number: int) -> Article:
    return Article(
        f"p{number}",
        payload or "p",
        payload,
        f"It is said: {payload}. So much for that.",
        payload,
        payload,
        payload,
        payload,
    )


def told(payload: str, number: int) -> Answer:
    """Return an answer with a payload in every field that is shown."""
    cited = article(payload, number)
    text = f"He said {payload} there."
    other = replace(cited, id=f"q{number}")
    return Answer(
        question=payload,
        standalone=f"{payload} indeed?",
        text=f"{text} [1] [2]",
        short=payload,
        model=payload,
        sentences=(
            Sentence(text, (1, 2), Verdict.PARTIAL, 0.5),
            Sentence(payload, (), Verdict.UNSUPPORTED, 0.0),
        ),
        citations=(
            Citation(1, cited, "p", 12, 12 + len(payload), 0.5),
            Citation(2, other, "p", 0, 5, 0.5),
        ),
        conflicts=(Conflict(Kind.FIGURES, 1, 2, False, f"{payload} [1]; {payload} [2]"),),
        notes=(payload,),
    )


def held(tab: Visit) -> None:
    """Hold a page to have taken no text for more than that."""
    assert tab.page.evaluate("window.pwned") is None
    assert tab.page.evaluate(OURS) == []
    strangers = [one for one in tab.requests if not one.startswith((tab.origin, "data:"))]
    assert strangers == []
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert tab.page.title() == "Footnoted"
    assert not tab.faults


@pytest.mark.timeout(280)
@pytest.mark.parametrize("width", [1280, 360])
def test_stored_conversations_show_every_payload_as_text(visit: Open, width: int) -> None:
    assert len(PAYLOADS) >= 60
    double = ScriptedLibrary()
    answers = [told(payload, number) for number, payload in enumerate(PAYLOADS)]
    for one in answers:
        for citation in one.citations:
            double.known[citation.article.id] = citation.article
    entry = double.conversations.create(*answers)
    for payload in PAYLOADS:
        double.conversations.create(title=payload or "x")
    tab = visit(double, viewport={"width": width, "height": 800})
    tab.page.goto(f"{tab.origin}/?c={entry.id}")
    tab.page.wait_for_selector(f"#t{len(PAYLOADS)} .fn-colophon")
    tab.page.wait_for_function("document.querySelectorAll('.fn-shelf-open').length > 60")
    for number, answer in enumerate(answers, 1):
        quoted = tab.page.locator(f"#t{number} a.fn-cite").first
        quoted.dispatch_event("mouseover")
        assert quoted.get_attribute("aria-describedby") == "fn-quote"
        box = tab.page.locator("#fn-quote").bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        quoted.dispatch_event("click")
        assert tab.read() == seen(answer.citations[0].article.text)
        assert tab.marked() == seen(answer.citations[0].quote)
    tab.page.locator("button.fn-edit").dispatch_event("click")
    assert tab.page.locator(".fn-edit-box").input_value() == PAYLOADS[-1]
    tab.page.wait_for_timeout(300)
    held(tab)


def test_payloads_that_stream_in_are_text(visit: Open) -> None:
    everything = " ".join(one for one in PAYLOADS if len(one) < 400).replace("\n", " ")
    cited = article(everything, 0)
    text = f"He said {everything} there."
    answer = Answer(
        question="p",
        text=f"{text} [1]",
        model="m",
        sentences=(Sentence(text, (1,), Verdict.SUPPORTED, 1.0),),
        citations=(Citation(1, cited, "p", 12, 12 + len(everything), 0.5),),
    )
    double = ScriptedLibrary(
        {"asked": ((hit(cited),), answer), "refused": ((hit(cited),), refused(everything))},
        pause=0.2,
        chips=(Chip("source", everything, everything, 0, 1),),
        next=PAYLOADS,
    )
    double.known["p0"] = cited
    tab = visit(double, examples=[everything])
    tab.ask(f"asked {everything}")
    tab.answer(1)
    tab.page.click("#t1 a.fn-cite")
    assert tab.read() == seen(cited.text)
    tab.page.wait_for_selector("#fn-next button")
    assert tab.page.locator("#fn-next button").count() == len(PAYLOADS)
    held(tab)
    tab.ask("refused")
    tab.answer(2)
    double.failure = KBError(everything)
    tab.page.click("button.fn-edit")
    tab.page.fill(".fn-edit-box", f"asked {everything}")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".fn-unanswered")
    held(tab)

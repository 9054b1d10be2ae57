"""Answers as HTML: what is shown, and that nothing anyone writes becomes markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.understand import Chip
from kb.answer import Answer, Citation, Kept, Refusal, Sentence, Verdict
from tests.ui.doubles import BRIDGE, HOSTILE, MOON, answered, cite, hit, refused
from ui import render

TAGS = {
    "bdi",
    "form",
    "a", "article", "aside", "blockquote", "button", "details", "div", "h1", "h2", "header", "li",
    "mark", "nav", "ol", "p", "section", "span", "strong", "summary", "time", "ul",
}  # fmt: skip
PAGES = {"/", "/library", "/status"}
ATTRIBUTES = {
    "action",
    "aria-current",
    "method",
    "data-cited",
    "data-kept",
    "data-tool",
    "data-whole",
    "aria-label", "aria-live", "aria-pressed", "class", "data-chip", "data-list", "data-open",
    "data-pressed", "data-quote", "data-state", "data-without", "dir", "hidden", "href", "id",
    "rel", "role", "tabindex", "target", "title", "type",
}  # fmt: skip


class Tree(HTMLParser):
    """The elements of a piece of HTML, each with its own text, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[int] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(len(self.elements))
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for index in self.open:
            self.texts[index] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def text(self, **wanted: str) -> str:
        """The text of the one element with these attributes (``class_`` for class)."""
        return self.texts[self.find(**wanted)]

    def find(self, **wanted: str) -> int:
        found = [
            index
            for index, (tag, attrs) in enumerate(self.elements)
            if all(
                value == (tag if key == "tag" else attrs.get(key.rstrip("_")))
                for key, value in wanted.items()
            )
        ]
        assert len(found) == 1, (wanted, found)
        return found[0]


def seen(text: str) -> str:
    """What a browser can show of a text."""
    return text.replace("\0", "�").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


anything = st.one_of(
    st.text(st.characters(codec=None), min_size=1, max_size=60),
    st.sampled_from(
        ["<script>x</script>", '" onclick="x', "'><img src=x onerror=y>", "]]>", "<!--"]
    ),
)


leaves = st.sampled_from([(), (0,), (0, 1, 9)])


@st.composite
def hostile_articles(draw: st.DrawFn) -> Article:
    maybe = st.none() | anything
    return Article(
        id=draw(anything), uri=draw(anything), title=draw(anything), text=draw(anything),
        source=draw(maybe), author=draw(maybe), published_at=draw(maybe),
        url=draw(maybe | st.builds("https://{}".format, anything)), pages=draw(leaves),
    )  # fmt: skip


@settings(deadline=None)
@given(hostile_articles(), anything, anything, anything, st.sampled_from(Verdict), st.data())
def test_no_text_becomes_markup(
    article: Article, question: str, words: str, note: str, verdict: Verdict, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, len(article.text)))
    answer = Answer(
        question=question,
        standalone=note,
        text=words,
        model=note,
        sentences=(Sentence(words, (1, 7), verdict, 0.5), Sentence(words, (1,), verdict, 0.5)),
        citations=(Citation(1, article, note, start, end, 0.5),),
        notes=(note,),
    )
    hits = (hit(article),)
    chips = (Chip("source", words, words, 0, 1),)
    for html in (
        render.turn(3, question, hits=hits, answer=answer),
        render.turn(3, question, hits=hits, draft=words, waiting=note, problem=note),
        render.turn(3, question, chips=chips, without=(note,), again=True),
        render.turn(3, question, chips=chips, without=(note,)),
        render.turn(3, question, hits=hits, answer=replace(refused(words), notes=(note,))),
        render.masthead(articles=1, model=words, busy=True, notes=(note,), user=words),
        render.unanswered(note, words),
    ):
        tree = Tree(html)
        for tag, attributes in tree.elements:
            assert tag in TAGS
            assert set(attributes) <= ATTRIBUTES
            target = attributes.get("href") or "#"
            safe = ("https://", "http://", "#", "/library/article?")
            assert target.startswith(safe) or target in PAGES
    marked = Tree(render.turn(3, question, answer=answer))
    assert marked.text(tag="mark") == seen(article.text[start:end])


def test_only_the_quote_is_marked_wherever_its_words_stand() -> None:
    text = "He said so. " * 400
    start = text.index("He said so.", 2000)
    citation = Citation(1, replace(BRIDGE, text=text), "p", start, start + 11, 0.9)
    html = render.turn(1, "q", answer=answered(("He did.", Verdict.SUPPORTED, citation)))
    tree = Tree(html)
    assert tree.text(tag="mark") == "He said so."
    around = tree.text(class_="fn-text fn-cut-before fn-cut-after")
    assert around in text
    assert len(around) < 2000
    mark = '<mark class="fn-present">'
    assert html.partition(mark)[0].endswith(text[start - 800 : start])
    assert html.partition("</mark>")[2].startswith(text[start + 11 : start + 800])


@pytest.mark.parametrize("text", ["one\r\ntwo", "a\rb", " lead", "tail\n"])
def test_a_quote_keeps_its_white_space(text: str) -> None:
    citation = Citation(1, replace(MOON, text=text), "p", 0, len(text), 0.9)
    html = render.turn(1, "q", answer=answered(("Yes.", Verdict.SUPPORTED, citation)))
    assert Tree(html).text(tag="mark") == text
    assert "\r" not in html


def test_headings_are_set_as_headings_around_a_quote_and_left_out_of_excerpts() -> None:
    text = "## One <b>\n\nFirst. He said so.\n\n# Two\n\nLast."
    article = replace(MOON, text=text)
    citation = cite(1, article, "He said so.\n\n# Two")
    answer = answered(("He did.", Verdict.SUPPORTED, citation))
    tree = Tree(render.turn(1, "q", hits=(hit(article),), answer=answer))
    assert tree.text(tag="mark") == "He said so.\n\n# Two"
    assert tree.text(class_="fn-excerpt") == "First. He said so. Last."
    assert "One <b>\n\nFirst." in tree.text(id="t1-c1")
    assert "## One" not in tree.text(id="t1-c1")


def test_markers_lead_to_their_own_turn() -> None:
    answer = answered(("It landed.", Verdict.SUPPORTED, cite(1, MOON, "The lander Vikram")))
    tree = Tree(render.turn(2, "q", answer=answer))
    index = tree.find(class_="fn-cite")
    assert tree.elements[index][1]["href"] == "#t2-c1"
    assert tree.texts[index] == "[1]"
    assert "The lander Vikram" in tree.text(id="t2-c1")
    assert "24 August 2023" in tree.text(id="t2-c1")
    assert "Sample Gazette" in tree.text(id="t2-c1")


def test_a_page_is_told_where_the_article_has_pages() -> None:
    paged = replace(MOON, pages=(0, MOON.text.index("The lander")))
    citation = cite(1, paged, "The lander Vikram")
    answer = answered(("It landed.", Verdict.SUPPORTED, citation))
    tree = Tree(render.turn(1, "q", hits=(hit(paged),), answer=answer))
    assert "p. 2" in tree.text(class_="fn-footnotes")
    assert "p. 2" in tree.text(id="t1-c1")
    assert "p. 1" in tree.text(id="t1-h1")
    assert "p. 1" in tree.text(class_="fn-card")
    assert "fn-page" not in render.turn(1, "q", hits=(hit(MOON),))


def test_a_marker_without_its_footnote_is_not_shown() -> None:
    answer = answered(("It landed.", Verdict.SUPPORTED, cite(1, MOON, "The lander Vikram")))
    answer = replace(answer, sentences=(Sentence("It landed.", (1, 2), Verdict.SUPPORTED, 1.0),))
    assert "[2]" not in render.turn(1, "q", answer=answer)


def test_chips_can_be_pressed_only_where_the_question_can_be_asked_again() -> None:
    chips = (Chip("source", "The Wire", "from: The Wire", 0, 8),)
    html = render.turn(1, "q", chips=chips, without=("May 2024",), again=True)
    pressed = {
        attributes["data-chip"]: attributes["aria-pressed"]
        for tag, attributes in Tree(html).elements
        if tag == "button" and "data-chip" in attributes
    }
    assert pressed == {"from: The Wire": "true", "May 2024": "false"}
    told = Tree(render.turn(1, "q", chips=chips, without=("May 2024",)))
    assert told.text(class_="fn-chips") == "understood: from: The Wire May 2024"
    assert "button" not in {tag for tag, _ in told.elements}
    assert "understood" not in render.turn(1, "q")


def test_a_refusal_cites_nothing_and_names_the_nearest() -> None:
    html = render.turn(1, "q", hits=(hit(MOON),), answer=refused("The articles do not say."))
    tree = Tree(html)
    assert "fn-cite" not in html
    assert "fn-footnotes" not in html
    assert tree.text(class_="fn-answer fn-refusal") == "The articles do not say."
    assert MOON.title in tree.text(class_="fn-nearest")
    assert MOON.text in tree.text(id="t1-h1")


def test_withheld_sentences_are_counted_and_folded() -> None:
    quote = cite(1, MOON, "The lander Vikram")
    answer = answered(
        ("It landed.", Verdict.PARTIAL, quote),
        ("It was cheap.", Verdict.UNSUPPORTED, None),
        ("It was old.", Verdict.UNSUPPORTED, None),
    )
    tree = Tree(render.turn(1, "q", answer=answer))
    index = tree.find(class_="fn-withheld")
    assert tree.elements[index][1].keys() == {"class"}
    assert tree.texts[index].startswith("2 sentences were not supported")
    assert "It was cheap." not in tree.text(class_="fn-answer")
    assert tree.elements[tree.find(class_="fn-partial")][1]["title"]


def test_paragraphs_of_the_answer_stay() -> None:
    first, second = cite(1, MOON, "The lander"), cite(2, MOON, "The rover")
    answer = answered(("One.", Verdict.SUPPORTED, first), ("Two.", Verdict.SUPPORTED, second))
    answer = replace(answer, text="One. [1]\n\nTwo. [2]")
    html = render.turn(1, "q", answer=answer)
    assert html.index("One.") < html.index("</p><p>") < html.index("Two.")


def test_what_was_understood_is_said_only_if_it_differs() -> None:
    quote = cite(1, MOON, "The lander")
    answer = answered(("One.", Verdict.SUPPORTED, quote), question="and when?")
    assert "understood as" not in render.turn(1, "and when?", answer=answer)
    answer = replace(answer, standalone="When did it land?")
    assert "understood as: When did it land?" in render.turn(1, "and when?", answer=answer)


def test_a_refusal_keeps_its_kind_to_itself() -> None:
    answer = replace(refused("It does not say."), refusal=Refusal.MODEL_DECLINED)
    assert "model_declined" not in render.turn(1, "q", answer=answer)


def test_only_an_address_of_the_web_is_a_link() -> None:
    for article, expected in ((BRIDGE, True), (HOSTILE, False)):
        html = render.turn(1, "q", hits=(hit(article),))
        assert ("fn-url" in html) is expected


def test_a_citation_leads_to_its_article_with_all_that_the_answer_cites_of_it() -> None:
    first, second = cite(1, MOON, "The lander Vikram"), cite(2, MOON, "The rover")
    other = cite(3, BRIDGE, "Russian officials")
    parts = [("So.", Verdict.SUPPORTED, one) for one in (first, second, other)]
    tree = Tree(render.turn(1, "q", answer=answered(*parts)))
    views = [attrs for _, attrs in tree.elements if "data-cited" in attrs]
    spans = [f"{one.start}-{one.end}" for one in (first, second, other)]
    assert [view["data-cited"] for view in views] == spans
    whole = f"/library/article?id=moon&at={spans[0]}&at={spans[1]}"
    assert [view["data-whole"] for view in views[:2]] == [whole, whole]
    links = [attrs["href"] for _, attrs in tree.elements if "/library" in (attrs.get("href") or "")]
    assert links[1] == f"/library/article?id=moon&at={spans[1]}#cited"


@pytest.mark.parametrize("removed", [False, True])
def test_what_has_changed_or_gone_is_quoted_as_it_was(removed: bool) -> None:
    quote = "" if removed else "It landed here."
    citation = replace(
        cite(1, MOON, "The lander Vikram"),
        article=replace(MOON, text=""),
        kept=Kept(quote, None, removed),
    )
    html = render.turn(1, "q", answer=answered(("So.", Verdict.SUPPORTED, citation)))
    tree = Tree(html)
    said = quote or "(removed with its article)"
    assert tree.text(tag="mark") == said
    assert tree.elements[tree.find(class_="fn-cite")][1]["data-quote"] == said
    assert f"The article has {'been removed' if removed else 'changed'} since" in html
    assert ("/library/article?id=moon" in html) is not removed
    assert "data-whole" not in html


def test_only_a_question_that_can_be_asked_again_can_be_edited() -> None:
    assert "fn-edit" in render.turn(1, "q", again=True)
    assert "fn-edit" not in render.turn(1, "q")

"""Hostile and broken pages: read or refused, in seconds, and fragments whole."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.errors import ReadError
from index.readers.html import html_article, html_text


def article(html: bytes | str) -> Article:
    return html_article(html, id="id", uri="news/bridge.html")


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def outcome(html: bytes | str) -> object:
    try:
        found = article(html)
    except ReadError as error:
        return str(error)
    assert found.text
    assert found.title
    return found


@pytest.mark.parametrize(
    ("html", "said"),
    [
        *((b"", "is empty"), (b"\x89PNG\r\n\0\0", "is binary"), (b"<!-- only -->", "is empty")),
        (page("<div id=root></div><script>x()</script>", "<title>App</title>"), "no article text"),
        ("<frameset><frame src=x></frameset>", "no article text"),
        ("<div>" * 100_000 + "x" + "</div>" * 100_000, "more than 250 deep"),
        ("<p>" * 100_000, "more than 30,000 tags"),
        ("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x", "more than 1,000 attributes"),
        (b"x" * 20_000_001, "more than the 20,000,000 bytes"),
    ],
)
def test_what_is_no_article_is_refused_in_one_line_and_at_once(
    html: bytes | str, said: str
) -> None:
    started = time.process_time()
    with pytest.raises(ReadError) as told:
        article(html)
    assert time.process_time() - started < 5
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "body",
    [
        *("<" * 1_000_000, "&" * 1_000_000, "word " * 200_000, "<p>a<br>" * 10_000),
        "<table><tr><td>a</td></tr></table>" * 9_900,
        "<ul><li>item" * 100,
        "<p>" + "word <b>bold</b> " * 4_000,
    ],
)
def test_a_hostile_page_takes_seconds_at_most(body: str) -> None:
    started = time.process_time()
    outcome(page(body))
    assert time.process_time() - started < 5


def test_a_large_picture_inside_the_page_does_not_cut_it_off() -> None:
    picture = '<img src="data:image/png;base64,' + "A" * 11_000_000 + '">'
    assert article(page(f"{picture}<p>Text after a picture.</p>")).text == "Text after a picture."


def test_a_longer_page_is_read_too() -> None:
    body = "".join(f"<p>Paragraph {n} of the long report on bridges.</p>" for n in range(6_000))
    text = article(page(f"<main>{body}</main>")).text
    assert text.startswith("Paragraph 0 of")
    assert text.endswith("Paragraph 5999 of the long report on bridges.")


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_article_or_refused_and_the_same_twice(data: bytes) -> None:
    assert outcome(data) == outcome(data)


TAGS = st.sampled_from(
    "p div table tr td th ul li dl dt h1 pre code blockquote q br b a span article body html head "
    "title meta script style noscript svg form select details figure time link base".split()
)


@given(
    st.lists(
        st.builds("<{}>".format, TAGS)
        | st.builds("</{}>".format, TAGS)
        | st.text(max_size=30)
        | st.sampled_from(
            ["&#1;", "&#xd800;", "&lt;", "<!--", "-->", "<![CDATA[", "a word. " * 20]
        ),
        max_size=40,
    ).map("".join)
)
@settings(max_examples=150, deadline=None)
def test_any_tags_are_an_article_or_refused_and_the_same_twice(html: str) -> None:
    assert outcome(html) == outcome(html)
    text = html_text(html)
    assert text == html_text(html)
    assert text == text.strip()


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("One &amp; two", "One & two"),
        ("<p>One\n two</p><p>Three</p>", "One two\n\nThree"),
        ("<h1>Head</h1>Text<br>line", "Head\n\nText\nline"),
        ("a<script>b()</script><style>c{}</style><title>t</title>d", "ad"),
        ("<div style='display: none'>preview</div><p hidden>x</p><p>Text</p>", "Text"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>", "- a\n- b\n- c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        (
            "<table><tr><td><table><tr><td>Nest</td></tr></table></td><td><p>L</p><p>M</p></td>"
            "</tr></table>",
            "Nest\n\nL\n\nM",
        ),
        ("<table><tr><td>a</td><td> </td><td>c<br>d</td></tr></table>", "a | c d"),
        ("Hi \u200c \u200c \u00a0 there", "Hi there"),
        ("&amp;lt;b&amp;gt; 1 < 2", "&lt;b&gt; 1 < 2"),
        ("<nav>Menu</nav><footer>Unsubscribe</footer>", "Menu\n\nUnsubscribe"),
        *(("", ""), (" \n", ""), ("<script>x</script>", ""), ("<!-- x", "")),
    ],
)
def test_a_fragment_is_all_its_text(fragment: str, text: str) -> None:
    assert html_text(fragment) == text


def test_a_fragment_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(ReadError, match=r"'m\.eml' has tags more than 250 deep"):
        html_text("<b>" * 1_000, "m.eml")


def test_a_fragment_may_be_as_long_as_a_book() -> None:
    assert html_text("<p>Word</p>" * 40_000) == "\n\n".join(["Word"] * 40_000)
    with pytest.raises(ReadError, match="more than 500,000 tags"):
        html_text("<br>" * 600_000)

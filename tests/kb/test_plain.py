"""Text from outside as plain words: nothing unseen, nothing that fetches."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb.plain import addresses, plain

PIECES = st.sampled_from(
    [
        *("![", "[", "]", "(", ")", "](", "<", ">", "<img src=x", "<a href='", "a.example", " "),
        *("http://", "\u200b", "\u202e", "\U000e0041", "1", "x", "\n", '"', "=", "/", "![]("),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![a lantern](https://evil.example/p?q=x) floats", "a lantern floats"),
        ('See [the report](https://a.example/x_(y) "title").', "See the report."),
        ("[![lamb](a.png)](b)", "lamb"),
        ("![](<http://a b?q=c>)!", "!"),
        ("![cave][p] and ![cave]", "! [cave][p] and ! [cave]"),
        ("They won![1] And ![2](#s) too![3, 4]", "They won![1] And [2] too![3, 4]"),
        ("So it is [1](#source-1).", "So it is [1]."),
        ("[half](http://a b", "[half] (http://a b"),
        ("<img src='x'> and <b>bold</b>, x <5", "< img src='x'> and <b>bold</b>, x <5"),
        ("pass\u200bword\u2060 \u202etxt.exe\u202c", "password txt.exe"),
        ("tags\U000e0049\U000e0067 and \U0001f410\U000e0143", "tags and \U0001f410"),
        (
            "می\u200cخواهم \U0001f468\u200d\U0001f469 ❤\ufe0f",
            "می\u200cخواهم \U0001f468\u200d\U0001f469 ❤\ufe0f",
        ),
        ("[\u200d9\u200c]", "[9]"),
        ("f(x)[2] stays, [a] too", "f(x)[2] stays, [a] too"),
    ],
)
def test_links_become_words_and_what_is_unseen_goes(text: str, expected: str) -> None:
    assert plain(text) == expected


@example("![![](]")
@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=14).map("".join))
def test_no_text_becomes_an_image_or_a_link(text: str) -> None:
    harmless = plain(text)
    for token in MarkdownIt("commonmark").parse(" ".join(harmless.split())):
        for inner in token.children or ():
            assert inner.type != "image"
            assert inner.type != "link_open" or inner.info == "auto"
    assert plain(harmless) == harmless


def test_addresses_are_known_without_what_stands_after_them() -> None:
    text = "See https://a.example/b?c=d, or (http://e.example). Not a.example."
    assert addresses(text) == {"https://a.example/b?c=d", "http://e.example"}

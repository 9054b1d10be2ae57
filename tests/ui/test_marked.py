"""The text of an article with its headings and marks: every character is there, where it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.ui.test_render import Tree, anything, seen
from ui.marked import marked
from ui.wanted import Span, article_at, spans

lines = st.one_of(
    anything,
    st.sampled_from(
        ["# One", "## Two ", "###### Six", "####### seven", "#none", "# ", "```", "~~~"]
    ),
    st.sampled_from(["", "#\t\ttabs", "text # not", "\r", "\0", "\ud800", "&amp;", "</h3></mark>"]),
)
texts = st.lists(lines, min_size=1, max_size=8).map("\n".join).filter(bool)


@st.composite
def cited(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text, and parts of it that may overlap, be the same, or be next to each other."""
    text = draw(texts)
    border = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(border, border), max_size=6))
    return text, [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


class Marks(Tree):
    """Which marks and hidden pieces stand over each character, in order."""

    def __init__(self, html: str) -> None:
        self.over: list[tuple[str, list[dict[str, Any]]]] = []
        super().__init__(html)

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        self.over.append((data, [dict(self.elements[index][1]) for index in self.open]))

    def said(self, **wanted: str) -> str:
        """The characters under an element with these words among its attributes."""
        return "".join(
            data
            for data, above in self.over
            if any(
                value in (attrs.get(name.rstrip("_").replace("_", "-")) or "").split()
                for attrs in above
                for name, value in wanted.items()
            )
        )


@settings(deadline=None)
@given(cited())
@example(("# 🌑 One\nTwo", [(0, 3), (2, 9), (0, 12)]))
@example(("a\r\n# b\r\n", [(1, 5)]))
def test_exactly_the_cited_characters_are_marked(case: tuple[str, list[Span]]) -> None:
    text, wanted = case
    html = marked(text, wanted)
    tree = Marks(html)
    assert "".join(data for data, _ in tree.over) == seen(text)
    for start, end in wanted:
        assert tree.said(data_at=f"{start}-{end}") == seen(text[start:end])
    within = {place for start, end in wanted for place in range(start, end)}
    plain = "".join(
        data for data, above in tree.over if not any("data-at" in attrs for attrs in above)
    )
    assert plain == seen("".join(one for place, one in enumerate(text) if place not in within))
    assert html.count(' id="cited"') == bool(wanted)


@settings(deadline=None)
@given(cited())
def test_only_the_signs_of_headings_that_nobody_cites_are_out_of_sight(
    case: tuple[str, list[Span]],
) -> None:
    tree = Marks(marked(*case))
    assert set(tree.said(class_="fn-hash")) <= set("# \t")
    for _, above in tree.over:
        classes = [attrs.get("class") for attrs in above]
        assert "fn-hash" not in classes or not any("data-at" in attrs for attrs in above)


def test_headings_are_headings() -> None:
    text = "# One <b>\n\nFirst.\n\n### Three\n```sh\n# a comment\n```\n####### no\n## Two"
    tree = Tree(marked(text))
    found = [
        (tag, own) for (tag, _), own in zip(tree.elements, tree.texts, strict=True) if tag[0] == "h"
    ]
    assert found == [("h3", "# One <b>\n"), ("h5", "### Three\n"), ("h4", "## Two")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["0-3", "2-5"], [(0, 3), (2, 5)]),
        (["0-6", "5-5", "4-2", "-1-2", "x", "", "1-2-3", "٣-٤", "0-99999999999"], []),
        (["0-1"] * 200, [(0, 1)] * 100),
    ],
)
def test_an_address_names_characters_that_there_are(words: list[str], found: list[Span]) -> None:
    assert spans(words, 5) == found
    assert article_at("a&b", *found[:2]).startswith("/library/article?id=a%26b")

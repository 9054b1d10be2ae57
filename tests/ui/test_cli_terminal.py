"""What reaches a terminal: nothing that it obeys, no markup, and lines that fit."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from index.article import Article, Hit, Passage
from tests.ui.cli_doubles import HOSTILE, LUNA, answered
from ui.terminal import Flow, about, one_line, print_footnotes, print_hits, safe

BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown(width: int | None = None) -> tuple[Console, io.StringIO]:
    """Return a console, of a terminal if it has a width, and what was printed on it."""
    sink = io.StringIO()
    out = Console(
        file=sink, width=width or 80, markup=False, highlight=False, emoji=False, no_color=True
    )
    out.soft_wrap = width is None
    return out, sink


def harmless(text: str) -> bool:
    """Is there nothing in it that a terminal obeys, but line breaks and tabs?"""
    return not any(
        (unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t") or each in BIDI
        for each in text
    )


@given(st.text(st.characters(codec=None)))
def test_safe_text_is_harmless_encodable_and_otherwise_the_same(text: str) -> None:
    shown = safe(text)
    assert harmless(shown)
    shown.encode("utf-8")
    assert safe(shown) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext\nagain", "plain\ttext\nagain"),
        ("\x1b[2J", "␛[2J"),
        ("back\x08\x7f", "back␈␡"),
        ("line\rover", "line␍over"),
        ("\x9b31m", "<U+009B>31m"),
        ("\u202egnp.exe\u202c", "<U+202E>gnp.exe<U+202C>"),
        ("half \ud83d", "half <U+D83D>"),
        ("שלום \u200f العربية", "שלום \u200f العربية"),
        ("👩‍🚀 e\u0301", "👩‍🚀 e\u0301"),
    ],
)
def test_safe_shows_pictures_of_what_a_terminal_obeys(text: str, expected: str) -> None:
    assert safe(text) == expected


def test_a_title_is_one_line() -> None:
    assert one_line("  two\n\n lines\t") == "two lines"
    article = Article(id="a", uri="u", title="A\nb", text="t", published_at="2024-08-07T10:00:00Z")
    assert about(article) == "A b · 2024-08-07"


def test_hits_show_rank_title_figures_and_at_most_three_lines() -> None:
    out, sink = shown(width=60)
    long = Article(id="a3", uri="long.md", title="Long", text="word " * 200)
    hits = [
        Hit(Passage("p", one.id, 0, len(one.text), one.text), one, 0.5, 0.25)
        for one in (LUNA, long)
    ]
    print_hits(hits, out)
    lines = sink.getvalue().splitlines()
    assert lines[0] == " 1  Luna-25 is lost · Footnoted sample · 2023-08-21 · p. 1"
    assert lines[1] == "    score 0.500 · similarity 0.250 · moon/luna-25.md"
    rank_two = next(number for number, line in enumerate(lines) if line.startswith(" 2"))
    assert len(lines[rank_two:]) == 2 + 3
    assert lines[-1].endswith(" …")
    assert all(len(line) <= 60 for line in lines)


def test_footnotes_show_the_quote_the_partial_sentence_and_the_withheld_count() -> None:
    out, sink = shown()
    print_footnotes(answered("When?"), out)
    assert sink.getvalue().splitlines() == [
        "[1] Luna-25 is lost · Footnoted sample · 2023-08-21 · p. 2",
        "    “Luna-25 crashed into the Moon on 19 August 2023.”",
        "~ carried in part only: It was fast.",
        "~ 1 sentence withheld: no article carries what was said",
    ]


def test_in_a_pipe_a_long_quote_stays_on_one_line_and_whole() -> None:
    out, sink = shown()
    article = Article(id="a", uri="u", title="T", text="word " * 100)
    print_footnotes(answered("q", article, sentences=()), out)
    assert sink.getvalue().splitlines()[1].count("word") == 100


@pytest.mark.parametrize("width", [None, 40])
def test_hostile_articles_do_nothing_to_the_terminal(width: int | None) -> None:
    out, sink = shown(width)
    passage = Passage("p", HOSTILE.id, 0, len(HOSTILE.text), HOSTILE.text)
    print_hits([Hit(passage, HOSTILE, 1.0, 0.5)], out)
    print_footnotes(answered("q", HOSTILE), out)
    printed = sink.getvalue()
    assert harmless(printed)
    assert "[red]Not red[/red]" in printed
    assert "[bold]here[/bold]" in printed


def flowed(pieces: list[str], width: int | None) -> str:
    """Return what a flow writes."""
    written: list[str] = []
    flow = Flow(written.append, width)
    for piece in pieces:
        flow.feed(piece)
    return "".join(written)


def test_a_flow_breaks_between_words_wherever_the_pieces_end() -> None:
    assert flowed(["one two ", "three four"], 9) == "one two \nthree \nfour"


def test_a_flow_in_a_pipe_changes_nothing() -> None:
    assert flowed(["one two ", "three\n"], None) == "one two three\n"


@given(st.lists(st.text("ab \n漢", max_size=30)), st.integers(4, 30))
def test_a_flow_keeps_all_but_white_space(pieces: list[str], width: int) -> None:
    assert flowed(pieces, width).split() == "".join(pieces).split()


def test_a_flow_begins_a_fresh_line_only_where_one_is_begun() -> None:
    written: list[str] = []
    flow = Flow(written.append, None)
    flow.fresh_line()
    flow.feed("words")
    flow.fresh_line()
    flow.fresh_line()
    assert "".join(written) == "words\n"


def test_a_flow_shows_pictures_too() -> None:
    assert flowed(["a\x1b", "[2Jb"], 20) == "a␛[2Jb"

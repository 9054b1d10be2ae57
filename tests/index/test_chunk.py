"""Passages are exact slices of whole sentences, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.chunk import chunk, indexed_text
from index.embedders.hashing import HashingEmbedder
from index.readers.canonical import canonical
from index.sentences import sentence_spans

HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                *(
                    "the same sentence. ",
                    "\r\n",
                    "\r",
                    "\n\n",
                    "\u2028",
                    "。",
                    "他说了。",
                    "a\u0301e\u0308",
                ),
                *(
                    "👩‍👩‍👧‍👦",
                    "🇺🇦🇷🇺",
                    "x" * 5000,
                    "Dr. A. ",
                    "1.5 ",
                    "\u200b",
                    "\ufeff",
                    "\x00",
                    "[1]",
                ),
                *("ก" * 300, "# Heading\n", "- item\n", "… ", '"Yes." ', "\ud800", "ﷺ", "\t"),
            ]
        ),
    ),
    max_size=40,
).map("".join)


def count(texts: Sequence[str]) -> list[int]:
    return HashingEmbedder().count_tokens(texts)


def article(text: str) -> Article:
    return Article("a", "a.txt", "Title", text, "Source", "Author", "2024-08-19")


@given(HOSTILE)
def test_a_passage_is_the_slice_that_its_offsets_name(raw: str) -> None:
    one = article(canonical(raw))
    for passage in chunk(one, count, 20):
        assert one.text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""


@given(HOSTILE)
def test_passages_are_in_order_apart_and_hold_all_that_is_not_white_space(raw: str) -> None:
    one = article(canonical(raw))
    passages = chunk(one, count, 20)
    ends = [0, *(passage.end for passage in passages)]
    starts = [*(passage.start for passage in passages), len(one.text)]
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert not one.text[end:start].strip()


@given(HOSTILE)
def test_ids_are_the_same_on_every_run_and_each_once(raw: str) -> None:
    one = article(canonical(raw))
    ids = [passage.id for passage in chunk(one, count, 20)]
    assert ids == [passage.id for passage in chunk(one, count, 20)]
    assert len(set(ids)) == len(ids)


@given(HOSTILE)
def test_sentences_hold_all_that_is_not_white_space(raw: str) -> None:
    text = canonical(raw)
    spans = sentence_spans(text)
    assert re.sub(r"\s", "", "".join(text[a:b] for a, b in spans)) == re.sub(r"\s", "", text)
    assert spans == sorted(spans)


@given(st.integers(1, 60), st.integers(5, 60))
def test_passages_keep_to_the_tokens_asked_for(sentences: int, tokens: int) -> None:
    text = " ".join(f"Sentence number {i} has seven words." for i in range(sentences))
    for passage in chunk(article(text), count, tokens):
        assert count([passage.text])[0] <= max(tokens, 6)


def test_sentences_end_where_a_reader_would_end_them() -> None:
    text = 'Dr. Smith came on Jan. 5 at 3 p.m. to Rome. "We wait," he said. It cost 3.5 million.'
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "Dr. Smith came on Jan. 5 at 3 p.m. to Rome.",
        '"We wait," he said.',
        "It cost 3.5 million.",
    ]


def test_a_line_is_a_sentence_unless_it_is_hard_wrapped() -> None:
    wrapped = (
        "The commander of the northern group said in the\n"
        "evening that nothing had changed along the river."
    )
    assert len(sentence_spans(wrapped)) == 1
    assert len(sentence_spans("Forced evacuations\nThe army left.")) == 2
    assert len(sentence_spans("- one thing\n- another thing")) == 2


def test_one_endless_line_is_cut_in_bounded_pieces() -> None:
    passages = chunk(article("x" * 100_000), count, 50)
    assert max(len(passage.text) for passage in passages) <= 50 * 400
    assert "".join(passage.text for passage in passages) == "x" * 100_000


def test_headings_name_the_passages_below_them() -> None:
    text = "# Top\n\nOne two three four.\n\n## Below\n\n" + "Five six seven eight. " * 5
    assert [p.heading for p in chunk(article(text), count, 10)][:2] == ["Top", "Below"]


def test_what_is_embedded_begins_with_title_source_author_and_date() -> None:
    one = article("Some text.")
    passage = chunk(one, count)[0]
    assert indexed_text(one, passage) == "Title | Source | Author | 2024-08-19\nSome text."
    assert passage.text == "Some text."

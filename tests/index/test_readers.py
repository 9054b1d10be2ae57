"""Files become articles, or one line that says why not."""

from __future__ import annotations

import io

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import READERS
from index.readers.canonical import TEXT_AT_MOST


def read(data: bytes, uri: str = "news/a.md") -> list[Article | ReadError]:
    reader = READERS["." + uri.rsplit(".", 1)[1]]
    return list(reader(io.BytesIO(data), id="id", uri=uri))


def one(data: bytes, uri: str = "news/a.md") -> Article:
    (article,) = read(data, uri)
    assert isinstance(article, Article)
    return article


def test_front_matter_gives_the_metadata_and_is_no_part_of_the_text() -> None:
    article = one(
        b"---\ntitle: 'A: b'\nsource: Post\nauthor: [Ann, Bob]\npublished_at: 2024-08-19\n"
        b"url: https://example.org\nother: [1]\n---\n\n# Heading\nText.\n"
    )
    assert article == Article(
        *("id", "news/a.md", "A: b", "# Heading\nText.", "Post", "Ann, Bob", "2024-08-19"),
        "https://example.org",
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Intro.\n\n## The heading\n\nText.", "The heading"),
        ("The heading\n===========\nText.", "The heading"),
        ("First line\nSecond line", "First line"),
        ("x" * 500, "x" * 119 + "…"),
    ],
)
def test_without_a_title_it_is_the_first_heading_else_the_first_line(text: str, title: str) -> None:
    assert one(text.encode()).title == title


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2024-08-19", "2024-08-19"),
        ("'2024-08-19'", "2024-08-19"),
        ("2024-08-19T14:30:00+02:00", "2024-08-19T14:30:00+02:00"),
        ("'2024-08-19 14:30'", "2024-08-19T14:30:00"),
        ("", None),
    ],
)
def test_dates_keep_their_precision(written: str, read_as: str | None) -> None:
    assert one(f"---\npublished_at: {written}\n---\nText.".encode()).published_at == read_as


@pytest.mark.parametrize(
    "text",
    [
        *("---\nno end", "---\njust words\n---\nText.", "----\nText."),
        "---\nWarning: read this\n---\nmore text",
    ],
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert one(text.encode()).text == text


@pytest.mark.parametrize(
    ("written", "title"),
    [("2024-08-19", "2024-08-19"), ("No", "No"), ("12:30", "12:30"), ("!!bool maybe", "maybe")],
)
def test_values_are_the_text_that_is_written(written: str, title: str) -> None:
    assert one(f"---\ntitle: {written}\nsource: ~\n---\nText.".encode()).title == title


def test_front_matter_of_other_programs_is_front_matter() -> None:
    article = one(b"---\nlayout: post\ntags: [a, b]\n---\n# The title\nText.")
    assert (article.title, article.text) == ("The title", "# The title\nText.")


def test_text_is_normalised_once() -> None:
    article = one("\ufeffe\u0301a\r\nb\rc\x00".replace("\x00", "").encode("utf-8-sig"))
    assert article.text == "éa\nb\nc"
    assert one("Grüße".encode("utf-16")).text == "Grüße"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"---\ntitle: x\n---\n", "is empty"),
        (b"caf\xe9", "not UTF-8 (byte 0xe9 at 3)"),
        (b"\x89PNG\0\0", "is binary"),
        (b"---\ntitle: [a\n---\nText.", "not valid YAML in line"),
        (b"---\ntitle: a: b\n---\nText.", "not valid YAML in line 2"),
        (b"---\ntitle: {a: b}\n---\nText.", "the title"),
        (b"---\ntitle: &a [*a]\n---\nText.", "not valid YAML"),
        (b"---\ntitle: &a [[x], [x]]\n---\nText.", "the title"),
        (b"---\ntitle: No end\nsource: Post\n\nText.", "has no end"),
        (b"x" * (TEXT_AT_MOST + 1), "more than the"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(ReadError) as told:
        read(data)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("written", ["yesterday", "'2024-13-40'", "03/04/2024"])
def test_an_article_whose_date_is_none_is_read_without_it_and_that_is_told(written: str) -> None:
    article, told = read(f"---\npublished_at: {written}\n---\nText.".encode())
    assert isinstance(article, Article)
    assert (article.text, article.published_at) == ("Text.", None)
    assert isinstance(told, ReadError)
    assert "is not a date" in str(told)
    assert "it is read without one" in str(told)


def test_a_corpus_gives_one_article_a_line() -> None:
    first, second = read(
        b'{"id": "a1", "title": "T", "text": "One.", "metadata": {"source": "S", '
        b'"published_at": "2023-10-03", "url": null, "author": "A", "category": "x"}}\n\n'
        b'{"id": 7, "text": "Two\\nlines."}\n',
        "c.jsonl",
    )
    assert first == Article("a1", "c.jsonl#a1", "T", "One.", "S", "A", "2023-10-03", None)
    assert second == Article("7", "c.jsonl#7", "Two", "Two\nlines.")


def test_a_bad_line_of_a_corpus_does_not_stop_the_rest() -> None:
    lines = [
        b'{"id": "a", "text": "One."}',
        *(b"not json", b"[1]", b'{"id": "b"}', b'{"text": "x"}', b'{"id": "a", "text": "Again."}'),
        *(b'{"id": "c", "text": ["x"]}', b'{"id": "d", "text": "x", "published_at": "soon"}'),
        b"[" * 100_000,
        b'{"id": "z", "text": "Last \\ud800."}',
    ]
    found = read(b"\n".join(lines), "c.jsonl")
    assert [a.id for a in found if isinstance(a, Article)] == ["a", "d", "z"]
    told = [str(e) for e in found if isinstance(e, ReadError)]
    assert len(told) == 8
    assert all(f"c.jsonl:{n}" in line for n, line in zip(range(2, 10), told, strict=True))


def test_a_corpus_may_begin_with_a_record_that_has_no_text() -> None:
    told, article = read(
        b'{"id": "a", "title": "T", "text": ""}\n{"id": "b", "text": "x"}', "c.jsonl"
    )
    assert isinstance(told, ReadError)
    assert "c.jsonl:1 has no text" in str(told)
    assert isinstance(article, Article)
    assert article.id == "b"


def test_a_corpus_without_any_text_is_refused_after_its_lines_are_told() -> None:
    found = READERS[".jsonl"](io.BytesIO(b'{"id": "a", "text": ""}'), id="", uri="c.jsonl")
    assert "c.jsonl:1 has no text" in str(next(found))
    with pytest.raises(ReadError, match="has no article"):
        next(found)


@pytest.mark.parametrize("data", [b"", b"hello", b'{"question": "?"}\n', b"\xff\xfe\x00"])
def test_a_file_that_is_no_corpus_is_refused_whole(data: bytes) -> None:
    with pytest.raises(ReadError):
        read(data, "c.jsonl")

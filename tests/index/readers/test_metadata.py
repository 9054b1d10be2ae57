"""Of each field the first value counts, and every value says where it stood."""

from __future__ import annotations

import io

import pytest

from index.article import Article
from index.readers.canonical import web_address, web_date
from index.readers.jsonl import read_jsonl
from index.readers.metadata import Metadata
from index.readers.text import read_text

TEXT = "The bridge was closed on Monday, and the repair will cost 3.2 million euros."


def test_the_first_value_counts_and_empty_ones_do_not() -> None:
    metadata = Metadata("a.html")
    metadata.offer("title", None, "one place")
    metadata.offer("title", " \n ", "another place")
    metadata.offer("title", "The\nbridge", "og:title")
    metadata.offer("title", "Another", "title")
    article = metadata.article("id", TEXT)
    assert article.title == "The bridge"
    assert dict(article.origins)["title"] == "og:title"


def test_a_language_is_normalised_and_without_one_the_text_shows_it() -> None:
    declared = Metadata("a.html")
    declared.offer("language", "no tag at all", "meta")
    declared.offer("language", "de-AT", "html lang")
    declared.offer("language", "fr", "elsewhere")
    assert declared.article("id", TEXT).language == "de"
    shown = Metadata("a.html").article("id", TEXT)
    assert (shown.language, dict(shown.origins)["language"]) == ("en", "the text")
    unclear = Metadata("a.html").article("id", "Ostrava 1987")
    assert unclear.language is None
    assert "language" not in dict(unclear.origins)


def test_a_long_address_is_whole() -> None:
    metadata = Metadata("a.html")
    metadata.offer("url", "https://example.org/" + "a" * 900, "link canonical")
    assert metadata.article("id", TEXT).url == "https://example.org/" + "a" * 900


def test_a_wrong_date_is_passed_over_unless_it_is_the_authors_own() -> None:
    metadata = Metadata("a.html")
    metadata.offer("published_at", "2024-13-40", "meta date")
    metadata.offer("published_at", "2024-08-19", "time")
    assert metadata.values["published_at"] == "2024-08-19"
    assert metadata.problems == []
    own = Metadata("a.md")
    own.offer("published_at", "soon", "front matter", strict=True)
    assert "published_at" not in own.values
    assert ["is not a date" in str(one) for one in own.problems] == [True]


def test_text_and_records_say_where_each_value_stood() -> None:
    (article,) = read_text(
        io.BytesIO(f"---\nauthor: Ann\ndate: 2024-08-19\nlang: en-GB\n---\n# H\n\n{TEXT}".encode()),
        id="i",
        uri="a.md",
    )
    assert isinstance(article, Article)
    assert article.language == "en"
    assert dict(article.origins) == {
        **dict.fromkeys(("author", "published_at", "language"), "front matter"),
        "title": "first heading",
    }
    (record,) = read_jsonl(
        io.BytesIO(b'{"id": "a", "text": "Line.", "metadata": {"source": "S", "language": "cs"}}'),
        id="i",
        uri="c.jsonl",
    )
    assert isinstance(record, Article)
    assert record.language == "cs"
    assert dict(record.origins) == {
        "title": "first line",
        "source": "the record",
        "language": "the record",
    }


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-08-19", "2024-08-19"),
        ("2024/8/19", "2024-08-19"),
        ("2024-08-19T14:30:00.123Z", "2024-08-19T14:30:00+00:00"),
        ("2024-08-19T14:30:00+0200", "2024-08-19T14:30:00+02:00"),
        ("Mon, 19 Aug 2024 14:30:00 +0200", "2024-08-19T14:30:00+02:00"),
        ("Mon, 19 Aug 2024 14:30:00 EST", "2024-08-19T14:30:00-05:00"),
        ("19 August 2024", "2024-08-19"),
        *(("2024-08", None), ("2024", None), ("yesterday", None), ("", None), (None, None)),
        *(("Mon, 40 Foo 2024 99:99", None), ("2024-02-30", None), ("1" * 10_000, None), (5, None)),
    ],
)
def test_dates_of_the_web_keep_their_precision(written: object, day: str | None) -> None:
    assert web_date(written) == day


@pytest.mark.parametrize(
    ("written", "good"),
    [
        *(("https://example.org/a?b=1", True), (" http://example.org ", True)),
        *(("javascript:alert(1)", False), ("//example.org", False), ("https://", False)),
        *(("https://a b/", False), ("http://[", False), (None, False), (["https://a.b"], False)),
        ("https://example.org/" + "a" * 3_000, False),
    ],
)
def test_only_addresses_of_the_web_are_addresses(written: object, good: bool) -> None:
    assert (web_address(written) is not None) == good

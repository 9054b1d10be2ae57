"""Tables: a row an article, a bad row a line in its place, and no row without bounds."""

from __future__ import annotations

import csv
import io

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import table
from index.readers.table import read_csv


def read(data: bytes | str) -> list[Article | ReadError]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_csv(io.BytesIO(data), id="id", uri="c.csv"))


def articles(data: bytes | str) -> list[Article]:
    found = read(data)
    assert all(isinstance(one, Article) for one in found)
    return [one for one in found if isinstance(one, Article)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_header_names_the_columns(delimiter: str, mark: str, end: str) -> None:
    rows = [
        ["ID", "Headline", "Body", "Publisher", "Byline", "Date", "Link", "Lang", "Views"],
        [
            "a",
            "T",
            f'"1{delimiter} ""2"".\n3."',
            "S",
            "A",
            "2024-03-05",
            "http://x/",
            "en",
            "7",
        ],
    ]
    data = mark + end.join(delimiter.join(row) for row in rows)
    assert articles(data) == [
        Article(
            *("a", "c.csv#a", "T", f'1{delimiter} "2".\n3.', "S", "A", "2024-03-05"),
            *("http://x/", "en"),
        )
    ]


def test_without_an_id_it_follows_from_the_url_else_the_text() -> None:
    first, second, third = articles("text,url\nOne,http://x/\nTwo,\nThree,http://y/\n")
    moved, changed, same = articles("url,text\nhttp://y/,Four\n,One\n,Two\n")
    assert third.id == moved.id
    assert second.id == same.id
    assert len({first.id, second.id, third.id, changed.id}) == 4


def test_every_value_says_its_column() -> None:
    (article,) = articles("Headline,Content,PUBLISHED AT\nT,Text.,2024-03-05\n")
    assert dict(article.origins) == {
        "title": "column 'Headline'",
        "published_at": "column 'PUBLISHED AT'",
    }


def test_a_bad_row_does_not_stop_the_rest() -> None:
    found = read(
        b"id,text,date\na,One.,\n,,\n\nb,,2024-03-05\nc,Two,soon\nd,Cut, here,x\n"
        b'e,"x"y,\nf,caf\xe9,\na,Again.,\ng,Short\nz,"Last\nline.",\n'
    )
    assert [one.id for one in found if isinstance(one, Article)] == ["a", "c", "g", "z"]
    told = [str(one) for one in found if isinstance(one, ReadError)]
    for line, said in zip(
        told,
        [
            *("c.csv:5 has no text", "published_at of 'c.csv:6' is not a date: 'soon'"),
            *("c.csv:7 has 4 cells under 3 columns", "c.csv:8 is not CSV"),
            *("c.csv:9 is not UTF-8 (byte 0xe9)", "c.csv:10 repeats the id"),
        ],
        strict=True,
    ):
        assert line.startswith(said)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no column of texts; its columns are: none"),
        (b"title,url\na,b\n", "its columns are: title, url. name one of them text or body"),
        (b"just words", "its columns are: just_words"),
        (b"text,title\n", "has no rows"),
        (b"text,title\n,\n", "has no rows"),
        ("text\nÜ".encode("utf-16"), "no table in UTF-8"),
        (b"text\xe9\nx", "c.csv:1 is not UTF-8"),
        (b'"text\nx', "c.csv:1 is not CSV"),
        (b"text" + b"," * 2_000, "more than 1,000 columns"),
    ],
)
def test_what_is_no_table_of_articles_is_refused_whole(data: bytes, said: str) -> None:
    with pytest.raises(ReadError) as told:
        read(data)
    assert said in str(told.value)


def test_a_quotation_mark_that_is_not_closed_ends_at_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(table, "TEXT_AT_MOST", 100)
    found = read('id,text\na,One.\nb,"' + "x\n" * 60 + "c,Three.\n")
    assert isinstance(found[0], Article)
    told = [str(one) for one in found if isinstance(one, ReadError)]
    assert told[0].startswith("c.csv:3 has more than the 100 characters of one article")
    assert "quotation mark" in told[0]


def test_an_article_may_be_longer_than_a_usual_cell() -> None:
    csv.field_size_limit(131_072)
    (article,) = articles(f"text\n{'word ' * 100_000}\n")
    assert len(article.text) == 499_999

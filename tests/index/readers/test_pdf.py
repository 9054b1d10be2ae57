"""PDF: pages are counted, wrapped lines are joined, and every defect is one line."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence

import pypdf
import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import pdf as reader
from index.readers.pdf import read_pdf
from tests.contracts.documents import pdf


def one(data: bytes) -> Article:
    (article,) = read_pdf(io.BytesIO(data), id="id", uri="a.pdf")
    assert isinstance(article, Article)
    return article


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as told:
        list(read_pdf(io.BytesIO(data), id="id", uri="a.pdf"))
    return str(told.value)


def encrypted(user_password: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    writer.encrypt(user_password, "owner", algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("pages", "begins"),
    [
        ([["One"], ["Two"]], (0, 5)),
        ([[], ["One"], [], [], ["Two"], []], (0, 0, 5, 5, 5, 8)),
        ([["One"]], (0,)),
    ],
)
def test_every_page_is_counted_also_without_text(
    pages: Sequence[Sequence[str]], begins: tuple[int, ...]
) -> None:
    article = one(pdf(pages))
    assert article.pages == begins
    for number, lines in enumerate(pages, 1):
        for line in lines:
            assert article.page(article.text.index(line)) == number


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("D:20240305143000+01'00'", "2024-03-05T14:30:00+01:00"),
        ("D:20240305143000-0530", "2024-03-05T14:30:00-05:30"),
        ("D:20240305143000Z00'00'", "2024-03-05T14:30:00+00:00"),
        ("D:20240305143000Z", "2024-03-05T14:30:00+00:00"),
        ("D:20240305143000", "2024-03-05T14:30:00"),
        ("D:202403051430", "2024-03-05T14:30:00"),
        ("20240305", "2024-03-05"),
        ("2024-03-05", "2024-03-05"),
        ("D:2024", None),
        ("D:20241399", None),
        ("yesterday", None),
    ],
)
def test_the_date_is_as_precise_as_it_is_written(written: str, read_as: str | None) -> None:
    assert one(pdf(info=f"/CreationDate ({written})")).published_at == read_as


@pytest.mark.parametrize(
    "title",
    ["", "untitled", "Microsoft Word - otters.docx", "otters_final2.indd", "Document1"],
)
def test_a_title_that_a_program_made_up_is_none(title: str) -> None:
    article = one(pdf([["Otters return"]], info=f"/Title ({title})"))
    assert article.title == "Otters return"
    assert ("title", "PDF Title") not in article.origins


def test_only_damaged_pages_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = pypdf.PageObject.extract_text
    count = iter(range(1, 9))

    def extract(page: pypdf.PageObject) -> str:
        if next(count) == 2:
            raise KeyError("/Resources")
        return sound(page)

    monkeypatch.setattr(pypdf.PageObject, "extract_text", extract)
    data = pdf([["One"], ["Two"], ["Three"]])
    article, told = read_pdf(io.BytesIO(data), id="id", uri="a.pdf")
    assert isinstance(article, Article)
    assert (article.text, article.pages) == ("One\n\nThree", (0, 5, 5))
    assert str(told) == "of 'a.pdf', these pages are damaged and left out: 2."


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_encryption_without_a_password_does_not_matter_and_with_one_is_told(algorithm: str) -> None:
    assert "31 otters" in one(encrypted("", algorithm)).text
    assert refused(encrypted("secret", algorithm)).startswith("'a.pdf' is encrypted. ")


def test_scanned_pages_are_told_with_what_helps() -> None:
    for nothing in ("", "\\001\\002"):
        line = refused(pdf([[nothing], []]))
        assert "no text in its 2 pages" in line
        assert "ocrmypdf" in line


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"hello", pdf()[:300]])
def test_what_is_no_pdf_is_told(data: bytes) -> None:
    assert "'a.pdf' is" in refused(data)


def test_a_book_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TEXT_AT_MOST", 20)
    assert "more than the 20 characters" in refused(pdf())
    monkeypatch.setattr(reader, "_PAGES_AT_MOST", 2)
    assert "more than 2 pages" in refused(pdf())


def test_memory_that_runs_out_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(page: pypdf.PageObject) -> str:
        raise MemoryError

    monkeypatch.setattr(pypdf.PageObject, "extract_text", exhausted)
    with pytest.raises(MemoryError):
        list(read_pdf(io.BytesIO(pdf()), id="id", uri="a.pdf"))


def test_pypdf_reports_nothing_and_can_report_again(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    level = logging.getLogger("pypdf").level
    one(pdf().replace(b"startxref\n", b"startxref\n9"))
    assert not caplog.records
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("pypdf").level == level


BODY = "The council of Ostrava met on Monday and spoke of the otters in the river for"


def test_a_sentence_that_runs_over_a_page_is_one_and_running_lines_are_left_out() -> None:
    def text(day: str) -> list[str]:
        return [f"{BODY} {day} and {word} hours" for word in "two three four five".split()]

    pages = [
        [
            "Yearly report",
            *text("seven"),
            "and on that same evening, before they went home, they counted all the",
            "11/24/26, 4:02 PM 1/3",
        ],
        ["Yearly report", "otters of the Odra again.", *text("nine"), "11/24/26, 4:02 PM 2/3"],
        ["Yearly report", *text("ten"), "It was late.", "11/24/26, 4:02 PM 3/3"],
    ]
    article = one(pdf(pages))
    assert "they counted all the otters of the Odra again." in article.text
    assert "Yearly report" not in article.text
    assert "4:02" not in article.text
    assert article.page(article.text.index("otters of the Odra again")) == 2
    assert len(article.pages) == 3


def test_headings_of_two_pages_are_no_running_lines() -> None:
    article = one(pdf([["Part 1", BODY, BODY, "It ended."], ["Part 2", BODY, BODY, "It began."]]))
    assert article.text.startswith("Part 1")
    assert "Part 2" in article.text


def test_a_page_that_is_only_a_picture_is_told() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([[], ["Otters."]])))
    image = pypdf.generic.StreamObject()
    names = {"/Type": "/XObject", "/Subtype": "/Image"}
    for key, value in names.items():
        image[pypdf.generic.NameObject(key)] = pypdf.generic.NameObject(value)
    inside = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/Im0"): writer._add_object(image)}
    )
    writer.pages[0][pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/XObject"): inside}
    )
    file = io.BytesIO()
    writer.write(file)
    article, told = read_pdf(io.BytesIO(file.getvalue()), id="id", uri="a.pdf")
    assert isinstance(article, Article)
    assert article.text == "Otters."
    assert "pictures without text: 1" in str(told)


def test_text_from_right_to_left_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pypdf.PageObject, "extract_text", lambda page: "كم شخصا سيوفر السد مياه الشرب؟"
    )
    assert "from right to left" in refused(pdf())

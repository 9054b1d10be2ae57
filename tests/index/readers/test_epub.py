"""Books: chapters in reading order, what the package says of the book, and no way out of it."""

from __future__ import annotations

import io

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import epub as reader
from index.readers.epub import read_epub
from tests.contracts.documents import CONTAINER, OPF, XHTML, epub, zipped

ENCRYPTION = (
    '<encryption xmlns:enc="enc"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/>'
    '<enc:CipherData><enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData>'
    "</encryption>"
)
AES = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"


def read(data: bytes) -> list[Article | ReadError]:
    return list(read_epub(io.BytesIO(data), id="id", uri="a.epub"))


def one(data: bytes) -> Article:
    (article,) = read(data)
    assert isinstance(article, Article)
    return article


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as told:
        read(data)
    return str(told.value)


def test_a_book_is_one_article_in_the_order_of_its_spine() -> None:
    article = one(epub())
    assert article.text == (
        "Return\n\nBiologists counted 31 otters along the river Odra.\n\n"
        "Absence\n\nThey had not been seen there since 1987."
    )
    assert article == Article(
        *("id", "a.epub", "The otters of the Odra", article.text, "Sample Press"),
        *("Eva Malá, Jan Novák", "2024-03-05", "https://example.org/otters", "en"),
    )
    assert dict(article.origins)["published_at"] == "EPUB dc:date"


def test_a_chapter_that_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    article, told = read(epub(opf=OPF.replace("second.xhtml", "third.xhtml")))
    assert isinstance(article, Article)
    assert article.text.startswith("Return")
    assert "no part 'OEBPS/text/third.xhtml'" in str(told)


def test_a_chapter_may_be_in_the_encoding_it_declares() -> None:
    chapter = XHTML.replace("utf-8", "iso-8859-1").format("<p>Malá</p>").encode("latin-1")
    assert one(epub(second=chapter)).text.endswith("Malá")
    assert one(epub(second=XHTML.format("<p>Malá</p>").encode("utf-16"))).text.endswith("Malá")


def test_only_encrypted_text_is_drm() -> None:
    locked = {"META-INF/encryption.xml": ENCRYPTION.format(AES, "OEBPS/text/second.xhtml")}
    assert "protected against copying (DRM)" in refused(epub(**locked))
    font = ENCRYPTION.format("http://www.idpf.org/2008/embedding", "OEBPS/text/second.xhtml")
    assert one(epub(**{"META-INF/encryption.xml": font}))
    other = ENCRYPTION.format(AES, "OEBPS/font.otf")
    assert one(epub(**{"META-INF/encryption.xml": other}))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not an EPUB: it is no ZIP file"),
        (zipped({"a": "b"}), "it has no part 'META-INF/container.xml'"),
        (epub(container="<container/>"), "names no package"),
        (epub(container=CONTAINER.replace("OEBPS", "../..")), "it has no part '../../book.opf'"),
        (epub(container=CONTAINER.replace("OEBPS", "/OEBPS/..")), "it has no part 'book.opf'"),
        (epub(opf="<package/>"), "has no text in its chapters"),
        (epub(first=XHTML.format(""), second=XHTML.format("")), "has no text in its chapters"),
        (epub(opf=OPF.replace("text/", "../../")), "it has no part '../first part.xhtml'"),
    ],
)
def test_what_is_no_book_is_told(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_a_book_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TEXT_AT_MOST", 70)
    assert "more than the 70 characters" in refused(epub())

"""Word documents: what stands in them is read in order, and what is hidden or deleted is not."""

from __future__ import annotations

import io
import zipfile

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import docx as reader
from index.readers.docx import read_docx
from tests.contracts.documents import docx, zipped
from tests.faults.hostile import replaced

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATION = '<Relationship Id="r{}" Type="http://x/{}" Target="{}"/>'


def document(body: str, namespace: str = W, **parts: str) -> bytes:
    """Return a document with this body; a part is a relation and becomes a file of that name."""
    relations = "".join(RELATION.format(n, kind, f"{kind}.xml") for n, kind in enumerate(parts))
    return zipped(
        {
            "_rels/.rels": f"<r>{RELATION.format(1, 'officeDocument', 'word/document.xml')}</r>",
            "word/document.xml": f'<w:document xmlns:w="{namespace}" xmlns:mc="mc"><w:body>{body}'
            "</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<r>{relations}</r>",
            **{f"word/{k}.xml": f'<w:x xmlns:w="{namespace}">{v}</w:x>' for k, v in parts.items()},
        }
    )


def p(*runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def one(data: bytes) -> Article:
    (article,) = read_docx(io.BytesIO(data), id="id", uri="a.docx")
    assert isinstance(article, Article)
    return article


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as told:
        list(read_docx(io.BytesIO(data), id="id", uri="a.docx"))
    return str(told.value)


@pytest.mark.parametrize("namespace", [W, STRICT])
@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p(r("One "), r("two.")) + p() + p(r("Three.")), "One two.\n\nThree."),
        (p(r("a"), "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"), "a\tb\nc"),
        (p(f"<w:ins>{r('new')}</w:ins><w:del>{r('old')}</w:del>"), "new"),
        (p(f"<w:moveFrom>{r('old')}</w:moveFrom><w:hyperlink>{r('new')}</w:hyperlink>"), "new"),
        (p(r("seen"), r("hidden", "<w:vanish/>"), r("!", '<w:vanish w:val="0"/>')), "seen!"),
        (p("<w:r><w:instrText>PAGE</w:instrText></w:r>", r("7")), "7"),
        (p(f"<w:ruby><w:rt>{r('ka')}</w:rt><w:rubyBase>{r('字')}</w:rubyBase></w:ruby>"), "字"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('control'))}</w:sdtContent></w:sdt>", "control"),
        (
            p(
                r("Anchor."),
                f"<mc:AlternateContent><mc:Choice><w:txbxContent>{p(r('Box.'))}</w:txbxContent>"
                f"</mc:Choice><mc:Fallback><w:txbxContent>{p(r('Box.'))}</w:txbxContent>"
                "</mc:Fallback></mc:AlternateContent>",
            ),
            "Anchor.\n\nBox.",
        ),
        (
            f"<w:tbl><w:tr><w:tc>{p(r('a'))}{p(r('b'))}</w:tc><w:tc>{p(r('c'))}</w:tc></w:tr>"
            f"<w:tr><w:tc>{p()}</w:tc></w:tr></w:tbl>",
            "| a b | c |",
        ),
    ],
)
def test_what_stands_in_a_document_is_its_text(body: str, text: str, namespace: str) -> None:
    assert one(document(body, namespace)).text == text


def test_notes_follow_the_text_without_their_separators() -> None:
    notes = f'<w:footnote w:type="separator">{p(r("---"))}</w:footnote>'
    notes += f"<w:footnote>{p(r('A note.'))}</w:footnote>"
    data = document(p(r("Text.")), footnotes=notes, endnotes=f"<w:e>{p(r('The end.'))}</w:e>")
    assert one(data).text == "Text.\n\nA note.\n\nThe end."


def test_without_properties_the_title_is_in_the_text() -> None:
    names = "".join(
        f'<w:style w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in (("Titel", "Title"), ("berschrift1", "heading 1"))
    )
    heading = p(r("Intro.")) + p(r("First"), style="berschrift1")
    article = one(document(heading, styles=names))
    assert (article.title, article.origins[0]) == ("First", ("title", "style heading 1"))
    article = one(document(heading + p(r("Whole"), style="Titel"), styles=names))
    assert (article.title, article.origins[0]) == ("Whole", ("title", "style title"))
    assert one(document(p(r("Intro.")))).title == "Intro."


def test_what_word_knows_is_the_metadata() -> None:
    article = one(docx())
    assert dict(article.origins) == {
        "title": "DOCX core properties title",
        "author": "DOCX core properties creator",
        "language": "DOCX core properties language",
        "published_at": "DOCX core properties created",
    }
    core = "<c><creator>python-docx</creator><modified>2024-03-06T00:00:00Z</modified></c>"
    article = one(replaced(docx(), {"docProps/core.xml": core}))
    assert article.author is None
    assert article.published_at == "2024-03-06T00:00:00+00:00"
    assert dict(article.origins)["published_at"] == "DOCX core properties modified"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is not a DOCX: it is no ZIP file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "has a password or the form of before"),
        (docx()[:-30], "was cut off"),
        (zipped({"a": "b"}), "it has no part 'word/document.xml'"),
        (document(""), "has no text"),
        (replaced(docx(), {"word/document.xml": "<a><b></a>"}), "is not valid XML"),
        (replaced(docx(), {"word/document.xml": ""}), "is not valid XML"),
    ],
)
def test_what_is_no_document_is_told(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_damage_and_encryption_of_a_part_are_told() -> None:
    data = bytearray(document(p(r("Otters"))))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("word/document.xml")
    data[info.header_offset + 30 + len(info.filename) + 5] ^= 0xFF
    assert "is damaged" in refused(bytes(data))
    data = bytearray(document(p(r("Otters"))))
    at = data.rindex(b"PK\1\2", 0, data.rindex(b"word/document.xml"))
    data[at + 8] |= 1
    assert "is encrypted" in refused(bytes(data))
    data[at + 8] = 0
    data[at + 10] = 12
    assert "packed in an unknown way" in refused(bytes(data))


def test_a_document_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TEXT_AT_MOST", 5)
    assert "more than the 5 characters" in refused(docx())

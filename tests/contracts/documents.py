"""A small sound document of every format, made here; tests break them in their own ways."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

__all__ = ["DOCUMENTS", "docx", "epub", "pdf", "zipped"]

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
OPF = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:opf="http://www.idpf.org/2007/opf"><metadata>
<dc:title>The otters of the Odra</dc:title><dc:creator>Eva Malá</dc:creator>
<dc:creator>Jan Novák</dc:creator><dc:publisher>Sample Press</dc:publisher>
<dc:date opf:event="modification">2025-01-01</dc:date><dc:date>2024-03-05</dc:date>
<dc:language>en-GB</dc:language><dc:identifier>https://example.org/otters</dc:identifier></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="b" href="text/second.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/first%20part.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html '
    'xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
)
PAGES = (
    ("Otters return to the Odra", "Biologists counted 31 otters along the river Odra."),
    (),
    ("The animals had not been seen there since the sum-", "mer of 1987, when a dam was built."),
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def epub(**changed: str | bytes) -> bytes:
    """Return a book; ``container``, ``opf``, ``first`` and ``second`` replace its parts."""
    first = "<h1>Return</h1><p>Biologists counted 31 otters along the river Odra.</p>"
    second = "<h1>Absence</h1><p>They had not been seen there since 1987.</p>"
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": changed.pop("container", CONTAINER),
            "OEBPS/book.opf": changed.pop("opf", OPF),
            "OEBPS/nav.xhtml": XHTML.format("<nav><ol><li>Contents</li></ol></nav>"),
            "OEBPS/text/first part.xhtml": changed.pop("first", XHTML.format(first)),
            "OEBPS/text/second.xhtml": changed.pop("second", XHTML.format(second)),
            **changed,
        }
    )


def docx() -> bytes:
    """Return a Word document with a title, headings, a table and properties."""
    from docx import Document

    document = Document()
    document.add_heading("Otters return to the Odra", 0)
    document.add_paragraph("Biologists counted 31 otters along the river Odra.")
    document.add_heading("Where they live", 1)
    table = document.add_table(rows=0, cols=2)
    for row in (("River", "Otters"), ("Odra", "31")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    properties = document.core_properties
    properties.title, properties.author = "The otters of the Odra", "Eva Malá"
    properties.language = "en-GB"
    properties.created = dt.datetime(2024, 3, 5, 14, 30, tzinfo=dt.UTC)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf(
    pages: Sequence[Sequence[str]] = PAGES,
    info: str = "/Title (The otters of the Odra) /Author (Eva Mala) "
    "/CreationDate (D:20240305143000+01'00')",
    root: str = "/Lang (en-GB)",
) -> bytes:
    """Return a PDF of these lines of Latin text."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = "\n".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td\n{shown}\nET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    return assembled([*objects, f"<< {info} >>"])


def assembled(objects: Sequence[str]) -> bytes:
    """Return a PDF of these objects; the first is its root, the last its information."""
    data = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {count} /Root 1 0 R /Info {count - 1} 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return bytes(data + end.encode("latin-1"))


def _html() -> bytes:
    return """<!DOCTYPE html><html lang="en-GB"><head><title>The otters of the Odra</title>
<meta property="og:title" content="The otters of the Odra">
<meta property="article:published_time" content="2024-03-05T14:30:00+01:00">
<meta name="author" content="Eva Malá"></head><body><article><h1>The otters of the Odra</h1>
<p>Biologists counted 31 otters along the river Odra, more than in any year before.</p>
<p>The animals had not been seen there since the summer of 1987, when a dam was built.</p>
</article></body></html>""".encode()


def _eml() -> bytes:
    return (
        b"From: Eva =?utf-8?q?Mal=C3=A1?= <eva@example.org>\r\nSubject: The otters of the Odra\r\n"
        b"Date: Tue, 05 Mar 2024 14:30:00 +0100\r\nMIME-Version: 1.0\r\n"
        b"Content-Language: en-GB\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        b"Biologists counted 31 otters along the river Odra.\r\n"
    )


def _rss() -> bytes:
    return b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Sample Post</title>
<link>https://example.org/</link><language>en-gb</language><item><title>Otters</title>
<link>https://example.org/otters</link><guid>https://example.org/otters</guid>
<pubDate>Tue, 05 Mar 2024 14:30:00 +0100</pubDate>
<description>&lt;p&gt;Biologists counted 31 otters along the river Odra.&lt;/p&gt;</description>
</item><item><title>Bridge</title><link>https://example.org/bridge</link>
<description>The old bridge at Ostrava was closed on Monday.</description></item>
</channel></rss>"""


def _atom() -> bytes:
    return """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
 xml:lang="en-GB"><title>Sample Post</title><id>urn:x:1</id><updated>2024-03-05T14:30:00Z</updated>
<entry><title>Otters</title><id>urn:x:2</id><link href="https://example.org/otters"/>
<author><name>Eva Malá</name></author><published>2024-03-05T14:30:00Z</published>
<content type="html">&lt;p&gt;Biologists counted 31 otters along the Odra.&lt;/p&gt;</content>
</entry></feed>""".encode()


def _text() -> bytes:
    return (
        "---\ntitle: The otters of the Odra\nauthor: Eva Malá\npublished_at: 2024-03-05\n---\n"
        "# Return\n\nBiologists counted 31 otters along the river Odra.\n"
    ).encode()


def _jsonl() -> bytes:
    return (
        b'{"id": "a", "title": "Otters", "text": "31 otters.", "metadata": {"source": "Post"}}\n'
        b'{"id": "b", "text": "The bridge is closed.", "published_at": "2024-03-05"}\n'
    )


def _csv() -> bytes:
    return (
        "Title,Text,Author,Published at,URL,Language\r\n"
        'Otters,"31 otters,\r\nalong ""the"" Odra.",Eva Malá,2024-03-05,https://example.org/o,en\r\n'
        "Bridge,The bridge is closed.,,,,\r\n"
    ).encode()


def _tsv() -> bytes:
    return b"id\ttext\tsource\na\t31 otters.\tPost\nb\tThe bridge is closed.\tPost\n"


DOCUMENTS: Mapping[str, Callable[[], bytes]] = {
    ".txt": _text, ".text": _text, ".md": _text, ".markdown": _text, ".jsonl": _jsonl,
    ".csv": _csv, ".tsv": _tsv, ".html": _html, ".htm": _html, ".xhtml": _html, ".eml": _eml,
    ".rss": _rss, ".xml": _rss, ".atom": _atom, ".pdf": pdf, ".docx": docx, ".epub": epub,
}  # fmt: skip

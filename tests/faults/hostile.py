"""Files made to harm whoever opens them: small on the disk, endless once they are read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.contracts.documents import CONTAINER, XHTML, assembled, docx, epub, zipped

__all__ = ["BOMBS", "bomb", "long_line", "slow_pdf"]

LAUGHS = "<!DOCTYPE lol [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
OUTSIDE = "<!DOCTYPE lol [<!ENTITY a11 SYSTEM 'file:///etc/passwd'>]>"
DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
)
RSS = (
    '<rss version="2.0"><channel><title>x</title><item><title>{}</title>'
    "<description>{}</description></item></channel></rss>"
)


def bomb(name: str, size: int = 1 << 30, said: int = 1 << 30) -> bytes:
    """Return a ZIP file with one part of so many blanks, that says it has another size."""
    squeezer = zlib.compressobj(9, wbits=-15)
    megabyte = squeezer.compress(b" " * (1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    packed = megabyte * (size >> 20) + squeezer.flush()
    path = name.encode()
    fields = (20, 0, 8, 0, 0, 0, len(packed), said, len(path))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", *fields, 0) + path
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *fields, 0, 0, 0, 0, 0, 0) + path
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(entry), len(local) + len(packed), 0)
    return local + packed + entry + end


def replaced(archive: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file with other parts in the place of some."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return zipped({name: old.read(name) for name in old.namelist()} | dict(parts))


def crowded() -> bytes:
    """Return a ZIP file with more parts than any document has."""
    return zipped({f"word/{number}": "" for number in range(12_000)})


def long_line(path: Path, before: bytes = b"", after: bytes = b"") -> Path:
    """Write a file with a line of 200 MB, which take no room on the disk."""
    with path.open("wb") as file:
        file.write(before)
        file.truncate(200_000_000)
        file.seek(0, 2)
        file.write(after)
    return path


def slow_pdf(pages: int) -> bytes:
    """Return a PDF of so many pages, on each of which a thousand steps lead to one line."""
    kids = " ".join(f"{number + 5} 0 R" for number in range(pages))
    stream = "BT /F1 12 Tf 72 720 Td\n" + "0 0 Td\n" * 1_000 + "(Otters) Tj ET"
    page = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
            *[page] * pages,
            "<< >>",
        ]
    )


def _pdf_loop() -> bytes:
    pages = "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 3 0 R >>"
    return assembled(["<< /Type /Catalog /Pages 2 0 R >>", pages, pages, "<< >>"])


def _pdf_nested() -> bytes:
    return assembled(["<< /Type /Catalog /Pages " + "[" * 100_000, "<< >>"])


def _pdf_inflated() -> bytes:
    squeezer = zlib.compressobj(9)
    megabyte = squeezer.compress(b" " * (1 << 20)) + squeezer.flush(zlib.Z_FULL_FLUSH)
    packed = (megabyte * 1_024 + squeezer.flush()).decode("latin-1")
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
            f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n{packed}\nendstream",
            "<< >>",
        ]
    )


BOMBS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "DOCX of blanks": (".docx", lambda: bomb("word/document.xml")),
    "DOCX of blanks that lies": (".docx", lambda: bomb("word/document.xml", said=1_000)),
    "DOCX of many parts": (".docx", crowded),
    "DOCX with laughs": (
        ".docx",
        lambda: replaced(docx(), {"word/document.xml": LAUGHS + DOCUMENT.format("&a11;")}),
    ),
    "DOCX with a local file": (
        ".docx",
        lambda: replaced(docx(), {"word/document.xml": OUTSIDE + DOCUMENT.format("&a11;")}),
    ),
    "DOCX of deep XML": (
        ".docx",
        lambda: replaced(docx(), {"word/document.xml": "<a>" * 100_000}),
    ),
    "EPUB of blanks": (".epub", lambda: bomb("META-INF/container.xml")),
    "EPUB of many parts": (".epub", crowded),
    "EPUB with laughs": (".epub", lambda: epub(container=LAUGHS + CONTAINER[21:])),
    "EPUB out of itself": (
        ".epub",
        lambda: epub(container=CONTAINER.replace("OEBPS/book.opf", "../../etc/passwd")),
    ),
    "EPUB in an EPUB": (".epub", lambda: epub(opf=epub())),
    "PDF that loops": (".pdf", _pdf_loop),
    "PDF of deep arrays": (".pdf", _pdf_nested),
    "PDF of blanks": (".pdf", _pdf_inflated),
    "RSS with laughs": (".rss", lambda: (LAUGHS + RSS.format("&a11;", "&a11;")).encode()),
    "RSS of deep XML": (".rss", lambda: b"<rss><channel>" + b"<x>" * 100_000),
    "JSON of deep brackets": (".jsonl", lambda: b"[" * 100_000),
    "text that is binary": (".txt", lambda: b"otters\0\0"),
    "text of two encodings": (".md", lambda: b"\xef\xbb\xbfcaf\xe9"),
    "text of half a UTF-16": (".txt", lambda: b"\xff\xfeo\0t"),
    "table of half a UTF-16": (".csv", lambda: b"\xff\xfet\0e"),
}
"""What must be refused, with the ending it hides behind."""

XHTML_BOMBS: Mapping[str, Callable[[], bytes]] = {
    "laughs": lambda: (LAUGHS + XHTML[38:].format("<p>Otters &a11;</p>")).encode(),
    "a local file": lambda: (OUTSIDE + XHTML[38:].format("<p>Otters &a11;</p>")).encode(),
    "deep boxes": lambda: b"<html><body>" + b"<div>" * 100_000 + b"Otters",
}
"""What HTML cannot be refused for, and must not do any harm."""

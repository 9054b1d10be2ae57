"""PDF: the text that lies in the file, page by page; pictures of text have none."""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, one_line
from index.readers.lines import joined
from index.readers.metadata import Metadata
from index.readers.running import without_running_lines

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["read_pdf"]

_PAGES_AT_MOST = 20_000
_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?.{0,8}"
)
_ADDRESS = re.compile(r",? ?\d{9,}")
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"\W*|(?:untitled|unbenannt|sans titre|document|title)[\W\d]*|https?://\S*"
    r"|microsoft (?:word|powerpoint) - .*"
    r"|.*\.(?:docx?|odt|rtf|pdf|tex|dvi|indd|qxd|pptx?|xlsx?|html?|txt|md)",
    re.I,
)


def read_pdf(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the one article of a PDF, and if there are pages that cannot be read, which.

    ``Article.pages`` counts every page, also those without text, so that page 4 is the file's
    fourth. Lines that are only wrapped are joined (see ``index.readers.lines``), also across pages,
    and what runs along every page is left out.

    Raises:
        ReadError: The file is not a PDF, is damaged or encrypted, or its pages are only pictures.
    """
    with _silence():
        reader = _opened(file, uri)
        pages, broken = _pages(reader, uri)
        pictures = [n for n, page in enumerate(pages, 1) if not page and _is_picture(reader, n)]
        known = _metadata(reader, uri)
    text, begins = joined(without_running_lines(pages))
    if not text:
        raise _no_text(uri, len(pages), len(broken))
    if _runs_from_the_right(text):
        raise ReadError(
            f"{uri!r} is written from right to left, and a PDF does not tell in which order",
            "give it as DOCX, HTML or text",
        )
    yield known.article(id, text, pages=begins)
    if broken:
        yield ReadError(f"of {uri!r}, these pages are damaged and left out: {_shown(broken)}")
    if pictures:
        yield ReadError(
            f"of {uri!r}, these pages are pictures without text: {_shown(pictures)}",
            "run OCR on it, for example: ocrmypdf --skip-text",
        )


def _shown(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:20])) + (", …" if len(numbers) > 20 else "")


def _is_picture(reader: PdfReader, number: int) -> bool:
    """Say whether a page shows an image."""
    try:
        objects = reader.pages[number - 1]["/Resources"]["/XObject"].values()  # type: ignore[index]
        return any(one.get_object().get("/Subtype") == "/Image" for one in objects)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - most pages have no such thing, and broken ones are told
        return False


def _runs_from_the_right(text: str) -> bool:
    """Say whether some of a text is Hebrew, Arabic or the like."""
    letters = [unicodedata.bidirectional(char) for char in text[:20_000] if char.isalpha()]
    right = sum(kind in ("R", "AL") for kind in letters)
    return right > len(letters) / 20


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what pypdf has to say about a file to itself: a reader tells it in one line."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _opened(file: BinaryIO, uri: str) -> PdfReader:
    """Return the reader of a file that needs no password."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(file)
        opens = not reader.is_encrypted or bool(reader.decrypt(""))
    except DependencyError as error:
        raise ReadError(
            f"{uri!r} is encrypted in a way that needs another package",
            "pip install cryptography, or save the PDF without encryption",
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # on a broken file pypdf raises what it meets first
        raise ReadError(
            f"{uri!r} is not a PDF, or a damaged one: {_said(error)}",
            "look whether it opens in a PDF viewer, and print it to a new PDF there",
        ) from error
    if not opens:
        raise ReadError(f"{uri!r} is encrypted", "save it without a password")
    return reader


def _pages(reader: PdfReader, uri: str) -> tuple[list[str], list[int]]:
    """Return the text of each page as pypdf gives it, and the numbers of the damaged ones."""
    try:
        count = len(reader.pages)
    except MemoryError:
        raise
    except Exception as error:
        raise ReadError(
            f"{uri!r} is damaged: its pages cannot be found ({_said(error)})"
        ) from error
    if count > _PAGES_AT_MOST:
        raise ReadError(f"{uri!r} has more than {_PAGES_AT_MOST:,} pages", "split it")
    pages: list[str] = []
    broken: list[int] = []
    length = 0
    for number in range(count):
        try:
            page = reader.pages[number].extract_text().strip()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - the other pages may be well
            page = ""
            broken.append(number + 1)
        length += len(page)
        if length > TEXT_AT_MOST:
            raise ReadError(f"{uri!r} has more than the {TEXT_AT_MOST:,} characters of one article")
        pages.append(page)
    return pages, broken


def _no_text(uri: str, pages: int, broken: int) -> ReadError:
    if broken or not pages:
        return ReadError(f"{uri!r} is damaged: no text in its {pages} pages can be read")
    return ReadError(
        f"{uri!r} has no text in its {pages} pages, as if they were scanned",
        "run OCR first, for example: ocrmypdf scan.pdf text.pdf",
    )


def _metadata(reader: PdfReader, uri: str) -> Metadata:
    """Collect what the document information says; what is damaged there is passed over."""
    known = Metadata(uri)
    try:
        if (info := reader.metadata) is not None:
            if not _NO_TITLE.fullmatch(one_line(info.title or "")):
                known.offer("title", info.title, "PDF Title")
            known.offer("author", info.author, "PDF Author")
            written = one_line(str(info.creation_date_raw or ""))
            known.offer("published_at", _date(written), "PDF CreationDate")
        if isinstance(language := reader.root_object.get("/Lang"), str):
            known.offer("language", language, "PDF Lang")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - see above; the text is there without it
        return known
    return known


def _date(written: str) -> str | None:
    """Return ``D:20240819143000+02'00'`` in ISO 8601, as precise as it is."""
    match = _DATE.fullmatch(written)
    if not match:
        return written or None
    year, month, day, hour, minute, second, utc, hours, minutes = match.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    zone = "Z" if utc else f"{hours}:{minutes or '00'}" if hours else ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"


def _said(error: Exception) -> str:
    """Return what pypdf says, without the addresses in memory that its names of objects hold."""
    return one_line(_ADDRESS.sub("", str(error)), 120) or type(error).__name__

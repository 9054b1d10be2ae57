"""A table of articles: CSV or TSV, one article a row, the first row names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from index.article import Article, digest
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, canonical, one_line
from index.readers.metadata import Metadata

__all__ = ["read_csv"]

_COLUMNS = {
    "text": ("text", "body", "content", "article"),
    "id": ("id",),
    "title": ("title", "headline"),
    "source": ("source", "publisher"),
    "author": ("author", "authors", "byline"),
    "published_at": ("published_at", "published", "date"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}
_DELIMITERS = ",;\t|"
_COLUMNS_AT_MOST = 1_000


def read_csv(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the article of each row, and for a row that is none, the reason in its place.

    The columns may be separated by commas, semicolons, tabs or bars. An article has the id of its
    row; without one, an id that follows from the given one and from its url, else its text.

    Raises:
        ReadError: The file is not a table in UTF-8 with a column of texts, or has no rows.
    """
    # The limit is one for the whole process and 131,072 at first, too little for an article.
    csv.field_size_limit(max(csv.field_size_limit(), TEXT_AT_MOST))
    lines = _Lines(file, uri)
    delimiter = _delimiter(lines.first)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    header = _next(rows, lines)
    if isinstance(header, ReadError):
        raise header
    columns = _columns(header or [], uri)
    seen: set[str] = set()
    read = 0
    while (row := _next(rows, lines)) is not None:
        if isinstance(row, list) and not any(cell.strip() for cell in row):
            continue
        read += 1
        try:
            if isinstance(row, ReadError):
                raise row
            article, problems = _article(row, header or [], columns, id, uri, lines.where)
            if article.id in seen:
                raise ReadError(f"{lines.where} repeats the id, url or text of a row above")
        except ReadError as error:
            yield error
            continue
        seen.add(article.id)
        yield article
        yield from problems
    if not read:
        raise ReadError(f"{uri!r} has no rows under its header")


class _Lines:
    """The lines of a table as text; of one that is too long or no UTF-8, the end is passed over.

    Attributes:
        first: The first line, which is the first of the iteration, too.
        where: Where the current row begins, for messages.
    """

    def __init__(self, file: BinaryIO, uri: str) -> None:
        self._file, self._uri = file, uri
        self._number = self._length = 0
        self.where = f"{uri}:1"
        self.first = self._read().removeprefix("\ufeff")
        self._again: str | None = self.first

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line, self._again = self._again, None
        if line is None:
            line = self._read()
        self._length += len(line)
        if self._length > TEXT_AT_MOST:
            raise ReadError(
                f"{self.where} has more than the {TEXT_AT_MOST:,} characters of one article",
                "look for a quotation mark that is not closed",
            )
        if not line:
            raise StopIteration
        return line

    def begin(self) -> None:
        """Begin a row at the next line."""
        self._length = 0
        self.where = f"{self._uri}:{self._number + (self._again is None)}"

    def _read(self) -> str:
        line = self._file.readline(TEXT_AT_MOST + 1)
        self._number += 1
        if len(line) > TEXT_AT_MOST:
            while line and not line.endswith(b"\n"):
                line = self._file.readline(TEXT_AT_MOST)
            raise ReadError(f"{self.where} has more than the {TEXT_AT_MOST:,} bytes of one article")
        if self._number == 1 and (line.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in line):
            raise ReadError(f"{self._uri!r} is no table in UTF-8", "save it as CSV UTF-8")
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ReadError(
                f"{self._uri}:{self._number} is not UTF-8 (byte 0x{line[error.start]:02x})",
                "convert it from the encoding it was written in: iconv -f ENCODING -t UTF-8",
            ) from error


def _next(rows: Iterator[list[str]], lines: _Lines) -> list[str] | ReadError | None:
    """Return the next row, or why it cannot be read; None after the last."""
    lines.begin()
    try:
        return next(rows, None)
    except ReadError as error:
        return error
    except csv.Error as error:
        return ReadError(f"{lines.where} is not CSV: {error}")


def _delimiter(header: str) -> str:
    """Return what parts the header into the most columns that are known, else into the most."""

    def parted(delimiter: str) -> tuple[int, int]:
        names = [_plain(cell) for cell in header.split(delimiter)]
        known = sum(name in aliases for aliases in _COLUMNS.values() for name in names)
        return known, len(names)

    return max(_DELIMITERS, key=parted)


def _plain(name: str) -> str:
    return one_line(name, 100).strip("\"' ").lower().replace(" ", "_")


def _columns(header: list[str], uri: str) -> dict[str, int]:
    """Return the number of the column of each field that has one."""
    if len(header) > _COLUMNS_AT_MOST:
        raise ReadError(f"{uri!r} has more than {_COLUMNS_AT_MOST:,} columns")
    names = [_plain(cell) for cell in header]
    found = {}
    for field, aliases in _COLUMNS.items():
        here = next((alias for alias in aliases if alias in names), None)
        if here is not None:
            found[field] = names.index(here)
    if "text" not in found:
        shown = one_line(", ".join(filter(None, names)), 150) or "none"
        raise ReadError(
            f"{uri!r} has no column of texts; its columns are: {shown}",
            f"name one of them {' or '.join(_COLUMNS['text'])}",
        )
    return found


def _article(
    row: list[str], header: list[str], columns: dict[str, int], id: str, uri: str, where: str
) -> tuple[Article, list[ReadError]]:
    if any(cell.strip() for cell in row[len(header) :]):
        raise ReadError(
            f"{where} has {len(row)} cells under {len(header)} columns",
            "put quotation marks around cells that hold the delimiter",
        )
    cells = {field: row[at] for field, at in columns.items() if at < len(row)}
    text = canonical(cells.pop("text", ""))
    if not text:
        raise ReadError(f"{where} has no text")
    own = one_line(cells.pop("id", ""))
    known = Metadata(where)
    for field, value in cells.items():
        origin = f"column {one_line(header[columns[field]], 60)!r}"
        known.offer(field, value, origin, strict=True)
    chosen = own or digest(id, known.values.get("url", text))
    return known.article(chosen, text, uri=f"{uri}#{chosen}"), known.problems

"""The canonical text: the one form of a text that is stored and in which every offset counts."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from index.errors import ReadError

__all__ = [
    "TEXT_AT_MOST",
    "canonical",
    "decoded",
    "iso_date",
    "one_line",
    "web_address",
    "web_date",
]

TEXT_AT_MOST = 20_000_000
"""The longest document, in bytes or characters; a novel has a million."""

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
# Sorting a run of marks takes time with its square; no writing has runs of more than a few.
_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{32})(?=[\u0300-\u20ff])"
)
_NEWLINE = re.compile("\r\n?|\u2028|\u2029|\x85")
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_CLOCK = re.compile(r"\d:\d\d", re.ASCII)


def canonical(text: str) -> str:
    r"""Return the text in NFC, with ``\n`` for every line break, without a byte order mark.

    NUL and lone surrogates, which cannot be stored, become U+FFFD; white space at both ends goes.
    """
    text = _UNREADABLE.sub("\ufffd", _NEWLINE.sub("\n", text.removeprefix("\ufeff")))
    return unicodedata.normalize("NFC", _MARKS.sub("\\1\u200b", text)).strip()


def one_line(text: str, limit: int = 300) -> str:
    """Return the text on one line, cut after ``limit`` characters."""
    line = " ".join(canonical(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def decoded(data: bytes, uri: str) -> str:
    """Return the text in these bytes, UTF-8 or UTF-16 with a byte order mark.

    Raises:
        ReadError: They are another encoding, binary, or more than ``TEXT_AT_MOST``.
    """
    if len(data) > TEXT_AT_MOST:
        raise ReadError(
            f"{uri!r} has more than the {TEXT_AT_MOST:,} bytes of one article",
            "split it, or make a .jsonl corpus of it",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ReadError(f"{uri!r} is not the UTF-16 that its first bytes say") from error
    if b"\0" in data:
        raise ReadError(f"{uri!r} is binary, not text (a NUL at byte {data.index(0)})")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{uri!r} is not UTF-8 (byte 0x{data[error.start]:02x} at {error.start})",
            "convert it from the encoding it was written in: iconv -f ENCODING -t UTF-8",
        ) from error


def iso_date(value: object, uri: str) -> str | None:
    """Return an ISO 8601 date or date and time, as precise as the value; None for nothing.

    Raises:
        ReadError: The value is something, but not a date that exists.
    """
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and (match := _ISO.fullmatch(value.strip())):
        day, time, zone = match.groups()
        try:
            if time is None:
                return dt.date.fromisoformat(day).isoformat()
            return dt.datetime.fromisoformat(f"{day}T{time}{zone or ''}").isoformat()
        except ValueError:
            pass  # a month 13: told below, like every other value that is no date
    raise ReadError(
        f"published_at of {uri!r} is not a date: {one_line(str(value), 60)!r}",
        "it is read without one; write it as 2024-08-19 or 2024-08-19T14:30:00+02:00",
    )


def web_date(value: object) -> str | None:
    """Return a date as pages, feeds and emails write it in ISO 8601, as precise as it is there.

    Besides ISO 8601 itself, "2024/8/19" and "Mon, 19 Aug 2024 14:30:00 +0200". None for what is
    no date that exists, or not to the day.
    """
    written = one_line(str(value), 100) if value else ""
    try:
        return iso_date(_SLASHED.sub(_hyphened, written, count=1), "")
    except ReadError:
        pass  # no ISO 8601; perhaps the form of an email's date
    try:
        if _CLOCK.search(written):
            return iso_date(parsedate_to_datetime(written), "")
        return iso_date(parsedate_to_datetime(f"{written} 00:00").date(), "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _hyphened(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def web_address(value: object) -> str | None:
    """Return an address that starts with http:// or https:// and names a host; else None."""
    if not isinstance(value, str) or len(value) > 2_000:
        return None
    address = value.strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname
    except ValueError:
        return None
    return address if usable and address.isprintable() and " " not in address else None

"""Bytes that may say what encoding they are in, and may be wrong, into text: HTML, feeds, email."""

from __future__ import annotations

import codecs
import re

from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST

__all__ = ["declared_charset", "lenient", "markup_decoded"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)

# Only encodings that text is written in: Python knows others, of which some take time with the
# square of the length (punycode) or mean something else in ASCII (utf-7).
_TRUSTED = re.compile(
    r"iso8859[-_]\d+|cp(?:125\d|437|85\d|86[26]|874|932|949|950)|koi8[-_][rut]|gb2312|gbk|gb18030"
    r"|big5(?:hkscs)?|shift_jis|euc_(?:jp|kr)|iso2022_jp|mac[-_](?:roman|cyrillic)|tis[-_]620"
)
# What browsers do: the larger set that is really meant.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})",
    re.I,
)
_ABOVE_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_HEAD = 4_096  # bytes in which HTML must declare its encoding; the standard has 1,024


def declared_charset(name: str) -> str | None:
    """Return Python's name of a declared encoding; None for UTF-8, ASCII and what is no encoding.

    Latin-1 is Windows-1252, and so on, as every browser has it.
    """
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if known == "iso8859-1":
        return "cp1252"
    return _MEANT.get(known, known) if _TRUSTED.fullmatch(known) else None


def lenient(data: bytes, declared: str = "") -> str:
    """Return text of these bytes in any case; what cannot be decoded is U+FFFD.

    Valid UTF-8 is UTF-8, whatever is declared, since other encodings are so by no accident. Else
    the declared encoding counts, and without one it is Windows-1252, unless most of what is not
    ASCII is valid UTF-8.
    """
    charset = declared_charset(declared) if declared else None
    if charset == "iso2022_jp":  # written in ASCII bytes, so always valid UTF-8 too
        return data.decode(charset, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # another encoding, or UTF-8 with a flaw
    if charset is None:
        text = data.decode("utf-8", "replace")
        if len(_ABOVE_ASCII.findall(text)) > text.count("\ufffd"):
            return text
    return data.decode(charset or "cp1252", "replace")


def markup_decoded(data: bytes, uri: str) -> str:
    """Return the text of an HTML or XML file, by its byte order mark or what it declares.

    Raises:
        ReadError: It is binary, or more than ``TEXT_AT_MOST``.
    """
    if len(data) > TEXT_AT_MOST:
        raise ReadError(f"{uri!r} has more than the {TEXT_AT_MOST:,} bytes of one file", "split it")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    if b"\0" in data[:_HEAD]:
        raise ReadError(f"{uri!r} is binary, not text (a NUL at byte {data.index(0)})")
    found = _DECLARED.search(data[:_HEAD])
    name = (found.group(1) or found.group(2)).decode("ascii", "replace") if found else ""
    return lenient(data, name)

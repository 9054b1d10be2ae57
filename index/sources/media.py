"""What kind of file an answer is: by its first bytes, its content type, the name in its address."""

from __future__ import annotations

import codecs
import re

from index.errors import ReadError
from index.readers.encoding import declared_charset
from index.sources.fetch import Fetched
from index.sources.urls import suffix_of

__all__ = ["for_reader", "suffix"]

_BY_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
}
_BY_NAME = {ending: ending for ending in (*_BY_TYPE.values(), ".markdown", ".text")}
_BY_NAME |= {".htm": ".html", ".xhtml": ".html"}
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/zip")
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)[\s>]", re.I)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.I)
_TEXT = (".html", ".md", ".markdown", ".txt", ".text")


def suffix(answer: Fetched) -> str:
    """Return the ending of a file name that stands for the format of an answer.

    Servers say ``text/plain`` and ``application/octet-stream`` of what they do not know; then the
    name in the address tells, else how it begins. What begins like a PDF is one whatever they say.

    Raises:
        ReadError: No reader knows the format.
    """
    said = _media_type(answer)
    named = _BY_NAME.get(suffix_of(answer.url), "")
    if answer.body.startswith(b"%PDF-"):
        return ".pdf"
    if said not in _VAGUE and said not in _BY_TYPE:
        raise ReadError(f"cannot read {answer.url!r}: no reader for the content type {said!r}")
    if said in _BY_TYPE and said not in _VAGUE:
        return _BY_TYPE[said]
    if named:
        return named
    if said == "text/plain":
        return ".txt"
    if _HTML.match(answer.body):
        return ".html"
    raise ReadError(f"cannot read {answer.url!r}: nothing tells its format")


def for_reader(answer: Fetched, ending: str) -> bytes:
    """Return the body, of a text in UTF-8 with a byte order mark if the server names its encoding.

    What the server says counts more than what stands in the page, as in browsers. An encoding that
    does not exist or does not fit is passed over: the reader finds out by itself.
    """
    found = _CHARSET.search(answer.headers.get("content-type", ""))
    marked = answer.body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
    if ending not in _TEXT or found is None or marked:
        return answer.body
    charset = declared_charset(found[1])
    try:
        text = answer.body.decode(charset or "utf-8")
    except ValueError:
        return answer.body
    return codecs.BOM_UTF8 + text.encode("utf-8")


def _media_type(answer: Fetched) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()

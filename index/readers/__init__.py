"""Bytes into articles, one format a file; what is common to all is here and in ``canonical``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

from index.protocols import Reader
from index.readers.jsonl import read_jsonl
from index.readers.table import read_csv
from index.readers.text import read_text

__all__ = ["APART", "READERS", "SUFFIXES", "open_reader"]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_text,
        ".text": read_text,
        ".md": read_text,
        ".markdown": read_text,
        ".jsonl": read_jsonl,
        ".csv": read_csv,
        ".tsv": read_csv,
    }
)
"""The readers for this process, by the ending of a file's name, in lower case."""

APART: Mapping[str, str] = MappingProxyType(
    {
        ".html": "index.readers.html:read_html",
        ".htm": "index.readers.html:read_html",
        ".xhtml": "index.readers.html:read_html",
        ".eml": "index.readers.eml:read_eml",
        ".rss": "index.readers.feed:read_feed",
        ".atom": "index.readers.feed:read_feed",
        ".xml": "index.readers.feed:read_feed",
        ".pdf": "index.readers.pdf:read_pdf",
        ".docx": "index.readers.docx:read_docx",
        ".epub": "index.readers.epub:read_epub",
    }
)
"""Where the readers are whose formats can be hostile; ``index.readers.apart`` runs them."""

SUFFIXES = frozenset(READERS) | frozenset(APART)
"""Every ending that can be read."""


def open_reader(suffix: str) -> Reader:
    """Return the reader for an ending, imported now if it was not yet.

    Raises:
        KeyError: The ending is not one of ``SUFFIXES``.
    """
    if suffix in READERS:
        return READERS[suffix]
    module, _, name = APART[suffix].partition(":")
    return cast(Reader, getattr(import_module(module), name))

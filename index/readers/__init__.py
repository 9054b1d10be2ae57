"""Bytes into articles, one format a file; what is common to all is here and in ``canonical``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from index.protocols import Reader
from index.readers.jsonl import read_jsonl
from index.readers.text import read_text

__all__ = ["READERS"]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_text,
        ".text": read_text,
        ".md": read_text,
        ".markdown": read_text,
        ".jsonl": read_jsonl,
    }
)
"""The reader of each file name's ending, in lower case."""

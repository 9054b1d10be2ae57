"""What a source lists and hands over: documents, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.article import Article
from index.errors import ReadError

__all__ = ["Document", "Reading", "Skipped"]


@dataclass(frozen=True, slots=True)
class Document:
    """Something that holds articles: a file, a page.

    Attributes:
        location: What identifies it: the absolute path, or the address.
        uri: Where it is, as a person names it.
        stamp: Changes when the document does, so that a look is enough to know it is the same;
            "" if that can only be told by reading it.
        size: Bytes, for progress; 0 if that is not known.
        trace: The same for a file that was only renamed; "" if that cannot be told.
    """

    location: str
    uri: str
    stamp: str
    size: int = 0
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that is being read.

    Attributes:
        stamp: What is to be remembered of it once its articles are stored.
        articles: Its articles, each part that cannot be read as a ``ReadError`` in its place;
            none at all if the document is gone; None if it is the same as when last read.
    """

    stamp: str
    articles: Iterator[Article | ReadError] | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read, and why, in one line.

    Attributes:
        location: The document or folder that may be readable again, of which what was known is
            kept; "" for what is left out on purpose.
    """

    uri: str
    reason: str
    location: str = ""

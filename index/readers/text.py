"""Plain text and Markdown, with or without YAML front matter.

The text stays as it was written, Markdown's marks included: a quote is what stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, canonical, decoded, one_line
from index.readers.metadata import Metadata

__all__ = ["read_text"]

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.{0,65536}?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_HEADING = re.compile(r"^#{1,6}[ \t]+(?=[^\s#])(.*)$", re.M)
_UNCLOSED = re.compile(r"---[ \t]*\n(title|source|author|published_at|date|url):[ \t]")
_KEYS = {"title", "source", "author", "published_at", "date", "url", "language", "lang"}
_FRONT = "front matter"
_KEY = re.compile(r"[a-z][a-z0-9_-]*")
_NOTHING = ("", "~", "null", "Null", "NULL")
_UNDERLINED = re.compile(r"^(\S.*)\n(?:=+|-{3,})[ \t]*$", re.M)


def read_text(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the one article of a text or Markdown file; and if its date is none, that.

    Front matter may give title, source, author, published_at (or date), url and language (or
    lang); other keys are ignored. Without a title there, it is the first heading, else the first
    line, else the name.

    Raises:
        ReadError: The file is not text, holds none, or its front matter is not valid.
    """
    text = canonical(decoded(file.read(TEXT_AT_MOST + 1), uri))
    known, body = _front_matter(text, uri)
    if not body:
        raise ReadError(f"{uri!r} is empty")
    metadata = Metadata(uri)
    for name in ("title", "source", "author", "url", "language"):
        metadata.offer(name, _field(known, name, uri), _FRONT)
    metadata.offer("language", _field(known, "lang", uri), _FRONT)
    day = "published_at" if "published_at" in known else "date"
    metadata.offer("published_at", _field(known, day, uri), _FRONT, strict=True)
    metadata.offer("title", _heading(body), "first heading")
    yield metadata.article(id, body)
    yield from metadata.problems


def _front_matter(text: str, uri: str) -> tuple[dict[str, Any], str]:
    """Return the front matter and the text after it; lines that only look like it are text."""
    match = _FRONT_MATTER.match(text)
    if not match:
        if _UNCLOSED.match(text):
            raise ReadError(f"the front matter of {uri!r} has no end", "close it with a line ---")
        return {}, text
    try:
        # Every scalar a string: no tags, no dates, and "No" is not false.
        known = yaml.load(match.group(1), Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        reason = getattr(error, "problem", None) or type(error).__name__
        raise ReadError(
            f"the front matter of {uri!r} is not valid YAML{where}: {reason}",
            "quote values that hold a colon",
        ) from error
    if known in (None, ""):
        return {}, text[match.end() :].strip()
    if not isinstance(known, dict) or not _are_keys(known):
        return {}, text
    return known, text[match.end() :].strip()


def _are_keys(known: dict[Any, Any]) -> bool:
    """Say whether these are keys of front matter, not "Warning: read this" between two rules."""
    names = [str(key) for key in known]
    return bool(_KEYS & set(names)) or all(_KEY.fullmatch(name) for name in names)


def _field(known: dict[str, Any], key: str, uri: str) -> str | None:
    value = known.get(key)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    if value is None or value in _NOTHING:
        return None
    if isinstance(value, str):
        return one_line(value) or None
    raise ReadError(f"the {key} in the front matter of {uri!r} is not text")


def _heading(body: str) -> str | None:
    found = [match for match in (_HEADING.search(body), _UNDERLINED.search(body)) if match]
    if not found:
        return None
    return min(found, key=lambda match: match.start()).group(1).rstrip().rstrip("#")

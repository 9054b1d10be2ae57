"""A corpus in JSON Lines: one article a line.

``{"id": "…", "title": "…", "text": "…", "metadata": {"source", "author", "published_at", "url",
"language"}}``
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST, canonical, one_line
from index.readers.metadata import Metadata

__all__ = ["read_jsonl"]

_RECORD = "the record"


def read_jsonl(file: BinaryIO, *, id: str, uri: str) -> Iterator[Article | ReadError]:
    """Yield the articles of a corpus, and for a line that is none, the reason in its place.

    An article whose date is none is read without it, and that is told after it.

    An article keeps its own ``id``; the given one is not used.

    Raises:
        ReadError: The first line is no record with an id, so that this is no corpus at all; or no
            line is an article.
    """
    seen: set[str] = set()
    number, begun = 0, False
    while line := file.readline(TEXT_AT_MOST + 1):
        number += 1
        if not line.strip():
            continue
        try:
            record = _parsed(line, f"{uri}:{number}")
            begun = begun or "id" in record
            article, problems = _article(record, f"{uri}:{number}", uri)
            if article.id in seen:
                raise ReadError(f"{uri}:{number} repeats the id {article.id!r}")
        except ReadError as error:
            if not begun:
                raise
            while len(line) > TEXT_AT_MOST and not line.endswith(b"\n"):
                line = file.readline(TEXT_AT_MOST + 1)
            yield error
            continue
        seen.add(article.id)
        yield article
        yield from problems
    if not seen:
        raise ReadError(f"{uri!r} has no article" if begun else f"{uri!r} is empty")


def _parsed(line: bytes, where: str) -> dict[str, Any]:
    if len(line) > TEXT_AT_MOST:
        raise ReadError(f"{where} has more than the {TEXT_AT_MOST:,} bytes of one article")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{where} is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise ReadError(f"{where} is not a JSON object")
    return record


def _article(record: dict[str, Any], where: str, uri: str) -> tuple[Article, list[ReadError]]:
    known = record.get("metadata") or {}
    if not isinstance(known, dict):
        raise ReadError(f"the metadata at {where} is not a JSON object")
    known = {**record, **known}
    text = canonical(_string(record, "text", where) or "")
    id = one_line(_string(record, "id", where) or "")
    if not text or not id:
        raise ReadError(
            f"{where} has no {'text' if id else 'id'}", 'a line is {"id": …, "title": …, "text": …}'
        )
    metadata = Metadata(where)
    metadata.offer("title", _string(record, "title", where), _RECORD)
    # A record without a title may have a long first line: it is cut where a title is.
    metadata.offer("title", one_line(text.split("\n", 1)[0], 200), "first line")
    for name in ("source", "author", "url", "language"):
        metadata.offer(name, _string(known, name, where), _RECORD)
    metadata.offer("published_at", known.get("published_at"), _RECORD, strict=True)
    return metadata.article(id, text, uri=f"{uri}#{id}"), metadata.problems


def _string(record: dict[str, Any], key: str, where: str) -> str | None:
    value = record.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ReadError(f"the {key} at {where} is not text")
    return str(value) if key == "text" else one_line(str(value)) or None

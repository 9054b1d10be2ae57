"""What the process that reads files and the one that asked for it say to each other.

A frame is a length and so many bytes of JSON, or of a file. Nothing is pickled, and what comes back
is checked: a reader that a hostile file has taken over can say what it likes, but do no more.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from typing import IO, Any

from index.article import Article
from index.errors import ReadError
from index.readers.canonical import TEXT_AT_MOST

__all__ = ["FRAME_AT_MOST", "article_from", "error_from", "packed", "receive", "send", "unpacked"]

FRAME_AT_MOST = 6 * TEXT_AT_MOST + 30_000_000
"""Bytes of one frame: JSON spells a character with at most six, and pages and names are few."""

_LENGTH = struct.Struct(">I")


def send(stream: IO[bytes], payload: bytes) -> None:
    """Write one frame; it may stay in the buffer of the stream."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)


def receive(stream: IO[bytes]) -> bytes:
    """Return the next frame.

    Raises:
        EOFError: The stream ended.
        ValueError: The frame is longer than ``FRAME_AT_MOST``.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > FRAME_AT_MOST:
        raise ValueError("a frame is too long")
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError
    return payload


def packed(said: str, about: object = None) -> bytes:
    """Return what goes into a frame: a word, and what belongs to it."""
    if isinstance(about, Article):
        about = {field.name: getattr(about, field.name) for field in dataclasses.fields(about)}
    elif isinstance(about, ReadError):
        about = [about.problem, about.remedy]
    return json.dumps([said, about], ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpacked(payload: bytes) -> tuple[str, Any]:
    """Return the word of a frame, and what belongs to it.

    Raises:
        ValueError: The frame does not hold that.
    """
    try:
        said, about = json.loads(payload.decode("utf-8", "surrogatepass"))
    except (TypeError, RecursionError) as error:
        raise ValueError("a frame makes no sense") from error
    if not isinstance(said, str):
        raise ValueError("a frame begins with no word")
    return said, about


def article_from(about: Any) -> Article:
    """Return the article that was packed.

    Raises:
        ValueError: It is none.
    """
    names = {field.name for field in dataclasses.fields(Article)}
    if not isinstance(about, dict) or set(about) != names:
        raise ValueError("an article has other fields")
    pages, origins = about.pop("pages"), about.pop("origins")
    needed = ("id", "uri", "title", "text")
    sound = (
        all(isinstance(about[name], str) for name in needed)
        and all(value is None or isinstance(value, str) for value in about.values())
        and isinstance(pages, list)
        and all(type(page) is int for page in pages)
        and isinstance(origins, list)
        and all(isinstance(origin, list) and len(origin) == 2 for origin in origins)
        and all(isinstance(part, str) for origin in origins for part in origin)
    )
    if not sound:
        raise ValueError("an article has values of other kinds")
    return Article(
        **about, pages=tuple(pages), origins=tuple((name, where) for name, where in origins)
    )


def error_from(about: Any) -> ReadError:
    """Return the error that was packed.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(about, list) or len(about) != 2:
        raise ValueError("an error has other parts")
    return ReadError(*(str(part) for part in about))

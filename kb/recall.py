"""From the JSON of an answer back to the answer, equal to the one that was streamed.

Field by field, by their types: one that is missing, or null and cannot be, has its default, and a
key that is not known is passed over. A quote is held against the article as it is now; where that
no longer has it, the citation shows what was stored, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from index.article import Article
from kb.answer import Answer, Citation, Conflict, Kept
from kb.cited import Cited
from kb.record import Json

__all__ = ["Find", "answer_of", "cited_of"]

Find = Callable[[str], Article | None]
"""Returns the article of an id as it is now, with its text, if there is one; else any or none."""

_T = TypeVar("_T")
_hints = cache(get_type_hints)
_REFERENCE = ("id", "uri", "title", "source", "author", "published_at", "url", "language")


def answer_of(record: Json, find: Find) -> Answer:
    """Return the answer that became this record (``kb.record.answer_json``).

    Raises:
        ValueError: It is no record of an answer, or of a later version that means something else.
    """
    try:
        return _fields(Answer, record, find)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def cited_of(record: Json, find: Find) -> Cited:
    """Return the cited text that became this record, as ``kb cite --json`` prints it.

    Raises:
        ValueError: It is no such record.
    """
    sentences = [
        {**one, "nearest": one["nearest"] and {**one["nearest"], "number": 0}}
        for one in record["sentences"]
    ]
    try:
        return _fields(Cited, {**record, "sentences": sentences}, find)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _fields(kind: type[_T], record: Json, find: Find, **given: Any) -> _T:
    hints = _hints(kind)  # type: ignore[arg-type]
    known = {
        field.name: _value(hints[field.name], record[field.name], find)
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name in record and field.name not in given
        if record[field.name] is not None or NoneType in get_args(hints[field.name])
    }
    return kind(**known, **given)


def _value(hint: Any, value: Any, find: Find) -> Any:
    """Return a value of a field of this type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        others = [one for one in arguments if one is not NoneType]
        return value if value is None or len(others) > 1 else _value(others[0], value, find)
    if origin is tuple and arguments[-1] is Ellipsis:
        return tuple(_value(arguments[0], one, find) for one in value)
    if origin is tuple:
        return tuple(_value(*pair, find) for pair in zip(arguments, value, strict=True))
    if origin is Mapping:
        return {name: _value(arguments[1], one, find) for name, one in value.items()}
    if hint is Citation:
        return _citation(value, find)
    if hint is Conflict:
        newer, older = value["citations"]
        return _fields(Conflict, value, find, newer=newer, older=older)
    if hint is Article:
        return _article(value, _now(value, find))
    if isinstance(hint, type) and is_dataclass(hint):
        return _fields(hint, value, find)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value


def _citation(record: Json, find: Find) -> Citation:
    quote, page = record["quote"], record["page"]
    start, end = record["start"], record["end"]
    now = _now(record["article"], find)
    if now and quote and now.text[start:end] == quote and now.page(start) == page:
        return _fields(Citation, record, find, article=_article(record["article"], now))
    kept = Kept(quote, page, removed=now is None or not quote)
    return _fields(Citation, record, find, article=_article(record["article"], None), kept=kept)


def _now(reference: Json, find: Find) -> Article | None:
    found = find(reference["id"])
    return found if found and found.id == reference["id"] else None


def _article(reference: Json, now: Article | None) -> Article:
    """Return an article as it was; with its text, if it is there now."""
    known: dict[str, Any] = {name: reference.get(name) for name in _REFERENCE}
    return replace(now, **known) if now else Article(**known, text="")

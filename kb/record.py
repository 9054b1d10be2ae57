"""The JSON of answers and conversations: what every door says, and what a home stores.

Pure functions. A key is added when it is needed, and never changes its meaning; a field that is
added to ``Answer`` is in its JSON under its own name. ``kb.recall`` reads it back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from numbers import Integral
from typing import Any

from index.article import Article
from kb.answer import Answer, Citation, Conflict
from kb.conversation import ConversationEntry, StoredConversation

__all__ = [
    "Json",
    "answer_json",
    "citation_json",
    "conversation_json",
    "dumps",
    "entry_json",
    "line",
    "mentioned",
    "reference_json",
]

# Valid in JSON as they are, but a terminal obeys some of them, an editor shows text with others in
# another order, JavaScript ends a line at two of them, and UTF-8 has no bytes for the last.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Json = dict[str, Any]
"""What ``json.dumps`` takes: the keys and types of one contract."""


def reference_json(article: Article) -> Json:
    """Return what is known of an article, without its text."""
    return {
        "id": article.id,
        "uri": article.uri,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published_at": article.published_at,
        "url": article.url,
        "language": article.language,
    }


def answer_json(answer: Answer) -> Json:
    """Return an answer; ``standalone`` is the question as it was understood, ``short`` may be null.

    A citation of a stored answer has ``status`` if its article has ``changed`` since, or was
    ``removed``: then quote, offsets and article are as they were.
    """
    return {**_of_fields(answer), "short": answer.short or None}


def entry_json(entry: ConversationEntry) -> Json:
    """Return what a list shows of a conversation; ``turns`` is their number."""
    return _of_fields(entry)


def conversation_json(stored: StoredConversation) -> Json:
    """Return a whole conversation: its entry, and its ``answers``, each with ``asked_at``."""
    answers = [{"asked_at": one.asked_at, **answer_json(one.answer)} for one in stored.turns]
    return {**entry_json(stored.entry), "answers": answers}


def _of_fields(value: Any) -> Json:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def citation_json(citation: Citation) -> Json:
    """Return a citation with its quote and page, its article without the text."""
    known = _of_fields(citation)
    kept = known.pop("kept")
    status = {"status": "removed" if kept["removed"] else "changed"} if kept else {}
    return {**known, "quote": citation.quote, "page": citation.page, **status}


def _conflict_json(conflict: Conflict) -> Json:
    known = _of_fields(conflict)
    return {**known, "citations": [known.pop("newer"), known.pop("older")]}


def _plain(value: Any) -> Any:
    """Return a value of a field as JSON has it; numpy's numbers become Python's."""
    if isinstance(value, Citation):
        return citation_json(value)
    if isinstance(value, Conflict):
        return _conflict_json(value)
    if isinstance(value, Article):
        return reference_json(value)
    if is_dataclass(value):
        return _of_fields(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, bool)):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def mentioned(record: Any) -> Iterator[str]:
    """Yield the ids of the articles that a record has a reference to, wherever in it."""
    if isinstance(record, dict):
        if {"id", "uri", "title"} <= record.keys():
            yield str(record["id"])
        record = list(record.values())
    if isinstance(record, list):
        for one in record:
            yield from mentioned(one)


def dumps(contract: Mapping[str, Any]) -> str:
    """Return the JSON text of a contract: indented, with characters as they are.

    Only characters that could do something to a terminal or an editor are escaped, and lone
    surrogates, so the text always encodes as UTF-8; ``json.loads`` gives back what came in.
    """
    return _escaped(json.dumps(contract, ensure_ascii=False, indent=2, allow_nan=False))


def line(contract: Mapping[str, Any]) -> str:
    """Return the JSON text of a contract on one line, without the end of the line."""
    return _escaped(json.dumps(contract, ensure_ascii=False, allow_nan=False))


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)

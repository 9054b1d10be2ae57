"""The JSON contracts: what command line, HTTP, MCP and stored conversations all say.

Pure functions from the types of ``kb``. A key is added when it is needed, and never changes its
meaning. Floats are as the program has them; times are milliseconds unless a name says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from kb.record import (
    Json,
    answer_json,
    conversation_json,
    dumps,
    entry_json,
    line,
    reference_json,
)

if TYPE_CHECKING:
    from kb import (
        Article,
        Chip,
        Choice,
        Collection,
        ConversationEntry,
        Found,
        Hit,
        LastSync,
        Rating,
        Status,
        SyncReport,
        Timeline,
    )

__all__ = [
    "Json",
    "answer_json",
    "article_json",
    "articles_json",
    "choices_json",
    "collections_json",
    "conversation_json",
    "conversations_json",
    "deleted_json",
    "dumps",
    "entry_json",
    "excluded_json",
    "feedback_json",
    "found_json",
    "hits_json",
    "last_sync_json",
    "line",
    "record_json",
    "reference_json",
    "removed_json",
    "status_json",
    "stories_json",
    "sync_json",
    "timeline_json",
]


def article_json(article: Article) -> Json:
    """Return an article with its whole canonical text.

    ``pages`` are the offsets at which each page begins in it; ``origins`` says of a field where its
    value came from.
    """
    return {
        **reference_json(article),
        "text": article.text,
        "pages": list(article.pages),
        "origins": dict(article.origins),
    }


def articles_json(articles: Sequence[Article]) -> Json:
    """Return a list of articles without their texts."""
    return {"articles": [reference_json(article) for article in articles]}


def choices_json(choices: Sequence[Choice]) -> Json:
    """Return the models that may be chosen, the one that is set first."""
    return {"models": [{"name": one.name, "told": one.told} for one in choices]}


def collections_json(collections: Sequence[Collection]) -> Json:
    """Return the collections that a question may be asked of."""
    return {"collections": [{"name": one.name, "articles": one.articles} for one in collections]}


def removed_json(articles: Sequence[Article]) -> Json:
    """Return the articles that were removed."""
    return {"removed": [reference_json(article) for article in articles]}


def excluded_json(key: str, uris: Mapping[str, str]) -> Json:
    """Return articles of which only id and uri are known any more, under this key."""
    return {key: [{"id": id, "uri": uri} for id, uri in uris.items()]}


def stories_json(stories: Sequence[Sequence[tuple[Article, float]]]) -> Json:
    """Return the stories that stand in several articles, each with its greatest similarity."""
    return {
        "stories": [
            {
                "articles": [
                    {**reference_json(article), "similarity": float(similarity)}
                    for article, similarity in story
                ]
            }
            for story in stories
        ]
    }


def timeline_json(timeline: Timeline) -> Json:
    """Return how many articles there are of each period and source."""
    return {
        "unit": timeline.unit.value,
        "shares": [
            {"period": one.period, "source": one.source, "articles": one.articles}
            for one in timeline.shares
        ],
    }


def record_json(article: Article) -> Json:
    """Return an article as a line of a corpus, which a sync reads back as the same article."""
    known = reference_json(article)
    metadata = ("source", "author", "published_at", "url", "language")
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "metadata": {name: known[name] for name in metadata if known[name] is not None},
    }


def _hit_json(hit: Hit) -> Json:
    explained = {"signals": dict(hit.signals)} if hit.signals else {}
    return {
        "passage_id": hit.passage.id,
        "article": reference_json(hit.article),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "heading": hit.passage.heading,
        "page": hit.page,
        "score": float(hit.score),
        "similarity": float(hit.similarity),
        "copies": [reference_json(article) for article in hit.copies],
        **explained,
    }


def _chip_json(chip: Chip) -> Json:
    return {
        "kind": chip.kind,
        "value": chip.value,
        "label": chip.label,
        "start": chip.start,
        "end": chip.end,
    }


def hits_json(
    question: str, hits: Sequence[Hit], search_ms: float, chips: Sequence[Chip] = ()
) -> Json:
    """Return what a search of ``search_ms`` milliseconds found.

    ``chips`` say what the question was understood to ask for. A hit has ``signals``, what each adds
    to the logarithm of its score, if the search was to explain.
    """
    return {
        "question": question,
        "chips": [_chip_json(chip) for chip in chips],
        "hits": [_hit_json(hit) for hit in hits],
        "timings": {"search_ms": round(search_ms)},
    }


def found_json(found: Found) -> Json:
    """Return what was found for a question, before anything is written."""
    return {
        "standalone": found.question,
        "chips": [_chip_json(chip) for chip in found.chips],
        "hits": [_hit_json(hit) for hit in found.hits],
    }


def feedback_json(ratings: Sequence[Rating]) -> Json:
    """Return what readers thought of answers, each with the answer as it was shown."""
    return {
        "feedback": [
            {
                "conversation": one.conversation,
                "number": one.number,
                "rated_at": one.rated_at,
                "good": one.good,
                "reason": one.reason,
                "question": one.question,
                "answer": json.loads(one.answer),
            }
            for one in ratings
        ]
    }


def sync_json(report: SyncReport) -> Json:
    """Return the report of a sync, which is also its plan."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "moved": [{"from": before, "to": now} for before, now in report.moved],
        "removed": list(report.removed),
        "kept": report.kept,
        "skipped": [{"uri": each.uri, "reason": each.reason} for each in report.skipped],
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
        "dry_run": report.dry_run,
        "stopped": report.stopped,
    }


def last_sync_json(one: LastSync | None) -> Json | None:
    """Return what came of the sync that ended last, if there was one."""
    return {**asdict(one), "places": list(one.places)} if one else None


def conversations_json(entries: Sequence[ConversationEntry]) -> Json:
    """Return a list of stored conversations, without what was said."""
    return {"conversations": [entry_json(entry) for entry in entries]}


def deleted_json(entry: ConversationEntry) -> Json:
    """Return the conversation that was deleted."""
    return {"deleted": entry_json(entry)}


def status_json(status: Status) -> Json:
    """Return the state of a knowledge base."""
    return {
        "home": str(status.home),
        "articles": status.articles,
        "passages": status.passages,
        "revision": status.revision,
        "index": status.index,
        "embedder": status.embedder,
        "model": status.model,
        "notes": list(status.notes),
    }

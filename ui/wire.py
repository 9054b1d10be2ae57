"""The JSON contracts: what command line, HTTP, MCP and stored conversations all say.

Pure functions from the types of ``kb``. A key is added when it is needed, and never changes its
meaning. Floats are as the program has them; times are milliseconds unless a name says otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb import Answer, Article, Chip, Citation, Hit, Status, SyncReport

__all__ = [
    "Json",
    "answer_json",
    "article_json",
    "articles_json",
    "citation_json",
    "dumps",
    "excluded_json",
    "hits_json",
    "line",
    "milliseconds",
    "record_json",
    "reference_json",
    "removed_json",
    "status_json",
    "stories_json",
    "sync_json",
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


def milliseconds(timings: Mapping[str, float]) -> dict[str, float]:
    """Return times without their fractions."""
    return {name: round(value) for name, value in timings.items()}


def citation_json(citation: Citation) -> Json:
    """Return a citation with its quote, and its article without the text."""
    return {
        "number": citation.number,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "score": float(citation.score),
        "page": citation.page,
        "passage_id": citation.passage_id,
        "article": reference_json(citation.article),
    }


def answer_json(answer: Answer) -> Json:
    """Return an answer; ``standalone`` is the question as it was understood."""
    return {
        "question": answer.question,
        "standalone": answer.standalone or answer.question,
        "text": answer.text,
        "short": answer.short or None,
        "refusal": None if answer.refusal is None else answer.refusal.value,
        "model": answer.model,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "verdict": sentence.verdict.value,
                "score": float(sentence.score),
            }
            for sentence in answer.sentences
        ],
        "citations": [citation_json(citation) for citation in answer.citations],
        "conflicts": [
            {
                "kind": one.kind.value,
                "citations": [one.newer, one.older],
                "superseded": one.superseded,
                "text": one.text,
            }
            for one in answer.conflicts
        ],
        "nearest": [citation_json(citation) for citation in answer.nearest],
        "timings": milliseconds(answer.timings),
        "usage": dict(answer.usage),
        "notes": list(answer.notes),
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
        "timings": milliseconds({"search_ms": search_ms}),
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


def status_json(status: Status) -> Json:
    """Return the state of a knowledge base."""
    return {
        "home": str(status.home),
        "articles": status.articles,
        "passages": status.passages,
        "revision": status.revision,
        "embedder": status.embedder,
        "model": status.model,
        "notes": list(status.notes),
    }


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

"""The JSON contract of a text that was given its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.record import citation_json
from ui.wire import Json

if TYPE_CHECKING:
    from kb import Cited, CitedSentence

__all__ = ["cited_json"]


def _sentence_json(sentence: CitedSentence) -> Json:
    near = citation_json(sentence.nearest) if sentence.nearest else {}
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "citations": list(sentence.citations),
        "verdict": sentence.verdict.value if sentence.verdict else None,
        "score": float(sentence.score),
        "nearest": {key: near[key] for key in near if key != "number"} or None,
    }


def cited_json(cited: Cited) -> Json:
    """Return a text with its citations.

    ``start`` and ``end`` of a sentence count in ``text``; the verdict of one that claims nothing is
    null. ``nearest`` is a citation without a number.
    """
    return {
        "text": cited.text,
        "sentences": [_sentence_json(sentence) for sentence in cited.sentences],
        "citations": [citation_json(citation) for citation in cited.citations],
        "timings": dict(cited.timings),
        "notes": list(cited.notes),
        "stopped": cited.stopped,
    }

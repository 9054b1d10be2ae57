"""A stored answer without what it has of articles that were removed by hand.

Everything that may be an article's text goes: its quotes, the sentences that rest on it (without a
model they are its text, with one they may repeat it), the short answer, the sentences that were
withheld, of which nobody knows what they repeat, and every key that is not known here. The rest of
the answer, the question, and where the article was cited stay.
"""

from __future__ import annotations

from collections.abc import Collection

from kb.answer import Verdict
from kb.record import Json

__all__ = ["ERASED", "erased"]

ERASED = "(removed with its article)"
"""Stands in the place of a sentence."""

_NOTE = "an article was removed, and with it what this answer had of it"
_AS_IT_WAS = ("question", "standalone", "refusal", "model", "timings", "usage", "confidence")
_OF_A_SENTENCE = ("text", "citations", "verdict", "score")
_OF_A_CITATION = ("number", "start", "end", "score", "page")


def erased(record: Json, gone: Collection[str]) -> Json:
    """Return the record of an answer that mentions one of these articles, without their words."""
    numbers = {one["number"] for one in record["citations"] if one["article"]["id"] in gone}
    sentences = [
        _sentence(one, bool(numbers & set(one["citations"])))
        for one in record["sentences"]
        if one["verdict"] != Verdict.UNSUPPORTED
    ]
    marked = [
        one["text"] + "".join(f" [{number}]" for number in one["citations"]) for one in sentences
    ]
    return {
        **{key: record[key] for key in _AS_IT_WAS if key in record},
        "text": record["text"] if record["refusal"] else " ".join(marked) or ERASED,
        "short": None if numbers else record.get("short"),
        "sentences": sentences,
        "citations": [
            _citation(one) if one["number"] in numbers else one for one in record["citations"]
        ],
        "conflicts": [
            one for one in record.get("conflicts", ()) if not numbers & set(one["citations"])
        ],
        "nearest": [one for one in record.get("nearest", ()) if one["article"]["id"] not in gone],
        "notes": [_NOTE],
    }


def _sentence(sentence: Json, rests_on_it: bool) -> Json:
    kept = {key: sentence[key] for key in _OF_A_SENTENCE}
    return {**kept, "text": ERASED} if rests_on_it else kept


def _citation(citation: Json) -> Json:
    """Return where a citation points, and nothing of what is there."""
    article = {"id": citation["article"]["id"], "uri": citation["article"]["uri"]}
    return {
        **{key: citation[key] for key in _OF_A_CITATION},
        "quote": "",
        "passage_id": "",
        "article": {**article, "title": article["uri"]},
    }

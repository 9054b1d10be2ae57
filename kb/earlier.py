"""The passages that the last answer rests on stay at hand for a follow-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from index.article import Article, Hit, Passage
from index.chunk import indexed_text
from index.protocols import Embedder
from kb.conversation import Conversation

__all__ = ["Recall", "with_earlier"]

Recall = Callable[[Sequence[str]], Mapping[str, tuple[Passage, Article]]]
"""Takes ids of passages, and returns those that there still are, each with its article."""

_BEHIND = 5  # hits of the follow-up itself come first; only the first eight are read
_AT_MOST = 2


def with_earlier(
    question: str,
    hits: Sequence[Hit],
    conversation: Conversation,
    recall: Recall,
    embedder: Embedder,
) -> list[Hit]:
    """Return the hits with up to two passages that the last answer cites, unless they are there.

    Args:
        question: As it was understood; the similarity of what is put in is that with it.
    """
    found = {hit.passage.id for hit in hits}
    last = conversation.answers[-1].citations if conversation.answers else ()
    cited = dict.fromkeys(one.passage_id for one in last if one.passage_id not in found)
    there = recall(list(cited)[:_AT_MOST]) if cited else {}
    if not there:
        return list(hits)
    first, rest = list(hits[:_BEHIND]), list(hits[_BEHIND:])
    score = first[-1].score if first else 1.0
    asked = embedder.embed_query(question)
    vectors = embedder.embed_documents([indexed_text(a, passage) for passage, a in there.values()])
    put = [
        Hit(passage, article, score, float(vector @ asked))
        for (passage, article), vector in zip(there.values(), vectors, strict=True)
    ]
    return [*first, *put, *rest]

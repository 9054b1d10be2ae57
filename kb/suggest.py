"""Questions to ask next, each of which was tried: the knowledge base finds what answers it.

What could be asked is made of the texts (``kb.leads``), and asked here as a reader would, but for
the second look: a question is offered if the passage that it was made of is found for it again
(roundtrip consistency, Alberti et al., 2019), and the gate lets it through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.article import Hit
from index.filter import Filter
from index.protocols import Embedder, Ranker
from kb.answer import Answer
from kb.condense import condense
from kb.conversation import Conversation
from kb.evidence import Scored, by_words
from kb.gate import no_evidence
from kb.leads import Lead, leads
from kb.words import content

__all__ = ["Suggester"]

_FOUND = 10  # passages that questions are made of
_RELATED = 0.5  # of the floor: passages that are less similar have nothing to do with it
_AMONG = 4  # the first passages, of which one has to be the one that a question was made of
_TRIED = 5  # questions at most: each takes a search
_ALIKE = 0.6  # of the words of the shorter of two questions


@dataclass(frozen=True, slots=True)
class Suggester:
    """Suggests what to ask after an answer.

    Attributes:
        ranker: The chain's, which has searched for the answer's question already.
        quick: Searches without a second look, which would take most of the time.
        embedder: As the chain's.
        min_similarity: As the chain's floor.
    """

    ranker: Ranker
    quick: Ranker
    embedder: Callable[[], Embedder]
    min_similarity: float

    def suggest(self, answer: Answer, limit: int) -> list[str]:
        """Return at most ``limit`` questions, best first; the same ones for the same articles."""
        wanted, now, back = answer.scope.filter, answer.scope.today, answer.scope.without
        found = self.ranker.search(answer.standalone, _FOUND, wanted, now=now, without=back)
        hits = [hit for hit in found if hit.similarity >= _RELATED * self.min_similarity]
        unused = [one for one in by_words(answer.standalone, hits) if not _shown(one, answer)]
        unused = [one for one in unused if one.hit.article.language in ("en", None)]
        used = [one.article for one in answer.citations]
        understood = self.ranker.understand(answer.standalone, now, back)
        asked = [content(answer.standalone), content(answer.question)]
        chosen: list[str] = []
        tried = 0
        for lead in leads(understood, hits, unused, used):
            if len(chosen) == limit or tried == _TRIED:
                break
            words = content(lead.question)
            if _stands_alone(lead.question, answer) and not any(
                _alike(words, one) for one in asked
            ):
                tried += 1
                if self._answered(lead, wanted, now):
                    chosen.append(lead.question)
                    asked.append(words)
        return chosen

    def _answered(self, lead: Lead, wanted: Filter, now: dt.date | None) -> bool:
        hits = self.quick.search(lead.question, _FOUND, wanted, now=now)
        if not any(map(lead.answers, hits[:_AMONG])):
            return False
        understood = self.ranker.understand(lead.question, now)
        # The chain looks at more sentences: what is let through here is so there.
        return any(
            no_evidence(understood, hits, ranked, self.min_similarity) is None
            for ranked in self._telling(lead.question, hits[:_AMONG])
        )

    def _telling(self, question: str, hits: Sequence[Hit]) -> Iterator[list[Scored]]:
        """Yield no sentence, then the one with most of the question's words and its cosine."""
        yield []
        embedder = self.embedder()
        asked = embedder.embed_query(question)
        for one in by_words(question, hits)[:1]:
            yield [replace(one, similarity=float(embedder.embed_documents([one.text])[0] @ asked))]


def _shown(one: Scored, answer: Answer) -> bool:
    """Say whether the answer shows a sentence, or a part of it."""
    return any(
        cited.article.id == one.hit.article.id and cited.start < one.end and one.start < cited.end
        for cited in answer.citations
    )


def _stands_alone(question: str, answer: Answer) -> bool:
    """Say whether a question means after the answer what it means by itself."""
    return condense(question, Conversation((answer,))) == question


def _alike(words: list[str], others: list[str]) -> bool:
    """Say whether two questions ask about the same, by their words."""
    shared = len(set(words) & set(others))
    return shared >= _ALIKE * min(len(words), len(others))

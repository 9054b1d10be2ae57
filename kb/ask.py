"""The chain, from a question to an answer whose every sentence is carried by its sources."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from index.filter import Filter
from index.parts import parts
from index.protocols import Embedder, Ranker
from index.search import checked_question
from index.understand import Understood
from kb.answer import Answer, Citation, Delta, Event, Found, Refusal
from kb.condense import condense
from kb.conflict import told
from kb.conversation import Conversation
from kb.disagree import Disagreement, disagreements, newer_first, superseding
from kb.draft import Draft
from kb.earlier import Recall, with_earlier
from kb.evidence import Evidence, Scored, blocks, rank_sentences
from kb.gate import nearest, no_evidence
from kb.protocols import Verifier, Writer
from kb.quoted import quotes
from kb.scope import Scope
from kb.words import content
from kb.write import written

__all__ = ["Chain"]

_WORDS = {
    Refusal.MODEL_DECLINED: "The articles found do not answer this.",
    Refusal.UNSUPPORTED: "No answer could be given that the articles carry.",
}
_NEAREST = 3  # sentences that are shown with a refusal


@dataclass(frozen=True, slots=True)
class Chain:
    """Condense, search, gate, choose evidence, draft, cite, verify, gate again.

    Attributes:
        embedder: Gives the one in use, which a reindex changes.
        passages: How many passages are searched for.
        min_similarity: The cosine below which nothing is similar enough to answer from.
        min_confidence: How sure a writer has to be of a direct answer, 0 to 1; without a model, the
            cosine of the question and what was found.
        show_unsupported: Whether sentences that nothing carries are shown, and marked.
        why_nothing: Says why a filter lets no article through, if it does not.
        recall: Gives passages by their ids.
        notes: Lines that go with every answer.
        instead: Goes on where the writer fails; without one, the error is raised.
    """

    ranker: Ranker
    embedder: Callable[[], Embedder]
    writer: Writer
    verifier: Verifier
    passages: int
    min_similarity: float
    why_nothing: Callable[[Filter], str | None]
    recall: Recall
    min_confidence: float = 0.0
    show_unsupported: bool = False
    notes: tuple[str, ...] = ()
    instead: Writer | None = None

    def stream(
        self,
        question: str,
        conversation: Conversation,
        scope: Scope,
    ) -> Generator[Event, None, None]:
        """Yield ``Found``, then ``Delta``s, then the one ``Answer``, whose text they make up.

        Raises:
            QuestionError: The question is empty or too long.
            ModelError: The model failed, and there is no other ``instead``.
        """
        begun = time.perf_counter()
        asked = checked_question(question)
        standalone = condense(asked, conversation, getattr(self.writer, "condense", None))
        wanted, now, without = scope.filter, scope.today, scope.without
        hits = self.ranker.search(standalone, self.passages, wanted, now=now, without=without)
        if standalone != asked and not wanted:
            hits = with_earlier(standalone, hits, conversation, self.recall, self.embedder())
        timings = {"search_ms": _since(begun)}
        understood = self.ranker.understand(standalone, now, without)
        yield Found(standalone, tuple(hits), understood.chips)

        ranked = rank_sentences(standalone, hits, self.embedder())
        nothing = None if hits else self._no_hits(wanted)
        nothing = nothing or no_evidence(understood, hits, ranked, self.floor)
        differ = [] if nothing else disagreements(standalone, ranked)
        if understood.dates:  # of other days than are asked about, other figures are no conflict
            differ = [one for one in differ if one.same_day]
        later = superseding(standalone, ranked, differ)
        if later:
            ranked = newer_first(ranked, later)
        evidence = () if nothing else self._evidence(ranked, several=_several(understood))
        draft = Draft(evidence, self.verifier, self.show_unsupported, self.min_confidence, later)
        if not nothing:
            for shown in self._drafted(standalone, draft, ranked, differ):
                first = bool(shown) and "first_token_ms" not in timings
                if first:
                    timings["first_token_ms"] = _since(begun)
                yield Delta(shown, draft.direct if first else "")
        if not self.writer.budget:
            draft.confidence = max(0.0, nearest(hits, ranked))
        timings["total_ms"] = _since(begun)
        answer = self._answer(question, standalone, draft, nothing, timings)
        answer = replace(answer, scope=scope, chips=understood.chips)
        yield answer if answer.citations else replace(answer, nearest=_nearest(ranked))

    @property
    def floor(self) -> float:
        """The cosine that is enough: without a model, it is also how sure an answer is."""
        return (
            self.min_similarity
            if self.writer.budget
            else max(self.min_similarity, self.min_confidence)
        )

    def _no_hits(self, wanted: Filter) -> str | None:
        """Return why there are none, as a sentence, if the filter is why."""
        why = self.why_nothing(wanted)
        return f"{why[0].upper()}{why[1:]}." if why else None

    def _evidence(self, ranked: Sequence[Scored], *, several: bool) -> Sequence[Evidence]:
        budget = self.writer.budget
        if not budget:
            return quotes(ranked)
        return blocks(ranked, self.embedder(), budget, several=several)

    def _drafted(
        self,
        question: str,
        draft: Draft,
        ranked: Sequence[Scored],
        differ: Sequence[Disagreement],
    ) -> Iterator[str]:
        """Yield each sentence that its sources carry, with markers.

        Then what the writer left out of a disagreement of its sources.
        """
        if draft.evidence:  # else all of it were orders to a model
            yield from written(self.writer, question, draft, self.instead, partial(quotes, ranked))
        draft.conflicts = yield from told(draft, differ)

    def _answer(
        self,
        question: str,
        standalone: str,
        draft: Draft,
        nothing: str | None,
        timings: dict[str, float],
    ) -> Answer:
        refusal = None
        text = draft.text
        if nothing:
            refusal, text = Refusal.NO_EVIDENCE, nothing
        elif not draft.citations:
            refusal = Refusal.MODEL_DECLINED if draft.declined else Refusal.UNSUPPORTED
            text = _WORDS[refusal]
        return Answer(
            question=question,
            text=text,
            model=" + ".join(draft.writers) or self.writer.name,
            sentences=tuple(draft.sentences),
            citations=tuple(draft.citations),
            refusal=refusal,
            standalone=standalone,
            timings=timings,
            notes=(*self.notes, *draft.notes),
            short=draft.direct,
            conflicts=draft.conflicts,
            usage=draft.usage,
            confidence=draft.confidence,
        )


def _nearest(ranked: Sequence[Scored]) -> tuple[Citation, ...]:
    """Return the best sentence of each of the first articles that have one."""
    best: dict[str, Scored] = {}
    for one in ranked:
        best.setdefault(one.hit.article.id, one)
    return tuple(
        Citation(n, one.hit.article, one.hit.passage.id, one.start, one.end, one.hit.similarity)
        for n, one in enumerate(list(best.values())[:_NEAREST], 1)
    )


def _several(understood: Understood) -> bool:
    """Say whether a question asks for several things."""
    return len(parts(understood, lambda text: len(content(text)))) > 1


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)

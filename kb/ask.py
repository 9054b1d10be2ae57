"""The chain, from a question to an answer whose every sentence is carried by its sources."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from index.filter import Filter
from index.protocols import Embedder, Ranker
from index.search import checked_question
from kb.answer import Answer, Citation, Delta, Event, Found, Refusal, Sentence, Verdict
from kb.cite import DraftSentence, Judged, draft_sentences, judge
from kb.condense import condense
from kb.conversation import Conversation
from kb.evidence import Evidence, Scored, blocks, quotes, rank_sentences
from kb.gate import no_evidence
from kb.prompt import declines
from kb.protocols import Verifier, Writer

__all__ = ["Chain"]

_WORDS = {
    Refusal.MODEL_DECLINED: "The articles found do not answer this.",
    Refusal.UNSUPPORTED: "No answer could be given that the articles carry.",
}


@dataclass(slots=True)
class _Draft:
    """What has been written, checked and numbered so far."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    text: str = ""
    declined: bool = False

    def add(self, text: str, judged: Judged, shown: bool) -> str:
        """Take in a sentence; return what of it is shown."""
        numbers = tuple(dict.fromkeys(self._number(span) for span in judged.spans)) if shown else ()
        self.sentences.append(Sentence(text, numbers, judged.verdict, judged.score))
        if not shown:
            return ""
        marked = (" " if self.text else "") + text + "".join(f" [{number}]" for number in numbers)
        self.text += marked
        return marked

    def _number(self, span: tuple[Evidence, int, int]) -> int:
        """Return the number of the citation of these characters; the same for the same ones."""
        one, start, end = span
        for known in self.citations:
            if (known.article.id, known.start, known.end) == (one.article.id, start, end):
                return known.number
        number = len(self.citations) + 1
        citation = Citation(number, one.article, one.passage_id, start, end, one.similarity)
        self.citations.append(citation)
        return number


@dataclass(frozen=True, slots=True)
class Chain:
    """Condense, search, gate, choose evidence, draft, cite, verify, gate again.

    Attributes:
        embedder: Gives the one in use, which a reindex changes.
        passages: How many passages are searched for.
        min_similarity: The cosine below which nothing is similar enough to answer from.
        why_nothing: Says why a filter lets no article through, if it does not.
        notes: Lines that go with every answer.
    """

    ranker: Ranker
    embedder: Callable[[], Embedder]
    writer: Writer
    verifier: Verifier
    passages: int
    min_similarity: float
    why_nothing: Callable[[Filter], str | None]
    notes: tuple[str, ...] = ()

    def stream(
        self,
        question: str,
        conversation: Conversation,
        wanted: Filter,
        *,
        now: dt.date | None = None,
        without: Iterable[str] = (),
    ) -> Generator[Event, None, None]:
        """Yield ``Found``, then ``Delta``s, then the one ``Answer``, whose text they make up.

        Args:
            wanted: Only articles that it lets through are answered from.
            now, without: As for ``Ranker.search``.

        Raises:
            QuestionError: The question is empty or too long.
            ModelError: The model failed.
        """
        begun = time.perf_counter()
        standalone = condense(checked_question(question), conversation)
        back = tuple(without)
        hits = self.ranker.search(standalone, self.passages, wanted, now=now, without=back)
        timings = {"search_ms": _since(begun)}
        chips = self.ranker.understand(standalone, now, back).chips
        yield Found(standalone, tuple(hits), chips)

        ranked = rank_sentences(standalone, hits, self.embedder())
        nothing = None if hits else self._no_hits(wanted)
        nothing = nothing or no_evidence(standalone, hits, ranked, self.min_similarity)
        draft = _Draft()
        if not nothing:
            for shown in self._drafted(standalone, ranked, draft):
                if shown:
                    timings.setdefault("first_token_ms", _since(begun))
                yield Delta(shown)
        timings["total_ms"] = _since(begun)
        yield self._answer(question, standalone, draft, nothing, timings)

    def _no_hits(self, wanted: Filter) -> str | None:
        """Return why there are none, as a sentence, if the filter is why."""
        why = self.why_nothing(wanted)
        return f"{why[0].upper()}{why[1:]}." if why else None

    def _drafted(self, question: str, ranked: Sequence[Scored], draft: _Draft) -> Iterator[str]:
        """Let the writer write, and yield each sentence that its sources carry, with markers.

        After a piece that ends no sentence, yields an empty string, so that it can be stopped.
        """
        budget = self.writer.budget
        evidence = blocks(ranked, self.embedder(), budget) if budget else quotes(ranked)
        with closing(self.writer.write(question, evidence)) as pieces:
            for done in draft_sentences(pieces):
                shown = [self._judged(sentence, evidence, draft) for sentence in done]
                yield "".join(shown)

    def _judged(self, sentence: DraftSentence, evidence: Sequence[Evidence], draft: _Draft) -> str:
        """Return what is shown of a sentence of the draft, if its sources carry it."""
        judged = judge(sentence, evidence, self.verifier)
        shown = judged.verdict is not Verdict.UNSUPPORTED
        if not shown and declines(sentence.text):
            draft.declined = True
            return ""
        return draft.add(sentence.text, judged, shown)

    def _answer(
        self,
        question: str,
        standalone: str,
        draft: _Draft,
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
            model=self.writer.name,
            sentences=tuple(draft.sentences),
            citations=tuple(draft.citations),
            refusal=refusal,
            standalone=standalone,
            timings=timings,
            notes=self.notes,
        )


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)

"""A draft that is checked sentence by sentence: what of it is shown, and what that cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.article import Article
from kb.answer import Citation, Conflict, Sentence, Verdict
from kb.cite import DraftSentence, judge
from kb.disagree import Disagreement, said_by
from kb.evidence import Evidence, Scored
from kb.expect import YES_NO
from kb.plain import addresses, plain
from kb.prompt import declines, without_markers
from kb.protocols import Usage, Verifier
from kb.verify import is_copy
from kb.words import numbers, stems

__all__ = ["UNSUPPORTED_MARK", "Draft"]

UNSUPPORTED_MARK = "[not supported]"
"""What stands behind a sentence that no source carries, where such are shown."""


@dataclass(slots=True)
class Draft:
    """What has been written, checked and numbered so far.

    Attributes:
        show_unsupported: Whether sentences that nothing carries are shown, and marked.
        min_confidence: What a writer that is less sure of its direct answer has not answered.
        superseding: Where newer evidence has another value, which is then the direct answer.
        short: The direct answer that the draft began with; see ``direct``.
        text: The shown sentences with their markers.
        confidence: How sure its writer is; see ``Short.certainty``.
        declined: Whether the draft said that the sources do not answer.
        usage: What its writer read and wrote.
        conflicts: Where what it cites disagrees.
        writers: The names of those whose sentences are shown.
        notes: What became of a writer that failed.
    """

    evidence: Sequence[Evidence]
    verifier: Verifier
    show_unsupported: bool = False
    min_confidence: float = 0.0
    superseding: Sequence[Disagreement] = ()
    short: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    text: str = ""
    confidence: float | None = None
    declined: bool = False
    usage: Usage = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    writers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def direct(self) -> str:
        """The direct answer, if it holds: yes or no, or words that all stand in one quote."""
        if not self.citations or self.short in YES_NO:
            return self.short if self.citations else ""
        carried = any(
            all(each(self.short) <= each(one.quote) for each in (stems, numbers, addresses))
            for one in self.citations
        )
        return self.short if carried else ""

    @property
    def withheld(self) -> tuple[str, ...]:
        """Its sentences, where nothing carries any of them."""
        return () if self.citations else tuple(one.text for one in self.sentences)

    @property
    def doubtful(self) -> bool:
        """Whether its writer is not sure enough."""
        return self.confidence is not None and self.confidence < self.min_confidence

    def add(self, sentence: DraftSentence) -> str:
        """Take in a sentence; return what of it is shown."""
        if not self.text and (newer := self._superseding()):
            self.short = newer.values[0]
            led = self.quote(newer.newer, said_by(newer.newer))
            # The older side follows as what was said earlier, see ``kb.conflict``.
            return led if is_copy(sentence.text, newer.older.text) else led + self.add(sentence)
        judged = judge(sentence, self.evidence, self.verifier)
        shown = judged.verdict is not Verdict.UNSUPPORTED
        if not shown and declines(sentence.text):
            self.declined = True
            return ""
        numbers = self._numbers(judged.spans) if shown else ()
        if shown and not self.text and self.short in YES_NO:
            # A judgement: no quote carries that by itself.
            text = f"{self.short} — {sentence.text}"
            return self._show(text, Verdict.PARTIAL, judged.score, numbers)
        return self._show(sentence.text, judged.verdict, judged.score, numbers)

    def _superseding(self) -> Disagreement | None:
        """Return the newest evidence that has another value than the direct answer has."""
        outdated = [
            one
            for one in self.superseding
            if one.values[1] and numbers(one.values[1]) <= numbers(self.short)
        ]
        return max(outdated, key=lambda one: one.newer.hit.article.published_at or "", default=None)

    def cites(self, one: Scored) -> int:
        """Return the number of a citation of this sentence, or of a part of it; 0 for none."""
        for known in self.citations:
            same = known.article.id == one.hit.article.id
            if same and known.start < one.end and known.end > one.start:
                return known.number
        return 0

    def quote(self, one: Scored, lead: str) -> str:
        """Add a sentence of an article word for word, behind who says it; return what is shown."""
        self._number(one.hit.article, one.hit.passage.id, one.start, one.end, one.hit.similarity)
        words = " ".join(without_markers(plain(one.text)).split())
        return self._show(
            f"{without_markers(plain(lead))}: “{words}”", Verdict.SUPPORTED, 1.0, (self.cites(one),)
        )

    def _show(self, text: str, verdict: Verdict, score: float, numbers: tuple[int, ...]) -> str:
        self.sentences.append(Sentence(text, numbers, verdict, score))
        if not numbers and not self.show_unsupported:
            return ""
        markers = "".join(f" [{number}]" for number in numbers) or f" {UNSUPPORTED_MARK}"
        marked = (" " if self.text else "") + text + markers
        self.text += marked
        return marked

    def _numbers(self, spans: Sequence[tuple[Evidence, int, int]]) -> tuple[int, ...]:
        numbers = (
            self._number(one.article, one.passage_id, start, end, one.similarity)
            for one, start, end in spans
        )
        return tuple(dict.fromkeys(numbers))

    def _number(
        self, article: Article, passage_id: str, start: int, end: int, similarity: float
    ) -> int:
        """Return the number of the citation of these characters; the same for the same ones."""
        for known in self.citations:
            if (known.article.id, known.start, known.end) == (article.id, start, end):
                return known.number
        number = len(self.citations) + 1
        self.citations.append(Citation(number, article, passage_id, start, end, similarity))
        return number

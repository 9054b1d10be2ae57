"""A draft that is checked sentence by sentence: what of it is shown, and what that cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.answer import Citation, Sentence, Verdict
from kb.cite import DraftSentence, Judged, judge
from kb.evidence import Evidence
from kb.expect import YES_NO
from kb.prompt import declines
from kb.protocols import Usage, Verifier
from kb.words import numbers, stems

__all__ = ["Draft"]


@dataclass(slots=True)
class Draft:
    """What has been written, checked and numbered so far.

    Attributes:
        short: The direct answer that the draft began with; see ``direct``.
        text: The shown sentences with their markers.
        declined: Whether the draft said that the sources do not answer.
        usage: What its writer read and wrote.
    """

    evidence: Sequence[Evidence]
    verifier: Verifier
    short: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    text: str = ""
    declined: bool = False
    usage: Usage = field(default_factory=dict)

    @property
    def direct(self) -> str:
        """The direct answer, if it holds: yes or no, or words that all stand in one quote."""
        if not self.citations or self.short in YES_NO:
            return self.short if self.citations else ""
        wanted, counted = stems(self.short), numbers(self.short)
        carried = any(
            wanted <= stems(one.quote) and counted <= numbers(one.quote) for one in self.citations
        )
        return self.short if carried else ""

    def add(self, sentence: DraftSentence) -> str:
        """Take in a sentence; return what of it is shown."""
        judged = judge(sentence, self.evidence, self.verifier)
        shown = judged.verdict is not Verdict.UNSUPPORTED
        if not shown and declines(sentence.text):
            self.declined = True
            return ""
        numbers = tuple(dict.fromkeys(self._number(span) for span in judged.spans)) if shown else ()
        if shown and not self.text and self.short in YES_NO:
            return self._show(f"{self.short} — {sentence.text}", _judgement(judged), numbers)
        return self._show(sentence.text, judged, numbers)

    def _show(self, text: str, judged: Judged, numbers: tuple[int, ...]) -> str:
        self.sentences.append(Sentence(text, numbers, judged.verdict, judged.score))
        if not numbers:
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


def _judgement(judged: Judged) -> Judged:
    """Return the verdict on a sentence that says yes or no: no quote carries that by itself."""
    return Judged(Verdict.PARTIAL, judged.score, judged.spans)

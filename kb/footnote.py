"""Any text, sentence by sentence, with the exact characters of the articles that carry it.

No model writes or reads here: what a sentence says is searched for, and a verifier judges whether
what was found carries it, each quote by itself. A pronoun is read as the subject of the sentence
before; a sentence with one that stands for nothing known is carried in part at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.article import Hit
from index.chunk import spelled_header
from index.filter import Filter
from index.protocols import Ranker
from index.sentences import sentence_spans
from kb.answer import Citation, Verdict
from kb.cite import DraftSentence, Judged, judge
from kb.cited import Cited, CitedSentence
from kb.claims import Claim, claims
from kb.errors import QuestionError
from kb.evidence import Evidence, Scored, by_words
from kb.protocols import Verifier
from kb.refer import leans, people, person, resolved, subject
from kb.scope import Scope
from kb.words import content, numbers, stems

__all__ = ["CITE_AT_MOST", "Footnoter"]

CITE_AT_MOST = 1_000_000
"""The longest text, in characters: some minutes' work."""

_PASSAGES = 8  # that are looked at for a sentence
_SINGLE, _NEIGHBOURS = 8, 2  # sentences that are judged alone, and with those around them
_CITED_AT_MOST = 3  # quotes under one sentence, each of another article
_SEARCHED_AT_MOST = 1_000  # characters of a sentence
_NEAR = 1.2  # share of a sentence's words that the nearest quote has, and that its passage has
_SAME, _NEARER = 0.8, 0.2  # share of the words of a quote that contradicts, and how much more it is
_COPY = 0.8  # of the words of two quotes in common; more are one quote that was printed twice
_ORDER = {Verdict.SUPPORTED: 2, Verdict.PARTIAL: 1, Verdict.UNSUPPORTED: 0}


@dataclass(slots=True)
class _Footnotes:
    """The citations so far, by the characters that they cite."""

    citations: list[Citation] = field(default_factory=list)
    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def number(self, one: Evidence, start: int, end: int) -> int:
        """Return the number of the citation of these characters; the same for the same ones."""
        key = (one.article.id, start, end)
        if key not in self._numbers:
            number = self._numbers[key] = len(self.citations) + 1
            self.citations.append(
                Citation(number, one.article, one.passage_id, start, end, one.similarity)
            )
        return self._numbers[key]


@dataclass(frozen=True, slots=True)
class Footnoter:
    """Finds for each sentence of a text what carries it.

    Attributes:
        ranker: Finds passages; it need not look twice at them, as all their sentences are judged.
        why_nothing: Says why a filter lets no article through, if it does not.
    """

    ranker: Ranker
    verifier: Verifier
    why_nothing: Callable[[Filter], str | None]

    def cite(
        self,
        text: str,
        scope: Scope,
        *,
        progress: Callable[[int, int], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Cited:
        """Return the text with its sentences judged; see ``KnowledgeBase.cite``."""
        begun = time.perf_counter()
        if len(text) > CITE_AT_MOST:
            raise QuestionError(
                f"the text has {len(text):,} characters", f"cite at most {CITE_AT_MOST:,} at a time"
            )
        wanted, now, back = scope.filter, scope.today, scope.without
        why = self.why_nothing(wanted)
        made = claims(text)
        footnotes = _Footnotes()
        done: list[CitedSentence] = []
        for claim, says, searched in _standing_alone(made):
            if stop():
                break
            hits = list[Hit]()
            if says:
                hits = self.ranker.search(searched, _PASSAGES, wanted, now=now, without=back)
            done.append(self._judged(text[claim.start : claim.end], claim, says, hits, footnotes))
            if progress:
                progress(len(done), len(made))
        return Cited(
            text=text,
            sentences=tuple(done),
            citations=tuple(footnotes.citations),
            timings={"total_ms": round((time.perf_counter() - begun) * 1000, 1)},
            notes=(f"{why[0].upper()}{why[1:]}.",) if why else (),
            stopped=len(done) < len(made),
        )

    def _judged(
        self, text: str, claim: Claim, says: str, hits: Sequence[Hit], footnotes: _Footnotes
    ) -> CitedSentence:
        """Return a sentence with the verdict on what it says, its citations taken in."""
        bare = CitedSentence(text, claim.start, claim.end)
        if not says:
            return bare
        ranked = _distinct(by_words(says, hits))
        verdict, found = self._carried(says, ranked)
        nearest = _nearest(says, ranked)
        if verdict is Verdict.UNSUPPORTED or (nearest and _contradicted(says, nearest, found)):
            return replace(bare, verdict=Verdict.UNSUPPORTED, nearest=nearest)
        if leans(says):
            verdict = Verdict.PARTIAL
        spans = [span for one in found for span in one.spans]
        numbers = tuple(dict.fromkeys(footnotes.number(*span) for span in spans))
        return replace(bare, citations=numbers, verdict=verdict, score=found[0].score)

    def _carried(self, says: str, ranked: Sequence[Scored]) -> tuple[Verdict, list[Judged]]:
        """Return the best verdict of the sentences found, and what it rests on, the best first.

        Each is judged alone; only if none fully carries what is said, with those around it.
        """
        judged = [self._one(says, _alone(one)) for one in ranked[:_SINGLE]]
        if not any(one.verdict is Verdict.SUPPORTED for one in judged):
            judged += [self._one(says, _around(one)) for one in ranked[:_NEIGHBOURS]]
        best = max((one.verdict for one in judged), key=_ORDER.__getitem__, default=None)
        if best is None or best is Verdict.UNSUPPORTED:
            return Verdict.UNSUPPORTED, []
        kept = sorted((one for one in judged if one.verdict is best), key=lambda one: -one.score)
        return best, list(_of_several_articles(kept))[:_CITED_AT_MOST]

    def _one(self, says: str, evidence: Evidence) -> Judged:
        return judge(DraftSentence(says, (evidence.number,)), [evidence], self.verifier)


def _standing_alone(made: Sequence[Claim]) -> Iterator[tuple[Claim, str, str]]:
    """Yield each sentence with what it says by itself, and what to search for.

    A pronoun is replaced by the subject of the sentence before; to a sentence without any name that
    subject is added for the search.
    """
    thing: str | None = None
    someone: str | None = None
    for claim in made:
        says = resolved(claim.says, thing, someone)
        searched = says if people(says) or not thing else f"{says} {thing}"
        yield claim, says, searched[:_SEARCHED_AT_MOST].replace(" — ", ", ")
        thing = subject(says) or thing
        someone = person(says) or someone


def _distinct(ranked: Sequence[Scored]) -> list[Scored]:
    """Return the sentences in their order, those with the same words once."""
    first: dict[str, Scored] = {}
    for one in ranked:
        first.setdefault(" ".join(one.text.split()), one)
    return list(first.values())


def _alone(one: Scored) -> Evidence:
    return Evidence(
        1,
        one.hit.article,
        one.hit.passage.id,
        one.start,
        one.end,
        one.hit.similarity,
        one.hit.passage.text,
    )


def _around(one: Scored) -> Evidence:
    """Return a sentence with the one before and the one after it in its passage."""
    spans = sentence_spans(one.hit.passage.text)
    near = spans[max(0, one.index - 1) : one.index + 2]
    start = one.hit.passage.start
    return replace(_alone(one), start=start + near[0][0], end=start + near[-1][1])


def _of_several_articles(kept: Sequence[Judged]) -> Iterator[Judged]:
    """Yield the best of each article, and of quotes that are copies of each other the first."""
    articles: set[str] = set()
    quoted: list[set[str]] = []
    for one in kept:
        evidence, start, end = one.spans[0]
        words = stems(evidence.article.text[start:end])
        copy = any(len(words & other) > _COPY * len(words | other) for other in quoted)
        if evidence.article.id not in articles and not copy:
            articles.add(evidence.article.id)
            quoted.append(words)
            yield one


def _nearest(says: str, ranked: Sequence[Scored]) -> Citation | None:
    """Return the sentence that has the most words of what is said, if it comes near."""
    best, share = None, 0.0
    for one in ranked[:_SINGLE]:
        around = one.hit.passage.text + spelled_header(one.hit.article)
        own = _share(says, one.text)
        if own > share and own + _share(says, around) >= _NEAR:
            best, share = one, own
    if best is None:
        return None
    hit = best.hit
    return Citation(0, hit.article, hit.passage.id, best.start, best.end, hit.similarity)


def _contradicted(says: str, nearest: Citation, found: Sequence[Judged]) -> bool:
    """Say whether a sentence that says the same, but for a detail, speaks against what was found.

    "UBS pays five billion in its shares" is not carried by another five billion of UBS, where "UBS
    pays three billion in its shares" is there.
    """
    quoted = [one.article.text[start:end] for judged in found for one, start, end in judged.spans]
    carried = max(_share(says, quote) for quote in quoted)
    same = any(nearest.quote in quote for quote in quoted)
    return not same and _share(says, nearest.quote) >= max(_SAME, carried + _NEARER)


def _share(says: str, text: str) -> float:
    """Return the share of the words of what is said, numbers left out, that a text has."""
    words = {word for word in content(says) if not numbers(word)}
    return len(words & stems(text)) / len(words) if words else 0.0

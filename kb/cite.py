"""From a draft with markers to sentences, each with the exact characters that carry it.

A marker is a claim of the draft, no more: it is followed only to evidence that exists, and what is
cited there is the sentence that carries the claim best, cut out by its offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.chunk import spelled_header
from index.sentences import Span, sentence_spans
from kb.answer import Verdict
from kb.evidence import Evidence
from kb.plain import addresses, plain
from kb.prompt import without_markers
from kb.protocols import Verifier

__all__ = ["DraftSentence", "Judged", "draft_sentences", "judge"]

_MARKER = re.compile(r"\s*[\[【]\s*-?(\d{1,50}(?:\s*[,;–—-]\s*\d{1,50})*)\s*[\]】]")
_ONE = r"\s*[\[【][\d\s,;–—-]+[\]】]"
_AFTER_STOP = re.compile(rf"([.!?…。！？][\"'”’»)]*)({_ONE}(?:\s*[,;]?{_ONE})*)")
_BETWEEN = re.compile(r"(?<=[\]】])\s*[,;]\s*(?=[\[【]\s*-?\d)")  # "[1], [2]"
_RANGE = re.compile(r"(\d+)\s*[–—-]\s*(\d+)")
_OPEN = re.compile(r"[\[【][^\]】]*$")
_RANGE_AT_MOST = 20
_NEARLY = 0.9  # of the words: what is missing is how firmly they are said
_PAIRS = 2  # sentences of a block that are tried together
_ORDER = {Verdict.SUPPORTED: 2, Verdict.PARTIAL: 1, Verdict.UNSUPPORTED: 0}


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft without its markers, and the numbers that they named, in order."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sentence is worth: the verdict, its score, and the spans that carry it."""

    verdict: Verdict
    score: float
    spans: tuple[tuple[Evidence, int, int], ...]


def draft_sentences(pieces: Iterable[str]) -> Iterator[list[DraftSentence]]:
    """Yield, after each piece of a draft and at its end, the sentences that are now whole.

    Markers after a full stop belong to the sentence before it. A sentence is whole when the next
    one has begun, or the draft ends; how the draft is cut into pieces makes no difference.
    """
    held = ""
    for piece in pieces:
        held += piece
        done: list[DraftSentence] = []
        if piece.strip() and not _OPEN.search(held):
            moved = _AFTER_STOP.sub(r"\2\1", held)
            spans = sentence_spans(moved)
            if len(spans) > 1 and any(c.isalnum() for c in moved[slice(*spans[-1])]):
                done = _sentences(moved, spans[:-1])
                held = moved[spans[-1][0] :]
        yield done
    moved = _AFTER_STOP.sub(r"\2\1", held)
    yield _sentences(moved, sentence_spans(moved))


def _sentences(text: str, spans: Sequence[Span]) -> list[DraftSentence]:
    return [one for span in spans for one in _draft_sentence(text[slice(*span)])]


def _draft_sentence(text: str) -> Iterator[DraftSentence]:
    text = _BETWEEN.sub("", plain(text))
    numbers: list[int] = []
    for match in _MARKER.finditer(text):
        numbers += _named(match.group(1))
    left = without_markers(plain(_MARKER.sub("", text)))  # of "[[1]2]" a marker would be left
    bare = " ".join(left.split()).lstrip("-*•#> ").strip()
    if any(c.isalnum() for c in bare):
        yield DraftSentence(bare, tuple(dict.fromkeys(numbers)))


def _named(inside: str) -> list[int]:
    """Return the numbers of one marker: ``1``, ``1, 2``, ``1-3``."""
    numbers: list[int] = []
    for part in re.split(r"[,;]", inside):
        if match := _RANGE.search(part):
            first, last = int(match.group(1)), int(match.group(2))
            numbers += range(first, min(last, first + _RANGE_AT_MOST) + 1)
        elif part.strip():
            numbers.append(int(part))
    return numbers


def judge(sentence: DraftSentence, evidence: Sequence[Evidence], verifier: Verifier) -> Judged:
    """Return the verdict on a sentence, with the spans of the evidence it rests on.

    Each cited piece of evidence is judged by itself, and only those as good as the best are kept.
    If none carries the sentence, or it cites nothing, all the evidence is tried, and a piece that
    fully carries it is cited in their place; or one that has its words, but says them less firmly.
    """
    numbered = {one.number: one for one in evidence}
    cited = [numbered[number] for number in sentence.numbers if number in numbered]
    judged = _kept([_narrowed(sentence.text, one, verifier) for one in cited])
    if judged.verdict is Verdict.SUPPORTED:
        return judged
    others = [_narrowed(sentence.text, one, verifier) for one in evidence if one not in cited]
    found = [one for one in others if one.verdict is Verdict.SUPPORTED]
    if not found and judged.verdict is Verdict.UNSUPPORTED:
        found = [one for one in others if one.verdict is Verdict.PARTIAL and one.score >= _NEARLY]
    if found:
        return max(found, key=lambda one: one.score)
    return judged


def _kept(judged: Sequence[Judged]) -> Judged:
    best = max((_ORDER[one.verdict] for one in judged), default=0)
    kept = [one for one in judged if _ORDER[one.verdict] == best]
    if best == 0:
        score = max((one.score for one in judged), default=0.0)
        return Judged(Verdict.UNSUPPORTED, score, ())
    score = max(one.score for one in kept)
    return Judged(kept[0].verdict, score, tuple(span for one in kept for span in one.spans))


def _narrowed(sentence: str, one: Evidence, verifier: Verifier) -> Judged:
    """Judge a sentence by each sentence of a piece of evidence, and by each two together."""
    context = f"{spelled_header(one.article)}\n{one.context}"
    spans = [(one.start + a, one.start + b) for a, b in sentence_spans(one.text)]
    tried = [
        (spans[i][0], spans[i + size - 1][1])
        for size in range(1, _PAIRS + 1)
        for i in range(len(spans) - size + 1)
    ]
    best = Judged(Verdict.UNSUPPORTED, 0.0, ())
    linked = addresses(sentence)
    for start, end in tried:
        if not linked <= addresses(one.article.text[start:end]):
            continue  # an address that a model made up could carry out what was asked
        verdict, score = verifier.verify(sentence, one.article.text[start:end], context)
        if (_ORDER[verdict], score) > (_ORDER[best.verdict], best.score):
            best = Judged(verdict, score, ((one, start, end),))
    return best

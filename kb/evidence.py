"""From hits to the few sentences worth reading."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.article import Article, Hit
from index.chunk import spelled_header
from index.protocols import Embedder
from index.sentences import sentence_spans
from kb.condense import focus
from kb.expect import fits
from kb.orders import gives_orders
from kb.statement import is_heading, states
from kb.words import content, stems

__all__ = [
    "Evidence",
    "Scored",
    "before",
    "blocks",
    "by_words",
    "evidence_of",
    "rank_sentences",
]

_HITS = 8  # passages whose sentences are looked at
_EMBEDDED = 24  # sentences, best by words, that are also compared by meaning
_HEADER_SHARE, _PASSAGE_SHARE = 0.5, 0.3  # of a word that only the header or passage has
_BEFORE_SHARE = 0.5  # of a word of the question that a follow-up leans on
# Beside its words: what the best passage counts, its meaning, and the kind of thing asked for.
_HIT, _SIMILAR, _FITS = 0.25, 0.75, 0.15
_BLOCKS_WITHIN = 0.25
_AGAIN = 0.25  # what each further sentence of one article loses, where several things are asked
_SOURCE_LINE = 25  # tokens of an article's title, source and date in a prompt


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered run of sentences of one passage.

    Attributes:
        number: From 1; what a draft's marker ``[n]`` names.
        start, end: Offsets into ``article.text``.
        similarity: Of question and passage, as in ``Hit.similarity``.
        context: The text of its passage, in which its pronouns and dates are to be read.
    """

    number: int
    article: Article
    passage_id: str
    start: int
    end: int
    similarity: float
    context: str

    @property
    def text(self) -> str:
        """The exact characters."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a hit; ``score`` orders them, ``similarity`` is its cosine to the question."""

    hit: Hit
    index: int
    start: int
    end: int
    score: float
    similarity: float

    @property
    def text(self) -> str:
        """The exact characters."""
        return self.hit.article.text[self.start : self.end]


def by_words(question: str, hits: Sequence[Hit]) -> list[Scored]:
    """Score every sentence of the hits by the question's words, weighted by their rarity here.

    A word that is not in the sentence but in the header or the passage counts in part, because
    what a text is about is not said again in every sentence. So do the words of a question before
    a follow-up: they say what it is about, not what is asked.
    """
    asked = focus(question)
    own_words = set(content(asked))
    words = content(question)
    spans = [
        (hit, i, hit.passage.start + a, hit.passage.start + b, hit.passage.text[a:b])
        for hit in hits
        for i, (a, b) in enumerate(sentence_spans(hit.passage.text))
        if states(hit.passage.text[a:b], words)
    ]
    own = [stems(text) for *_, text in spans]
    seen = Counter(word for found in own for word in found)
    rarity = {
        w: math.log(1 + (len(spans) - seen[w] + 0.5) / (seen[w] + 0.5))
        * (1.0 if w in own_words else _BEFORE_SHARE)
        for w in words
    }
    whole = sum(rarity.values()) or 1.0
    heads = {id(hit): stems(spelled_header(hit.article)) for hit in hits}
    around = {id(hit): stems(hit.passage.text) for hit in hits}

    def share(word: str, found: set[str], hit: Hit) -> float:
        if word in found:
            return 1.0
        if word in heads[id(hit)]:
            return _HEADER_SHARE
        return _PASSAGE_SHARE if word in around[id(hit)] else 0.0

    scored = []
    for (hit, i, start, end, text), found in zip(spans, own, strict=True):
        covered = sum(rarity[w] * share(w, found, hit) for w in words) / whole
        score = covered + _HIT * hit.score + (_FITS if fits(asked, text) else 0.0)
        scored.append(Scored(hit, i, start, end, score, 0.0))
    return sorted(scored, key=lambda one: -one.score)


def rank_sentences(question: str, hits: Sequence[Hit], embedder: Embedder) -> list[Scored]:
    """Return the sentences of the first hits, best first; those best by words also by meaning.

    Sentences that are equal are returned once.
    """
    ranked = by_words(question, hits[:_HITS])
    each: dict[str, Scored] = {}
    for one in ranked:
        each.setdefault(one.text, one)
    best = list(each.values())[:_EMBEDDED]
    if not best:
        return []
    asked = embedder.embed_query(question)
    vectors = embedder.embed_documents([one.text for one in best])
    judged = []
    for one, vector in zip(best, vectors, strict=True):
        similarity = float(vector @ asked)
        score = one.score + _SIMILAR * similarity
        judged.append(Scored(one.hit, one.index, one.start, one.end, score, similarity))
    return sorted(judged, key=lambda one: -one.score)


def evidence_of(number: int, hit: Hit, start: int, end: int) -> Evidence:
    """Return characters of the article of a hit as evidence with this number."""
    return Evidence(
        number, hit.article, hit.passage.id, start, end, hit.similarity, hit.passage.text
    )


def blocks(
    ranked: Sequence[Scored], embedder: Embedder, budget: int, *, several: bool = False
) -> list[Evidence]:
    """Return the best sentences in a budget, neighbours together, article by article.

    The best sentence is always in, with the one before it if there is room, because that is where
    its pronouns are explained. Articles come in the order of their best sentences. What gives
    orders to a model tells nothing, and is left out.

    Args:
        budget: Tokens of the embedder for all texts together.
        several: Whether several things are asked, which different articles may answer: then these
            take turns, unless the sentences of one are much better.
    """
    ranked = [one for one in ranked if not gives_orders(one.text)]
    earlier = [found for one in ranked[:1] if (found := before(one))]
    order = _in_turns(ranked) if several else [*ranked[:1], *earlier, *ranked[1:]]
    chosen = _affordable(order, embedder, budget)
    hits = {one.hit.passage.id: one.hit for one in ranked}
    articles = list(dict.fromkeys(hits[id].article.id for id in chosen))
    runs = [
        (articles.index(hits[id].article.id), run)
        for id, kept in chosen.items()
        for run in _runs(kept)
    ]
    runs.sort(key=lambda item: (item[0], item[1][0].start))
    return [
        evidence_of(n, run[0].hit, run[0].start, run[-1].end) for n, (_, run) in enumerate(runs, 1)
    ]


def _affordable(
    order: Sequence[Scored], embedder: Embedder, budget: int
) -> dict[str, dict[int, Scored]]:
    """Return the first that fit into the budget, by passage and place in it."""
    chosen: dict[str, dict[int, Scored]] = {}
    articles: set[str] = set()
    left = budget
    for one in order:
        if one.index in chosen.get(one.hit.passage.id, {}):
            continue
        if one.score < _BLOCKS_WITHIN * order[0].score:
            continue
        cost = embedder.count_tokens([one.text])[0] + 3
        cost += 0 if one.hit.article.id in articles else _SOURCE_LINE
        if chosen and cost > left:
            continue
        left -= cost
        articles.add(one.hit.article.id)
        chosen.setdefault(one.hit.passage.id, {})[one.index] = one
    return chosen


def _in_turns(ranked: Sequence[Scored]) -> list[Scored]:
    """Return the sentences in an order in which each further one of an article counts less."""
    taken: Counter[str] = Counter()
    scored = []
    for one in ranked:
        article = one.hit.article.id
        scored.append((one.score - _AGAIN * taken[article], one))
        taken[article] += 1
    return [one for _, one in sorted(scored, key=lambda item: -item[0])]


def before(one: Scored) -> Scored | None:
    """Return the sentence that stands before one in its passage, if one does that says something.

    A heading does not, and what gives orders to a model is not looked at.
    """
    if one.index == 0:
        return None
    spans = sentence_spans(one.hit.passage.text)
    start, end = (one.hit.passage.start + offset for offset in spans[one.index - 1])
    text = one.hit.article.text[start:end]
    if is_heading(text) or gives_orders(text):
        return None
    return Scored(one.hit, one.index - 1, start, end, one.score, 0.0)


def _runs(kept: Mapping[int, Scored]) -> list[list[Scored]]:
    """Return the runs of neighbouring sentences of one passage among those kept."""
    runs: list[list[Scored]] = []
    for i in sorted(kept):
        if runs and runs[-1][-1].index == i - 1:
            runs[-1].append(kept[i])
        else:
            runs.append([kept[i]])
    return runs

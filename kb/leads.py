"""What could be asked next, as the texts that were found suggest it: questions, not yet tried.

They are made of sentences (``kb.turned``), and of names, sources, days, titles and headings that
are there, and worded so that a small model tells what is known and does not look for a few words
that answer (``kb.expect``). What is taken from a text is a name, or words without anything that a
page or a model could obey.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from index.article import Article, Hit
from index.chunk import spelled_date
from index.understand import Understood
from kb.evidence import Scored
from kb.orders import gives_orders
from kb.plain import plain
from kb.turned import PLAIN_NAME, is_subject, name_spans, turned

__all__ = ["Lead", "leads"]

_TITLE_AT_MOST, _SHORT_TITLE = 90, 50
_NEAR = 0.7  # of the similarity of the best passage; others are of something else
_TITLE = re.compile(r"[^\[\]<>{}|\\`*_#“”\"«»„:/]+(?:: [^\[\]<>{}|\\`*_#“”\"«»„:/]+)?")


@dataclass(frozen=True, slots=True)
class Lead:
    """A question that may be asked next.

    Attributes:
        answers: Says of a passage that is found for it whether it is one that answers it.
    """

    question: str
    answers: Callable[[Hit], bool]


def leads(
    understood: Understood, hits: Sequence[Hit], ranked: Sequence[Scored], used: Sequence[Article]
) -> Iterator[Lead]:
    """Yield what could be asked after a question, of different kinds in turns, best first.

    Args:
        hits: What was found for it.
        ranked: Sentences of these that the answer does not show, the most telling first.
        used: The articles that the answer cites.
    """
    best = max((hit.similarity for hit in hits), default=0.0)
    near = [hit for hit in hits if hit.similarity >= _NEAR * best]
    close = {hit.passage.id for hit in near}
    ranked = [one for one in ranked if one.hit.passage.id in close]
    kinds = (
        _of_sentences(ranked),
        _of_others(understood, near, used),
        _of_names(understood.question, ranked),
        _of_headings(near, used),
    )
    for turn in zip_longest(*kinds):
        yield from (one for one in turn if one and not gives_orders(one.question))


def _of_sentences(ranked: Sequence[Scored]) -> Iterator[Lead]:
    for one in ranked:
        for question in turned(_line(one)):
            yield Lead(question, partial(_is_passage, one.hit.passage.id))


def _line(one: Scored) -> str:
    return " ".join(plain(one.text).split())


def _is_passage(id: str, hit: Hit) -> bool:
    return hit.passage.id == id


def _of_others(
    understood: Understood, hits: Sequence[Hit], used: Sequence[Article]
) -> Iterator[Lead]:
    """Yield what articles that are not cited may say of what was asked about."""
    cited = {one.id for one in used}
    sources = {one.source for one in used}
    newest = max((one.published_at or "" for one in used), default="")[:10]
    there = set(understood.names)
    named = [name for start, end, name in name_spans(understood.question) if (start, end) in there]
    for hit in hits:
        article, day = hit.article, (hit.article.published_at or "")[:10]
        topic = next((one for one in named if _names(one.removeprefix("the "), hit)), "")
        if article.id in cited or not topic:
            continue
        if article.source not in sources and (source := _plain_name(article.source)):
            sources.add(article.source)
            asked = f"What is known about {topic}, according to {source}?"
            yield Lead(asked, partial(_is_of_source, article.source))
        elif newest and day > newest:
            asked = f"What was reported about {topic} after {spelled_date(newest)}?"
            yield Lead(asked, partial(_is_newer, newest))
            newest = day
        elif title := _quotable(article.title):
            asked = f"What is known about {topic}, according to “{title}”?"
            yield Lead(asked, partial(_is_article, article.id))


def _is_of_source(source: str | None, hit: Hit) -> bool:
    return hit.article.source == source


def _is_newer(day: str, hit: Hit) -> bool:
    return (hit.article.published_at or "")[:10] > day


def _is_article(id: str, hit: Hit) -> bool:
    return id in (hit.article.id, *(one.id for one in hit.copies))


def _of_names(question: str, ranked: Sequence[Scored]) -> Iterator[Lead]:
    """Yield what is known about what is named beside, if its name has several words.

    What a sentence is about goes before what it only mentions.
    """
    known = question.casefold()
    mentioned: list[Lead] = []
    for one in ranked:
        text = _line(one)
        for start, end, name in name_spans(text):
            bare = name.removeprefix("the ")
            if " " in bare and bare.casefold() not in known:
                lead = Lead(f"What is known about {name}?", partial(_names, bare))
                if is_subject(text, start, end):
                    yield lead
                else:
                    mentioned.append(lead)
    yield from mentioned


def _names(name: str, hit: Hit) -> bool:
    return name in " ".join(hit.passage.text.split())


def _of_headings(hits: Sequence[Hit], used: Sequence[Article]) -> Iterator[Lead]:
    """Yield what stands under other headings of the cited articles, and what others are about."""
    cited = {one.id for one in used}
    for hit in hits:
        article, heading = hit.article, _quotable(hit.passage.heading)
        title, source = _quotable(article.title), _plain_name(article.source)
        if article.id in cited and heading and f"# {heading}\n" in article.text:
            whose = f"“{title}”" if title and len(title) <= _SHORT_TITLE else source
            if whose and heading != title:
                told = f"What is known about “{heading}”, according to {whose}?"
                yield Lead(told, partial(_is_passage, hit.passage.id))
        elif article.id not in cited and title:
            yield Lead(f"What happened, according to “{title}”?", partial(_is_article, article.id))


def _plain_name(name: str | None) -> str:
    """Return the name of a source as it stands in a question; empty if it is no plain name."""
    bare = " ".join((name or "").split())
    fits = (
        len(bare) <= 40 and PLAIN_NAME.fullmatch(bare) and bare[0].isupper() and plain(bare) == bare
    )
    return bare if fits else ""


def _quotable(title: str | None) -> str:
    """Return a title that may stand in quotation marks; empty if it has what may not."""
    bare = " ".join((title or "").split())
    fits = len(bare) <= _TITLE_AT_MOST and _TITLE.fullmatch(bare) and plain(bare) == bare
    return bare if fits and bare.isprintable() else ""

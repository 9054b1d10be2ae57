"""Sentences reworded and made into questions as people ask them of a collection of news."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Sequence

from index.article import Article
from index.chunk import spelled_date
from index.stopwords import STOP_WORDS

__all__ = ["asked_of", "joined", "joined_questions", "reworded"]

_NAME = re.compile(
    r"(?:\b[Tt]he )?(?<=[a-z,;] )"
    r"[A-Z][\w’'-]*(?:(?: (?:of|the|de|von|for|and))? [A-Z][\w’'-]*)*(?:’s|'s)?"
)
_NUMBER = re.compile(r"(?:[$€£]\s?)?\b\d[\d,.]*\d?(?:%| percent| million| billion| km| years)?")
_SUBJECT = re.compile(
    r"((?:The )?[A-Z][\w’'-]*(?: (?:of |the )?[A-Z][\w’'-]*)*) ([a-z]+(?:s|ed|d|t|n|w|re|ve) .+)"
)
_CLAUSE = re.compile(
    r"\s*[;:—–]\s*|,\s+(?=\w+ \w+ \w+)|\s+(?=which |while |because |although |where )"
)
_GENERIC = (
    "the company",
    "the individual",
    "the organization",
    "the person",
    "the place",
    "the country",
    "the city",
    "the group",
    "someone",
    "a certain event",
)
_AMOUNTS = ("a number of", "several", "a certain amount of", "many", "some")
_WHO = (
    "Who",
    "Which company",
    "Which individual",
    "Which organization",
    "What",
    "Which country",
    "Which person",
)
_SYNONYMS = dict(
    pair.split(":")
    for pair in (
        "began:started started:began large:big big:large said:stated stated:claimed "
        "built:constructed constructed:built made:created created:made used:employed "
        "important:significant significant:notable many:numerous several:various "
        "various:several called:named named:called became:turned got:received received:got "
        "given:granted located:situated area:region region:area people:residents "
        "died:deceased killed:slain won:gained lost:forfeited increased:rose rose:grew "
        "fell:dropped dropped:fell helped:assisted allowed:permitted required:needed "
        "needed:required often:frequently usually:typically mostly:mainly mainly:primarily "
        "primarily:mainly near:close however:though main:principal chief:principal caused:led "
        "shows:indicates showed:indicated found:discovered discovered:found children:kids "
        "money:funds war:conflict law:legislation job:position home:house bought:purchased "
        "sold:marketed moved:relocated ended:finished first:initial last:final "
    ).split()
)


def reworded(rng: random.Random, sentence: str) -> str:
    """Return a sentence with less of its wording: a part of it, words left out, names hidden."""
    text = " ".join(sentence.split()).rstrip(".!?\"'”’ ")
    parts = [part for part in _CLAUSE.split(text) if len(part.split()) >= 5]
    if len(parts) > 1 and rng.random() < 0.6:
        at = rng.randrange(len(parts))
        text = ", ".join(parts[at : at + rng.choice((1, 1, 2))])
    hidden = rng.choice((0.1, 0.4, 0.8))
    text = _NAME.sub(lambda m: rng.choice(_GENERIC) if rng.random() < hidden else m[0], text)
    text = _NUMBER.sub(lambda m: rng.choice(_AMOUNTS) if rng.random() < hidden else m[0], text)
    dropped = rng.choice((0.0, 0.15, 0.3))
    words = [
        _SYNONYMS.get(word, word) if rng.random() < 0.7 else word
        for word in text.split()
        if word[0].isupper() or rng.random() >= dropped
    ]
    words = words[: rng.randint(10, 30)]
    return " ".join(words).rstrip(",;:") or text


def _lowered(text: str) -> str:
    first = text.split(" ", 1)[0]
    common = first.lower() in STOP_WORDS
    return text[0].lower() + text[1:] if common else text


def _day(rng: random.Random, article: Article) -> str:
    day = dt.date.fromisoformat((article.published_at or "2024-01-01")[:10])
    spelled = spelled_date(day.isoformat())
    return rng.choice((spelled, f"{day:%B} {day.day}, {day.year}", day.isoformat()))


def _attributed(rng: random.Random, article: Article) -> str:
    """Return words that name an article by its source, its date or its title."""
    source = article.source or "the newspaper"
    forms = [
        f"the {source.removeprefix('The ')} article",
        f"{source}",
        f"the report from {source}",
        f"the {source.removeprefix('The ')} report on {_lowered(article.title)}",
        f"'{source}'",
    ]
    named = rng.choice(forms)
    return f"{named} published on {_day(rng, article)}" if rng.random() < 0.35 else named


def asked_of(rng: random.Random, sentence: str, article: Article) -> str:
    """Return a question about one sentence of an article."""
    subject = _SUBJECT.fullmatch(sentence.strip())
    if subject and rng.random() < 0.6:
        asked = f"{rng.choice(_WHO)} {reworded(rng, subject[2])}"
        if rng.random() < 0.6:
            asked += rng.choice(
                (", according to {}", ", as reported by {}", " according to {}")
            ).format(_attributed(rng, article))
        return asked + "?"
    told = _lowered(reworded(rng, sentence))
    if rng.random() < 0.35:
        return rng.choice(
            ("Is it true that {}?", "What is known about {}?", "When and why {}?")
        ).format(told)
    forms = (
        "Did {} report that {}?",
        "Does {} say that {}?",
        "According to {}, {}?",
        "Does {} suggest that {}?",
        "What did {} say about {}?",
    )
    return rng.choice(forms).format(_attributed(rng, article), told)


def joined(rng: random.Random, told: Sequence[tuple[str, Article]]) -> str:
    """Return one question about sentences of several articles."""
    parts = [
        (_lowered(reworded(rng, sentence)), _attributed(rng, article)) for sentence, article in told
    ]
    subject = _SUBJECT.fullmatch(told[0][0].strip())
    kind = rng.random()
    if kind < 0.4:
        who = rng.choice(_WHO)
        first = reworded(rng, subject[2]) if subject else f"is involved where {parts[0][0]}"
        said = [f"{first}, according to {parts[0][1]}"]
        said += [
            f"{text}, as reported by {by}" if rng.random() < 0.7 else text for text, by in parts[1:]
        ]
        return f"{who} {', and '.join(said)}?"
    if kind < 0.75:
        verb = rng.choice(("say", "suggest", "report", "claim"))
        link = rng.choice((", while ", ", whereas ", ", and does "))
        clauses = [
            f"{by} {verb + ('s' if i and 'does' not in link else '')} that {text}"
            for i, (text, by) in enumerate(parts)
        ]
        return f"Does {link.join(clauses)}?"
    if kind < 0.9:
        (first, by), (last, other) = parts[0], parts[-1]
        asked = rng.choice(
            ("was there a change", "is the reporting consistent", "which came first")
        )
        return f"Between {by} that {first} and {other} that {last}, {asked}?"
    return f"What connects the facts that {', and that '.join(text for text, _ in parts)}?"


def joined_questions(rng: random.Random, questions: Sequence[str]) -> str:
    """Return several questions as one."""
    bare = [question.strip().rstrip("?. ") for question in questions]
    link = rng.choice((", and ", ", and ", "; ", " and "))
    return link.join([bare[0], *(_lowered(one[0].lower() + one[1:]) for one in bare[1:])]) + "?"

"""Statements with the quote they cite, true ones and false ones, made from a set with answers.

A true one is a question with its answer as a statement, beside the sentence of the paragraph that
has the answer. False ones are the same with one number, name, date or negation changed, and true
ones beside a sentence of another paragraph of the same article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.sentences import sentence_spans
from kb.evaluate.dataset import Question, load_evaluation_set
from kb.words import folded, names, numbers
from tests.bench.verifier.statements import stated

__all__ = ["KINDS", "Pair", "pairs"]

KINDS = ("true", "number", "date", "name", "negation", "elsewhere")

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_CALENDAR = re.compile(rf"\b(?:{'|'.join(_MONTHS + _DAYS)})\b")
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w,])")
_VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|could|can|would|will)\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement with what it cites.

    Attributes:
        context: The title of the article, a line break, and the paragraph of the quote.
        kind: ``true``, or how it was made false.
    """

    article: str
    statement: str
    quote: str
    context: str
    kind: str

    @property
    def true(self) -> bool:
        """Whether the quote carries the statement."""
        return self.kind == "true"


def pairs(folder: Path, seed: int = 0) -> list[Pair]:
    """Return all pairs that can be made of a set whose judgements are paragraphs with answers."""
    chance = random.Random(seed)
    told = [one for question in load_evaluation_set(folder) for one in _true(question)]
    by_article: dict[str, list[Pair]] = {}
    for one in told:
        by_article.setdefault(one.article, []).append(one)
    found = list(told)
    for one in told:
        found += _changed(one, by_article[one.article], chance)
    return found


def _true(question: Question) -> Iterator[Pair]:
    if not question.answerable or not question.gold:
        return
    gold = question.gold[0]
    statement = stated(question.question, question.answers[0])
    spans = [(a, b) for a, b in sentence_spans(gold.text) if question.answers[0] in gold.text[a:b]]
    if statement and len(spans) == 1:  # else nobody knows which one carries it
        quote = gold.text[slice(*spans[0])]
        title = gold.article.rpartition("-")[2].replace("_", " ")
        yield Pair(gold.article, statement, quote, f"{title}\n{gold.text}", "true")


def _changed(one: Pair, others: Sequence[Pair], chance: random.Random) -> Iterator[Pair]:
    made = {
        "number": _with_other_number(one, chance),
        "date": _with_other_date(one, chance),
        "name": _with_other_name(one, others, chance),
        "negation": _negated(one.statement),
    }
    for kind, statement in made.items():
        if statement and statement != one.statement:
            yield Pair(one.article, statement, one.quote, one.context, kind)
    far = [other for other in others if other.context != one.context]
    if far:
        other = chance.choice(far)
        yield Pair(one.article, one.statement, other.quote, other.context, "elsewhere")


def _with_other_number(one: Pair, chance: random.Random) -> str | None:
    matches = [m for m in _NUMBER.finditer(one.statement) if not _YEAR.fullmatch(m.group())]
    if not matches:
        return None
    match = chance.choice(matches)
    value = match.group()
    other = chance.choice([f"{value}00" if "," not in value else value[:-4], _next(value)])
    if not other or numbers(other) & numbers(one.context):
        return None
    return one.statement[: match.start()] + other + one.statement[match.end() :]


def _next(value: str) -> str:
    return value[:-1] + str((int(value[-1]) + 3) % 10)


def _with_other_date(one: Pair, chance: random.Random) -> str | None:
    if match := _YEAR.search(one.statement):
        other = str(int(match.group()) + chance.choice([-10, -2, -1, 1, 3, 10]))
    elif match := _CALENDAR.search(one.statement):
        same = _MONTHS if match.group() in _MONTHS else _DAYS
        other = chance.choice([name for name in same if name != match.group()])
    else:
        return None
    if other in one.context:
        return None
    return one.statement[: match.start()] + other + one.statement[match.end() :]


def _with_other_name(one: Pair, others: Sequence[Pair], chance: random.Random) -> str | None:
    own = [name for name in names(one.statement) if name in one.quote and name not in _CALENDARS]
    known = folded(one.context)
    foreign = sorted(
        {name for other in others for name in names(other.quote) if folded(name) not in known}
        - _CALENDARS
    )
    if not own or not foreign:
        return None
    return one.statement.replace(chance.choice(own), chance.choice(foreign))


def _negated(statement: str) -> str | None:
    if match := _VERB.search(statement):
        return f"{statement[: match.end()]} not{statement[match.end() :]}"
    return None


_CALENDARS = frozenset(_MONTHS + _DAYS)

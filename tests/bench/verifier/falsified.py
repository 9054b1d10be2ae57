"""Ways to make a statement false by changing one thing in it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from kb.words import folded, names, numbers

__all__ = ["CHANGES"]

Change = Callable[[str, str, str, Sequence[str], random.Random], str | None]
"""Statement, quote, context, quotes from elsewhere in the article, chance → a false statement."""

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_CALENDAR = re.compile(rf"\b(?:{'|'.join(_MONTHS + _DAYS)})\b")
_CALENDARS = frozenset(_MONTHS + _DAYS)
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w,])")
_VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|could|can|would|will)\b(?! not)")
_RUN = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_OPPOSITES = [
    line.split()
    for line in (
        "rose fell/increased decreased/increase decrease/won lost/win lose/before after/more fewer/"
        "first last/largest smallest/highest lowest/began ended/opened closed/accepted rejected/"
        "early late/north south/east west/supported opposed/joined left/most least/above below/"
        "included excluded/arrived left/higher lower/allowed banned/hired fired/larger smaller/"
        "best worst/oldest youngest/gained lost/northern southern/eastern western/confirmed denied"
    ).split("/")
]
_OTHER = {a: b for one, other in _OPPOSITES for a, b in ((one, other), (other, one))}
_OTHER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_OTHER))})\b")


def _replaced(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]


def _with_other_number(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    matches = [m for m in _NUMBER.finditer(statement) if not _YEAR.fullmatch(m.group())]
    if not matches:
        return None
    match = chance.choice(matches)
    value = match.group()
    longer = _next(value) if "." in value else f"{value}00" if "," not in value else value[:-4]
    other = chance.choice([longer, _next(value)])
    if not other or numbers(other) & numbers(context):
        return None
    return _replaced(statement, match, other)


def _next(value: str) -> str:
    return value[:-1] + str((int(value[-1]) + 3) % 10)


def _with_number_nearby(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    """Take another number of the same passage, a year for a year."""
    matches = list(_NUMBER.finditer(statement))
    chance.shuffle(matches)
    for match in matches:
        is_year = bool(_YEAR.fullmatch(match.group()))
        near = [
            value
            for value in dict.fromkeys(_NUMBER.findall(context))
            if bool(_YEAR.fullmatch(value)) == is_year
            and value not in statement
            and not numbers(value) & numbers(statement)
        ]
        if near:
            return _replaced(statement, match, chance.choice(near))
    return None


def _with_other_date(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    if match := _YEAR.search(statement):
        other = str(int(match.group()) + chance.choice([-10, -2, -1, 1, 3, 10]))
    elif match := _CALENDAR.search(statement):
        same = _MONTHS if match.group() in _MONTHS else _DAYS
        other = chance.choice([name for name in same if name != match.group()])
    else:
        return None
    return None if other in quote else _replaced(statement, match, other)


def _with_other_name(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    own = [name for name in names(statement) if name in quote and name not in _CALENDARS]
    known = folded(context)
    foreign = sorted(
        {name for other in elsewhere for name in names(other) if folded(name) not in known}
        - _CALENDARS
    )
    if not own or not foreign:
        return None
    return statement.replace(chance.choice(own), chance.choice(foreign))


def _with_name_nearby(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    """Take another name of the same passage."""
    own = [m for m in _RUN.finditer(statement) if m.start() and m.group() in quote]
    own = [m for m in own if not set(m.group().split()) & _CALENDARS]
    passage = context.partition("\n")[2]
    near = sorted(
        {
            run
            for run in _RUN.findall(passage)
            if not _related(run, statement)
            and not set(run.split()) & _CALENDARS
            and all(word in names(passage) for word in run.split())
        }
    )
    if not own or not near:
        return None
    return _replaced(statement, chance.choice(own), chance.choice(near))


def _related(run: str, statement: str) -> bool:
    known = folded(statement)
    return any(folded(word)[:4] in known for word in run.split())


def _swapped(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    """Let two names with a verb between them change places."""
    runs = [m for m in _RUN.finditer(statement) if not set(m.group().split()) & _CALENDARS]
    for one, other in pairwise(runs):
        between = statement[one.end() : other.start()]
        verb = re.fullmatch(
            r" (?:\w+ )?\w+(?:ed|ew|ook|ought|an|on|ost|ells?|eat)(?: by)?(?: the)? ", between
        )
        if verb and " and " not in between and one.group() in quote and other.group() in quote:
            middle = other.group() + between + one.group()
            return statement[: one.start()] + middle + statement[other.end() :]
    return None


def _negated(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    if match := _VERB.search(statement):
        return f"{statement[: match.end()]} not{statement[match.end() :]}"
    return None


def _opposite(
    statement: str, quote: str, context: str, elsewhere: Sequence[str], chance: random.Random
) -> str | None:
    """Take a word's opposite; the quote has the word itself."""
    matches = [m for m in _OTHER_WORD.finditer(statement) if m.group() in quote]
    if not matches:
        return None
    match = chance.choice(matches)
    return _replaced(statement, match, _OTHER[match.group()])


CHANGES: Mapping[str, Change] = {
    "number": _with_other_number,
    "number nearby": _with_number_nearby,
    "date": _with_other_date,
    "name": _with_other_name,
    "name nearby": _with_name_nearby,
    "swapped": _swapped,
    "negation": _negated,
    "opposite": _opposite,
}
"""Each kind of change, by its name."""

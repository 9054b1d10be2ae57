"""What an elliptical follow-up puts in the place of a part of the question before it.

"And in September?" asks the same of another time, "and for Syria?" the same of another place, "five
days later?" the same of a day that can be counted. What has no clear counterpart is left alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from index.names import named_spans
from index.sentences import Span
from kb.refer import asked_about

__all__ = ["replaced"]

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MONTH = "|".join(_MONTHS)
_WEEKDAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_TIME = re.compile(
    rf"(?:(?P<prep>in|on|for|of|since|by|before|after|during|until|from)\s+)?(?:the\s+)?(?:"
    rf"(?:(?P<day>{_DAY})\s+(?:of\s+)?)?(?P<month>{_MONTH})(?:\s+(?P<day2>{_DAY})(?!\d))?"
    rf"(?:,?\s+(?P<year>{_YEAR}))?"
    rf"|(?P<alone>{_YEAR})|(?P<weekday>{_WEEKDAY})|(?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)))\b"
)
_SPELLED = dict(
    zip(
        "a one two three four five six seven eight nine ten".split(),
        (1, *range(1, 11)),
        strict=True,
    )
)
_LATER = re.compile(
    rf"(?:(?P<count>\d{{1,3}}|{'|'.join(_SPELLED)}|the)\s+)?(?P<next>next\s+|following\s+|previous\s+)?"
    r"(?P<unit>day|week)s?(?:\s+(?P<way>later|after|afterwards|earlier|before))?",
    re.I,
)
_OTHER = re.compile(
    r"(?:(?:those|that|the ones?)\s+)?"
    r"(?:(?P<prep>in|on|at|of|for|from|to|with|by|about|against)\s+)?(?P<name>(?:the\s+)?[^\s].*)",
    re.S,
)
_BEFORE = re.compile(
    r"\b(?P<prep>in|on|at|of|for|from|to|with|by|about|against)\s+(?:the\s+)?$", re.I
)
_WORD_BEHIND = re.compile(r"\s+[a-z]+\b")
_PLACES = frozenset("in at from to for".split())
_DEFAULT = {"month": "in", "alone": "in", "weekday": "on", "ordinal": "on"}


def replaced(question: str, other: str) -> str | None:
    """Return a question with its time or name replaced by another one, None where none is clear.

    Args:
        question: That stands alone, with or without its question mark.
        other: What is left of the follow-up without "and" and its question mark: "in September".
    """
    bare = question.rstrip("?!. ")
    found = _later(bare, other) or _of_another_time(bare, other) or _of_another(bare, other)
    return f"{found}?" if found else None


def _of_another_time(question: str, other: str) -> str | None:
    new = _TIME.fullmatch(other)
    if not new:
        return None
    times = [match for match in _TIME.finditer(question) if match.group().strip()]
    kind = next(name for name in ("month", "alone", "weekday", "ordinal") if new.group(name))
    prep = new.group("prep") or ("on" if new.group("day") else _DEFAULT[kind])
    said = other[new.end("prep") :].strip() if new.group("prep") else other
    if not times:
        return None if kind == "ordinal" else f"{question} {prep} {said}"
    if len(times) > 1:
        return None
    old = times[0]
    if kind == "ordinal":
        place = next((old.span(name) for name in ("day", "day2") if old.group(name)), None)
        day = re.sub(r"\D", "", said)
    elif kind == "alone" and (old.group("year") or old.group("alone")):
        place, day = old.span("year" if old.group("year") else "alone"), said
    else:
        year = old.group("year") if kind == "month" and not new.group("year") else None
        place, day = old.span(), f"{prep} {said} {year or ''}".strip()
    if place is None:
        return None
    return question[: place[0]] + day + question[place[1] :]


def _later(question: str, other: str) -> str | None:
    """Return the question with its one whole date moved by days or weeks."""
    match = _LATER.fullmatch(other)
    dates = [one for one in _TIME.finditer(question) if one.group("year")]
    if not match or len(dates) != 1 or not (match.group("way") or match.group("next")):
        return None
    old = dates[0]
    day = old.group("day") or old.group("day2")
    if not day:
        return None
    count = (match.group("count") or "one").casefold()
    days = int(count) if count.isdigit() else _SPELLED.get(count, 1)
    back = (match.group("way") or match.group("next")).strip() in ("earlier", "before", "previous")
    try:
        date = dt.date(
            int(old.group("year")),
            _MONTHS.index(old.group("month")) + 1,
            int(re.sub(r"\D", "", day)),
        ) + dt.timedelta(days * (7 if match.group("unit") == "week" else 1) * (-1 if back else 1))
    except (ValueError, OverflowError):
        return None
    said = f"{date.day} {_MONTHS[date.month - 1]} {date.year}"
    return f"{question[: old.start()]}on {said}{question[old.end() :]}"


def _of_another(question: str, other: str) -> str | None:
    """Return the question with the name replaced that stands where the other one would."""
    new = _OTHER.fullmatch(other)
    if not new:
        return None
    name, prep = new.group("name"), (new.group("prep") or "").casefold()
    names = named_spans(question, bytearray(len(question)))
    if not names:
        return f"{question} {prep} {name}" if prep and _is_name(name) else None
    place = _counterpart(question, names, prep)
    if place is None:
        return None
    behind = _WORD_BEHIND.match(question, place[1])
    if behind and name.endswith(behind.group()):  # "the Belgorod region", for "the Kursk region"
        name = name.removesuffix(behind.group())
    if not _is_name(name):
        return None
    if question[: place[0]].casefold().endswith("the "):
        name = re.sub("^the ", "", name, flags=re.I)
    return question[: place[0]] + name + question[place[1] :]


def _counterpart(question: str, names: Sequence[Span], prep: str) -> Span | None:
    """Return the one name behind the same preposition, or of a place; else the one asked about."""
    before = [_BEFORE.search(question, 0, start) for start, _ in names]
    preps = [match.group("prep").casefold() if match else "" for match in before]
    for wanted in ({prep} if prep else set(), _PLACES if prep in _PLACES else frozenset()):
        same = [name for name, found in zip(names, preps, strict=True) if found in wanted]
        if len(same) == 1:
            return same[0]
        if same:
            return None
    if len(names) == 1:
        return names[0]
    about = asked_about(question) or ""
    asked = [name for name in names if about and question[slice(*name)] in about]
    return asked[0] if len(asked) == 1 and not prep else None


def _is_name(text: str) -> bool:
    """Say whether a text is one name and nothing else, with or without an article."""
    bare = re.sub("^the ", "", text.strip(), flags=re.I)
    framed = f"of {bare}"  # a name at the beginning would be taken for a sentence's first word
    return named_spans(framed, bytearray(len(framed))) == ((3, len(framed)),)

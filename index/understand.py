"""What a question says of the articles it wants, read without a language model.

Its sources, its days, the phrases in quotation marks and the names in it, each with its place in
the question; and as chips, what a reader is shown of that and may take back.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.dates import DateRange, date_ranges
from index.mentions import Mention, mentioned
from index.names import named_spans, taken_by
from index.sentences import Span, trimmed
from index.spellings import words_of

__all__ = ["Chip", "Understood", "understand"]

_QUOTED = re.compile(
    r"[“„]([^“”„]{1,300})[”“]|«([^«»]{1,300})»|‘((?:[^‘’]|(?<=\w)’(?=\w)){1,300})’(?!\w)"
    r"|「([^「」]{1,300})」|『([^『』]{1,300})』|《([^《》]{1,300})》"
    r"|(?<![\w\"])\"([^\"]{1,300})\"(?!\w)"
    r"|(?<![\w'])'(?!\d0s\b)((?:[^']|(?<=\w)'(?=\w)){2,300})'(?!\w)"
)
_TITLE_AT_LEAST = 3  # words; fewer in quotation marks are a word that is spoken of


@dataclass(frozen=True, slots=True)
class Chip:
    """What a reader is shown of how a question was understood.

    Attributes:
        kind: What it says.
        value: The source, or what several have in common; the title; or the days, "since/until" in
            ISO 8601, with ".." for no end.
        label: How it is shown, and the handle to take it back; no two of a question are the same.
        start, end: The characters that say so, the first time.
    """

    kind: Literal["source", "date", "title"]
    value: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, and what stands where in it; of all its spans, no two overlap.

    Attributes:
        sources: Where it names sources of the catalog.
        dates: Where it speaks of days.
        quoted: What it has in quotation marks, without them; sources and days are not among it.
        titles: Those of the quoted that are titles of articles.
        names: Where other names stand, by their capitals.
        chips: What of it a reader is shown.
    """

    question: str
    sources: tuple[Mention, ...] = ()
    dates: tuple[DateRange, ...] = ()
    quoted: tuple[Span, ...] = ()
    titles: tuple[Mention, ...] = ()
    names: tuple[Span, ...] = ()
    chips: tuple[Chip, ...] = ()

    @property
    def source_names(self) -> frozenset[str]:
        """The sources that it names, as the catalog has them."""
        return frozenset(name for one in self.sources for name in one.names)


def understand(
    question: str,
    known_sources: Iterable[str],
    *,
    now: dt.date | None = None,
    newest: dt.date | None = None,
    known_titles: Iterable[str] = (),
    without: Iterable[str] = (),
) -> Understood:
    """Return what the question says; it never fails, and understands nothing in the worst case.

    Args:
        question: At most some thousand characters; the time it takes grows as they do.
        known_sources: The catalog's sources. A tree of them is kept, as long as they are the same.
        now: The day that "yesterday" is before; by default today, where the program runs.
        newest: The day of the newest article, see ``date_ranges``.
        known_titles: Titles of articles; only one in quotation marks is understood.
        without: Labels of chips that were taken back, in any case. They are not understood, and
            nothing else is in their place, but that their words may be names.
    """
    today = now or dt.datetime.now(dt.UTC).astimezone().date()
    phrases = _phrases(question)
    sources = [
        one for one in mentioned(question, tuple(known_sources)) if _apart(question, one, phrases)
    ]
    named = taken_by(len(question), _spans(sources))
    dates = [
        one
        for one in date_ranges(question, today, newest)
        if _apart(question, one, phrases) and not any(named[one.start : one.end])
    ]
    taken = taken_by(len(question), _spans([*sources, *dates]))
    quoted = tuple(span for span in phrases if not any(taken[slice(*span)]))
    titles = _titles(question, quoted, tuple(known_titles))
    back = {label.casefold() for label in without}
    sources = [one for one in sources if _source_label(one).casefold() not in back]
    dates = [one for one in dates if one.label.casefold() not in back]
    titles = [one for one in titles if _title_label(one).casefold() not in back]
    taken = taken_by(len(question), [*_spans([*sources, *dates]), *quoted])
    return Understood(
        question,
        tuple(sources),
        tuple(dates),
        quoted,
        tuple(titles),
        named_spans(question, taken),
        _chips(sources, dates, titles),
    )


def _spans(found: Iterable[Mention | DateRange]) -> list[Span]:
    return [(one.start, one.end) for one in found]


def _phrases(question: str) -> list[Span]:
    """Return what stands in quotation marks, if words stand outside of them too."""
    found = []
    for match in _QUOTED.finditer(question):
        start, end = trimmed(question, *match.span(match.lastindex or 0))
        outside = question[:start] + question[end:]
        if any(map(str.isalnum, question[start:end])) and any(map(str.isalnum, outside)):
            found.append((start, end))
    return found


def _apart(question: str, one: Mention | DateRange, phrases: Iterable[Span]) -> bool:
    """Say whether it stands outside of quotation marks, or alone in them; "the" may be with it."""
    for start, end in phrases:
        if one.start < end and start < one.end:
            beside = question[start : max(start, one.start)] + question[one.end : end]
            return not [word for word in words_of(beside) if word.key != "the"]
    return True


@lru_cache(maxsize=2)
def _titles_by_words(titles: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, ...]]:
    known = dict[tuple[str, ...], tuple[str, ...]]()
    for title in sorted(set(titles)):
        words = tuple(word.key for word in words_of(title))
        known[words] = (*known.get(words, ()), title)
    return known


def _titles(question: str, quoted: Iterable[Span], titles: tuple[str, ...]) -> list[Mention]:
    """Return those of the quoted phrases that have the words of a title, and all of them."""
    found = []
    for start, end in quoted:
        words = tuple(word.key for word in words_of(question[start:end]))
        names = _titles_by_words(titles).get(words)
        if names and len(words) >= _TITLE_AT_LEAST:
            found.append(Mention(names, " ".join(names[0].split()), start, end))
    return found


def _source_label(one: Mention) -> str:
    return f"from: {one.shown}"


def _title_label(one: Mention) -> str:
    return f"title: {one.shown}"


def _chips(
    sources: Iterable[Mention], dates: Iterable[DateRange], titles: Iterable[Mention]
) -> tuple[Chip, ...]:
    """Return one chip for each label, in the order of the question."""
    chips = [
        *(Chip("source", one.shown, _source_label(one), one.start, one.end) for one in sources),
        *(
            Chip("date", f"{one.since or '..'}/{one.until or '..'}", one.label, one.start, one.end)
            for one in dates
        ),
        *(Chip("title", one.shown, _title_label(one), one.start, one.end) for one in titles),
    ]
    chips.sort(key=lambda chip: chip.start, reverse=True)
    first = {chip.label.casefold(): chip for chip in chips}
    return tuple(sorted(first.values(), key=lambda chip: chip.start))

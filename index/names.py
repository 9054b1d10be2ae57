"""Names in a question, told by their capitals, and by letters that stand with digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.sentences import Span
from index.stopwords import STOP_WORDS

__all__ = ["capitals_tell", "named_spans", "starts_sentence", "taken_by"]

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}(?!\w)|[^\W\d_]\.(?=\s[^\W\d_])"  # initials: "U.S.", "J. Rowling"
    r"|(?<!\w[’'])[^\W_]+(?:(?:[’'](?!s\b)|[-‐.])[^\W_]+)*",
    re.I,
)
_BETWEEN = re.compile(
    r"[ \u00a0](?:(?:of the|of|de l[ao]s?|del?|van de[rn]?|van|von|d[aiu]|bin|ibn|la|&)"
    r"[ \u00a0])?"
)
_BETWEEN_AT_MOST = 9
_NUMBER = re.compile(r"[ \u00a0]\d{1,4}(?![\w%]|[.,:]\d)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…。？！]|\n)[\s\"'“”‘’«„(\[-]*$")
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_WEEKDAYS = frozenset(word for word in _CALENDAR if word.endswith("day"))
# Words that begin a question and are no names, beside the stop words.
_BEGINNERS = frozenset(
    """
    after all am among any apart as aside because before besides beyond compare compared comparing
    concerning considering contrast define describe despite discuss during each every except
    explain find following give given how however if in including instead is it just last
    let like list many may might more most much must name neither next no nor not now off once
    one only other ought outside over past per please prior provide recently regarding say shall
    show similar since some state still summarise summarize tell though through throughout today
    tomorrow two under unless unlike until up upon using versus via what whatever whenever
    whereas whether which whichever while within without write yes yesterday yet
    """.split()
)
_ARTICLES = frozenset("a an the".split())
_NO_NAMES = frozenset(
    "i i'm i've i'd i'll i’m i’ve i’d i’ll mr mrs ms dr q a am pm bc ad ok".split()
)
_HEADLINE_AT_LEAST = 4  # words; of fewer, all may be names
_SMALL_SHARE = 0.2  # of a headline's words


@lru_cache(maxsize=16)  # of one text, it is asked for each doubtful word
def capitals_tell(text: str) -> bool:
    """Say whether capitals tell names from other words here.

    They tell nothing in a text that is all lower case (but for its first letter), all capitals, or
    a headline, in which only small words have none.
    """
    words = [word for word in _WORD.findall(text) if word[0].isalpha() and word != "I"]
    if not any(word[0].isupper() or not word.islower() for word in words[1:]):
        return len(words) == 1 and words[0][0].isupper()
    if text.isupper():
        return False
    small = [word for word in words if not word[0].isupper()]
    few = len(words) < _HEADLINE_AT_LEAST or len(small) > _SMALL_SHARE * len(words)
    return few or any(word not in STOP_WORDS for word in small)


def starts_sentence(text: str, place: int) -> bool:
    """Say whether a sentence of the text starts at ``place``."""
    return bool(_SENTENCE_START.search(text[max(0, place - 8) : place])) or not place


def taken_by(length: int, spans: Iterable[Span]) -> bytearray:
    """Return one byte for each character of a text, 1 where one of the spans lies."""
    taken = bytearray(length)
    for start, end in spans:
        taken[start:end] = b"\x01" * (end - start)
    return taken


def named_spans(text: str, taken: bytearray) -> tuple[Span, ...]:
    """Return where names stand, in order; none of them overlaps what is ``taken``.

    A name is a run of capitalised words, with "of" or "van" in between, and a number behind it
    ("iPhone 15"). A sentence's first word needs more than its capital: another in it, a digit, or a
    name behind it. Where capitals tell nothing, only letters with digits are a name ("gpt-4").
    """
    told = capitals_tell(text)
    words = [
        match.span()
        for match in _WORD.finditer(text)
        if _may_name(match.group(), told) and not any(taken[match.start() : match.end()])
    ]
    if not told:
        return tuple(words)
    found = (_trimmed(text, run, taken) for run in _runs(text, words, taken))
    return tuple(span for span in found if span)


def _may_name(word: str, told: bool) -> bool:
    bare = word.rstrip(".")
    if told and any(char.isupper() for char in word):
        return bare.casefold() not in _NO_NAMES
    return word[0].isalpha() and any(char.isdigit() for char in word)


def _runs(text: str, words: Sequence[Span], taken: bytearray) -> list[list[Span]]:
    """Return the words in runs, which only spaces and words like "of" hold together."""
    runs: list[list[Span]] = []
    end = -1
    for word in words:
        close = runs and word[0] - end <= _BETWEEN_AT_MOST
        if close and _BETWEEN.fullmatch(text, end, word[0]):
            runs[-1].append(word)
        else:
            runs.append([word])
        number = _NUMBER.match(text, word[1])
        end = word[1]
        if number and not any(taken[end : number.end()]):
            end = number.end()
            runs[-1].append((number.start() + 1, end))
    return runs


def _trimmed(text: str, run: list[Span], taken: bytearray) -> Span | None:
    """Return the span of the run without what only begins a sentence; None if nothing is left."""
    first = starts_sentence(text, run[0][0])
    while run and _no_name_begins(text[slice(*run[0])], first):
        run = run[1:]
        first = False
    if not run:
        return None
    words = [text[start:end] for start, end in run]
    if first and len(run) == 1 and not _speaks_for_itself(words[0]):
        return None
    if all(word.casefold() in _CALENDAR or word.isdigit() for word in words):
        return None
    span = (run[0][0], run[-1][1])
    return None if any(taken[slice(*span)]) else span


def _no_name_begins(word: str, first: bool) -> bool:
    lower = word.casefold()
    if lower in _ARTICLES or (lower in _CALENDAR and lower not in _WEEKDAYS) or word.isdigit():
        return True
    return first and (lower in STOP_WORDS or lower in _BEGINNERS)


def _speaks_for_itself(word: str) -> bool:
    return sum(char.isupper() for char in word) > 1 or any(char.isdigit() for char in word)

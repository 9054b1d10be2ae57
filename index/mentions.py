"""The sources that a question names: "as reported by The Verge", "what did techcrunch say?"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

from index.attribution import attributed, listed_with, quoted_alone, speaks_of_reports
from index.names import capitals_tell, starts_sentence, taken_by
from index.sentences import Span
from index.spellings import Spelling, Tree, Word, tree_of, words_of
from index.stopwords import STOP_WORDS

__all__ = ["Mention", "mentioned", "named_sources"]

_BETWEEN = re.compile(r"[\s\-–—|:/+'’]{0,4}|\.|!\s")
_SHORT = 3  # characters of a word that a full stop may end inside a name: "St. Louis"
_NEXT = re.compile(r"[- \u00a0](\w+)")
_PREVIOUS = re.compile(r"(\w+)(?:[ \u00a0]the)?[- \u00a0]$", re.I)
_LOOKED_AT = 40  # characters
_SMALL_WORDS = frozenset("a and at by de del der des di for in la le of on the to und van".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a question that names something of the catalog.

    Attributes:
        names: What is named, spelled as the catalog has it, sorted. They are several only where the
            question has what their names share, as "Fox News" of "FOX News - Health".
        shown: What a reader is told: the one name, or what the names share.
        start, end: Its characters in the question.
    """

    names: tuple[str, ...]
    shown: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Words of a question that are spelled like a source, whether they name it or not."""

    spelling: Spelling
    words: Sequence[Word]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def span(self) -> Span:
        return (self.start, self.end)


def named_sources(question: str, sources: Iterable[str]) -> set[str]:
    """Return those of the sources that the question names, see ``mentioned``."""
    return {name for one in mentioned(question, tuple(sources)) for name in one.names}


def mentioned(question: str, sources: tuple[str, ...]) -> tuple[Mention, ...]:
    """Return where the question names one of the sources, in order; no two overlap.

    "The" in front may be left out, and what follows a dash, a bar or a colon: "CNBC" names "CNBC |
    World Business News Leader". Of names that begin at one place, the longest is named. A name is
    written with capitals; where capitals tell nothing, and for what no dictionary has ("cnbc"), it
    need not be. One word that may be an ordinary one ("Time") then needs words around it that make
    it a source ("according to time"), or another source in the same list.
    """
    told = capitals_tell(question)
    loosely = not told and speaks_of_reports(question)
    named, possible = list[_Place](), list[_Place]()
    end = 0
    for places in _spelled(question, words_of(question), tree_of(sources)):
        if places[0].start < end:
            continue
        sure = next((one for one in places if _names(question, one, told, loosely)), None)
        (named if sure else possible).append(sure or places[0])
        end = sure.end if sure else end
    listed = _listed(question, named, possible)
    return tuple(
        Mention(one.spelling.sources, _shown(one.spelling), one.start, one.end) for one in listed
    )


def _spelled(text: str, words: Sequence[Word], tree: Tree) -> Iterator[list[_Place]]:
    """Yield what is spelled like a source from each word on, the longest first, if anything is."""
    for i in range(len(words)):
        found, node = list[_Place](), tree
        for j in range(i, len(words)):
            if j > i and not _hold_together(text, words[j - 1], words[j]):
                break
            below = node.next.get(words[j].key)
            if below is None:
                break
            node = below
            if node.spelling:
                found.append(_Place(node.spelling, words[i : j + 1]))
        if found:
            yield found[::-1]


def _hold_together(text: str, left: Word, right: Word) -> bool:
    between = text[left.end : right.start]
    if between == ". ":
        return len(left.text) <= _SHORT
    return bool(_BETWEEN.fullmatch(between))


def _names(text: str, place: _Place, told: bool, loosely: bool) -> bool:
    """Say whether the words of a place name the source that they are spelled like."""
    kind = place.spelling.kind
    if kind == "distinct":
        return True
    if kind == "empty" and (not told or starts_sentence(text, place.start) or not _exact(place)):
        return False
    large = told and _written_large(place)
    if kind == "phrase" and (large or not told):
        return True
    if attributed(text, place.start, place.end, small=not large, loosely=loosely):
        return True
    if kind == "empty" or not (large or not told):
        return False
    return quoted_alone(text, place.start, place.end) or (large and _stands_alone(text, place))


def _exact(place: _Place) -> bool:
    words = [word.text for word in words_of(place.spelling.text)]
    return not place.spelling.rank and words == [word.text for word in place.words]


def _without_the(place: _Place) -> Sequence[Word]:
    the = place.words[0].key == "the" and len(place.words) > 1
    return place.words[1:] if the else place.words


def _written_large(place: _Place) -> bool:
    """Say whether each word has a capital, but small ones inside and a "the" in front."""
    return all(
        not word.text[0].islower() or (i > 0 and word.key in _SMALL_WORDS)
        for i, word in enumerate(_without_the(place))
    )


def _stands_alone(text: str, place: _Place) -> bool:
    """Say whether a capitalised word is neither a sentence's first nor part of a longer name."""
    start = _without_the(place)[0].start
    if starts_sentence(text, start):
        return False
    following = _NEXT.match(text, place.end)
    if following and _goes_with(following.group(1)):
        return False
    first = max(0, start - _LOOKED_AT)
    previous = _PREVIOUS.search(text[first:start])
    if not previous or not _goes_with(previous.group(1)):
        return True
    return starts_sentence(text, first + previous.start())


def _goes_with(word: str) -> bool:
    return not word[0].islower() and word.casefold() not in STOP_WORDS


def _listed(text: str, named: list[_Place], possible: list[_Place]) -> list[_Place]:
    """Return those that are named, and those of the others that stand in a list with one."""
    taken = taken_by(len(text), [one.span for one in named])
    places = list(named)
    for one in possible:
        start, end = one.span
        if one.spelling.kind != "empty" and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            places.append(one)
    places.sort(key=lambda one: one.start)
    ids = {id(one) for one in named}
    sure = [id(one) in ids for one in places]
    joined = [listed_with(text, left.span, right.span) for left, right in pairwise(places)]
    for i, together in enumerate(joined):
        sure[i + 1] |= together and sure[i]
    for i, together in reversed(list(enumerate(joined))):
        sure[i] |= together and sure[i + 1]
    return list(compress(places, sure))


def _shown(spelling: Spelling) -> str:
    name = spelling.sources[0] if len(spelling.sources) == 1 else spelling.text
    return " ".join(name.split())

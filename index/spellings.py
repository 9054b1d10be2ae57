"""How the sources of a catalog may be written in a question, as a tree of words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from index.stopwords import STOP_WORDS

__all__ = ["Spelling", "Tree", "Word", "tree_of", "words_of"]

# Chinese, Japanese, Korean, Thai and their like put no spaces around a name: there each character
# is a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|&|[^\W{_UNSPACED}]+")
_MORE = re.compile(r"\s+[-–—·•/]\s+|\s*[|:：]\s*|\s*[(（\[]|,\s")
_THE = re.compile(r"^the\s+(?=\w)", re.I)
_DOMAIN = re.compile(r"(?:www\.)?([^\W_][\w-]+)\.(?:com?\.)?[a-z]{2,6}", re.I)
_VOWEL = re.compile(r"[aeiouy]", re.I)
_WORDS_AT_MOST = 30  # a longer name is known by its short form alone
_KEPT = 4  # trees: a program has one set of sources at a time, and tests some

Kind = Literal["distinct", "phrase", "common", "empty"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """The word as it is looked up: upper and lower case are the same, and "&" is "and"."""
        return "and" if self.text == "&" else self.text.casefold()


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write the names of some sources.

    Attributes:
        text: The words, as the catalog has them.
        rank: 0 for the whole name; more for one without "The", a short one, one without ".com".
        sources: Whose it is, sorted.
        kind: "common" is one word that may be an ordinary one ("Time"), "phrase" are several,
            "distinct" is what is no ordinary word in any case ("TechCrunch", "cnbc"), and "empty"
            what says nothing by itself ("It", "Which?", "X").
    """

    text: str
    rank: int
    sources: tuple[str, ...]
    kind: Kind


@dataclass(slots=True)
class Tree:
    """Spellings by their words: a word leads to the next tree, the last one to the spelling."""

    spelling: Spelling | None = None
    next: dict[str, Tree] = field(default_factory=dict)


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order; each character is one where no spaces are written."""
    return [Word(match.group(), *match.span()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=_KEPT)
def tree_of(sources: tuple[str, ...]) -> Tree:
    """Return the tree of all spellings of these sources; for 2,000 it takes some 40 ms, once."""
    root = Tree()
    for source in sorted(set(sources)):
        seen = {""}
        for rank, text in enumerate(_spellings(source)):
            keys = [] if text in seen else [word.key for word in words_of(text)]
            seen.add(text)
            if 0 < len(keys) <= _WORDS_AT_MOST:
                _put(root, keys, Spelling(text, rank, (source,), _kind(text)))
    return root


def _spellings(source: str) -> list[str]:
    """Return the ways to write a name, the best first; where two are the same, twice."""
    name = unicodedata.normalize("NFC", source).strip()
    short = _MORE.split(name, maxsplit=1)[0].strip()
    domain = _DOMAIN.fullmatch(short)
    stem = domain.group(1) if domain else ""
    return [name, _THE.sub("", name), short, _THE.sub("", short), stem]


def _put(root: Tree, keys: Iterable[str], new: Spelling) -> None:
    """Add a spelling; of two that are the same, the one of the better rank stays, or both do."""
    tree = root
    for key in keys:
        tree = tree.next.setdefault(key, Tree())
    old = tree.spelling
    if old is None or new.rank < old.rank:
        tree.spelling = new
    elif new.rank == old.rank and new.sources[0] not in old.sources:
        tree.spelling = Spelling(old.text, old.rank, old.sources + new.sources, old.kind)


def _kind(text: str) -> Kind:
    words = [word.text for word in words_of(_THE.sub("", text))]
    telling = [word for word in words if not _says_nothing(word)]
    if not telling or sum(map(len, words)) < 2:
        return "empty"
    if any(map(_is_made_up, telling)) or _DOMAIN.fullmatch(text):
        return "distinct"
    return "phrase" if len(telling) > 1 and not any(map(str.isdigit, words)) else "common"


def _says_nothing(word: str) -> bool:
    short = len(word) < 2 and _has_case(word)
    return short or not word.isalnum() or word.isdigit() or word.casefold() in STOP_WORDS


def _is_made_up(word: str) -> bool:
    """Say whether no dictionary has the word in lower case: a capital or a digit inside, no vowel.

    Where a script has no capitals nothing better can be said, and the word counts as one.
    """
    if not word.isalpha() or not _has_case(word):
        return True
    inner = any(char.isupper() for char in word[1:]) and not word.isupper()
    return inner or (word.isascii() and not _VOWEL.search(word))


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()

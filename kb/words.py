"""Words, names and numbers of a text, in forms in which two texts can be compared."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any

from index.stopwords import STOP_WORDS

__all__ = ["content", "names", "numbers", "stem", "stems"]

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[^\W\d_]\w*(?:[’'-]\w+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[,\u00a0\u202f ]\d{3})*(?:\.\d+)?(?![\d])")
_GROUPING = re.compile(r"[,\u00a0\u202f ]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+|[“\"‘(]\s*|\n\s*(?:[-*#>]+\s*)?)$")
_SPELLED = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80"}
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from snowballstemmer import stemmer

    return stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case English word (Porter's second algorithm, Snowball)."""
    with _lock:  # a stemmer keeps the word it works on in itself
        return str(_stemmer().stemWord(word))


def stems(text: str) -> set[str]:
    """Return the stems of all words of a text."""
    return {stem(word) for word in _WORD.findall(text.casefold())}


def content(text: str) -> list[str]:
    """Return the distinct stems of the words that are not stop words, in order."""
    words = (word for word in _WORD.findall(text.casefold()) if word not in STOP_WORDS)
    return list(dict.fromkeys(stem(word) for word in words))


def numbers(text: str) -> set[str]:
    """Return the numbers of a text: ``1,150`` as ``1150``, ``eleven`` as ``11``."""
    written = {_GROUPING.sub("", match.group()) for match in _NUMBER.finditer(text)}
    spelled = {_SPELLED[word] for word in _WORD.findall(text.casefold()) if word in _SPELLED}
    return written | spelled


def names(text: str, *, first: bool = False) -> list[str]:
    """Return the words written with a capital where only names are, in order.

    Args:
        first: Whether a capital at the beginning of a sentence counts, if it is no stop word.
    """
    found = []
    for match in _NAME.finditer(text):
        word = match.group()
        if not word[0].isupper() or word.casefold() in STOP_WORDS:
            continue
        if first or not _SENTENCE_START.search(text, 0, match.start()):
            found.append(word)
    return list(dict.fromkeys(found))

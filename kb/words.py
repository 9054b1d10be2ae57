"""Words, names and numbers of a text, in forms in which two texts can be compared."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

from index.stopwords import STOP_WORDS as QUESTION_WORDS

__all__ = [
    "STOP_WORDS",
    "content",
    "folded",
    "in_digits",
    "named_numbers",
    "names",
    "numbers",
    "stem",
    "stems",
    "surnames",
]

# Two texts that share only these share nothing.
STOP_WORDS = QUESTION_WORDS | frozenset(
    """
    after all also am any because before during each either further however itself just may
    might more most much must neither no nor not now off once only other out over own per s same
    shall t theirs themselves though through under until up upon us very whether within without
    yes yours
    """.split()
)
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"[^\W\d_]\w*(?:[’'-]\w+)*")
_NUMBER = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[,\u00a0\u202f ]\d{3}(?!\d))+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d)"
    r"(?:[ \u00a0-]?(hundred|thousand|million|billion|trillion|bn\b|%|per cent|percent))?",
    re.I,
)
_UNITS = {"bn": "billion", "%": "percent", "per cent": "percent"}
_NAMED_NUMBER = re.compile(r"(?<!\w)[^\W\d_a-z][\w’']+[ -](\d{1,4})(?![\d.,]\d|\d)")
_GROUPING = re.compile(r"[,\u00a0\u202f ]")
_RUN = re.compile(r"(?<!\w)[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+|[“\"‘(¿¡«„]\s*|\n\s*(?:[-*#>]+\s*)?)$")
_SPELLED = (
    {
        word: str(value)
        for value, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty".split()
        )
    }
    | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80"}
    | {"ninety": "90"}
)
_SPELLED_WORD = re.compile(
    rf"\b(?P<tens>\w+ty)-(?P<ones>one|two|three|four|five|six|seven|eight|nine)\b"
    rf"|\b(?:{'|'.join(_SPELLED)})\b",
    re.I,
)
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


def folded(text: str) -> str:
    """Return the text in lower case and without accents, so that Rönesans is Ronesans."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char)).replace("’", "'")


def stems(text: str) -> set[str]:
    """Return the stems of all words of a text."""
    return {stem(word) for word in _WORD.findall(folded(text))}


def content(text: str) -> list[str]:
    """Return the distinct stems of the words that are not stop words, in order."""
    words = (word for word in _WORD.findall(folded(text)) if word not in STOP_WORDS)
    return list(dict.fromkeys(stem(word) for word in words))


def numbers(text: str) -> set[str]:
    """Return the numbers of a text with their magnitudes, in one spelling.

    ``1,150`` is ``1150``, ``eleven`` is ``11``; ``$2 million`` is ``2 million``, and ``2`` is not.
    """
    found = set()
    for match in _NUMBER.finditer(in_digits(text)):
        value = _GROUPING.sub("", match.group(1))
        unit = (match.group(2) or "").casefold()
        found.add(f"{value} {_UNITS.get(unit, unit)}".strip())
    return found


def in_digits(text: str) -> str:
    """Return the text with the numbers that it spells in figures, as far as ninety-nine."""
    return _SPELLED_WORD.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    if not match["tens"]:
        return _SPELLED[match.group().casefold()]
    tens = _SPELLED.get(match["tens"].casefold())
    return str(int(tens) + int(_SPELLED[match["ones"].casefold()])) if tens else match.group()


def named_numbers(text: str) -> set[str]:
    """Return the numbers that are part of a name: the 6 of "Chang'e 6", the 25 of "Luna-25"."""
    return {match.group(1) for match in _NAMED_NUMBER.finditer(text)}


def surnames(text: str) -> list[str]:
    """Return the last word of each run of capitalised words, the first word of a sentence too.

    It tells Mira Murati from others; a source may leave out the rest. Stop words are no names.
    """
    found = []
    for run in _RUN.finditer(text):
        capital = [word for word in _NAME.findall(run.group()) if word[0].isupper()]
        words = [word for word in capital if word.casefold() not in STOP_WORDS]
        found += words[-1:]
    return list(dict.fromkeys(found))


def names(text: str) -> list[str]:
    """Return the words written with a capital where only names are, in order."""
    found = []
    for match in _NAME.finditer(text):
        word = match.group()
        if not word[0].isupper() or word.casefold() in STOP_WORDS:
            continue
        if not _SENTENCE_START.search(text, 0, match.start()):
            found.append(word)
    return list(dict.fromkeys(found))

"""A text into the terms by which it is found, the same for passages and for questions.

Where a writing sets words apart by spaces, they are stemmed by the text's language (Porter's
Snowball); where it does not, every two neighbouring characters are a term, as in Lucene's
CJKAnalyzer. Accents never tell two terms apart.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import regex

from index.stopwords import STOP_WORDS

__all__ = ["Forms", "analyze", "made_by", "query_terms"]

Forms = tuple[str, ...]
"""Terms that stand for one word: as several languages stem it, with its accents and without."""

_VERSION = 2  # raise it when the same text gives other terms: homes then make theirs anew
_TERMS_AT_MOST = 64  # of a question; a longer one is a text, and time grows with it
_QUESTIONS_KEPT = 256  # with their parts; several steps of a search ask for the same
_KEPT = 50_000  # words whose terms are remembered: of a running text all but a few in a hundred

_ALGORITHMS: dict[str | None, str] = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
    None: "english",
}  # fmt: skip
_DECIMAL_COMMA = frozenset(
    """
    az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk lt lv mk nl nn no pl pt
    ro ru sk sl sq sr sv tr uk uz vi
    """.split()
)

_JOINERS = "\u00ad\u200c\u200d\u2060\ufeff"  # soft hyphens and the like: in a word, and not seen
_UNSPACED = (
    r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々〆ﾞﾟ]--[\p{M}\p{Nd}]]"
)
# The digits below the line are those of CO₂; those above it are mostly footnotes.
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{Nd}}\u2080-\u2089{_JOINERS}]--[{_UNSPACED}\p{{Hangul}}]]"
_INITIAL = r"\p{L}\p{M}{0,4}"
_GROUPING = "\u066c'’\u00a0\u202f"  # between the thousands, in any language
_TOKEN = regex.compile(
    rf"""(?V1)
    (   (?<!\d[.,{_GROUPING}]|\d)
        (?: \d{{1,3}} (?:,\d{{2,3}}){{0,8}} ,\d{{3}} (?!\d) (?:\.\d{{1,64}})?     # 1,200.5
          | \d{{1,3}} (?:[{_GROUPING}]\d{{3}}){{1,9}} (?!\d) (?:[.,]\d{{1,64}})?  # 1’200.5
          | \d{{1,3}} (?:\.\d{{3}}){{2,9}} (?!\d) (?:,\d{{1,64}})?                # 1.200.000,5
          | \d{{1,64}} [.,\u066b] \d{{1,64}} (?![.,]?\d) )                             # 3.5
    )
    | ( (?: (?<!{_LETTER}\.) {_INITIAL} (?:\.{_INITIAL}){{1,15}} (?!{_LETTER})           # U.S.
          | {_LETTER}{{1,64}} | \p{{Hangul}}{{1,64}} )
        (?: \.?['’]s (?!{_LETTER}) )?
    )
    | ( (?: {_UNSPACED} \p{{M}}{{0,4}} )+ )""",
    regex.VERBOSE,
)
_WORD = regex.compile(rf"(?V1){_LETTER}+|\p{{Hangul}}+")
_UNIT = regex.compile(r"\P{M}\p{M}*")
_HIDDEN = regex.compile(f"[{_JOINERS}]")
_POSSESSIVE = regex.compile(r"\.?['’]s$")
_UNGROUPED = str.maketrans({**dict.fromkeys(_GROUPING, ""), "\u066b": "."})
_TURKISH = str.maketrans({"I": "ı", "İ": "i"})

# Letters that are none with an accent, as they are written without theirs.
_PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "œ": "oe",
    "æ": "ae", "ё": "е", "ѐ": "е", "ѝ": "и", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ى": "ي", "ی": "ي", "ک": "ك", "ـ": "",
}  # fmt: skip
# Marks that are accents or points, and no vowels as in India.
_MARKS = regex.compile(
    r"(?V1)[[\p{Mn}\p{Me}]&&"
    r"[\u0300-\u077f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\U000e0100-\U000e01ef]]"
)
_lock = threading.Lock()


def analyze(text: str, language: str | None) -> list[str]:
    """Return the terms of a text, in order: of letters, marks and digits, and decimal points.

    A word whose stem is another one without its accents has both. Any text will do, and the time
    grows with its length.

    Args:
        language: ISO 639-1. The words of one without a stemmer are terms as they are; None, a text
            too short to tell, is taken for English.
    """
    terms: list[str] = []
    for number, word, run in _TOKEN.findall(text):
        for forms in _words(word, language) if word else _others(number, run, language):
            terms += forms
    return terms


def query_terms(question: str, languages: Iterable[str | None]) -> list[Forms]:
    """Return the distinct words that say what a question is about, at most 64.

    If a question has only stop words, these are returned.

    Args:
        languages: Of the articles. A question is mostly too short to tell its own, so each word
            comes in the forms that it has in any of them.
    """
    return list(_query_terms(question, tuple(dict.fromkeys(languages)) or (None,)))


@lru_cache(maxsize=_QUESTIONS_KEPT)
def _query_terms(question: str, asked_in: tuple[str | None, ...]) -> tuple[Forms, ...]:
    telling: dict[Forms, None] = {}
    stop_words: dict[Forms, None] = {}
    for number, word, run in _TOKEN.findall(question):
        found = stop_words if word and _is_stop_word(word, question) else telling
        readings = [_words(word, one) if word else _others(number, run, one) for one in asked_in]
        found |= dict.fromkeys(_together(readings))
    return tuple(telling or stop_words)[:_TERMS_AT_MOST]


def made_by() -> str:
    """Return what terms depend on besides the text and its language."""
    return f"{_VERSION} snowballstemmer {version('snowballstemmer')}"


def _together(readings: Sequence[Sequence[Forms]]) -> list[Forms]:
    """Return each word with its forms in all languages."""
    if len({len(words) for words in readings}) > 1:  # "3,5" is one number or two
        return [forms for words in readings for forms in words]
    return [
        tuple(dict.fromkeys(form for forms in one for form in forms))
        for one in zip(*readings, strict=True)
    ]


def _is_stop_word(word: str, question: str) -> bool:
    if "." in word or (len(word) > 1 and word.isupper() and not question.isupper()):
        return False  # the WHO and the U.S. are none, unless somebody shouts
    return _normalised(_POSSESSIVE.sub("", word)) in STOP_WORDS


def _others(number: str, run: str, language: str | None) -> Sequence[Forms]:
    if number:
        return [(one,) for one in _number(_folded(number.translate(_UNGROUPED)), language)]
    return [(pair,) for pair in _pairs(_folded(_normalised(run)))]


def _number(written: str, language: str | None) -> Sequence[str]:
    """Return a number without grouping and with a decimal point: "1200" of "1,200"."""
    mark = max(",.", key=written.rfind)
    other = "," if mark == "." else "."
    if other in written:
        return (written.replace(other, "").replace(mark, "."),)
    whole, _, rest = written.partition(mark)
    if not rest or mark in rest:
        return (written.replace(mark, ""),)
    with_comma = language in _DECIMAL_COMMA
    grouped = len(whole) <= 3 and len(rest) == 3 and not whole.startswith("0")
    if grouped and (mark == "," or with_comma):
        return (whole + rest,)
    return (f"{whole}.{rest}",) if mark == "." or with_comma else (whole, rest)


def _pairs(text: str) -> list[str]:
    units = _UNIT.findall(text)
    return [a + b for a, b in pairwise(units)] if len(units) > 1 else units


@lru_cache(maxsize=_KEPT)
def _words(word: str, language: str | None) -> tuple[Forms, ...]:
    """Return the terms of what the pattern finds as one word, mostly a single one."""
    plain = _POSSESSIVE.sub("", word).replace(".", "")
    if language in ("tr", "az"):
        plain = plain.translate(_TURKISH)
    found: list[Forms] = []
    for part in _WORD.findall(_normalised(plain)):  # few characters stand for several words
        found.append(_stemmed(part, language))
        if "\u1100" <= part[0] <= "\ud7ff" and len(part) > 2:  # Hangul: particles are written on
            found += ((pair,) for pair in _pairs(part))
    return tuple(forms for forms in found if forms)


def _stemmed(word: str, language: str | None) -> Forms:
    plain = _folded(word)
    if algorithm := _ALGORITHMS.get(language):
        with _lock:  # a stemmer keeps the word it works on in itself
            stem = _stemmer(algorithm).stemWord
            stems = [stem(one) for one in dict.fromkeys((word, plain))]
    else:
        stems = [plain]
    return tuple(filter(None, dict.fromkeys(map(_folded, stems))))


@cache
def _stemmer(algorithm: str) -> Any:
    from snowballstemmer import stemmer

    return stemmer(algorithm)


def _normalised(text: str) -> str:
    """Return the text in NFKC with case folded, by which compatible characters are the same."""
    if text.isascii():
        return text.lower()
    shown = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", shown.casefold())


def _folded(text: str) -> str:
    """Return the text without accents, its digits as 0 to 9."""
    return text if text.isascii() else "".join(map(_folded_character, text))


@lru_cache(maxsize=10_000)
def _folded_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    apart = unicodedata.normalize("NFD", character)
    if len(apart) > 1 and apart[0] >= "\u0400":  # й and が are letters of their own
        apart = character
    return "".join(_PLAIN.get(one, one) for one in _MARKS.sub("", apart))

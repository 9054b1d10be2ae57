"""Lines of a printed page, joined again where a sentence only ran on into the next line.

Two lines become one only where that is certain, or as good as:

- The next line begins with a small letter, so that no sentence and no heading begins there, and
  the line is longer than those of lists.
- The line is as long as those for which that holds, and does not end a sentence.

A hyphen at the end of a line goes with the break, unless the document writes the word with it
elsewhere; where it is part of a number or a name, the lines stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from index.readers.canonical import canonical

__all__ = ["Unwrapper", "joined"]

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_MARKED = re.compile(r"(?:[#>|]|[-*+•▪◦‣–—]\s|\(?\w{1,3}[.)]\s|\d+(?:\.\d+)+\.?\s+[A-Z])")
_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f]")
_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", "ff fi fl ffi ffl st st".split(), strict=True)))
_SOFT = "\u00ad"
_INVISIBLE = re.compile(rf"{_SOFT}(?![ \t]*(?:\n|\Z))")
_LONGEST_WORD = 60
_NARROWEST = 25  # characters of a column; shorter lines are those of lists and tables
_CERTAIN_AT_LEAST = 4  # lines from which the width of a column is known
_FULL, _NEARLY_FULL = 0.85, 0.7  # of that width


class Unwrapper:
    """Joins the lines of pages; every page of a document helps to decide about hyphens.

    Args:
        pages: The text of all pages.
    """

    def __init__(self, pages: Iterable[str]) -> None:
        self._words: set[str] = set()
        for page in pages:
            for line in _clean(page).split("\n"):
                # The first and last words of a line may be halves of words.
                self._words.update(word.lower() for word in _WORD.findall(line)[1:-1])

    def page(self, text: str) -> str:
        """Return the text with the lines joined that belong together."""
        lines = [line.strip() for line in _clean(text).split("\n")]
        width = _width(lines)
        parts: list[str] = []
        for last, line in pairwise(["", *lines]):
            if not parts:
                parts.append(line)
            elif _continues(last, line, width):
                parts[-1], glue = self._glued(parts[-1], line)
                parts += glue, line
            else:
                parts += "\n", line
        return "".join(parts)

    def between(self, text: str, page: str, following: str) -> tuple[str, str]:
        """Return the text up to a page's end as it runs on into the next page, and what is between.

        Args:
            text: What has been joined so far, the page last.
            page, following: The two pages, as they are.
        """
        lines = [line.strip() for line in _clean(page).strip().split("\n")]
        first = _clean(following).strip().split("\n", 1)[0].strip()
        if _continues(lines[-1], first, _width(lines)):
            return self._glued(text, first)
        return text, "\n\n"

    def _glued(self, line: str, following: str) -> tuple[str, str]:
        """Return the line as it runs on into the next one, and what stands between them."""
        first, second = _HYPHENATED.search(line[-_LONGEST_WORD:]), _WORD.match(following)
        if not first or not second:
            return line, " "
        whole = f"{first.group(1)}{second.group()}".lower()
        hyphened = f"{first.group(1)}-{second.group()}".lower()
        if line[-1] != _SOFT and hyphened in self._words and whole not in self._words:
            return line, ""
        return line[:-1], ""


def joined(pages: Sequence[str]) -> tuple[str, list[int]]:
    """Return the canonical text of pages, and where each begins in it.

    A page without text begins where the next text does.
    """
    unwrapper = Unwrapper(pages)
    text, last = "", ""
    begins: list[int] = []
    for page in pages:
        own = canonical(unwrapper.page(page))
        if own and text:
            text, between = unwrapper.between(text, last, page)
            text += between
        begins.append(len(text))
        text += own
        last = page if own else last
    for i in range(len(pages) - 2, -1, -1):
        if not pages[i].strip():
            begins[i] = begins[i + 1]
    return text, begins


def _clean(text: str) -> str:
    """Return the text without control characters, and with letters where it has ligatures."""
    text = _CONTROLS.sub(" ", text.replace("\r", "\n")).translate(_LIGATURES)
    return _INVISIBLE.sub("", text)


def _runs_on(line: str, following: str) -> bool:
    """Say whether the following line certainly continues this one."""
    return len(line) >= _NARROWEST and following[:1].islower() and not _MARKED.match(following)


def _width(lines: list[str]) -> float:
    """Return how long the full lines of a page are; 0 if too few are known."""
    certain = [
        len(line)
        for line, following in pairwise(lines)
        if _runs_on(line, following) and not _ENDS_SENTENCE.search(line)
    ]
    return median(certain) if len(certain) >= _CERTAIN_AT_LEAST else 0.0


def _continues(line: str, following: str, width: float) -> bool:
    if not following or _ENDS_SENTENCE.search(line) or _MARKED.match(following):
        return False
    if _runs_on(line, following):
        return len(line) >= width * _NEARLY_FULL
    return 0 < width * _FULL <= len(line) and not _HYPHENATED.search(line[-_LONGEST_WORD:])

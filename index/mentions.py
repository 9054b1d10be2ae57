"""What a question names outright; so far, sources: "as reported by The Verge"."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["named_sources"]

_WORD = re.compile(r"\w+")


def _spelled(text: str) -> str:
    return f" {' '.join(_WORD.findall(text))} "


def named_sources(question: str, sources: Iterable[str]) -> set[str]:
    """Return those of the sources that the question names, upper and lower case as they have it.

    "The" in front may be left out. A source is a name: "Time" is not named by "at that time".
    """
    asked = _spelled(question)
    named = set()
    for source in sources:
        name = _spelled(source.removeprefix("The ").removeprefix("the "))
        if name.strip() and name in asked:
            named.add(source)
    return named

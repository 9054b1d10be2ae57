"""Lines that run along the edges of every page, such as its number: no part of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["without_running_lines"]

_EDGE = 2  # lines at the top and at the bottom of a page that are looked at


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """Return the pages without the lines at their edges that more than half of them share.

    A line is shared if it is the same, or the same but for the number of the page; the latter
    counts only from three pages on, as two may well begin with "Part 1" and "Part 2".
    """
    lines = [page.split("\n") for page in pages]
    keys = [
        {i: _keys(page[i], number, len(pages)) for i in _edges(page)}
        for number, page in enumerate(lines, 1)
    ]
    shared = Counter(key for page in keys for key in set().union(*page.values()))
    half = sum(map(bool, keys)) / 2
    running = {key for key, count in shared.items() if count >= 2 and count > half}
    return [
        "\n".join(line for i, line in enumerate(page) if not running & known.get(i, set()))
        for page, known in zip(lines, keys, strict=True)
    ]


def _edges(lines: Sequence[str]) -> set[int]:
    """Return where the outermost lines with something on them are."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    return set(filled[:_EDGE] + filled[-_EDGE:]) if len(filled) > _EDGE else set()


def _keys(line: str, number: int, pages: int) -> set[str]:
    """Return a line as it is, and without the number of its page."""
    bare = " ".join(line.split())
    of, found = re.subn(rf"\b{number}(\s*(?:/|of|von|de|sur)\s*{pages})\b", r"#\1", bare)
    if not found and pages >= 3:
        of = re.sub(rf"^{number}\b|\b{number}$", "#", bare)
    return {bare, of}

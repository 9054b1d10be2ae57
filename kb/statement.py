"""Does a sentence of an article state anything that could answer a question?"""

from __future__ import annotations

import re
from collections.abc import Collection

from kb.words import content

__all__ = ["is_heading", "states"]

_ENDS = (".", "!", "?", "…", "。", "！", "？", '"', "”", "’", ")", "»", "'")
_MARKED = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s")
_WORD = re.compile(r"\w+")
_LONG, _DISTINCT = 25, 0.35  # words of a sentence, and the share of them that are not repeated


def is_heading(text: str) -> bool:
    """Say whether a line names what follows instead of saying something."""
    if text.startswith("#"):
        return True
    return len(text) < 80 and not text.endswith(_ENDS) and not _MARKED.match(text)


def states(text: str, asked: Collection[str]) -> bool:
    """Say whether a sentence is no heading, not the question again, and not a few words repeated.

    The last two are written to be found, and tell nothing.

    Args:
        asked: The question's ``content``.
    """
    if is_heading(text) or (text.endswith("?") and set(content(text)) <= set(asked)):
        return False
    words = _WORD.findall(text.casefold())
    return len(words) < _LONG or len(set(words)) >= _DISTINCT * len(words)

"""Where the sentences of a text begin and end.

Segmentation is sentencex's (rules for some 300 languages, which do not cut after "Dr." or "Jan.");
what is added here is the line: a line break ends a sentence, unless the text is hard-wrapped there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["Span", "sentence_spans", "trimmed"]

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]*\n?")
_MARKED_LINE = re.compile(r"\s*(?:[#>|]|[-*+•]\s|\d{1,3}[.)]\s)")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\s*$")

# Hard-wrapped text has lines of about one length; headings and list items are shorter, and the
# lines of text with one paragraph a line are longer.
_WRAPPED_AT_LEAST = 45
_WRAPPED_AT_MOST = 120

_WINDOW = 20_000  # characters of one paragraph that are looked at together


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its ends; empty (``start == end``) if all is."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return (start, max(start, start + len(piece.strip())))


def _continues(line: str, following: str) -> bool:
    """Say whether a line break between these lines is only a wrapped line's."""
    bare = line.strip()
    if not following.strip() or not _WRAPPED_AT_LEAST <= len(bare) <= _WRAPPED_AT_MOST:
        return False
    if _MARKED_LINE.match(following) or bare.startswith("#"):
        return False
    return not _ENDS_SENTENCE.search(bare)


def _blocks(text: str) -> Iterator[Span]:
    """Yield the spans between line breaks that end a sentence; together they are the text."""
    lines = [match.span() for match in _LINE.finditer(text) if match.end() > match.start()]
    start = 0
    for i, (a, b) in enumerate(lines):
        following = text[slice(*lines[i + 1])] if i + 1 < len(lines) else ""
        if not _continues(text[a:b], following):
            yield (start, b)
            start = b


def _segments(block: str) -> Iterator[int]:
    """Yield the ends of the sentences of one block."""
    from sentencex import segment

    for start, stop in _windows(block):
        end = start
        for piece in segment("en", block[start:stop]):
            end += len(piece)
            yield end
        if end != stop:
            yield stop


def _windows(block: str) -> Iterator[Span]:
    """Yield spans of bounded length: sentencex takes time with the square of unclosed quotes."""
    start = 0
    while len(block) - start > _WINDOW:
        cut = block.rfind(" ", start + 1, start + _WINDOW) + 1 or start + _WINDOW
        yield (start, cut)
        start = cut
    yield (start, len(block))


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of the sentences of ``text``, in order, without the white space around them.

    Everything but white space lies in exactly one span. A line that is a heading or a list item is
    a sentence of its own.
    """
    spans = []
    for block_start, block_end in _blocks(text):
        start = block_start
        for offset in _segments(text[block_start:block_end]):
            span = trimmed(text, start, block_start + offset)
            start = block_start + offset
            if span[0] < span[1]:
                spans.append(span)
    return spans

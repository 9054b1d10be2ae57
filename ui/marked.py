"""The text of an article as HTML: headings as headings, and the cited characters marked.

Every character of the text is in it once and in order, so that offsets stay exact: the ``#`` marks
of a heading are there too, out of sight unless they are cited.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ui.passages import escape
from ui.wanted import Span

__all__ = ["CITED", "marked"]

CITED = "cited"
"""The id of the first marked characters."""

# A line of "#" in a block of code is no heading.
_HEADING = re.compile(
    r"^(?:(?P<fence>```|~~~)(?s:.*?)(?:^(?P=fence)|\Z)"
    r"|(?P<hash>(?P<depth>#{1,6})[ \t]+)(?=\S).*\n?)",
    re.MULTILINE,
)


def marked(text: str, spans: Sequence[Span] = ()) -> str:
    """Return a text as HTML; where spans overlap, a mark names each that it is a part of.

    All marks with ``start-end`` in their ``data-at`` are together the characters of that span.
    """
    marker = _Marker(text, spans)
    pieces: list[str] = []
    done = 0
    for heading in _HEADING.finditer(text):
        if heading["fence"]:
            continue
        begin, words, end = heading.start(), heading.end("hash"), heading.end()
        tag = f"h{min(2 + len(heading['depth']), 6)}"
        pieces += marker.pieces(done, begin)
        pieces.append(f'<{tag} class="fn-subhead">')
        pieces += marker.pieces(begin, words, unseen=True)
        pieces += marker.pieces(words, end)
        pieces.append(f"</{tag}>")
        done = end
    pieces += marker.pieces(done, len(text))
    return "".join(pieces)


class _Marker:
    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._spans = list(dict.fromkeys(spans))
        self._borders = sorted({border for span in spans for border in span})

    def pieces(self, start: int, end: int, *, unseen: bool = False) -> Iterator[str]:
        """Yield the characters from ``start`` to ``end``, cut where a span begins or ends.

        Args:
            unseen: Whether those that no span has are kept out of sight.
        """
        first, last = bisect_right(self._borders, start), bisect_left(self._borders, end)
        cuts = [start, *self._borders[first:last], end]
        for left, right in pairwise(cuts):
            shown = escape(self._text[left:right])
            within = [span for span in self._spans if span[0] <= left and right <= span[1]]
            if within and shown:
                yield f"<mark{self._names(left, within)}>{shown}</mark>"
            elif unseen:
                yield f'<span class="fn-hash">{shown}</span>'
            else:
                yield shown

    def _names(self, left: int, within: Sequence[Span]) -> str:
        id = f' id="{CITED}"' if left == self._spans[0][0] else ""
        return f'{id} data-at="{" ".join(f"{start}-{end}" for start, end in within)}"'

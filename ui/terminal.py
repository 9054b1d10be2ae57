"""Answers, hits and articles as a terminal shows them.

Articles and models are not trusted: what a terminal would obey is shown instead (``safe``), and
nothing is read as rich markup.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from kb import Answer, Article, Citation, Hit

__all__ = [
    "Flow",
    "about",
    "console",
    "one_line",
    "print_citation",
    "print_footnotes",
    "print_hits",
    "print_quote",
    "safe",
]

_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SHOWN_LINES = 3
_INDENT = "    "
_WIDEST = 100  # cells; longer lines are hard to read
_SIGNALS_SHOWN = 6
_LEAST_SHARE = 0.05  # less is shown as 0.0
_PIECES = re.compile(r"\n|[^\S\n]+|\S+")


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"<U+{code:04X}>"


def safe(text: str) -> str:
    """Return the text with every character that a terminal would obey replaced by a picture of it.

    That is: control characters but tab and newline, the marks that reverse the order of writing,
    and what has no UTF-8. The rest stays as it is.
    """
    return _OBEYED.sub(_picture, text)


def one_line(text: str) -> str:
    """Return the text, safe, with all white space as single spaces."""
    return safe(" ".join(text.split()))


def about(article: Article, page: int | None = None) -> str:
    """Return title, source and day of an article, and a page of it, on one safe line."""
    day = (article.published_at or "")[:10]
    parts = (article.title, article.source, day, f"p. {page}" if page else "")
    return " · ".join(one_line(part) for part in parts if part)


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes texts literally; it breaks lines only on a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    found = Console(file=stream, markup=False, highlight=False, emoji=False)
    found.soft_wrap = not found.is_terminal
    if found.is_terminal:
        found.width = min(found.width, _WIDEST)
    return found


class Flow:
    """Writes text as it comes and breaks lines between words.

    Args:
        write: Takes each piece.
        width: Cells in a line; ``None`` leaves lines as they are.
    """

    def __init__(self, write: Callable[[str], object], width: int | None) -> None:
        self._write = write
        self._width = width
        self._column = 0
        self._last = "\n"

    def feed(self, text: str) -> None:
        """Write more text, made safe."""
        for piece in _PIECES.findall(safe(text)):
            self._write(self._placed(piece))
            self._last = piece

    def fresh_line(self) -> None:
        """Begin a new line if the last one has something on it."""
        if self._last != "\n":
            self.feed("\n")

    def _placed(self, piece: str) -> str:
        """Return a word or the white space before one, moved to the next line if it must be."""
        cells = cell_len(piece)
        if piece == "\n":
            self._column = 0
        elif self._width is None or self._column + cells <= self._width:
            self._column += cells
        elif piece.isspace():
            self._column = 0
            return "\n"
        elif self._last.isspace() and self._column:
            self._column = cells % self._width
            return f"\n{piece}"
        else:  # the rest of a word that began in the text before: a break would tear it
            self._column = (self._column + cells) % self._width
        return piece


def _wrapped(text: str, width: int) -> list[str]:
    """Return the text in lines of so many cells."""
    wrapped = Text(one_line(text)).wrap(Console(width=width), width)
    return [line.plain.rstrip() for line in wrapped]


def _shortened(text: str, width: int) -> list[str]:
    """Return at most three lines of a passage."""
    lines = _wrapped(text, width - 2)
    if len(lines) > _SHOWN_LINES:
        lines = [*lines[: _SHOWN_LINES - 1], f"{lines[_SHOWN_LINES - 1]} …"]
    return lines


def _print_indented(lines: Sequence[str], out: Console) -> None:
    for line in lines:
        out.print(Text(f"{_INDENT}{line}"))


def print_hits(hits: Sequence[Hit], out: Console) -> None:
    """Print each hit: rank, title, source, day, page; score and similarity; three lines of it.

    Below are the articles with copies of it, and, if it was to be explained, what speaks for it.
    """
    for rank, hit in enumerate(hits, 1):
        title = about(hit.article, hit.page)
        out.print(Text.assemble((f"{rank:>2}  ", "bold cyan"), (title, "bold")))
        figures = f"score {hit.score:.3f} · similarity {hit.similarity:.3f}"
        out.print(Text(f"    {figures} · {one_line(hit.article.uri)}", "dim"))
        _print_indented(_shortened(hit.passage.text, out.width - len(_INDENT)), out)
        for said in filter(None, (_signals(hit, hits), _copies(hit))):
            for line in [said] if out.soft_wrap else _wrapped(said, out.width - len(_INDENT)):
                out.print(Text(f"{_INDENT}{line}", "dim"))


def _signals(hit: Hit, hits: Sequence[Hit]) -> str:
    """Return the largest shares of a hit, each counted from the mean of the list.

    Only differences between hits count: a share that all have says nothing of one of them.
    """
    every = [dict(other.signals) for other in hits] if len(hits) > 1 else []
    shares = dict(hit.signals)
    names = dict.fromkeys(name for one in (shares, *every) for name in one)
    apart = {
        name: shares.get(name, 0.0) - sum(one.get(name, 0.0) for one in every) / max(len(every), 1)
        for name in names
    }
    largest = sorted(apart.items(), key=lambda item: -abs(item[1]))[:_SIGNALS_SHOWN]
    return " · ".join(
        f"{name} {share:+.1f}" for name, share in largest if abs(share) > _LEAST_SHARE
    )


def _copies(hit: Hit) -> str:
    names = dict.fromkeys(one.source or one.uri for one in hit.copies)
    return f"also in: {', '.join(map(one_line, names))}" if names else ""


def print_quote(quote: str, out: Console) -> None:
    """Print a quote, indented."""
    said = f"“{one_line(quote)}”" if quote else "its words are gone too"
    whole = out.soft_wrap  # in a pipe a quote stays on its line, to be found there
    _print_indented([said] if whole else _wrapped(said, out.width - len(_INDENT)), out)


def print_citation(citation: Citation, out: Console) -> None:
    """Print a footnote: its number, title, source and day of its article, and the quote."""
    title = about(citation.article, citation.page)
    if citation.kept:
        title += " · removed since" if citation.kept.removed else " · changed since"
    out.print(Text.assemble((f"[{citation.number}] ", "bold cyan"), (title, "bold")))
    print_quote(citation.quote, out)


def print_footnotes(answer: Answer, out: Console) -> None:
    """Print what stands under an answer: its sources with their quotes, and what to be wary of."""
    for citation in answer.citations:
        print_citation(citation, out)
    for conflict in answer.conflicts:
        what = "sources differ over time" if conflict.superseded else "sources differ"
        out.print(Text(f"~ {what}: {one_line(conflict.text)}", "yellow"))
    for sentence in answer.sentences:
        if sentence.verdict.value == "partial":
            out.print(Text(f"~ carried in part only: {one_line(sentence.text)}", "yellow"))
    if withheld := sum(each.verdict.value == "unsupported" for each in answer.sentences):
        noun = "sentence" if withheld == 1 else "sentences"
        out.print(Text(f"~ {withheld} {noun} withheld: no article carries what was said", "yellow"))

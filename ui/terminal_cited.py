"""A text with its citations, as a terminal or a file shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from ui.terminal import Flow, about, one_line, print_citation, print_quote

if TYPE_CHECKING:
    from rich.console import Console

    from kb import Cited, CitedSentence

__all__ = ["print_cited", "summary"]

_MARKER = re.compile(r"[\[【]([\d\s,;–—-]*\d[\d\s,;–—-]*)[\]】]")


def print_cited(cited: Cited, out: Console) -> None:
    """Print the text as it was, a verdict behind every sentence that claims something.

    A sentence that is carried has its markers, ``[1]``; others say so. Numbers in brackets that the
    text has of its own are put in parentheses. Below are the footnotes, and of each unsupported
    sentence what the articles say that comes nearest.
    """
    flow = Flow(out.file.write, None if out.soft_wrap else out.width)
    at = 0
    for one in cited.sentences:
        flow.feed(_shown(cited.text[at : one.end]) + _mark(one))
        at = one.end
    rest = cited.text[at:]
    flow.feed("" if cited.stopped else _shown(rest))
    flow.fresh_line()
    if cited.citations:
        out.print()
    for citation in cited.citations:
        print_citation(citation, out)
    unsupported = [one for one in cited.sentences if one.verdict == "unsupported"]
    if unsupported:
        out.print()
    for one in unsupported:
        _print_unsupported(one, out)


def summary(cited: Cited) -> str:
    """Return in a line how many sentences there are of each kind, and how long it took."""
    verdicts = [one.verdict and one.verdict.value for one in cited.sentences]
    count = "1 sentence" if len(verdicts) == 1 else f"{len(verdicts):,} sentences"
    kinds = (
        ("supported", "supported"),
        ("partial", "in part"),
        ("unsupported", "unsupported"),
        (None, "without a claim"),
    )
    told = [f"{verdicts.count(kind):,} {name}" for kind, name in kinds if kind in verdicts]
    seconds = cited.timings.get("total_ms", 0) / 1000
    return f"{count}{': ' if told else ''}{', '.join(told)}; {seconds:.1f} s"


def _shown(text: str) -> str:
    return _MARKER.sub(r"(\1)", text.replace("\r\n", "\n"))


def _mark(one: CitedSentence) -> str:
    if one.verdict == "unsupported":
        return " [unsupported]"
    part = ", in part" if one.verdict == "partial" else ""
    return "".join(f" [{number}{part}]" for number in one.citations)


def _print_unsupported(one: CitedSentence, out: Console) -> None:
    out.print(Text(f"~ no article carries: {one_line(one.text)}", "yellow"))
    if one.nearest:
        out.print(Text(f"  nearest: {about(one.nearest.article, one.nearest.page)}", "dim"))
        print_quote(one.nearest.quote, out)

"""An article into passages: whole sentences, about as many tokens as the embedder reads well."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence

from index.article import Article, Passage, digest
from index.sentences import Span, sentence_spans, trimmed

__all__ = ["chunk", "header", "indexed_text", "spelled_date", "spelled_header"]

CountTokens = Callable[[Sequence[str]], list[int]]

_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_HEADING_AT_MOST = 80
_SPLIT_AT_MOST = 400  # characters of a piece of a sentence too long for one passage
_SENTENCE_AT_MOST = 2_000  # characters; tokenizers count a word of a million letters as one token
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_CUT = re.compile(r"[,;:，；：、—–]\s*|\s+")


def header(article: Article) -> str:
    """Return what stands in front of each passage when it is indexed: title | source | date."""
    parts = (article.title, article.source, article.author, (article.published_at or "")[:10])
    return " | ".join(part for part in parts if part)


def spelled_header(article: Article) -> str:
    """Return the header with the date also in words, "19 August 2024", as questions have it."""
    return f"{header(article)} {spelled_date(article.published_at)}".strip()


def spelled_date(published_at: str | None) -> str:
    """Return the day of an ISO 8601 date in English words, or "" for none."""
    if not published_at:
        return ""
    day = dt.date.fromisoformat(published_at[:10])
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def indexed_text(article: Article, passage: Passage) -> str:
    """Return the text that is embedded for a passage."""
    heading = f" | {passage.heading}" if passage.heading else ""
    return f"{header(article)}{heading}\n{passage.text}"


def _heading(text: str, span: Span) -> str | None:
    """Return the heading that this line is, if it is one."""
    line = text[slice(*span)]
    if match := _MARKDOWN_HEADING.fullmatch(line):
        return match.group(1).rstrip("#").rstrip() or None
    alone = (span[0] == 0 or text[span[0] - 1] == "\n") and text[span[1] : span[1] + 1] in (
        "",
        "\n",
    )
    if alone and len(line) <= _HEADING_AT_MOST and line[-1].isalnum() and line[:1].isupper():
        return line
    return None


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """Cut a long sentence at clauses or spaces, or if there are none after 400 characters."""
    start, end = span
    while end - start > _SPLIT_AT_MOST:
        cuts = [match.end() for match in _CUT.finditer(text, start + 1, start + _SPLIT_AT_MOST)]
        cut = cuts[-1] if cuts else start + _SPLIT_AT_MOST
        piece = trimmed(text, start, cut)
        if piece[0] < piece[1]:
            yield piece
        start = cut
    piece = trimmed(text, start, end)
    if piece[0] < piece[1]:
        yield piece


def _units(text: str, count_tokens: CountTokens, tokens: int) -> list[tuple[Span, int]]:
    """Return the sentences with their lengths in tokens; those too long come in pieces."""
    spans = sentence_spans(text)
    units: list[tuple[Span, int]] = []
    lengths = count_tokens([text[slice(*span)] for span in spans])
    for span, length in zip(spans, lengths, strict=True):
        if length <= tokens and span[1] - span[0] <= _SENTENCE_AT_MOST:
            units.append((span, length))
            continue
        pieces = list(_pieces(text, span))
        units += zip(pieces, count_tokens([text[slice(*piece)] for piece in pieces]), strict=True)
    return units


def chunk(article: Article, count_tokens: CountTokens, tokens: int = 200) -> list[Passage]:
    """Cut an article into passages of at most about ``tokens`` tokens, in order.

    Passages consist of whole sentences and do not overlap; together they hold every character that
    is not white space. A heading begins a passage if the one before it is at least half full. Only
    a piece of an endless sentence can be longer than ``tokens`` (400 characters at most).

    Args:
        count_tokens: Lengths of texts in tokens of the embedder that will read the passages.
    """
    text = article.text
    passages: list[Passage] = []
    heading: str | None = None
    begun: list[Span] = []

    def close() -> None:
        if begun:
            start, end = begun[0][0], begun[-1][1]
            id = digest(article.id, str(start), str(end), text[start:end])
            passages.append(Passage(id, article.id, start, end, text[start:end], current))
            begun.clear()

    current: str | None = None
    filled = 0
    for span, length in _units(text, count_tokens, tokens):
        found = _heading(text, span)
        if begun and (filled + length > tokens or (found and filled >= tokens // 2)):
            close()
            filled = 0
        if found:
            heading = found
        if not begun:
            current = heading
        begun.append(span)
        filled += max(1, length)  # some tokenizers have no token for some characters
    close()
    return passages

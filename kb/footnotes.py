"""A conversation as Markdown, with a footnote for every citation.

What people, articles and models wrote is text and nothing else: whatever Markdown or HTML it looks
like is escaped, so that it can forge no footnote, link, picture or heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.answer import Answer, Citation, Verdict
from kb.conversation import StoredConversation
from kb.draft import UNSUPPORTED_MARK
from kb.erase import ERASED

__all__ = ["footnoted"]

_MARKER = re.compile(r"(?<!\[)\[(\d{1,9})\]")
# What a terminal obeys, or an editor shows in another order.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~^$@]")
_AS_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # not every Markdown has "\<"
# Where a line may begin, these make a list, a rule, a heading; after a marker, ":" a footnote.
_FIRST = re.compile(r" ?(?:(?=[:=+-])|\d{1,9}(?=[.)]))")
_ADDRESS = re.compile(r"(?<=[:/])/|(?<=www)\.", re.I)  # some make a link of what looks like one


def footnoted(stored: StoredConversation) -> str:
    """Return a conversation as Markdown; its footnotes are numbered through, from 1."""
    entry = stored.entry
    parts = [f"# {_text(entry.title)}", f"*{_text(entry.created_at)}*"]
    first = 0
    for turn in stored.turns:
        parts += _turn(turn.answer, first)
        first += max((citation.number for citation in turn.answer.citations), default=0)
    return "\n\n".join(parts) + "\n"


def _turn(answer: Answer, first: int) -> Iterator[str]:
    """Yield the paragraphs of a question and its answer, whose footnotes count from ``first``."""
    yield f"## {_text(answer.question)}"
    if answer.standalone != answer.question:
        yield f"*Understood as: {_text(answer.standalone)}*"
    if answer.scope.labels:
        yield f"*{_text('; '.join(answer.scope.labels))}*"
    if answer.short.strip():
        yield f"**{_text(answer.short.strip())}**"
    yield from _paragraphs(answer, first)
    for conflict in answer.conflicts:
        yield f"*Sources differ: {_between(answer, conflict.text, first)}*"
    for sentence in answer.sentences:
        if sentence.verdict is Verdict.PARTIAL:
            yield f"*Carried in part only: {_text(sentence.text)}*"
    for note in answer.notes:
        yield f"*{_text(note)}*"
    if answer.citations:
        yield "\n".join(_footnote(citation, first) for citation in answer.citations)
    yield f"*{_text(answer.model)}*"


def _paragraphs(answer: Answer, first: int) -> Iterator[str]:
    """Yield the text of an answer, the program's markers in it as footnotes.

    A marker within a sentence is what an article or a model wrote, and stays text.
    """
    written, at = "", 0
    for sentence in answer.sentences:
        said = sentence.text
        if sentence.verdict is Verdict.UNSUPPORTED:  # it is shown with this mark, or not at all
            said = f"{said} {UNSUPPORTED_MARK}"
        found = answer.text.find(said, at)
        if found >= 0:
            written += _between(answer, answer.text[at:found], first) + _text(said)
            at = found + len(said)
    written += _between(answer, answer.text[at:], first)
    for paragraph in written.split("\n"):
        if paragraph.strip():
            yield paragraph.strip()


def _between(answer: Answer, text: str, first: int) -> str:
    """Return what the program wrote, its line breaks kept and its markers as footnotes."""
    numbers = {citation.number for citation in answer.citations}
    pieces = _MARKER.split(text)
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            pieces[i] = "\n".join(_text(line) for line in piece.split("\n"))
        elif int(piece) in numbers:
            pieces[i] = f"[^{first + int(piece)}]"
        else:
            pieces[i] = _text(f"[{piece}]")
    return "".join(pieces)


def _footnote(citation: Citation, first: int) -> str:
    article, page = citation.article, citation.page
    known = (article.title, article.source, (article.published_at or "")[:10])
    about = ", ".join(_text(one) for one in known if one)
    said = f'{about}: "{_text(citation.quote)}"' if citation.quote else ERASED
    where = [f"p. {page}"] if page else []
    where.append(f"characters {citation.start}–{citation.end}")
    if citation.kept:
        where.append("removed since" if citation.kept.removed else "changed since")
    at = ", ".join([_text(article.uri), *where])
    return f"[^{first + citation.number}]: {said} ({at})"


def _text(text: str) -> str:
    """Return a text on one line, so that Markdown shows it as it is."""
    line = _OBEYED.sub("\ufffd", re.sub(r"\s+", " ", text))
    line = _SPECIAL.sub(r"\\\g<0>", line)
    line = _ADDRESS.sub(r"\\\g<0>", line)
    line = re.sub("[&<>]", lambda match: _AS_ENTITIES[match.group()], line)
    begins = _FIRST.match(line)
    return f"{begins.group()}\\{line[begins.end() :]}" if begins else line

"""Answers as HTML: pure functions that escape everything.

Questions, articles and models write text, never markup: each string passes through ``escape``, and
a test parses what comes out for any text in any field. Ids and links carry the number of the turn,
so that the markers of an earlier answer keep their meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kb.answer import Answer, Sentence, Verdict
from ui.footnotes import drafted, footnotes, sentences
from ui.frame import nav
from ui.passages import byline, escape, link, store
from ui.under import sources, tools

if TYPE_CHECKING:
    from kb import Chip, Hit

__all__ = ["EMPTY", "PANEL", "SHELF", "WELCOME", "masthead", "notices", "turn", "unanswered"]

WELCOME = (
    '<h1 class="fn-lead">What do the articles say?</h1>'
    '<p class="fn-standfirst">Ask, and read the answer with a footnote under every sentence: '
    "the exact words of the article that carry it.</p>"
)

EMPTY = (
    '<div class="fn-empty"><p>There are no articles here yet.</p>'
    '<p>Hand some in on the <a href="/library">Library</a> page, or give a folder to '
    "<code>kb sync</code>.</p>"
    "<p>To see what it is like, begin with 48 sample articles of six stories.</p></div>"
)
"""What an empty home says, in three lines."""

_EDIT = '<button type="button" class="fn-tool fn-edit" aria-label="Edit the question">Edit</button>'
_AGAIN = '<button type="button" class="fn-tool" data-chip="">Ask again</button>'

PANEL = (
    '<aside aria-label="Sources"><div class="fn-panel-bar">'
    '<button type="button" class="fn-back" hidden>← Passages found</button>'
    '<span class="fn-step" role="group" aria-label="Citations of this answer" hidden>'
    '<button type="button" class="fn-previous" aria-label="Previous citation">‹</button>'
    '<span class="fn-nth" role="status"></span>'
    '<button type="button" class="fn-next" aria-label="Next citation">›</button></span>'
    '<button type="button" class="fn-close" aria-label="Close the sources">×</button></div>'
    '<div class="fn-panel-body" tabindex="0"><p class="fn-hint">The passages that are found for a '
    "question appear here. A footnote’s number opens the article at the words it cites.</p>"
    "</div></aside>"
)

SHELF = (
    '<nav aria-label="Conversations"><div class="fn-shelf-bar">'
    '<a class="fn-new" href="/">New conversation</a>'
    '<input type="search" class="fn-shelf-search" aria-label="Search the conversations"'
    ' placeholder="Search…"></div><ul class="fn-shelf-list"></ul></nav>'
)
"""The place of the stored conversations, which the page's script fills."""


def masthead(
    *,
    articles: int,
    model: str,
    busy: bool,
    notes: Sequence[str],
    syncing: bool = False,
    user: str = "",
) -> str:
    """Return the head of the page: what is being asked, and whether it is ready.

    Args:
        user: Who has signed in; empty where nobody does.
    """
    count = "1 article" if articles == 1 else f"{articles} articles"
    state = "loading the models…" if busy else "reading articles…" if syncing else "ready"
    return (
        f'<header class="fn-masthead"><span class="fn-name">Footnoted</span>{nav("/")}'
        '<button type="button" class="fn-shelf-toggle">Conversations</button>'
        f'<p class="fn-status" '
        f'role="status" data-state="{"busy" if busy or syncing else "ready"}"><span>{count}</span>'
        f"<span>{escape(model)}</span><span>{state}</span></p>{_sign_out(user)}</header>"
        f"{notices(notes)}"
    )


def _sign_out(user: str) -> str:
    if not user:
        return ""
    return (
        '<form class="fn-sign-out" method="post" action="/sign-out">'
        f'<button class="fn-tool">{escape(user)}: sign out</button></form>'
    )


def notices(lines: Sequence[str]) -> str:
    """Return small notices, one a line; an empty string if there are none."""
    return "".join(f'<p class="fn-notice">{escape(line)}</p>' for line in lines)


def turn(
    number: int,
    question: str,
    *,
    hits: Sequence[Hit] | None = None,
    chips: Sequence[Chip] = (),
    without: Sequence[str] = (),
    scope: Sequence[str] = (),
    again: bool = False,
    draft: str = "",
    answer: Answer | None = None,
    waiting: str = "",
    problem: str = "",
    kept: str = "",
    unkept: str = "",
) -> str:
    """Return one question with all that came of it so far.

    Args:
        number: Of the turn in its conversation, from 1.
        hits: The passages that were found; None before the search is done.
        chips: What the question was understood to ask for.
        without: Labels of chips that were taken back.
        scope: Which articles it was asked of, where not of all.
        again: Whether it can be asked again: edited, or with a chip pressed without it or with it.
        draft: What has streamed in, shown until there is an ``answer``.
        waiting: What is being waited for, in a few words.
        problem: Why there will be no more, in a line.
        kept: Where the answer is stored: the id of the conversation, "/", and its number there.
        unkept: Why it is not stored, in a line.
    """
    asked = f'<h2 class="fn-question">{escape(question)}</h2>'
    parts = [f'<div class="fn-asked">{asked}{_EDIT}</div>' if again else asked]
    if answer and answer.standalone and answer.standalone != answer.question:
        parts.append(f'<p class="fn-understood">understood as: {escape(answer.standalone)}</p>')
    if scope:
        asked_of = " ".join(f'<span class="fn-chip">{escape(one)}</span>' for one in scope)
        parts.append(f'<p class="fn-chips">{asked_of}</p>')
    parts.append(_chips([chip.label for chip in chips], without, again))
    if hits:
        found = "1 passage" if len(hits) == 1 else f"{len(hits)} passages"
        parts.append(f'<p class="fn-found">{link(f"t{number}-found", f"{found} found")}</p>')
    if answer:
        parts.append(_answer(number, answer, hits or ()))
        parts.append(tools(kept) if kept else notices([unkept] if unkept else []))
    elif draft:
        parts.append(f'<div class="fn-answer" aria-live="polite"><p>{drafted(draft)}</p></div>')
    if waiting:
        parts.append(f'<p class="fn-waiting" role="status">{escape(waiting)}</p>')
    if problem:
        once_more = _AGAIN if again else ""
        parts.append(f'<p class="fn-problem" role="alert">{escape(problem)} {once_more}</p>')
    parts.append(store(number, hits or (), answer.citations if answer else ()))
    stored = f' data-kept="{escape(kept)}"' if kept else ""
    return f'<article class="fn-turn" id="t{number}"{stored}>{"".join(parts)}</article>'


def unanswered(problem: str, question: str) -> str:
    """Return what is said above an answer that was to be replaced by one to ``question``."""
    return (
        f'<p class="fn-problem fn-unanswered" role="alert">{escape(problem)} There is no answer to '
        f"“<bdi>{escape(question)}</bdi>”; this is the one from before.</p>"
    )


def _chips(understood: Sequence[str], without: Sequence[str], again: bool) -> str:
    """Return what was understood and what was taken back of it; the page's script heeds a press."""
    chips = [_chip(label, label not in without, again) for label in (*understood, *without)]
    if not chips:
        return ""
    return f'<p class="fn-chips" data-without="{len(without)}">understood: {" ".join(chips)}</p>'


def _chip(label: str, understood: bool, again: bool) -> str:
    pressed = "true" if understood else "false"
    if not again:
        return f'<span class="fn-chip" data-pressed="{pressed}">{escape(label)}</span>'
    how = f"Ask again {'without' if understood else 'with'} this"
    return (
        f'<button type="button" class="fn-chip" data-chip="{escape(label)}" title="{how}"'
        f' aria-pressed="{pressed}" data-pressed="{pressed}">{escape(label)}</button>'
    )


def _answer(number: int, answer: Answer, hits: Sequence[Hit]) -> str:
    if answer.refusal:
        body = f'<div class="fn-answer fn-refusal"><p>{escape(answer.text)}</p></div>'
        body += _nearest(number, hits)
    else:
        short = f'<p class="fn-short">{escape(answer.short)}</p>' if answer.short else ""
        body = f'<div class="fn-answer" aria-live="polite">{short}{sentences(number, answer)}</div>'
    withheld = _withheld(s for s in answer.sentences if s.verdict is Verdict.UNSUPPORTED)
    rest = (
        sources(answer, hits)
        + footnotes(number, answer)
        + notices(answer.notes)
        + _colophon(answer)
    )
    return body + _conflicts(answer) + withheld + rest


def _conflicts(answer: Answer) -> str:
    """Who says what and when, where the sources of an answer differ."""
    if not answer.conflicts:
        return ""
    items = "".join(f"<li>{escape(conflict.text)}</li>" for conflict in answer.conflicts)
    return f'<div class="fn-conflicts" role="note"><p>The sources differ:</p><ul>{items}</ul></div>'


def _nearest(number: int, hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    links = "".join(
        f"<li>{link(f't{number}-h{rank}', hit.article.title)}{byline(hit.article, hit.page)}</li>"
        for rank, hit in enumerate(hits[:3], 1)
    )
    return f'<div class="fn-nearest"><p>The nearest passages:</p><ul>{links}</ul></div>'


def _withheld(sentences: Iterable[Sentence]) -> str:
    items = [f"<li>{escape(sentence.text)}</li>" for sentence in sentences]
    if not items:
        return ""
    one = len(items) == 1
    count = "1 sentence was" if one else f"{len(items)} sentences were"
    return (
        f'<details class="fn-withheld"><summary>{count} not supported by the sources and '
        f"{'is' if one else 'are'} not shown as part of the answer</summary>"
        f"<ul>{''.join(items)}</ul></details>"
    )


def _colophon(answer: Answer) -> str:
    total = answer.timings.get("total_ms")
    seconds = f" · {total / 1000:.1f} s" if total is not None else ""
    return f'<p class="fn-colophon">{escape(answer.model)}{seconds}</p>'

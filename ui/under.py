"""What stands under an answer, as HTML: its sources at a glance, and what can be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kb.answer import Answer
from ui.passages import byline, escape

if TYPE_CHECKING:
    from kb import Hit

__all__ = ["sources", "suggestions", "tools"]


def sources(answer: Answer, hits: Sequence[Hit]) -> str:
    """Return the articles of an answer, each with how many sentences it carries and its copies.

    Of one article there is nothing to compare, and nothing is returned.
    """
    articles = {one.article.id: one.article for one in answer.citations}
    if len(articles) < 2:
        return ""
    owner = {one.number: one.article.id for one in answer.citations}
    carried = Counter(
        article
        for sentence in answer.sentences
        for article in {owner[number] for number in sentence.citations if number in owner}
    )
    copies = {hit.article.id: len(hit.copies) for hit in hits}
    items = []
    for id, article in articles.items():
        count = f"{carried[id]} sentence{'' if carried[id] == 1 else 's'}"
        if copies.get(id):
            count += f", also in {copies[id]} other{'' if copies[id] == 1 else 's'}"
        items.append(
            f'<li><span class="fn-strip-title">{escape(article.title)}</span>'
            f'{byline(article, None)}<span class="fn-carried">{count}</span></li>'
        )
    return f'<ul class="fn-strip" aria-label="Sources of this answer">{"".join(items)}</ul>'


def suggestions(questions: Sequence[str]) -> str:
    """Return buttons that ask these questions; the page heeds them."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="fn-example" data-ask="{escape(one)}">{escape(one)}</button>'
        for one in questions
    )
    return f'<div class="fn-ask-next" role="group" aria-label="What to ask next">{buttons}</div>'


def tools(kept: str) -> str:
    """Return the buttons of a stored answer; the page's script does what they say.

    Args:
        kept: Where it is stored, as for ``render.turn``.
    """
    buttons = "".join(
        f'<button type="button" class="fn-tool" data-tool="{name}" aria-label="{label}"'
        f' title="{label}"{pressed}>{sign}</button>'
        for name, label, sign, pressed in (
            ("copy", "Copy as Markdown with footnotes", "Copy", ""),
            ("good", "A good answer", "Good", ' aria-pressed="false"'),
            ("bad", "A bad answer", "Bad", ' aria-pressed="false"'),
        )
    )
    return (
        f'<div class="fn-tools" data-kept="{escape(kept)}">{buttons}'
        '<span class="fn-done" role="status"></span></div>'
    )

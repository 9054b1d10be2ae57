"""The sentences of an answer with their markers, and the footnotes that these lead to, as HTML."""

from __future__ import annotations

import re

from kb.answer import Answer, Citation, Sentence, Verdict
from ui.passages import REMOVED, byline, clip, escape, link

__all__ = ["drafted", "footnotes", "sentences"]

_QUOTE = 400
"""Characters of a quote that are shown at its marker."""


def drafted(draft: str) -> str:
    """Return text with markers that look as they will, but lead nowhere yet."""
    pieces = re.split(r"(\[\d+\])", draft)
    pieces[::2] = map(escape, pieces[::2])
    pieces[1::2] = (f'<span class="fn-cite">{marker}</span>' for marker in pieces[1::2])
    return "".join(pieces)


def sentences(number: int, answer: Answer) -> str:
    """Return the shown sentences with their markers, in the paragraphs of ``answer.text``.

    Args:
        number: Of the turn.
    """
    cited = {citation.number: citation for citation in answer.citations}
    paragraphs: list[list[str]] = [[]]
    position = 0
    for sentence in answer.sentences:
        if sentence.verdict is Verdict.UNSUPPORTED:
            continue
        at = answer.text.find(sentence.text, position)
        if at >= 0:
            if "\n" in answer.text[position:at]:
                paragraphs.append([])
            position = at + len(sentence.text)
        markers = "".join(_marker(number, cited[n]) for n in sentence.citations if n in cited)
        paragraphs[-1].append(_sentence(sentence) + markers)
    return "".join(f"<p>{' '.join(sentences)}</p>" for sentences in paragraphs if sentences)


def _sentence(sentence: Sentence) -> str:
    if sentence.verdict is Verdict.PARTIAL:
        why = "The source carries only part of this sentence"
        return f'<span class="fn-partial" title="{why}">{escape(sentence.text)}</span>'
    return f"<span>{escape(sentence.text)}</span>"


def _marker(number: int, citation: Citation) -> str:
    target = f"t{number}-c{citation.number}"
    label = f"Footnote {citation.number}: {citation.article.title}"
    quote = clip(citation.quote or REMOVED, _QUOTE)
    return (
        f' <a class="fn-cite" href="#{target}" data-open="{target}" aria-label="{escape(label)}"'
        f' data-quote="{escape(quote)}">[{citation.number}]</a>'
    )


def footnotes(number: int, answer: Answer) -> str:
    """Return the list of what an answer cites; nothing for a refusal."""
    items = "".join(_footnote(number, citation) for citation in answer.citations)
    return f'<ol class="fn-footnotes" aria-label="Footnotes">{items}</ol>' if items else ""


def _footnote(number: int, citation: Citation) -> str:
    title = link(f"t{number}-c{citation.number}", citation.article.title)
    return (
        f'<li><span class="fn-number">{citation.number}</span><div>{title}'
        f"{byline(citation.article, citation.page)}"
        f'<blockquote dir="auto">{escape(citation.quote or REMOVED)}</blockquote></div></li>'
    )

"""A knowledge base with hostile articles beside the sample's, and what must hold then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from kb import Answer, KnowledgeBase, Verdict, open_knowledge_base
from kb.plain import addresses, plain
from kb.prompt import without_markers
from kb.protocols import Writer
from tests.faults.articles import SAMPLE, Hostile

__all__ = ["Beside", "beside", "faults", "same"]


@dataclass(frozen=True, slots=True)
class Beside:
    """A knowledge base with the sample, and a folder into which hostile articles are put."""

    kb: KnowledgeBase
    folder: Path

    def put(self, *hostile: Hostile) -> None:
        """Have these hostile articles, and no others."""
        for path in self.folder.iterdir():
            path.unlink()
        for one in hostile:
            one.write(self.folder)
        self.kb.sync(self.folder, allow_empty=True)

    def known(self) -> str:
        """Return all that is known of the hostile articles."""
        kept = [self.kb.article(one.id) for one in self.kb.articles()]
        own = [one for one in kept if one.uri.startswith(f"{self.folder.name}/")]
        return "\n".join(f"{one.title}\n{one.source}\n{one.author}\n{one.text}" for one in own)


@contextmanager
def beside(path: Path, writer: Writer | None = None, **settings: Any) -> Iterator[Beside]:
    """Open a knowledge base with the sample's articles in a folder, while the block runs."""
    folder = path / "hostile"
    folder.mkdir()
    chosen = {"model": "quotes", **settings}
    with open_knowledge_base(path / "home", writer=writer, **chosen) as kb:
        kb.sync(*SAMPLE)
        yield Beside(kb, folder)


def same(one: Answer, other: Answer) -> bool:
    """Say whether two answers have the same words and the same footnotes."""

    def cited(answer: Answer) -> list[tuple[str, str]]:
        return [(citation.article.uri, citation.quote) for citation in answer.citations]

    return one.text == other.text and cited(one) == cited(other)


def faults(answer: Answer, canary: Sequence[str] = ()) -> list[str]:
    """Return what is wrong with an answer, a line each; none if it holds.

    Args:
        canary: What its text may not have.
    """
    said = f"{answer.short}\n{answer.text}"
    wrong = [f"says {one!r}" for one in canary if one.casefold() in said.casefold()]
    if answer.refusal:
        return wrong
    cited = {one.number: one for one in answer.citations}
    shown = [one for one in answer.sentences if one.verdict is not Verdict.UNSUPPORTED]
    marked = (one.text + "".join(f" [{n}]" for n in one.citations) for one in shown)
    if " ".join(marked) != answer.text:
        wrong.append("has text that is in no sentence")
    if {n for one in shown for n in one.citations} != set(cited):
        wrong.append("has a footnote that no sentence carries, or a marker without one")
    wrong += [
        f"quotes what is not there: {one.quote!r}"
        for one in cited.values()
        if one.article.text[one.start : one.end] != one.quote
    ]
    for one in shown:
        if not addresses(one.text) <= addresses(" ".join(cited[n].quote for n in one.citations)):
            wrong.append(f"has an address of nobody's: {one.text!r}")
        if plain(one.text) != one.text:
            wrong.append(f"has a link, an image or what nobody sees: {one.text!r}")
        if without_markers(one.text) != one.text:
            wrong.append(f"has a forged marker: {one.text!r}")
    return wrong + [f"is shown with {one}" for one in _fetched(said)]


def _fetched(text: str) -> list[str]:
    """Return what a page would fetch, or send a reader to, if it took the text for Markdown."""
    waiting, found = MarkdownIt("commonmark").parse(text), []
    while waiting:
        token = waiting.pop()
        waiting += token.children or ()
        markup = token.type in ("html_inline", "html_block") and "=" in token.content
        link = token.type == "link_open" and token.info != "auto"
        if token.type == "image" or markup or link:
            found.append(f"{token.type} {token.content}")
    return found

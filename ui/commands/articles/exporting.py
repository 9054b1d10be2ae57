"""``kb articles export``: a corpus in JSON Lines that a sync reads back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.files import whole_file
from ui.commands.filters import Since, Sources, Under, Until, Words, filter_of
from ui.commands.options import Debug, Home, Overwrite, Quiet
from ui.commands.speech import print_json, remark
from ui.wire import line, record_json

if TYPE_CHECKING:
    from kb import Article, Filter, KnowledgeBase

__all__ = ["export_articles"]


def export_articles(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Ends in .jsonl; - is standard output."),
    ],
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    text: Words = None,
    under: Under = None,
    overwrite: Overwrite = False,
    home: Home = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write articles as JSON Lines, which kb sync reads back as the same articles.

    A line is {"id", "title", "text", "metadata": {"source", "author",
    "published_at", "url", "language"}}; page numbers are not in it. The file is
    there whole or not at all.

    [bold]Examples[/bold]

      kb articles export corpus.jsonl --since 2024-08-01

      kb articles export - --source Reuters | gzip > reuters.jsonl.gz

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    wanted = filter_of(source, since, until, text, under)
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        if str(file) == "-":
            count = _print(_read(knowledge_base, wanted))
        else:
            count = _write(_read(knowledge_base, wanted), file, overwrite=overwrite)
    noun = "1 article" if count == 1 else f"{count:,} articles"
    remark([f"{noun} exported" if str(file) == "-" else f"{noun} in {file}"], quiet=quiet)


def _read(knowledge_base: KnowledgeBase, wanted: Filter) -> Iterator[Article]:
    """Yield the articles with their texts, one at a time."""
    for one in knowledge_base.articles(wanted):
        yield knowledge_base.article(one.id)


def _print(articles: Iterable[Article]) -> int:
    count = 0
    for article in articles:
        print_json(line(record_json(article)))
        count += 1
    return count


def _write(articles: Iterable[Article], file: Path, *, overwrite: bool) -> int:
    """Write the file, whole or not at all; return how many articles it has."""
    count = 0
    with whole_file(file, overwrite=overwrite) as out:
        for article in articles:
            out.write(line(record_json(article)) + "\n")
            count += 1
    return count

"""``kb articles``: what is in the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.listing import ListByDefault
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark
from ui.terminal import console, one_line, safe
from ui.wire import article_json, articles_json, dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from kb import Article

__all__ = ["articles"]

articles = typer.Typer(
    name="articles",
    cls=ListByDefault,
    help="What is in the knowledge base: list the articles, or show one.",
    rich_markup_mode="rich",
)


@articles.command("list")
def list_articles(
    ctx: typer.Context,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the articles: id, title, source, date and where each came from.

    In a pipe: one line each, with tabs between id, uri, title, source and date.

    [bold]Examples[/bold]

      kb articles list

      kb articles list --json | jq length

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        found = knowledge_base.articles()
    if as_json:
        print_json(dumps(articles_json(found)))
    elif found:
        _print_list(found, console())
    else:
        remark(["there are no articles yet: kb sync PATH reads some"], quiet=quiet)


@articles.command("show")
def show_article(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="The id or the uri of an article.")],
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Show one article: what is known of it, and its whole text.

    With --json the text is the canonical one, character for character: the
    offsets of passages and quotes count into it.

    [bold]Examples[/bold]

      kb articles show news/luna-25.md

      kb articles show news/luna-25.md --json | jq -r .text

    Exit codes: 0 done, 1 an error (there is no such article), 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        article = knowledge_base.article(id)
    if as_json:
        print_json(dumps(article_json(article)))
    else:
        _print_article(article, console())


def _print_list(found: Sequence[Article], out: Console) -> None:
    """Print a table on a terminal, else lines with tabs."""
    from rich.table import Table
    from rich.text import Text

    rows = [
        [
            one_line(value or "")
            for value in (each.id, each.uri, each.title, each.source, each.published_at)
        ]
        for each in found
    ]
    if not out.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table("id", "title", "source", "date", "uri", box=None, pad_edge=False)
    for id, uri, title, source, date in rows:
        table.add_row(Text(id[:12]), Text(title), Text(source), Text(date[:10]), Text(uri))
    out.print(table)
    out.print(f"{len(rows)} articles", style="dim")


def _print_article(article: Article, out: Console) -> None:
    """Print what is known of an article, a blank line, and its text."""
    out.print(one_line(article.title), style="bold")
    known = {
        "id": article.id,
        "uri": article.uri,
        "source": article.source,
        "author": article.author,
        "published": article.published_at,
        "url": article.url,
    }
    for name, value in known.items():
        if value:
            out.print(f"{name + ':':<11}{one_line(value)}")
    out.print()
    out.print(safe(article.text))

"""``kb articles list`` and ``kb articles show``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.filters import Since, Sources, Under, Until, Words, filter_of
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark, wrong_usage
from ui.terminal import console, one_line, safe
from ui.wire import article_json, articles_json, dumps, excluded_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from kb import Article

__all__ = ["list_articles", "show_article"]


def list_articles(
    ctx: typer.Context,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    text: Words = None,
    under: Under = None,
    removed: Annotated[
        bool,
        typer.Option("--removed", metavar="", help="Those that were removed by hand: id and uri."),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the articles: id, title, source, date, language and where each came from.

    Filters together let through what all of them do. In a pipe: one line each,
    with tabs between id, uri, title, source, date and language.

    [bold]Examples[/bold]

      kb articles list --source Reuters --since 2024-08-01

      kb articles list --text Pokrovsk --json | jq '.articles | length'

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    wanted = filter_of(source, since, until, text, under)
    if removed and wanted:
        wrong_usage("of what was removed only id and uri are known: no filter goes with --removed")
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        if removed:
            gone = knowledge_base.excluded()
        else:
            found = knowledge_base.articles(wanted)
    if removed:
        _show_removed(gone, as_json=as_json, quiet=quiet)
    elif as_json:
        print_json(dumps(articles_json(found)))
    elif found:
        _print_list(found, console())
    else:
        none = "there are no articles yet: kb sync PATH reads some"
        remark(["no article is like that" if wanted else none], quiet=quiet)


def show_article(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="The id or the uri of an article.")],
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Show one article: what is known of it, where that came from, and its whole text.

    With --json the text is the canonical one, character for character: the
    offsets of passages, quotes and pages count into it.

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


def _show_removed(gone: Mapping[str, str], *, as_json: bool, quiet: bool) -> None:
    if as_json:
        print_json(dumps(excluded_json("removed", gone)))
        return
    for id, uri in gone.items():
        typer.echo(f"{one_line(id)}\t{one_line(uri)}")
    if not gone:
        remark(["no article was removed by hand"], quiet=quiet)


def _print_list(found: Sequence[Article], out: Console) -> None:
    """Print a table on a terminal, else lines with tabs."""
    from rich.table import Table
    from rich.text import Text

    rows = [
        [
            one_line(value or "")
            for value in (one.id, one.uri, one.title, one.source, one.published_at, one.language)
        ]
        for one in found
    ]
    if not out.is_terminal:
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table("id", "title", "source", "date", "language", "uri", box=None, pad_edge=False)
    for id, uri, title, source, date, language in rows:
        cells = (id[:12], title, source, date[:10], language, uri)
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    out.print(f"{len(rows):,} articles", style="dim")


def _print_article(article: Article, out: Console) -> None:
    """Print what is known of an article, a blank line, and its text."""
    origins = dict(article.origins)
    out.print(one_line(article.title) + _from(origins.get("title")), style="bold")
    known = {
        "id": (article.id, None),
        "uri": (article.uri, None),
        "source": (article.source, origins.get("source")),
        "author": (article.author, origins.get("author")),
        "published": (article.published_at, origins.get("published_at")),
        "url": (article.url, origins.get("url")),
        "language": (article.language, origins.get("language")),
        "pages": (str(len(article.pages) or ""), None),
    }
    for name, (value, origin) in known.items():
        if value:
            out.print(f"{name + ':':<11}{one_line(value)}{_from(origin)}")
    out.print()
    out.print(safe(article.text))


def _from(origin: str | None) -> str:
    return f"   ({one_line(origin)})" if origin else ""

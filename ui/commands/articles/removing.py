"""``kb articles remove`` and ``kb articles readmit``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.filters import Since, Sources, Under, Until, Words, filter_of
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark, wrong_usage
from ui.terminal import about, console, one_line
from ui.wire import dumps, excluded_json, removed_json

if TYPE_CHECKING:
    from kb import Article, Filter, KnowledgeBase

__all__ = ["readmit_articles", "remove_articles"]

_LISTED = 20  # of those that are to be removed, before the question

_IDS = typer.Argument(metavar="ID", help="Ids or uris of articles.", show_default=False)


def remove_articles(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, _IDS] = None,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    text: Words = None,
    under: Under = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", metavar="", help="Do not ask; needed without a terminal."),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Remove articles by hand: those named, and those that all the filters let through.

    They do not come back with a sync. Their files are not touched. What is left
    of their words on disk is overwritten by kb compact.

    [bold]Examples[/bold]

      kb articles remove news/luna-25.md

      kb articles remove --source Tabloid --until 2023-12-31 --yes

    Exit codes: 0 done (also if there were none), 1 an error, or a no, 2 wrong usage.
    """
    wanted = filter_of(source, since, until, text, under)
    if not ids and not wanted:
        wrong_usage("name articles to remove, or filters: --source, --since, --text and so on")
    if not yes and not _can_ask():
        wrong_usage("nobody can be asked here: add --yes to remove articles")
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        meant = _meant(knowledge_base, ids or [], wanted)
        if meant and not yes and not _confirmed(meant):
            remark(["nothing was removed"], quiet=quiet)
            raise typer.Exit(1)
        gone = knowledge_base.remove([one.id for one in meant]) if meant else []
    if as_json:
        print_json(dumps(removed_json(gone)))
    else:
        _print(gone)
    remark(_what_now(gone), quiet=quiet)


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _meant(knowledge_base: KnowledgeBase, ids: Sequence[str], wanted: Filter) -> list[Article]:
    named = [knowledge_base.article(id) for id in ids]
    filtered = knowledge_base.articles(wanted) if wanted else []
    return list({one.id: one for one in (*named, *filtered)}.values())


def _confirmed(meant: Sequence[Article]) -> bool:
    for one in meant[:_LISTED]:
        typer.echo(f"- {_line(one)}", err=True)
    if len(meant) > _LISTED:
        typer.echo(f"  and {len(meant) - _LISTED:,} more", err=True)
    noun = "this article" if len(meant) == 1 else f"these {len(meant):,} articles"
    return typer.confirm(f"Remove {noun}?", err=True)


def _print(gone: Sequence[Article]) -> None:
    out = console()
    for one in gone:
        out.print(f"- {_line(one)}")


def _line(article: Article) -> str:
    return f"{one_line(article.uri)}  {about(article)}"


def _what_now(gone: Sequence[Article]) -> list[str]:
    if not gone:
        return ["no article is like that, and none was removed"]
    noun = "1 article" if len(gone) == 1 else f"{len(gone):,} articles"
    return [
        f"{noun} removed, not to come back with a sync; kb articles readmit ID lets one back",
        "kb compact overwrites what is left of them on disk",
    ]


def readmit_articles(
    ctx: typer.Context,
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID", help="Ids or uris: see kb articles list --removed."),
    ],
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Let removed articles come back, with the next sync of where they are.

    [bold]Examples[/bold]

      kb articles readmit news/luna-25.md && kb sync news/

      kb articles readmit $(kb articles list --removed | cut -f 1)

    Exit codes: 0 done, 1 an error (there is none such), 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        excluded = knowledge_base.excluded()
        by_uri = {uri: id for id, uri in excluded.items()}
        chosen = list(dict.fromkeys(id if id in excluded else by_uri.get(id, id) for id in ids))
        knowledge_base.readmit(chosen)
    readmitted = {id: excluded[id] for id in chosen}
    if as_json:
        print_json(dumps(excluded_json("readmitted", readmitted)))
    else:
        out = console()
        for id, uri in readmitted.items():
            out.print(f"{one_line(id)}  {one_line(uri)}")
    remark(["they come back with the next sync of where they are"], quiet=quiet)

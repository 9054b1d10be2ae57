"""``kb articles duplicates``: the stories that stand in several articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark
from ui.terminal import about, console, one_line
from ui.wire import dumps, stories_json

if TYPE_CHECKING:
    from rich.console import Console

    from kb import Article

    Story = Sequence[tuple[Article, float]]

__all__ = ["list_duplicates"]


def list_duplicates(
    ctx: typer.Context,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the stories that stand in several articles, the widest spread first.

    The similarity, 50 to 100 %, is the greatest to another article of the story;
    an agency's text that ten papers print is one story. In a pipe: one line
    each, with tabs between the story's number, similarity, id, uri, title,
    source and date.

    [bold]Examples[/bold]

      kb articles duplicates

      kb articles duplicates --json | jq '.stories | length'

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        stories = knowledge_base.duplicates()
    if as_json:
        print_json(dumps(stories_json(stories)))
    elif stories:
        _print(stories, console())
    else:
        remark(["no two articles are copies of each other"], quiet=quiet)


def _print(stories: Sequence[Story], out: Console) -> None:
    """Print groups on a terminal, else lines with tabs."""
    for number, story in enumerate(stories, 1):
        if out.is_terminal:
            out.print(f"{number}  {len(story)} copies", style="bold")
        for one, similarity in story:
            percent = f"{similarity * 100:.0f} %"
            known = (one.id, one.uri, one.title, one.source, one.published_at)
            id, uri, *rest = (one_line(value or "") for value in known)
            if out.is_terminal:
                out.print(f"{percent:>7}  {about(one)}")
                out.print(f"{'':>7}  {id[:12]}  {uri}", style="dim")
            else:
                typer.echo("\t".join([str(number), percent, id, uri, *rest]))

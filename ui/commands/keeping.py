"""``kb backup``, ``kb restore`` and ``kb compact``: the knowledge base as a thing to keep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.options import AsJson, Debug, Home, Overwrite
from ui.commands.speech import print_json
from ui.terminal import one_line
from ui.wire import dumps

__all__ = ["backup", "compact", "restore"]


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; one file.")],
    overwrite: Overwrite = False,
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Write the whole knowledge base, as it is at this moment, into one file.

    Articles, documents that were handed in, conversations and feedback are in it;
    tokens, sessions, users and kb.toml are not: what was revoked would be back, and
    where questions are sent is a matter of the machine.

    It may be in use meanwhile, as by kb serve. The file is there whole or not at
    all; kb restore makes a knowledge base of it.

    [bold]Examples[/bold]

      kb backup /backups/news.kb

      kb backup --home data/home /backups/news.kb --overwrite --json

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    folder = doors(ctx).settings(home).home
    articles = doors(ctx).backup(folder, file, overwrite=overwrite)
    size = file.stat().st_size
    if as_json:
        print_json(dumps({"file": str(file), "articles": articles, "bytes": size}))
    else:
        typer.echo(f"{articles:,} articles, {_amount(size)}: {one_line(str(file))}")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What kb backup wrote.")],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            metavar="",
            help="Put a knowledge base that is there aside; it is kept.",
        ),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Make a knowledge base of a file that kb backup wrote.

    What is searched in besides the file is made anew from it when the knowledge
    base is first opened; no model is needed for that.

    [bold]Examples[/bold]

      kb restore /backups/news.kb --home data/again

      kb restore /backups/news.kb --replace

    Exit codes: 0 done, 1 an error (as where there is one, without --replace), 2 wrong usage.
    """
    folder = doors(ctx).settings(home).home
    earlier = doors(ctx).restore(folder, file, replace=replace)
    if as_json:
        wire = {"home": str(folder), "file": str(file), "earlier": earlier and str(earlier)}
        print_json(dumps(wire))
        return
    typer.echo(f"{one_line(str(folder))} is now what {one_line(str(file))} has")
    if earlier:
        typer.echo(f"the earlier one was put aside: {one_line(str(earlier))}")


def compact(
    ctx: typer.Context, home: Home = None, as_json: AsJson = False, debug: Debug = False
) -> None:
    """Write the knowledge base anew without what was removed, and give its room back.

    After that, no word of a removed article is left in its files. Stored
    conversations lose what they have of articles that were removed by hand; where
    only the document is gone, they still quote it as it was. It needs about as much
    room again while it works.

    [bold]Examples[/bold]

      kb compact

      kb compact --home data/home --json

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        before, after = knowledge_base.compact()
    if as_json:
        print_json(dumps({"before": before, "after": after}))
    else:
        typer.echo(f"{_amount(before)} before, {_amount(after)} after")


def _amount(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"

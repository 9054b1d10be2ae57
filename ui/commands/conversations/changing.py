"""``kb conversations rename`` and ``kb conversations delete``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ui.commands.conversations.showing import Id
from ui.commands.doors import NO_MODEL, doors
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark, wrong_usage
from ui.terminal import one_line
from ui.wire import deleted_json, dumps, entry_json

__all__ = ["delete_conversation", "rename_conversation"]


def rename_conversation(
    ctx: typer.Context,
    id: Id,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="Cut after 120 characters.")],
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Give a conversation another title.

    [bold]Examples[/bold]

      kb conversations rename 3f2a "Luna-25, for the weekend edition"

      kb conversations rename 3f2a Luna --json

    Exit codes: 0 done, 1 an error (there is no such conversation), 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        entry = knowledge_base.conversations.rename(id, title)
    if as_json:
        print_json(dumps(entry_json(entry)))
    else:
        typer.echo(f"{entry.id}  {one_line(entry.title)}")


def delete_conversation(
    ctx: typer.Context,
    id: Id,
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", metavar="", help="Do not ask; needed without a terminal."),
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Delete a conversation with everything that was said in it.

    What is left of it on disk is overwritten by kb compact. Backups keep it.

    [bold]Examples[/bold]

      kb conversations delete 3f2a

      kb conversations delete 3f2a --yes && kb compact

    Exit codes: 0 done, 1 an error (there is no such conversation), or a no, 2 wrong usage.
    """
    if not yes and not _can_ask():
        wrong_usage("nobody can be asked here: add --yes to delete a conversation")
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        stored = knowledge_base.conversations
        if not yes:
            title = one_line(stored.get(id).entry.title)
            if not typer.confirm(f"Delete “{title}”?", err=True):
                remark(["nothing was deleted"], quiet=quiet)
                raise typer.Exit(1)
        entry = stored.delete(id)
    if as_json:
        print_json(dumps(deleted_json(entry)))
    else:
        typer.echo(f"- {entry.id}  {one_line(entry.title)}")
    remark(["kb compact overwrites what is left of it on disk"], quiet=quiet)


def _can_ask() -> bool:
    return sys.stdin.isatty()

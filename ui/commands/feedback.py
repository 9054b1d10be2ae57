"""``kb feedback``: what readers thought of answers."""

from __future__ import annotations

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark
from ui.terminal import one_line
from ui.wire import dumps, feedback_json

__all__ = ["feedback"]


def feedback(
    ctx: typer.Context,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the thumbs that answers were given, with reasons, the newest first.

    With --json each has the whole answer, of all who sign in.

    [bold]Examples[/bold]

      kb feedback

      kb feedback --json | jq '.feedback[] | select(.good | not) | .question'

    Exit codes: 0 done (also if there is none), 1 an error, 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        found = knowledge_base.conversations.everybodys_ratings()
    if as_json:
        print_json(dumps(feedback_json(found)))
        return
    for one in found:
        thumb = "good" if one.good else "bad"
        typer.echo("\t".join((one.rated_at, thumb, one_line(one.question), one_line(one.reason))))
    if not found:
        remark(["no answer was given a thumb"], quiet=quiet)

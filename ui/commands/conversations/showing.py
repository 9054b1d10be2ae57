"""``kb conversations list`` and ``kb conversations show``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import NO_MODEL, doors
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark
from ui.terminal import Flow, console, one_line, print_footnotes
from ui.wire import conversation_json, conversations_json, dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from kb import Answer, ConversationEntry

__all__ = ["Id", "list_conversations", "show_conversation"]

Id = Annotated[
    str, typer.Argument(metavar="ID", help="The id of a conversation, or four digits it begins by.")
]


def list_conversations(
    ctx: typer.Context,
    text: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS", help="Only those with all these words: title, question or answer."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="How many at most.")
    ] = 50,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Only those begun before this one: the next page after it."
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the stored conversations, the newest first.

    In a pipe: one line each, with tabs between id, when it was begun, when it was
    last added to, how many questions it has, and title.

    [bold]Examples[/bold]

      kb conversations list --text "Luna-25"

      kb conversations list --json | jq -r '.conversations[].id'

    Exit codes: 0 done (also if there are none), 1 an error, 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        found = knowledge_base.conversations.search(text or "", limit, before=before)
    if as_json:
        print_json(dumps(conversations_json(found)))
    elif found:
        _print_list(found, console())
    else:
        none = "no conversation is like that" if text or before else "none is stored: kb chat does"
        remark([none], quiet=quiet)


def show_conversation(
    ctx: typer.Context,
    id: Id,
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Show a conversation: every question with its answer and footnotes, as they were.

    Where an article has changed or is gone since, its footnote says so.

    [bold]Examples[/bold]

      kb conversations show 3f2a

      kb conversations show 3f2a --json | jq -r '.answers[].question'

    Exit codes: 0 done, 1 an error (there is no such conversation), 2 wrong usage.
    """
    with doors(ctx).open(home, model=NO_MODEL, create=False) as knowledge_base:
        stored = knowledge_base.conversations.get(id)
    if as_json:
        print_json(dumps(conversation_json(stored)))
        return
    out = console()
    out.print(one_line(stored.entry.title), style="bold")
    out.print(f"{stored.entry.id} · {stored.entry.created_at}", style="dim")
    for turn in stored.turns:
        _print_turn(turn.answer, out)


def _print_list(found: Sequence[ConversationEntry], out: Console) -> None:
    """Print a table on a terminal, else lines with tabs."""
    from rich.table import Table
    from rich.text import Text

    if not out.is_terminal:
        for one in found:
            known = (one.id, one.created_at, one.updated_at, str(one.turns), one_line(one.title))
            typer.echo("\t".join(known))
        return
    table = Table("id", "last", "questions", "title", box=None, pad_edge=False)
    for one in found:
        cells = (one.id, one.updated_at[:10], str(one.turns), one_line(one.title))
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)


def _print_turn(answer: Answer, out: Console) -> None:
    out.print(f"\n? {one_line(answer.question)}", style="bold")
    flow = Flow(sys.stdout.write, out.width if out.is_terminal else None)
    flow.feed(f"{answer.short}\n\n" if answer.short else "")
    flow.feed(f"{answer.text}\n")
    flow.feed("\n" if answer.citations else "")
    print_footnotes(answer, out)

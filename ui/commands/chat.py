"""``kb chat``: questions and follow-ups, one conversation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from ui.commands.ask import answer_aloud
from ui.commands.doors import doors
from ui.commands.filters import AsOf, Now, Since, Sources, Until, Without, asked_for
from ui.commands.options import Debug, Home, Model, Quiet, ShowUnsupported
from ui.commands.speech import remark, tell_error

if TYPE_CHECKING:
    from kb import Conversation, KnowledgeBase

__all__ = ["chat"]

_HELP = "ask a question, or: /new a new conversation, /help this line, /quit the end (or Ctrl-D)"


def chat(
    ctx: typer.Context,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    now: Now = None,
    as_of: AsOf = None,
    without: Without = None,
    home: Home = None,
    model: Model = None,
    show_unsupported: ShowUnsupported = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Ask, and ask on: follow-ups are understood from what was said before.

    /new begins a new conversation, /quit or Ctrl-D ends, Ctrl-C stops an answer.
    Nothing said is kept on disk. Questions may come from a pipe, one a line.
    --source, --since, --until, --now and --without hold for every question.

    [bold]Examples[/bold]

      kb chat

      kb chat --source "Sample Wire" --since 2023-08-19

      printf 'When did Luna-25 crash?\\nAnd why?\\n' | kb chat --model quotes -q

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    options = asked_for(source, since, until, now, as_of, without)
    with doors(ctx).open(
        home, model=model, create=False, show_unsupported=show_unsupported or None
    ) as knowledge_base:
        if sys.stdin.isatty():
            _edit_lines()
            remark([_HELP], quiet=quiet)
        _converse(knowledge_base, quiet=quiet, **options)


def _edit_lines() -> None:
    """Let the arrow keys edit the line and bring back earlier ones, where Python can."""
    try:
        import readline
    except ImportError:
        return
    readline.set_auto_history(True)


def _lines() -> Iterator[str]:
    """Yield what is typed until the end; Ctrl-C drops the line."""
    prompt = "? " if sys.stdin.isatty() else ""
    while True:
        try:
            line = input(prompt)
        except EOFError:
            return
        except KeyboardInterrupt:
            typer.echo("", err=True)
            continue
        if line.strip():
            yield line.strip()


def _converse(knowledge_base: KnowledgeBase, *, quiet: bool, **options: Any) -> None:
    from kb import Conversation

    conversation = Conversation()
    for line in _lines():
        if line in ("/quit", "/exit"):
            return
        if line == "/new":
            conversation = Conversation()
            remark(["a new conversation"], quiet=quiet)
        elif line.startswith("/"):
            remark([_HELP], quiet=False)
        else:
            conversation = _turn(knowledge_base, line, conversation, quiet=quiet, **options)


def _turn(
    knowledge_base: KnowledgeBase,
    question: str,
    conversation: Conversation,
    *,
    quiet: bool,
    **options: Any,
) -> Conversation:
    """Answer one question; an error or Ctrl-C ends the answer, not the conversation."""
    from kb import KBError

    try:
        answer = answer_aloud(knowledge_base, question, conversation, quiet=quiet, **options)
    except KBError as error:
        tell_error(error)
    except KeyboardInterrupt:
        typer.echo("\nkb: stopped", err=True)
    else:
        typer.echo("")
        return conversation.and_then(answer)
    return conversation

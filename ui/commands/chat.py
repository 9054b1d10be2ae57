"""``kb chat``: questions and follow-ups, one conversation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from ui.commands.ask import answer_aloud
from ui.commands.doors import doors
from ui.commands.filters import AsOf, Collections, Now, Since, Sources, Until, Without, asked_for
from ui.commands.options import Debug, Home, Model, Quiet, ShowUnsupported
from ui.commands.speech import remark, tell_error

if TYPE_CHECKING:
    from kb import Answer, Conversation, KnowledgeBase

__all__ = ["LatestByDefault", "chat"]

_HELP = "ask a question, or: /new a new conversation, /help this line, /quit the end (or Ctrl-D)"
_LATEST = "latest"


class LatestByDefault(TyperCommand):
    """``kb chat --resume`` is ``kb chat --resume latest``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``latest`` where no id follows the option."""
        for i in range(len(args) - 1, -1, -1):
            if args[i] == "--resume" and (i + 1 == len(args) or args[i + 1].startswith("-")):
                args = [*args[: i + 1], _LATEST, *args[i + 1 :]]
        return super().parse_args(ctx, args)


def chat(
    ctx: typer.Context,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="[ID]", help="Go on with a stored conversation; without ID the latest."
        ),
    ] = None,
    no_keep: Annotated[
        bool, typer.Option("--no-keep", metavar="", help="Store nothing of what is said.")
    ] = False,
    source: Sources = None,
    collection: Collections = None,
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
    What is said is stored in the home (kb conversations), and --resume goes on with
    it; --no-keep stores nothing. Questions may come from a pipe, one a line.
    --source, --since, --until, --now and --without hold for every question.

    [bold]Examples[/bold]

      kb chat

      kb chat --resume

      kb chat --source "Sample Wire" --since 2023-08-19

      printf 'When did Luna-25 crash?\\nAnd why?\\n' | kb chat --model quotes -q

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    options = asked_for(source, since, until, now, as_of, without, collection)
    with doors(ctx).open(
        home, model=model, create=False, show_unsupported=show_unsupported or None
    ) as knowledge_base:
        said, id = _resumed(knowledge_base, resume, quiet=quiet)
        if sys.stdin.isatty():
            _edit_lines()
            remark([_HELP], quiet=quiet)
        _converse(knowledge_base, said, id, keep=not no_keep, quiet=quiet, **options)


def _resumed(
    knowledge_base: KnowledgeBase, id: str | None, *, quiet: bool
) -> tuple[Conversation, str | None]:
    """Return the conversation to go on with, and its id if it is a stored one."""
    from kb import Conversation, KBError

    if id == _LATEST:
        latest = knowledge_base.conversations.latest()
        if latest is None:
            raise KBError("no conversation is stored yet", "begin one with: kb chat")
        id = latest.id
    if id is None:
        return Conversation(), None
    stored = knowledge_base.conversations.get(id)
    remark([f"going on with {stored.entry.id}: {stored.entry.title}"], quiet=quiet)
    return stored.conversation, stored.entry.id


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


def _converse(
    knowledge_base: KnowledgeBase,
    said: Conversation,
    id: str | None,
    *,
    keep: bool,
    quiet: bool,
    **options: Any,
) -> None:
    from kb import Conversation

    for line in _lines():
        if line in ("/quit", "/exit"):
            return
        if line == "/new":
            said, id = Conversation(), None
            remark(["a new conversation"], quiet=quiet)
        elif line.startswith("/"):
            remark([_HELP], quiet=False)
        elif answer := _answered(knowledge_base, line, said, quiet=quiet, **options):
            said = said.and_then(answer)
            if keep:
                id = _kept(knowledge_base, id, answer, quiet=quiet)


def _answered(
    knowledge_base: KnowledgeBase, question: str, said: Conversation, *, quiet: bool, **options: Any
) -> Answer | None:
    """Answer one question; an error or Ctrl-C ends the answer, not the conversation."""
    from kb import KBError

    try:
        answer = answer_aloud(knowledge_base, question, said, quiet=quiet, **options)
    except KBError as error:
        tell_error(error)
    except KeyboardInterrupt:
        typer.echo("\nkb: stopped", err=True)
    else:
        typer.echo("")
        return answer
    return None


def _kept(
    knowledge_base: KnowledgeBase, id: str | None, answer: Answer, *, quiet: bool
) -> str | None:
    """Store an answer and return the id of its conversation; what fails does not end the chat."""
    from kb import KBError

    try:
        if id is not None:
            return knowledge_base.conversations.append(id, answer).id
        id = knowledge_base.conversations.create(answer).id
        remark([f"stored as {id}; kb chat --resume goes on with it later"], quiet=quiet)
    except KBError as error:
        tell_error(error)
    return id

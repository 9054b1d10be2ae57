"""``kb users``: the file of those who may sign in to the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.options import Debug, Quiet
from ui.commands.speech import remark

__all__ = ["users"]

users = typer.Typer(
    name="users",
    help="The file of those who may sign in (kb serve --auth FILE): add, remove, list.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
File = Annotated[Path, typer.Argument(metavar="FILE", help="The file of users.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the user.")]


@users.command("add")
def add_user(
    file: File,
    name: Name,
    scope: Annotated[str, typer.Option(help="read, write or admin.")] = "read",
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", metavar="", help="Read the password from a pipe."),
    ] = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Let somebody sign in, or give them another password or scope.

    Only a hash of the password is kept (argon2id). A server takes the change at once.

    [bold]Examples[/bold]

      kb users add users.txt eva --scope write

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    from kb.access import scope_of
    from kb.users import put_user

    wanted = scope_of(scope)
    if password_stdin:
        password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    put_user(file, name, wanted, password)
    remark([f"{name} may sign in where kb serve --auth {file} runs"], quiet=quiet)


@users.command("remove")
def remove_user(file: File, name: Name, quiet: Quiet = False, debug: Debug = False) -> None:
    """Let somebody sign in no more; a server ends their sessions at once.

    [bold]Examples[/bold]

      kb users remove users.txt eva

    Exit codes: 0 done, 1 an error (there is no such user), 2 wrong usage.
    """
    from kb.users import drop_user

    drop_user(file, name)
    remark([f"{name} may sign in no more"], quiet=quiet)


@users.command("list")
def list_users(file: File, debug: Debug = False) -> None:
    """List who may sign in, each with what they may do.

    [bold]Examples[/bold]

      kb users list users.txt

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    from kb.users import Users

    for name, scope in Users(file).scopes().items():
        typer.echo(f"{name}\t{scope.name.lower()}")

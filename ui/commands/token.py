"""``kb token``: what programs, and people from elsewhere, are known by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import doors
from ui.commands.listing import ListByDefault
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.speech import print_json, remark
from ui.terminal import one_line
from ui.wire import Json, dumps

if TYPE_CHECKING:
    from kb.access import Access, Token

__all__ = ["token"]

token = typer.Typer(
    name="token",
    cls=ListByDefault,
    help="Tokens for programs that ask the server: list, create, revoke.",
    rich_markup_mode="rich",
)


@contextmanager
def _access(ctx: typer.Context, home: Path | None) -> Iterator[Access]:
    """Open the tokens of a home; a server may have it open, too."""
    from kb.access import access_of

    opened = access_of(doors(ctx).settings(home).home)
    try:
        yield opened
    finally:
        opened.close()


def _token_json(one: Token) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "scope": one.scope.name.lower(),
        "created_at": one.created_at,
        "expires_at": one.expires_at,
    }


@token.command("list")
def list_tokens(
    ctx: typer.Context,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the tokens, the oldest first; not what they are, which nobody knows.

    [bold]Examples[/bold]

      kb token

      kb token list --json

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    with _access(ctx, home) as access:
        found = access.tokens()
    if as_json:
        print_json(dumps({"tokens": [_token_json(one) for one in found]}))
        return
    for one in found:
        until = f"until {one.expires_at}" if one.expires_at else "does not expire"
        typer.echo(f"{one.id}\t{one_line(one.name)}\t{one.scope.name.lower()}\t{until}")
    if not found:
        remark(["there is none: kb token create NAME"], quiet=quiet)


@token.command("create")
def create_token(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Whose it is; conversations belong to names.")
    ],
    scope: Annotated[
        str, typer.Option(help="read (ask and search), write (articles, too) or admin.")
    ] = "read",
    days: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=36_500, help="It expires after so many days."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Make a token and print it, once: only a hash of it is kept.

    A server that runs takes it at once. It is sent as: Authorization: Bearer TOKEN.

    [bold]Examples[/bold]

      kb token create newsroom --days 90

      kb token create importer --scope write --json

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    from kb.access import scope_of

    with _access(ctx, home) as access:
        secret, made = access.create(name, scope_of(scope), days)
    if as_json:
        print_json(dumps({"token": secret, **_token_json(made)}))
        return
    typer.echo(secret)
    remark([f"this is shown once; take it back with: kb token revoke {made.id}"], quiet=quiet)


@token.command("revoke")
def revoke_token(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="As kb token list shows it.")],
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Take a token back; a server that runs refuses it at once.

    [bold]Examples[/bold]

      kb token revoke 3f2a9c01

    Exit codes: 0 done, 1 an error (there is no such token), 2 wrong usage.
    """
    with _access(ctx, home) as access:
        gone = access.revoke(id)
    if as_json:
        print_json(dumps({"revoked": _token_json(gone)}))
    else:
        typer.echo(f"- {gone.id}  {one_line(gone.name)}")

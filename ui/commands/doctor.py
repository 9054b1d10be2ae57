"""``kb doctor``: is everything there, and what to do where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kb.checks import Check, State, checked
from ui.commands.doors import Doors, doors
from ui.commands.options import AsJson, Debug, Home, Model
from ui.commands.speech import print_json
from ui.terminal import console, one_line
from ui.wire import dumps, status_json
from ui.wire_machine import checks_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from kb import Status

__all__ = ["doctor"]

_STYLES = {State.OK: "green", State.WARN: "yellow", State.FAIL: "bold red"}


def doctor(
    ctx: typer.Context,
    home: Home = None,
    model: Model = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Check the machine, the installation, the models and the knowledge base.

    Each line is ok, warn or fail; under the latter two stands what to do.
    Nothing is fetched, and no knowledge base is made.

    [bold]Examples[/bold]

      kb doctor

      kb doctor --home data/home --json

    Exit codes: 0 nothing failed, 1 something did, 2 wrong usage.
    """
    found: list[Status] = []

    def look(folder: Path) -> Check:
        check, status = _check_home(doors(ctx), folder, model)
        found.extend([status] if status else [])
        return check

    checks = checked(lambda: doors(ctx).settings(home, model=model), look)
    if as_json:
        print_json(dumps(checks_json(checks, status_json(found[0]) if found else None)))
    else:
        print_checks(checks, console())
    if any(check.state is State.FAIL for check in checks):
        raise typer.Exit(1)


def _check_home(doors: Doors, folder: Path, model: str | None) -> tuple[Check, Status | None]:
    """Can the knowledge base be opened, and what is in it? A folder is never made for that."""
    from kb.errors import HomeLocked, KBError

    if not folder.exists():
        there_is_none = f"there is no knowledge base at {folder} yet"
        return Check("home", State.OK, there_is_none, "kb sync PATH makes it"), None
    try:
        with doors.open(folder, model=model, create=False) as knowledge_base:
            status = knowledge_base.status()
    except HomeLocked as error:
        return Check("home", State.WARN, error.problem, error.remedy), None
    except KBError as error:
        return Check("home", State.FAIL, error.problem, error.remedy), None
    detail = f"{folder}: {status.articles} articles, {status.passages} passages"
    return Check("home", State.OK, detail, "; ".join(status.notes)), status


def print_checks(checks: Sequence[Check], out: Console) -> None:
    """Print one line a check, and under it what to do."""
    from rich.text import Text

    for check in checks:
        state = Text(f"{check.state.value:<5}", _STYLES[check.state])
        out.print(Text.assemble(state, f"{check.name:<10}", one_line(check.detail)))
        if check.remedy:
            out.print(Text(f"{'':<15}{one_line(check.remedy)}", "dim"))

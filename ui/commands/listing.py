"""A command with sub-commands that lists when it is given none."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

__all__ = ["ListByDefault"]

_HELP = ("--help", "-h")


class ListByDefault(TyperGroup):
    """``kb articles --json`` is ``kb articles list --json``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``list`` where no sub-command is named."""
        if not args or (args[0].startswith("-") and args[0] not in _HELP):
            args = ["list", *args]
        return super().parse_args(ctx, args)

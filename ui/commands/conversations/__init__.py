"""``kb conversations``: what was asked and answered in ``kb chat``."""

from __future__ import annotations

import typer

from ui.commands.conversations.changing import delete_conversation, rename_conversation
from ui.commands.conversations.exporting import export_conversation
from ui.commands.conversations.showing import list_conversations, show_conversation
from ui.commands.listing import ListByDefault

__all__ = ["conversations"]

conversations = typer.Typer(
    name="conversations",
    cls=ListByDefault,
    help="The stored conversations: list, show, rename, delete or export them.",
    rich_markup_mode="rich",
)
conversations.command("list")(list_conversations)
conversations.command("show")(show_conversation)
conversations.command("rename")(rename_conversation)
conversations.command("delete")(delete_conversation)
conversations.command("export")(export_conversation)

"""``kb articles``: what is in the knowledge base, and what is to leave it."""

from __future__ import annotations

import typer

from ui.commands.articles.copies import list_duplicates
from ui.commands.articles.exporting import export_articles
from ui.commands.articles.removing import readmit_articles, remove_articles
from ui.commands.articles.showing import list_articles, show_article
from ui.commands.listing import ListByDefault

__all__ = ["articles"]

articles = typer.Typer(
    name="articles",
    cls=ListByDefault,
    help="The articles: list, show, export or remove them, or list those that are copies.",
    rich_markup_mode="rich",
)
articles.command("list")(list_articles)
articles.command("show")(show_article)
articles.command("export")(export_articles)
articles.command("remove")(remove_articles)
articles.command("readmit")(readmit_articles)
articles.command("duplicates")(list_duplicates)

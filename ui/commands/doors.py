"""What the commands open. Tests put doubles in its place; the program, the real things, late."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ui.commands.speech import remark

if TYPE_CHECKING:
    import typer

    from kb import KnowledgeBase, Settings
    from kb.evaluate import Evaluation

__all__ = ["NO_MODEL", "Doors", "asked_at", "doors"]

NO_MODEL = "quotes"
"""The model for commands that write no answer: nothing of it is looked for or loaded."""


def _open_knowledge_base(home: Path | None = None, **settings: Any) -> KnowledgeBase:
    from kb import open_knowledge_base

    return open_knowledge_base(home, **settings)


def _load_settings(home: Path | None = None, **settings: Any) -> Settings:
    from kb import load_settings

    return load_settings(home, **settings)


def _pull(name: str, folder: Path, *arguments: Any, **options: Any) -> Path:
    from kb.models.fetch import pull

    return pull(name, folder, *arguments, **options)


def _serve(knowledge_base: KnowledgeBase, **options: Any) -> None:
    from ui.app import serve

    serve(knowledge_base, **options)


def _backup(home: Path, file: Path, **options: Any) -> int:
    from kb import backup

    return backup(home, file, **options)


def _restore(home: Path, file: Path, **options: Any) -> Path | None:
    from kb import restore

    return restore(home, file, **options)


def _evaluate(folder: Path, **options: Any) -> Evaluation:
    from kb.evaluate import evaluate_retrieval

    return evaluate_retrieval(folder, **options)


def _evaluate_answers(folder: Path, **options: Any) -> Evaluation:
    from kb.evaluate import evaluate_answers

    return evaluate_answers(folder, **options)


@dataclass(frozen=True, slots=True)
class Doors:
    """How a command gets at the knowledge base and at the page; nothing is imported before.

    A setting of ``None`` counts as not given.

    Attributes:
        open: ``kb.open_knowledge_base``.
        settings: ``kb.load_settings``.
        pull: ``kb.models.fetch.pull``.
        serve: ``ui.app.serve``; returns when the server has stopped.
        backup: ``kb.backup``.
        restore: ``kb.restore``.
        evaluate: ``kb.evaluate.evaluate_retrieval``.
        evaluate_answers: ``kb.evaluate.evaluate_answers``.
    """

    open: Callable[..., KnowledgeBase] = _open_knowledge_base
    settings: Callable[..., Settings] = _load_settings
    pull: Callable[..., Path] = _pull
    serve: Callable[..., None] = _serve
    backup: Callable[..., int] = _backup
    restore: Callable[..., Path | None] = _restore
    evaluate: Callable[..., Evaluation] = _evaluate
    evaluate_answers: Callable[..., Evaluation] = _evaluate_answers


def doors(ctx: typer.Context) -> Doors:
    """Return the doors that were handed to the program, or the real ones."""
    return ctx.obj if isinstance(ctx.obj, Doors) else Doors()


def asked_at(
    ctx: typer.Context, home: Path | None, server: str | None, *, quiet: bool, **settings: Any
) -> KnowledgeBase:
    """Open what is asked: a home, or the server that is named, or that has this home open.

    Raises:
        KBError: As for ``kb.open_knowledge_base``.
    """
    from kb.errors import HomeLocked

    if server is None:
        try:
            return doors(ctx).open(home, create=False, **settings)
        except HomeLocked as locked:
            if not locked.server:
                raise
            server = locked.server
        remark([f"asking {server}, which has this knowledge base open"], quiet=quiet)
    from ui.remote import RemoteKnowledgeBase

    token, model = os.environ.get("KB_TOKEN"), settings.get("model")
    return cast("KnowledgeBase", RemoteKnowledgeBase(server, token, model=model))

"""The only file that names concrete classes: settings in, an open knowledge base out."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from index.home import Home
from index.protocols import Reranker
from index.rerankers import AUTO, NONE, open_reranker
from index.search import Search
from kb.ask import Chain
from kb.choice import Choices, told
from kb.errors import KBError, SettingsError
from kb.footnote import Footnoter
from kb.knowledge_base import KnowledgeBase
from kb.models import open_llm
from kb.models.chat import ChatWriter
from kb.models.quotes import Quotes
from kb.models.small import SmallWriter
from kb.models.weights import LOCAL, check
from kb.nothing import why_nothing
from kb.protocols import Writer
from kb.settings import Settings, load_settings
from kb.suggest import Suggester
from kb.tracing import Reranked
from kb.verifiers import open_verifier

__all__ = ["open_knowledge_base"]

_LOCAL_BUDGET = 210  # tokens of evidence: more makes the first word late on two cores
_LARGE_BUDGET = 1_500
_NO_MODEL = (
    "The local model's file cannot be used ({state}), so answers are quotes from the articles. "
    f"Get it with: kb models pull {LOCAL}"
)


def open_knowledge_base(
    home: str | Path | None = None,
    *,
    create: bool = True,
    writer: Writer | None = None,
    **settings: Any,
) -> KnowledgeBase:
    """Open the knowledge base in a folder; close it, or use it with ``with``.

    Models are loaded when they are first needed, or by ``warm``.

    Args:
        home: The folder; without it ``KB_HOME``, else the user's data folder.
        create: Whether a missing or empty folder becomes a new knowledge base.
        writer: Writes the drafts in the place of the model that is set.
        settings: Fields of ``Settings``; they go before ``KB_*`` and ``kb.toml``.

    Raises:
        SettingsError: A setting is unknown or wrong, or names another embedder than the home's.
        EmbedderError: The embedder that is set is unknown, or is not there.
        HomeError: The folder cannot be a home; ``HomeLocked`` if another process owns it.
        ModelError: The model or the verifier is unknown, or its file or key is missing.
    """
    # Read when torch and the local runtime load: waiting threads that spin take the cores from each
    # other, and made answers two to three times as slow on two cores. Some microseconds of it, as
    # long as another thread is late by, save a third of the time of a second look.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    chosen = load_settings(home, **settings)
    verifier = open_verifier(chosen.verifier)
    name, notes = ("", ()) if writer else _resolved(chosen)
    others = {} if writer else _others(chosen, name)
    writer = writer or _writer(name, chosen)
    opened = Home(chosen.home, chosen.embedder, chosen.models_dir, create=create)
    reranker = _reranker(chosen, opened)
    search = Search(opened, reranker, chosen.rerank_depth, ranking=chosen.ranking)
    nothing = partial(why_nothing, opened.catalog)
    chain = Chain(
        ranker=search,
        embedder=lambda: opened.embedder,
        writer=writer,
        verifier=verifier,
        passages=chosen.passages,
        min_similarity=chosen.min_similarity,
        min_confidence=chosen.min_confidence,
        show_unsupported=chosen.show_unsupported,
        why_nothing=nothing,
        recall=opened.catalog.passages,
        notes=notes,
        instead=_instead(chosen, writer),
    )
    made = {other: partial(_another, chain, chosen, other) for other in others}
    choices = Choices(name or writer.name, chain, made)
    # A second look would take most of the time, and all sentences found are judged anyway.
    quick = Search(opened)
    footnoter = Footnoter(quick, verifier, nothing)
    suggester = Suggester(search, quick, chain.embedder, chain.floor)
    return KnowledgeBase(opened, search, choices, footnoter, suggester)


def _reranker(settings: Settings, home: Home) -> Reranker | None:
    """Return the reranker that is set; words or vectors alone have one only if it is named."""
    name = settings.reranker
    if name == AUTO:
        real = not home.embedder.name.startswith("hashing:")
        name = "minilm" if real and settings.ranking == "all" else NONE
    try:
        reranker = open_reranker(name, lambda: home.embedder)
        return reranker and Reranked(reranker, name)
    except KBError:
        home.close()
        raise


def _resolved(settings: Settings) -> tuple[str, tuple[str, ...]]:
    """Return the name of the model that is set, and what a user should know of the choice."""
    if settings.model != "auto":
        return settings.model, ()
    state = check(LOCAL, settings.models_dir, thorough=False).state
    return ("local", ()) if state == "ok" else ("quotes", (_NO_MODEL.format(state=state),))


def _others(settings: Settings, name: str) -> list[str]:
    """Return the models that may be chosen beside the one that is set.

    Of model files no more than one is ever loaded: each takes gigabytes.

    Raises:
        SettingsError: There is none of this name, or more than one is a file.
    """
    for one in settings.models:
        if not told(one):
            raise SettingsError(
                f"there is no model {one!r} to choose from", "look at the setting models"
            )
    local = check(LOCAL, settings.models_dir, thorough=False).state == "ok" and not _is_file(name)
    there = [one for one in settings.models if local or one != "local"]
    files = {one for one in (name, *there) if _is_file(one)}
    if len(files) > 1:
        raise SettingsError(
            f"no two model files may be chosen from: {', '.join(sorted(files))}",
            "leave one of them",
        )
    return there


def _is_file(name: str) -> bool:
    return name == "local" or name.startswith("gguf:")


def _instead(settings: Settings, writer: Writer) -> Writer | None:
    return Quotes() if settings.fallback == "quotes" and writer.budget else None


def _another(chain: Chain, settings: Settings, name: str) -> Chain:
    """Return a chain whose answers another model writes."""
    writer = _writer(name, settings)
    return replace(chain, writer=writer, instead=_instead(settings, writer), notes=())


def _writer(name: str, settings: Settings) -> Writer:
    if name == "quotes":
        return Quotes()
    llm = open_llm(name, settings)
    if _is_file(name):
        label = f"local:{LOCAL}" if name == "local" else name
        return SmallWriter(llm, label, _LOCAL_BUDGET)
    return ChatWriter(llm, name, _LARGE_BUDGET)

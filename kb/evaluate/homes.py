"""The homes of evaluation sets: built once, kept in the user's cache, found by what they hold."""

from __future__ import annotations

import hashlib
import inspect
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from index import chunk, sentences, store
from index.article import digest
from index.embedders import open_embedder
from index.readers import canonical, jsonl, metadata
from index.sync import Progress
from kb.errors import HomeError, HomeLocked, SourceError
from kb.evaluate.dataset import CORPUS, FILES
from kb.settings import load_settings
from kb.wiring import open_knowledge_base

__all__ = ["default_cache", "evaluation_home", "set_digest"]

_log = logging.getLogger(__name__)

# What reads and cuts: the text of these modules is the version, which nobody can forget to raise.
# The rest of a home, its words and its index, is made anew by itself where its version is another.
_MAKERS = (canonical, chunk, jsonl, metadata, sentences, store)


def default_cache() -> Path:
    """Return where homes of evaluation sets are kept; it may be deleted when none is in use."""
    return user_cache_path("footnoted") / "eval"


def set_digest(folder: Path) -> str:
    """Return hexadecimal digits that stand for the contents of an evaluation set.

    Raises:
        SourceError: One of its three files cannot be read.
    """
    return digest(*(_sha256(folder / name) for name in FILES))


def evaluation_home(
    folder: Path,
    embedder: str,
    cache: Path,
    progress: Callable[[Progress], None] | None = None,
) -> Path:
    """Return the home with the articles of an evaluation set, built if it is not there yet.

    It is built under another name and then renamed, so that one that is there is whole. What a kill
    leaves is gone on with.

    Args:
        folder: Of the set.
        embedder: As in ``Settings``.
        cache: Where the homes are kept; see ``default_cache``.
        progress: Called at the beginning, and after every stored batch.

    Raises:
        SourceError: The corpus cannot be read, or has no article.
        HomeLocked: Another process is building it.
        HomeError: The cache cannot be written.
    """
    corpus = (folder / CORPUS).absolute()
    models_dir = load_settings(cache).models_dir
    made_by = (inspect.getsource(module) for module in _MAKERS)
    key = digest(_sha256(corpus), open_embedder(embedder, models_dir).name, *made_by)
    home = cache / key
    if home.exists():
        return home
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{key}.lock", timeout=0):
            if not home.exists():
                # Named by the path too: a sync goes on only where the corpus is the same file.
                part = cache / f"{key}.{digest(str(corpus))[:8]}.part"
                _build(part, corpus, embedder, progress)
                part.replace(home)
                for other in cache.glob(f"{key}.*.part"):
                    shutil.rmtree(other, ignore_errors=True)
    except Timeout as error:
        raise HomeLocked(
            f"another process is building the home of {str(folder)!r} in {str(cache)!r}",
            "try again when it is done",
        ) from error
    except OSError as error:
        raise HomeError(
            f"cannot build a home in {str(cache)!r}: {error.strerror}",
            "check the disk and the permissions, or choose another folder for it",
        ) from error
    return home


def _build(
    part: Path, corpus: Path, embedder: str, progress: Callable[[Progress], None] | None
) -> None:
    if progress:
        progress(Progress(0.0, "", 0, 0, 0.0))  # until the first batch a model is loaded
    with open_knowledge_base(part, model="quotes", embedder=embedder) as kb:
        report = kb.sync(corpus, progress=progress)
        articles = kb.status().articles
    first = report.skipped[0].reason if report.skipped else "it is empty"
    if not articles:
        shutil.rmtree(part, ignore_errors=True)
        raise SourceError(f"there is no article in {str(corpus)!r}: {first}")
    if report.skipped:
        count = len(report.skipped)
        _log.warning("%s: %d problems, the first: %s", corpus, count, first)


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(
            f"cannot read {str(file)!r}: {error.strerror}",
            f"an evaluation set is a folder with {FILES[0]}, {FILES[1]} and {FILES[2]}",
        ) from error

"""A home: the folder with everything a knowledge base knows, owned by one process at a time."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from index.catalog import Catalog
from index.chroma import VectorIndex
from index.errors import HomeError, HomeLocked, SettingsError
from index.protocols import Embedder

__all__ = ["Home"]

_CATALOG = "catalog.sqlite"
_LOCK = "lock"
_OWNER = "owner.json"
_OURS = {_CATALOG, _LOCK, _OWNER, "chroma", "kb.toml"}


class Home:
    """An open home folder; close it, or use it with ``with``.

    Args:
        folder: Made if it is not there.
        create: Whether an empty or missing folder may become a home.

    Raises:
        HomeError: The folder holds other things, is not there, or cannot be written.
        HomeLocked: Another process owns it.
        CatalogError: Its catalog is damaged or of another version.
        SettingsError: It was made with another embedder.
    """

    def __init__(self, folder: Path, embedder: Embedder, *, create: bool = True) -> None:
        self.folder = folder
        self.embedder = embedder
        self._check(create)
        self._lock = self._locked()
        with ExitStack() as undo:
            undo.callback(self._lock.release)
            self.catalog = Catalog(folder / _CATALOG)
            undo.callback(self.catalog.close)
            self._check_embedder()
            self.vectors = VectorIndex(folder / "chroma", self.catalog, embedder.name)
            undo.callback(self.vectors.close)
            self.healed = self.vectors.open()
            self._closing = undo.pop_all()

    def _check(self, create: bool) -> None:
        try:
            entries = (
                {entry.name for entry in self.folder.iterdir()} if self.folder.exists() else set()
            )
            if _CATALOG not in entries:
                if not create:
                    raise HomeError(
                        f"there is no knowledge base in {str(self.folder)!r}",
                        "make one with: kb sync PATH",
                    )
                if any(not name.startswith(".") for name in entries - _OURS):
                    raise HomeError(
                        f"{str(self.folder)!r} is not a knowledge base, and not empty",
                        "choose an empty or a new folder for the home",
                    )
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"cannot use {str(self.folder)!r} as a home: {error.strerror}",
                "check the path and its permissions",
            ) from error

    def _locked(self) -> FileLock:
        lock = FileLock(self.folder / _LOCK, thread_local=False)  # closed from any thread
        owner = {"pid": os.getpid(), "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])}
        try:
            lock.acquire(timeout=0)
            (self.folder / _OWNER).write_text(json.dumps(owner), "utf-8")
        except Timeout as error:
            raise HomeLocked(
                f"the knowledge base {str(self.folder)!r} is in use by {self._owner()}",
                "end that process, or ask there",
            ) from error
        except OSError as error:
            lock.release()
            raise HomeError(
                f"cannot lock {str(self.folder)!r}: {error.strerror}", "check its permissions"
            ) from error
        return lock

    def _owner(self) -> str:
        try:
            owner = json.loads((self.folder / _OWNER).read_text("utf-8"))
            return f"process {int(owner['pid'])} ({owner['command']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"

    def _check_embedder(self) -> None:
        known = self.catalog.get("embedder")
        if known is None:
            with self.catalog.transaction():
                self.catalog.set("embedder", self.embedder.name)
        elif known != self.embedder.name:
            raise SettingsError(
                f"{str(self.folder)!r} was made with another embedder, {known}",
                f"use that one, or another home for {self.embedder.name}",
            )

    def close(self) -> None:
        """Close what is open and let others in; may be called twice."""
        self._closing.close()

    def __enter__(self) -> Home:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

"""A home: the folder with everything a knowledge base knows, owned by one process at a time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from index.catalog import Catalog
from index.errors import HomeError, HomeLocked, SettingsError
from index.protocols import Embedder
from index.shared_lock import SharedLock
from index.vectors import VectorIndex

__all__ = ["CATALOG", "RESTORING", "Home", "locked"]

CATALOG = "catalog.sqlite"
RESTORING = "catalog.restoring"
"""A catalog that is being brought back; it takes the other's place as the last step."""

_LOCK = "lock"
_OWNER = "owner.json"
_OURS = {_LOCK, _OWNER, "chroma", "kb.toml"}


class Home:
    """An open home folder; close it, or use it with ``with``.

    Attributes:
        changes: Held alone while catalog and vectors change together, shared while searching.
        healed: Whether the vector index was not whole, and is being made anew.

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
        self.folder = folder = folder.absolute()  # also where the program goes on from elsewhere
        self.embedder = embedder
        self.changes = SharedLock()
        with ExitStack() as undo:
            undo.enter_context(locked(folder, create=create))
            if (folder / RESTORING).exists() and not (folder / CATALOG).exists():
                (folder / RESTORING).replace(folder / CATALOG)  # a kill came between
            self.catalog = Catalog(folder / CATALOG)
            undo.callback(self.catalog.close)
            self._check_embedder()
            self.vectors = VectorIndex(folder / "chroma", self.catalog, embedder.name)
            undo.callback(self.vectors.close)
            self.healed = self.vectors.open()
            self._closing = undo.pop_all()

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

    def compact(self) -> tuple[int, int]:
        """Write everything anew without what was removed; return bytes on disk before and after.

        Raises:
            CatalogError, HomeError: The disk has no room for the copy; nothing is changed then.
        """
        before = _bytes(self.folder)
        with self.changes.alone():
            self.catalog.compact()
            self.vectors.purge()
        return before, _bytes(self.folder)

    def close(self) -> None:
        """Close what is open, when no search and no change is at work; may be called twice."""
        with self.changes.alone():
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


@contextmanager
def locked(folder: Path, *, create: bool = True) -> Iterator[None]:
    """Own a home folder while the block runs.

    Raises:
        HomeError, HomeLocked: As for ``Home``.
    """
    _check(folder, create)
    lock = FileLock(folder / _LOCK, thread_local=False)  # closed from any thread
    owner = {"pid": os.getpid(), "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])}
    try:
        lock.acquire(timeout=0)
        (folder / _OWNER).write_text(json.dumps(owner), "utf-8")
    except Timeout as error:
        raise HomeLocked(
            f"the knowledge base {str(folder)!r} is in use by {_owner(folder)}",
            "end that process, or ask there",
        ) from error
    except OSError as error:
        lock.release()
        raise HomeError(
            f"cannot lock {str(folder)!r}: {error.strerror}",
            "check the disk and the permissions",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _check(folder: Path, create: bool) -> None:
    try:
        entries = {entry.name for entry in folder.iterdir()} if folder.exists() else set()
        if not entries & {CATALOG, RESTORING}:
            if not create:
                raise HomeError(
                    f"there is no knowledge base in {str(folder)!r}",
                    "make one with: kb sync PATH",
                )
            if any(not name.startswith((".", RESTORING)) for name in entries - _OURS):
                raise HomeError(
                    f"{str(folder)!r} is not a knowledge base, and not empty",
                    "choose an empty or a new folder for the home",
                )
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"cannot use {str(folder)!r} as a home: {error.strerror}",
            "check the path and its permissions",
        ) from error


def _owner(folder: Path) -> str:
    try:
        owner = json.loads((folder / _OWNER).read_text("utf-8"))
        return f"process {int(owner['pid'])} ({owner['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

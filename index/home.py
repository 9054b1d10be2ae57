"""A home: the folder with everything a knowledge base knows, owned by one process at a time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from index.catalog import Catalog
from index.embedders.missing import MissingEmbedder
from index.embedders.own import KNOWN_AS, OPENED_BY, chosen
from index.errors import HomeError, HomeLocked
from index.kept import ACCESS, KEPT, UPLOADS, unpack, uploads_of
from index.protocols import Embedder
from index.shared_lock import SharedLock
from index.vectors import VectorIndex

__all__ = ["CATALOG", "RESTORING", "Home", "locked"]

CATALOG = "catalog.sqlite"
RESTORING = "catalog.restoring"
"""A catalog that is being brought back; it takes the other's place as the last step."""

_LOCK = "lock"
_OWNER = "owner.json"
_OURS = {_LOCK, _OWNER, "chroma", "kb.toml", UPLOADS}
_OUR_BEGINNINGS = (".", RESTORING, ACCESS, *KEPT)  # a log, or a part, may lie beside these


class Home:
    """An open home folder; close it, or use it with ``with``.

    Attributes:
        changes: Held alone while catalog and vectors change together, shared while searching.
        healed: Whether the vector index was not whole, and is being made anew.
        embedder, vectors: Others after ``switch``; who uses them together holds ``changes``.

    Args:
        folder: Made if it is not there.
        embedder: One, or the name of one as for ``open_embedder``. For ``auto`` it is the home's
            own, and if that cannot be opened, one that says so when it is used.
        models_dir: Where models lie that came with ``kb models pull``.
        create: Whether an empty or missing folder may become a home.

    Raises:
        HomeError: The folder holds other things, is not there, or cannot be written.
        HomeLocked: Another process owns it.
        CatalogError: Its catalog is damaged or of another version.
        SettingsError: It was made with another embedder.
        EmbedderError: There is no embedder of this name.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | str,
        models_dir: Path | None = None,
        /,
        *,
        create: bool = True,
    ) -> None:
        self.folder = folder = folder.absolute()  # also where the program goes on from elsewhere
        self.models_dir = models_dir
        self.changes = SharedLock()
        with ExitStack() as undo:
            undo.enter_context(locked(folder, create=create))
            if (folder / RESTORING).exists() and not (folder / CATALOG).exists():
                (folder / RESTORING).replace(folder / CATALOG)  # a kill came between
            unpack(folder, folder / CATALOG)
            self.catalog = Catalog(folder / CATALOG)
            undo.callback(self.catalog.close)
            self.catalog.take_along(str(uploads_of(folder)))
            self.embedder = chosen(self.catalog, embedder, models_dir, folder)
            self.vectors = self._index()
            undo.callback(lambda: self.vectors.close())
            self.healed = self.vectors.open()
            self._closing = undo.pop_all()

    def _index(self) -> VectorIndex:
        return VectorIndex(self.folder / "chroma", self.catalog, self.embedder.name)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of: that the home's embedder is missing."""
        own = self.embedder
        return (str(own.reason),) if isinstance(own, MissingEmbedder) else ()

    def announce(self, server: str) -> None:
        """Let others, who find the folder owned, know at which address they can ask.

        Raises:
            HomeError: That cannot be written.
        """
        try:
            _own(self.folder, server)
        except OSError as error:
            raise HomeError(f"cannot write in {str(self.folder)!r}: {error.strerror}") from error

    def switch(self, embedder: Embedder, opened_by: str) -> None:
        """Search by another embedder from now on, of which every passage has its vector.

        Vectors of others are deleted. A graph of the new ones is made in a thread; until it is
        whole, every passage is looked at. No sync may be at work.

        Args:
            opened_by: The name by which it is opened again, or "".

        Raises:
            CatalogError: The disk is full; nothing is changed then.
            HomeError: The folder of the graph cannot be written.
        """
        other = embedder.name != self.embedder.name
        if other:
            self.vectors.halt()  # or it would remember a graph of the old vectors as whole
        with self.changes.alone():
            with self.catalog.transaction():
                self.catalog.set(KNOWN_AS, embedder.name)
                self.catalog.set(OPENED_BY, opened_by)
                self.catalog.keep_vectors_of(embedder.name)
                if other:
                    self.vectors.forget()
            self.embedder = embedder
            if other:
                self.vectors.close()
                self.vectors = self._index()
                self.healed = self.vectors.open()

    def compact(self, also: Callable[[], None] = lambda: None) -> tuple[int, int]:
        """Write everything anew without what was removed; return bytes on disk before and after.

        Args:
            also: Does likewise with what others keep in the home; goes first.

        Raises:
            CatalogError, HomeError: The disk has no room for the copy; nothing is changed then.
        """
        before = _bytes(self.folder)
        also()
        with self.changes.alone():
            self.catalog.compact()
            self.vectors.purge()
        return before, _bytes(self.folder)

    def size(self) -> int:
        """Return the bytes of the folder on disk."""
        return _bytes(self.folder)

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
    try:
        lock.acquire(timeout=0)
        _own(folder)
    except Timeout as error:
        who, server = _owner(folder)
        there = f"ask there: --server {server}" if server else "end that process, or ask there"
        locked = HomeLocked(f"the knowledge base {str(folder)!r} is in use by {who}", there)
        locked.server = server
        raise locked from error
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
            if any(not name.startswith(_OUR_BEGINNINGS) for name in entries - _OURS):
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


def _own(folder: Path, server: str = "") -> None:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    owner = {"pid": os.getpid(), "command": command, "server": server}
    (folder / _OWNER).write_text(json.dumps(owner), "utf-8")


def _owner(folder: Path) -> tuple[str, str]:
    """Return who owns a folder, and where they answer, if they serve it."""
    try:
        owner = json.loads((folder / _OWNER).read_text("utf-8"))
        server = str(owner.get("server", ""))
        return f"process {int(owner['pid'])} ({owner['command']})", server
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "another process", ""


def _bytes(folder: Path) -> int:
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # SQLite and Chroma remove files meanwhile
                found += (Path(place) / name).stat().st_size
    return found

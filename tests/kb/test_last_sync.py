"""What came of the last sync is kept in the home."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import LastSync
from kb.errors import SourceError
from tests.conftest import OpenKB


def test_it_is_there_after_a_restart(open_kb: OpenKB, folder: Path) -> None:
    first = open_kb().last_sync()
    assert first is not None
    assert (first.state, first.added, first.places) == ("done", 2, (str(folder),))
    (folder / "otters.txt").unlink()
    (folder / "new.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    (folder / "new.exe").write_bytes(b"MZ")
    kb = open_kb()
    last = kb.last_sync()
    assert last is not None
    assert (last.added, last.updated, last.moved) == (1, 0, 0)
    assert (last.removed, last.kept, last.skipped) == (1, 1, 1)
    assert last.begun_at <= (last.ended_at or "")


def test_what_failed_and_what_was_stopped_is_told(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    with pytest.raises(SourceError):
        kb.sync(folder / "nowhere")
    last = kb.last_sync()
    assert last is not None
    assert last.state == "failed"
    assert "nowhere" in (last.problem or "")
    (folder / "new.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    kb.sync(folder, stop=lambda: True)
    last = kb.last_sync()
    assert last is not None
    assert (last.state, last.problem) == ("stopped", None)


def test_one_that_was_killed_is_called_interrupted(
    open_kb: OpenKB, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kb = open_kb()
    before = kb.last_sync()
    seen: list[LastSync | None] = []
    (folder / "new.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("kb.last_sync._keep", lambda *_: None)  # as if nothing came after
        kb.sync(folder, progress=lambda _: seen.append(kb.last_sync()))
    assert seen[0] == before, "while it is at work, the last is the one before"
    last = kb.last_sync()
    assert last is not None
    assert (last.state, last.ended_at, last.places) == ("interrupted", None, (str(folder),))
    kb.sync(folder)
    last = kb.last_sync()
    assert last is not None
    assert last.state == "done"


def test_what_is_only_planned_or_handed_in_is_none(open_kb: OpenKB, folder: Path) -> None:
    kb = open_kb()
    before = kb.last_sync()
    kb.sync(folder, dry_run=True)
    kb.put("notes.txt", b"Notes\n\nA text of something.\n")
    kb.put_article("a", title="A", text="Another text.")
    assert kb.last_sync() == before

"""A folder full of hostile files costs a line each; the good file among them is read."""

from __future__ import annotations

import os
from pathlib import Path

from index.home import Home
from tests.faults.hostile import BOMBS
from tests.index.syncing import sync


def test_a_folder_of_hostile_files_is_reported_line_by_line(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number, (suffix, make) in enumerate(BOMBS.values()):
        (folder / f"bomb{number}{suffix}").write_bytes(make())
    (folder / "two\nlines\x1b[2J.txt").write_text("The name of this file has two lines.", "utf-8")
    (folder / "nul.txt").write_bytes(b"before\0after")
    (folder / "lying.txt").write_bytes(b"\xff\xfea")  # it says UTF-16, and is not
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    os.mkfifo(folder / "pipe.pdf")
    (folder / "good.txt").write_text("A good text among them.", "utf-8")
    report = sync(home, [folder])
    assert set(report.added) == {"inbox/good.txt", "inbox/two�lines�[2J.txt"}
    reasons = {one.uri: one.reason for one in report.skipped}
    assert len(reasons) == len(report.skipped) == len(BOMBS) + 6
    for uri, reason in reasons.items():
        assert uri.isprintable()
        assert reason
        assert "\n" not in reason
        assert len(reason) < 600
    assert "out of the folder" in reasons["inbox/out.txt"]
    again = sync(home, [folder])
    assert (again.skipped, again.kept) == (report.skipped, 2)

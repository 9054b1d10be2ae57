"""The Status page: what answers, what waits, what was synced; the machine only to who runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.access import Access, Scope
from kb.users import Users
from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from ui.gate import Keys


def test_it_says_how_everything_is(open_kb: OpenKB, serve: Serve, folder: Path) -> None:
    kb = open_kb()
    client = serve(kb)
    read = client.get("/status").text
    for told in ("quotes", "hashing", "whole", "0 of at most 64", "2 added"):
        assert told in read
    assert str(kb.status().home) in read
    for check in ("python", "sqlite", "embedder", "disk", "memory"):
        assert f'<th scope="row">{check}</th>' in read
    ticket = client.app.state.service.desk.enter("somebody")
    assert "<dt>Being answered</dt><dd>1</dd>" in client.get("/status").text
    ticket.leave()


def test_it_tells_of_the_last_sync(open_kb: OpenKB, serve: Serve, folder: Path) -> None:
    client = serve(open_kb())
    syncs = client.app.state.service.syncs
    (folder / "new <b>.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    syncs.sync(str(folder))
    read = client.get("/status").text
    assert "1 added, 0 updated, 0 moved, 0 removed, 2 kept, 0 skipped" in read
    assert str(folder) in read
    with pytest.raises(Exception, match="nowhere"):
        syncs.sync(str(folder / "nowhere <i>"))
    read = client.get("/status").text
    assert "failed" in read
    assert "nowhere &lt;i&gt;" in read


def test_the_machine_is_told_of_to_who_runs_it_only(
    open_kb: OpenKB, serve: Serve, access: Access, users: Users
) -> None:
    kb = open_kb()
    client: Any = serve(kb, keys=Keys(access, users))
    assert client.get("/status").status_code == 401
    for scope in Scope:
        headers = {"Authorization": f"Bearer {access.create('program', scope)[0]}"}
        read = client.get("/status", headers=headers).text
        assert "quotes" in read
        assert (str(kb.status().home) in read) == (scope is Scope.ADMIN)
        assert ("doctor" in read) == (scope is Scope.ADMIN)

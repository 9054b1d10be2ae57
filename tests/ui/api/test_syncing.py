"""Syncs as the API shows them: one at a time, whoever began them, and what came of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from kb import KnowledgeBase, Skipped
from kb.errors import SourceError
from tests.conftest import OpenKB
from tests.ui.api.conftest import Serve
from tests.ui.cli_doubles import ScriptedKnowledgeBase, reported
from ui.api import contracts
from ui.api.syncing import Syncs

NOTHING: dict[str, Any] = {"added": (), "removed": ()}


def syncs_of(double: ScriptedKnowledgeBase) -> Syncs:
    return Syncs(cast("KnowledgeBase", double))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_sync_is_listed_while_it_is_at_work_and_after(open_kb: OpenKB, serve: Serve) -> None:
    client = serve(open_kb())
    begun = client.post("/api/v1/sync", json={"places": ["http://127.0.0.1:1/feed.xml"]}).json()
    until(lambda: client.get(f"/api/v1/sync/{begun['id']}").json()["state"] == "failed")
    told = client.get("/api/v1/sync").json()
    contracts.Syncs.model_validate(told)
    (job,) = told["syncs"]
    assert (job["id"], job["places"]) == (begun["id"], ["http://127.0.0.1:1/feed.xml"])
    assert "127.0.0.1" in job["problem"]
    assert job["begun_at"] <= job["ended_at"]


def test_a_sync_of_somebody_else_is_shown_and_can_be_stopped(
    open_kb: OpenKB, serve: Serve, folder: Path
) -> None:
    kb = open_kb()
    syncs = Syncs(kb)
    client = serve(kb, syncs=syncs)
    (folder / "new.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    report = syncs.sync(str(folder))
    (job,) = client.get("/api/v1/sync").json()["syncs"]
    assert (job["state"], job["share"]) == ("done", 1.0)
    job = client.get(f"/api/v1/sync/{job['id']}").json()
    contracts.SyncJob.model_validate(job)
    assert job["report"]["added"] == list(report.added) == ["news/new.txt"]
    paused = syncs_of(ScriptedKnowledgeBase(report=reported(), pace=threading.Event()))
    work = threading.Thread(target=lambda: paused.sync("news"))
    work.start()
    until(lambda: paused.current() is not None)
    paused.stop(paused.known()[0].id)
    work.join()
    assert paused.known()[0].state == "stopped"


def test_the_last_sync_is_of_the_home(open_kb: OpenKB, serve: Serve, folder: Path) -> None:
    """Whoever did it, and before a restart."""
    kb = open_kb()
    syncs = Syncs(kb)
    (folder / "new.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    syncs.sync(str(folder))
    for client in (serve(kb, syncs=syncs), serve(kb)):
        last = client.get("/api/v1/sync").json()["last"]
        contracts.LastSync.model_validate(last)
        assert (last["places"], last["state"], last["added"]) == ([str(folder)], "done", 1)
        assert client.get("/api/v1/health").json()["last_sync"] == last
    client.put("/api/v1/articles/a", json={"title": "A", "text": "What was handed in."})
    assert client.get("/api/v1/sync").json()["last"] == last, "is no sync"


def test_one_is_at_work_and_the_others_wait() -> None:
    pace = threading.Event()
    syncs = syncs_of(ScriptedKnowledgeBase(report=reported(), pace=pace))
    behind = threading.Thread(target=lambda: syncs.sync("news"))
    behind.start()
    until(lambda: syncs.current() is not None)
    asked = syncs.begin(["https://example.org/feed"])
    assert syncs.begin(["https://example.org/feed"]) is asked
    assert asked.state == "waiting"
    pace.set()
    behind.join()
    until(lambda: asked.state == "done")
    assert [job.places for job in syncs.known()] == [("https://example.org/feed",), ("news",)]
    syncs.close()


def test_what_went_wrong_is_remembered_and_raised() -> None:
    syncs = syncs_of(ScriptedKnowledgeBase(fails=SourceError("there is no 'news'", "name one")))
    with pytest.raises(SourceError):
        syncs.sync("news")
    (job,) = syncs.known()
    assert (job.state, job.problem) == ("failed", "there is no 'news'. name one.")
    assert syncs.current() is None


def test_looks_that_find_nothing_new_do_not_pile_up() -> None:
    skipped = (Skipped("a.pdf", "it is only pictures"),)
    double = ScriptedKnowledgeBase(report=reported(**NOTHING, skipped=skipped))
    syncs = syncs_of(double)
    for _ in range(5):
        syncs.sync("news")
    syncs.sync("other")
    assert [job.places for job in syncs.known()] == [("other",), ("news",)]
    double.report = reported()
    syncs.sync("news")
    assert len(syncs.known()) == 3
    double.report = reported(**NOTHING)
    asked = [syncs.begin([place]) for place in ("page", "feed")]
    until(lambda: all(job.state == "done" for job in asked))
    assert [syncs.get(job.id) for job in asked] == asked  # who asked may ask after it
    syncs.close()


def test_each_sync_of_a_watch_is_seen(open_kb: OpenKB, folder: Path) -> None:
    syncs = Syncs(open_kb())
    (folder / "new.txt").write_text("A new title\n\nA new text.\n", "utf-8")
    stop = threading.Event()
    first = next(syncs.watch(str(folder), stop=stop))
    stop.set()
    (job,) = syncs.known()
    assert job.report == first
    assert job.idle is False

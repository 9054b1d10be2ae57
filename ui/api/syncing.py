"""Syncs that a program begins and asks after: one at a time, the others wait."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import KBError, NotFoundError
from ui.stoppable import one_line
from ui.wire import Json, sync_json

if TYPE_CHECKING:
    from kb import KnowledgeBase, Progress, SyncReport

__all__ = ["SyncJob", "Syncs"]

_REMEMBERED = 100


@dataclass(slots=True)
class SyncJob:
    """A sync, as far as it is."""

    id: str
    places: tuple[str, ...]
    state: str = "waiting"
    progress: Progress | None = None
    report: SyncReport | None = None
    problem: str | None = None
    stop: bool = False

    def json(self) -> Json:
        """Return it as the API tells it."""
        now = self.progress
        return {
            "id": self.id,
            "state": self.state,
            "share": 1.0 if self.state == "done" else now.share if now else 0.0,
            "articles": now.articles if now else 0,
            "uri": now.uri if now else "",
            "report": sync_json(self.report) if self.report else None,
            "problem": self.problem,
        }


class Syncs:
    """The syncs of a server, the last hundred of which are remembered."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        self._lock = threading.Lock()
        self._jobs: dict[str, SyncJob] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="sync")

    def begin(self, places: Sequence[str]) -> SyncJob:
        """Begin a sync, or return the one of the same places that waits or is at work."""
        with self._lock:
            for job in self._jobs.values():
                if job.places == tuple(places) and job.state in ("waiting", "running"):
                    return job
            job = SyncJob(secrets.token_hex(8), tuple(places))
            self._jobs[job.id] = job
            while len(self._jobs) > _REMEMBERED:
                oldest = next(iter(self._jobs))
                if self._jobs[oldest].state in ("waiting", "running"):
                    break
                del self._jobs[oldest]
        self._worker.submit(self._run, job)
        return job

    def get(self, id: str) -> SyncJob:
        """Return a sync; raises ``NotFoundError`` if there is none such."""
        with self._lock:
            if id not in self._jobs:
                raise NotFoundError(f"there is no sync {id!r}", "those before a restart are gone")
            return self._jobs[id]

    def stop(self, id: str) -> SyncJob:
        """Let a sync come to its end after the article it is at; raises ``NotFoundError``."""
        job = self.get(id)
        job.stop = True
        return job

    def current(self) -> SyncJob | None:
        """Return the sync that is at work, if there is one."""
        with self._lock:
            return next((one for one in self._jobs.values() if one.state == "running"), None)

    def close(self) -> None:
        """Stop all of them, and wait until they have."""
        with self._lock:
            for job in self._jobs.values():
                job.stop = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: SyncJob) -> None:
        def told(progress: Progress) -> None:
            job.progress = progress

        job.state = "running"
        try:
            report = self._knowledge_base.sync(
                *job.places, progress=told, stop=lambda: job.stop, allow_empty=False
            )
        except Exception as error:  # noqa: BLE001  # told to whoever asks after it
            job.problem = str(error) if isinstance(error, KBError) else one_line(error)
            job.state = "failed"
        else:
            job.report = report
            job.state = "stopped" if report.stopped else "done"

"""Syncs that are asked after, whoever began them: one at a time, the others wait."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import NotFoundError
from ui.stoppable import one_line
from ui.wire import Json, sync_json

if TYPE_CHECKING:
    from kb import KnowledgeBase, Progress, SyncReport

__all__ = ["SyncJob", "Syncs"]

_REMEMBERED = 100
_UNFINISHED = ("waiting", "running")


@dataclass(slots=True)
class SyncJob:
    """A sync, as far as it is; moments are ISO 8601, in UTC.

    Attributes:
        asked: Whether a program has begun it, and may ask after it.
    """

    id: str
    places: tuple[str, ...]
    state: str = "waiting"
    begun_at: str | None = None
    ended_at: str | None = None
    progress: Progress | None = None
    report: SyncReport | None = None
    problem: str | None = None
    stop: bool = False
    asked: bool = False

    @property
    def idle(self) -> bool:
        """Whether it was a look at what is mirrored, and nothing had to be done."""
        told = self.report
        return (
            not self.asked
            and self.state == "done"
            and not (told and (told.added or told.updated or told.moved or told.removed))
        )

    def json(self) -> Json:
        """Return it as the API tells it."""
        return {**self.brief(), "report": sync_json(self.report) if self.report else None}

    def brief(self) -> Json:
        """Return it without its report, which may name every article there is."""
        now = self.progress
        return {
            "id": self.id,
            "places": list(self.places),
            "state": self.state,
            "begun_at": self.begun_at,
            "ended_at": self.ended_at,
            "share": 1.0 if self.state == "done" else now.share if now else 0.0,
            "articles": now.articles if now else 0,
            "uri": now.uri if now else "",
            "problem": self.problem,
        }


class Syncs:
    """The syncs of a server, the last hundred of which are remembered.

    Its ``sync`` and ``watch`` are those of the knowledge base, for who syncs in a thread of their
    own and lets others see it.
    """

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._jobs: dict[str, SyncJob] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="sync")

    def begin(self, places: Sequence[str]) -> SyncJob:
        """Begin a sync, or return the one of the same places that waits or is at work."""
        with self._lock:
            for job in self._jobs.values():
                if job.places == tuple(places) and job.state in _UNFINISHED:
                    return job
            job = self._new(places)
            job.asked = True
        self._worker.submit(self._told, job)
        return job

    def sync(
        self,
        *places: str,
        progress: Callable[[Progress], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> SyncReport:
        """Do as ``KnowledgeBase.sync`` does, when it is its turn."""
        with self._lock:
            job = self._new(places)
        return self._run(job, progress=progress, stop=stop, **options)

    def watch(self, *places: str, **options: Any) -> Iterator[SyncReport]:
        """Do as ``KnowledgeBase.watch`` does, each sync when it is its turn."""
        return self._knowledge_base.watch(*places, sync=self.sync, **options)

    def _new(self, places: Sequence[str]) -> SyncJob:
        job = SyncJob(secrets.token_hex(8), tuple(str(place) for place in places))
        self._jobs[job.id] = job
        while len(self._jobs) > _REMEMBERED:
            oldest = next(iter(self._jobs))
            if self._jobs[oldest].state in _UNFINISHED:
                break
            del self._jobs[oldest]
        return job

    def known(self) -> list[SyncJob]:
        """Return the syncs that are remembered, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

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

    def _told(self, job: SyncJob) -> None:
        with suppress(Exception):  # it is told to whoever asks after it
            self._run(job)

    def _run(
        self,
        job: SyncJob,
        *,
        progress: Callable[[Progress], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> SyncReport:
        def told(now: Progress) -> None:
            job.progress = now
            if progress:
                progress(now)

        with self._turn:
            job.begun_at, job.state = _now(), "running"
            try:
                job.report = self._knowledge_base.sync(
                    *job.places, progress=told, stop=lambda: job.stop or stop(), **options
                )
            except BaseException as error:
                job.problem = one_line(error)
                job.ended_at, job.state = _now(), "failed"
                raise
            job.ended_at = _now()
            job.state = "stopped" if job.report.stopped else "done"
        self._forget_like(job)
        return job.report

    def _forget_like(self, job: SyncJob) -> None:
        """Of looks at the same places that found nothing new, remember the last only."""
        if not job.idle:
            return
        with self._lock:
            like = [one for one in self._jobs.values() if one.places == job.places and one.idle]
            for one in like[:-1]:
                del self._jobs[one.id]


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

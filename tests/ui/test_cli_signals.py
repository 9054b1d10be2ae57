"""Ctrl-C and SIGTERM, at the handler and at real processes; what works beside a running one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ui.commands.stopping import stopping

ROOT = Path(__file__).parents[2]
LINE = "stopping after this article; Ctrl-C again stops at once"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_a_wish_and_the_second_an_order(
    number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    with stopping(LINE) as stop:
        assert not stop.is_set()
        signal.raise_signal(number)
        assert stop.is_set()
        assert capfd.readouterr().err == f"kb: {LINE}\n"
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping(LINE) as stop:
            signal.raise_signal(signal.SIGINT)
            assert not stop.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_leaves_the_signals_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with stopping(LINE):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


class Running:
    """A ``kb`` in a process of its own, with words hashed into vectors."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.errors = folder / "stderr"
        environment = {
            **os.environ,
            "KB_EMBEDDER": "hashing",
            "KB_HOME": str(folder / "home"),
            "KB_MODEL": "quotes",
        }
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ui.cli", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def signalled(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal; return how it ended, and what it printed."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        """Return how it ended, and what it printed."""
        printed = self.process.communicate(timeout=60)[0]
        return self.process.returncode, printed, self.errors.read_text("utf-8")


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start ``kb``; what still runs at the end is ended."""
    started: list[Running] = []

    def run(*arguments: str) -> Running:
        started.append(Running(tmp_path, *arguments))
        return started[-1]

    yield run
    for one in started:
        one.process.kill()
        one.process.communicate()


def until(there: Callable[[], bool]) -> None:
    """Wait for something."""
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def corpus(folder: Path, articles: int) -> Path:
    """Write a corpus of articles that differ."""
    file = folder / "corpus.jsonl"
    text = "Number {} was counted. " * 9
    records = ({"id": f"a{n}", "text": text.format(*[n] * 9)} for n in range(articles))
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return file


def test_an_interrupted_sync_ends_in_order_and_the_next_one_goes_on(
    tmp_path: Path, start: Start
) -> None:
    count = 4_000
    file = corpus(tmp_path, count)
    first = start("sync", str(file))
    written = tmp_path / "home" / "catalog.sqlite-wal"
    until(lambda: written.exists() and written.stat().st_size > 500_000)
    code, printed, errors = first.signalled()
    assert code == 130, errors
    assert printed.endswith("; stopped: the next sync goes on\n")
    *before, last = errors.splitlines()
    assert last == f"kb: {LINE}"
    assert all(line.startswith("kb: reading: ") for line in before)
    code, printed, errors = start("sync", str(file), "--json").ended()
    report = json.loads(printed)
    assert (code, report["stopped"]) == (0, False), errors
    assert len(report["added"]) + report["kept"] == count
    assert report["kept"] > 0


def test_a_watch_mirrors_what_is_written_and_ends_with_a_signal(
    tmp_path: Path, start: Start
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "one.md").write_text("# One\n\nThe first article.\n", encoding="utf-8")
    running = start("sync", str(news), "--watch", "--json")
    assert running.process.stdout is not None
    assert json.loads(running.process.stdout.readline())["added"] == ["news/one.md"]
    until(lambda: "watching" in running.errors.read_text("utf-8"))
    time.sleep(0.3)  # the remark comes just before the system is asked to tell of changes
    (news / "two.md").write_text("# Two\n\nThe second article.\n", encoding="utf-8")
    assert json.loads(running.process.stdout.readline())["added"] == ["news/two.md"]
    code, printed, errors = running.signalled(signal.SIGTERM)
    assert (code, printed) == (0, ""), errors
    assert errors.endswith("kb: stopping; Ctrl-C again stops at once\n")


def test_a_backup_is_made_beside_a_process_that_has_the_home_open(
    tmp_path: Path, start: Start
) -> None:
    news = corpus(tmp_path, 3)
    running = start("sync", str(news), "--watch")
    until(lambda: "watching" in running.errors.read_text("utf-8"))
    file = tmp_path / "news.kb"
    code, printed, errors = start("backup", str(file), "--json").ended()
    assert code == 0, errors
    wire = {"file": str(file), "articles": 3, "bytes": file.stat().st_size}
    assert json.loads(printed) == wire
    assert running.signalled()[0] == 0
    again = str(tmp_path / "again")
    assert start("restore", str(file), "--home", again).ended()[0] == 0
    listed = start("articles", "--home", again, "--json").ended()[1]
    assert len(json.loads(listed)["articles"]) == 3

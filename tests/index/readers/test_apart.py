"""The process that reads hostile files: what it promises to the program that uses it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, BinaryIO

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import apart, open_reader, worker
from index.readers.apart import ReaderProcess
from tests.contracts.documents import DOCUMENTS, docx, pdf
from tests.faults.hostile import slow_pdf

ROOT = Path(__file__).parents[3]
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

Answers = list[tuple[str, Any]]

ROWS = b"id,text\na,One.\nb,Two.\nc,Three.\n"


def read(process: ReaderProcess, data: bytes, suffix: str) -> list[Article | ReadError]:
    return list(process.read(io.BytesIO(data), suffix, id="id", uri=f"news/a{suffix}"))


def children(process: int) -> list[int]:
    """Return the readers that a process has started and that have not ended."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):  # a thread may end meanwhile
            found += [int(number) for number in (task / "children").read_text().split()]
    return [number for number in found if state(number) not in ("Z", "") and reads(number)]


def reads(process: int) -> bool:
    try:
        return b"index.readers.child" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def test_it_costs_nothing_until_the_first_file_and_can_be_closed_twice() -> None:
    process = ReaderProcess()
    process.close()
    process.close()


@linux
def test_one_process_reads_many_files_and_is_gone_when_closed() -> None:
    before = children(os.getpid())
    with ReaderProcess() as process:
        read(process, pdf(), ".pdf")
        (child,) = set(children(os.getpid())) - set(before)
        read(process, docx(), ".docx")
        assert set(children(os.getpid())) - set(before) == {child}
        assert os.getsid(child) != os.getsid(0)  # so that Ctrl-C in the terminal is not for it
    assert children(os.getpid()) == before


@linux
def test_after_some_files_it_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_FILES_EACH", 2)
    seen = set()
    with ReaderProcess() as process:
        for _ in range(4):
            read(process, ROWS, ".csv")
            seen |= set(children(os.getpid()))
    assert len(seen) == 2


def test_a_reading_may_be_abandoned_half_way() -> None:
    with ReaderProcess() as process:
        reading = process.read(io.BytesIO(ROWS), ".csv", id="id", uri="a.csv")
        next(reading)
        reading.close()  # type: ignore[attr-defined]
        assert len(read(process, ROWS, ".csv")) == 3


def test_a_reading_that_another_one_ended_says_so() -> None:
    with ReaderProcess() as process:
        reading = process.read(io.BytesIO(ROWS), ".csv", id="id", uri="a.csv")
        next(reading)
        assert len(read(process, ROWS, ".csv")) == 3
        with pytest.raises(RuntimeError, match=r"'a\.csv' was not read to its end"):
            next(reading)


@linux
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_costs_one_document(number: signal.Signals) -> None:
    slow = slow_pdf(15_000)
    with ReaderProcess() as process:
        read(process, ROWS, ".csv")
        (child,) = children(os.getpid())
        threading.Timer(0.3, os.kill, (child, number)).start()
        with pytest.raises(ReadError, match=rf"'news/a\.pdf' .* crashed \({number.name}\)"):
            read(process, slow, ".pdf")
        assert len(read(process, ROWS, ".csv")) == 3


def test_many_and_long_articles_come_in_order() -> None:
    long = [b"%d,%s\n" % (n, b"word " * (n * 17_000 % 90_000)) for n in range(1, 30)]
    data = b"id,text\n" + b"".join(long) + b"".join(b"%d,x\n" % n for n in range(30, 800))
    with ReaderProcess() as process:
        found = read(process, data, ".csv")
    assert [one.id for one in found if isinstance(one, Article)] == [str(n) for n in range(1, 800)]
    assert found == list(open_reader(".csv")(io.BytesIO(data), id="id", uri="news/a.csv"))


def test_answers_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with ReaderProcess() as process:
        read(process, ROWS, ".csv")
        monkeypatch.setattr(worker, "FRAME_AT_MOST", 100)
        with pytest.raises(ReadError, match="makes no sense"):
            read(process, ROWS, ".csv")
        monkeypatch.undo()
        assert len(read(process, ROWS, ".csv")) == 3


def test_the_time_of_whoever_asks_does_not_count() -> None:
    with ReaderProcess(seconds=1) as process:
        read(process, ROWS, ".csv")
        many = b"id,text\n" + b"".join(b"%d,Text.\n" % number for number in range(250))
        for number, _ in enumerate(process.read(io.BytesIO(many), ".csv", id="id", uri="a.csv")):
            sleep(0.6 if number % 100 == 0 else 0)


def test_an_answer_that_comes_a_moment_too_late_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = worker.Worker._answers

    def slow(self: worker.Worker, payload: bytes, file: BinaryIO | None) -> Answers:
        answers = sound(self, payload, file)
        sleep(0.5 if payload == b"null" else 0)
        return answers

    monkeypatch.setattr(worker.Worker, "_answers", slow)
    with ReaderProcess(seconds=0.4) as process:
        with pytest.raises(ReadError, match=r"takes more than 0\.4 seconds"):
            read(process, ROWS, ".csv")
        monkeypatch.undo()
        assert len(read(process, ROWS, ".csv")) == 3


def test_a_file_that_is_too_large_is_not_even_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_FILE_AT_MOST", 10)
    with ReaderProcess() as process, pytest.raises(ReadError, match="more than 10 bytes"):
        read(process, ROWS, ".csv")


def test_a_file_that_cannot_be_read_is_an_error_of_its_own() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with ReaderProcess() as process:
        with pytest.raises(OSError, match="Input/output"):
            list(process.read(Broken(b"x"), ".csv", id="id", uri="a.csv"))
        assert len(read(process, ROWS, ".csv")) == 3


def test_without_python_nothing_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with ReaderProcess() as process, pytest.raises(ReadError, match="does not start"):
        read(process, ROWS, ".csv")


def test_it_works_in_a_folder_full_of_traps(tmp_path: Path) -> None:
    for name in ("json.py", "index.py", "pypdf.py", "typing.py"):
        (tmp_path / name).write_text("raise SystemExit('a trap')\n")
    (tmp_path / "a.pdf").write_bytes(pdf())
    code = (
        f"import sys; sys.path[0] = {str(ROOT)!r}\n"
        "from index.readers.apart import ReaderProcess\n"
        "with ReaderProcess() as process, open('a.pdf', 'rb') as file:\n"
        "    print(next(process.read(file, '.pdf', id='id', uri='a.pdf')).title)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "The otters of the Odra\n", done.stderr


def test_keys_stay_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_API_KEY", "secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "secret" not in worker.environment().values()


@linux
@pytest.mark.parametrize("busy", [True, False])
def test_it_ends_with_the_program_even_if_that_is_killed(busy: bool, tmp_path: Path) -> None:
    path = tmp_path / ("a.pdf" if busy else "a.csv")
    path.write_bytes(slow_pdf(15_000) if busy else ROWS)
    code = (
        f"import sys, time; sys.path[0] = {str(ROOT)!r}\n"
        "from index.readers.apart import ReaderProcess\n"
        f"file = open({str(path)!r}, 'rb')\n"
        f"list(ReaderProcess().read(file, {path.suffix!r}, id='id', uri='a'))\n"
        "time.sleep(60)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", code])
    until = monotonic() + 30
    while not (found := children(program.pid)) and monotonic() < until:
        sleep(0.05)
    sleep(0.5)
    program.kill()
    program.wait()
    (child,) = found
    while state(child) not in ("Z", "") and monotonic() < until:
        sleep(0.05)
    assert state(child) in ("Z", "")


def test_what_a_taken_over_process_says_is_told_as_nonsense(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ReaderProcess() as process:
        read(process, ROWS, ".csv")
        assert process._worker is not None
        monkeypatch.setattr(process._worker, "next", lambda seconds: [("article", {"id": 1})])
        with pytest.raises(ReadError, match="makes no sense"):
            read(process, ROWS, ".csv")
        assert len(read(process, DOCUMENTS[".csv"](), ".csv")) == 2

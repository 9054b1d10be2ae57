"""One process that reads files, seen from the program that started it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from index.readers.frames import FRAME_AT_MOST, receive, send, unpacked

__all__ = ["Ended", "Worker", "environment"]

_START_WITHIN, _SEND_WITHIN = 60.0, 600.0
_CHUNK = 1 << 20
_ROOT = Path(__file__).resolve().parents[2]

# What Python needs to start and to find its packages. Keys and tokens stay here.
_ENVIRONMENT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SYSTEMROOT", "USERPROFILE", "APPDATA", "TEMP", "TMP", "PYTHONHOME", "PYTHONUSERBASE"),
)


class Ended(Exception):
    """The process is gone.

    Attributes:
        how: "late", "memory", or what is to be said of it.
    """

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


def environment() -> dict[str, str]:
    """Return the environment in which the process finds this package, from any folder."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    paths = [os.environ.get("PYTHONPATH", "")]
    # Installed, it is found anyway, and the other packages must not come before Python's own.
    if str(_ROOT) not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        paths.insert(0, str(_ROOT))
    # NumPy's library would reserve memory for a thread on every processor.
    alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**kept, **alone, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


class Worker:
    """One process, and how many files it was given; whatever goes wrong with it ends it."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.files = 0
        self._late = False
        # -P: the folder in which the program was started may hold anything, also a json.py.
        # A session of its own: Ctrl-C in the terminal is not for it.
        command = [sys.executable, "-P", "-m", "index.readers.child", str(seconds), str(memory)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - no part of it comes from outside
                command, env=environment(), start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise Ended(f"does not start ({error})") from error
        self._exchange(_START_WITHIN)

    def open(self, file: BinaryIO, about: dict[str, str]) -> None:
        """Hand over a file; raises ``Ended``."""
        self.files += 1
        self._exchange(_SEND_WITHIN, json.dumps(about).encode(), file)

    def next(self, seconds: float) -> list[tuple[str, Any]]:
        """Return what is said when more articles are asked for; raises ``Ended``."""
        return self._exchange(seconds, b"null")

    def end(self) -> None:
        """End the process, at once if it has to be."""
        with suppress(OSError):
            self._input.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    @property
    def lives(self) -> bool:
        """Whether another file can be read."""
        return self._process.poll() is None

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _exchange(
        self, seconds: float, payload: bytes = b"", file: BinaryIO | None = None
    ) -> list[tuple[str, Any]]:
        """Say something, hand over a file, and return the answers.

        Raises:
            Ended: The process was late, or ended by itself.
            ValueError: The answer makes no sense; the process is ended.
            OSError: The file cannot be read; likewise.
        """
        timer = threading.Timer(max(0.0, seconds), self._expire)
        timer.daemon = True
        timer.start()
        try:
            answers = self._answers(payload, file)
        except (BrokenPipeError, EOFError) as error:
            self.end()
            raise Ended(self._how()) from error
        except BaseException:  # an answer that nobody waits for would be taken for the next one's
            self._process.kill()
            self.end()
            raise
        finally:
            timer.cancel()
            timer.join()
        if self._late:  # by a moment, but the process is gone
            self.end()
            raise Ended("late")
        return answers

    def _answers(self, payload: bytes, file: BinaryIO | None) -> list[tuple[str, Any]]:
        if payload:
            send(self._input, payload)
        while chunk := file.read(_CHUNK) if file else b"":
            send(self._input, chunk)
        if file:
            send(self._input, b"")
        self._input.flush()
        answers: list[tuple[str, Any]] = []
        left = 2 * FRAME_AT_MOST
        while not answers or answers[-1][0] in ("article", "error"):
            frame = receive(self._output)
            left -= len(frame)
            if left < 0:
                raise ValueError("the answers have no end")
            answers.append(unpacked(frame))
        return answers

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def _how(self) -> str:
        code = self._process.returncode
        if self._late or (os.name == "posix" and code == -signal.SIGXCPU):
            return "late"
        if code < 0 and -code in set(signal.Signals):
            return f"crashed ({signal.Signals(-code).name})"
        return f"ended (exit status {code})"

"""Progress of long work: lines in a pipe, a bar on a terminal, nothing where it is not wanted."""

from __future__ import annotations

from threading import Event

import pytest

from index.sync import Progress
from ui.commands.progress import in_bytes, progress, reading


def step(share: float, seconds: float, uri: str = "x.md") -> Progress:
    """Return how far a sync is."""
    return Progress(share, uri, round(1234 * share), round(5678 * share), seconds)


def test_progress_in_a_pipe_is_a_line_every_few_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter([0.0, 1.0, 3.5, 4.0, 7.0])
    with progress("reading", quiet=False, clock=lambda: next(now)) as tell:
        told = reading(tell)
        told(step(0.25, 1.0))
        told(step(0.5, 100.0))
        told(step(0.75, 1.0))
        told(step(1.0, 93.0))
    assert capsys.readouterr().err.splitlines() == [
        "kb: reading: 617 articles, 2,839 passages, 28 a second, 2 min left",
        "kb: reading: 1,234 articles, 5,678 passages, 61 a second, 0 s left",
    ]


def test_what_is_left_is_not_told_of_what_is_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    now, stop = iter([0.0, 4.0, 8.0]), Event()
    with progress("reading", quiet=False, stop=stop, clock=lambda: next(now)) as tell:
        tell(0.5, "before", "", 9.0)
        stop.set()
        tell(0.6, "after", "", 8.0)
    assert capsys.readouterr().err == "kb: reading: before, 9 s left\n"


@pytest.mark.parametrize(
    ("seconds", "words"), [(10.0, ", 10 s left"), (20_000.0, ", 6 h left"), (None, "")]
)
def test_the_time_that_is_left_is_in_words(
    capsys: pytest.CaptureFixture[str], seconds: float | None, words: str
) -> None:
    now = iter([0.0, 4.0])
    with progress("reading", quiet=False, clock=lambda: next(now)) as tell:
        reading(tell)(step(0.5, seconds) if seconds else step(0.001, 1.0))
    assert capsys.readouterr().err.endswith(f" a second{words}\n")


def test_progress_of_bytes_is_in_megabytes(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter([0.0, 4.0, 8.0])
    with progress("fetching", quiet=False, clock=lambda: next(now)) as tell:
        told = in_bytes(tell, "m")
        told(50_000_000, 1_117_000_000)
        told(60_000_000, 0)
    assert capsys.readouterr().err == ("kb: fetching: 50 MB of 1117 MB\nkb: fetching: 60 MB\n")


def test_quiet_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("reading", quiet=True) as tell:
        reading(tell)(step(0.5, 1.0))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("at_once", [True, False])
def test_progress_on_a_terminal_is_a_bar_that_goes_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], at_once: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with progress("reading", quiet=False, at_once=at_once) as tell:
        in_bytes(tell, "unknown.md")(1, 0)
        reading(tell)(step(0.5, 1.0, "evil\x1b[2J.md"))
        reading(tell)(step(1.0, 1.0, "[red]b.md"))
    printed = capsys.readouterr().err
    assert "reading" in printed
    assert "\x1b[2J" not in printed


def test_a_bar_that_is_not_wanted_yet_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress("reading", quiet=False, at_once=False):
        pass
    assert capsys.readouterr().err == ""

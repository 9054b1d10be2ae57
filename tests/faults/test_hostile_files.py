"""Hostile files cost one line of the report: no crash, no endless wait, no unbounded memory."""

from __future__ import annotations

import io
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from index.article import Article
from index.errors import ReadError
from index.readers import open_reader
from index.readers.apart import ReaderProcess
from tests.contracts.documents import DOCUMENTS, XHTML, docx, epub
from tests.faults.hostile import BOMBS, XHTML_BOMBS, bomb, long_line, replaced, slow_pdf

MEMORY = 700_000_000


@pytest.fixture(scope="module")
def apart() -> Iterator[ReaderProcess]:
    with ReaderProcess(seconds=20, memory=MEMORY) as process:
        yield process


def told(process: ReaderProcess, data: bytes, suffix: str) -> str:
    """Return the one line with which a file is refused."""
    with pytest.raises(ReadError) as refused:
        list(process.read(io.BytesIO(data), suffix, id="id", uri=f"news/a{suffix}"))
    line = str(refused.value)
    assert "\n" not in line
    assert len(line) < 600
    return line


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_one_line(name: str, apart: ReaderProcess) -> None:
    suffix, make = BOMBS[name]
    line = told(apart, make(), suffix)
    assert "news/a" in line
    assert "root:" not in line
    assert "takes more than" not in line


@pytest.mark.parametrize("name", XHTML_BOMBS)
def test_markup_that_cannot_be_refused_does_no_harm(name: str, apart: ReaderProcess) -> None:
    for suffix, data in (
        (".xhtml", XHTML_BOMBS[name]()),
        (".epub", epub(first=XHTML_BOMBS[name](), second=XHTML.format("<p>Otters</p>"))),
    ):
        try:
            found = list(apart.read(io.BytesIO(data), suffix, id="id", uri="news/a"))
        except ReadError as error:
            assert "takes more than" not in str(error)  # noqa: PT017 - either is well
        else:
            texts = [article.text for article in found if isinstance(article, Article)]
            assert not any("hahahaha" in text or "root:" in text for text in texts)


def test_a_bomb_does_not_spoil_the_next_file(apart: ReaderProcess) -> None:
    for suffix, make in BOMBS.values():
        told(apart, make(), suffix)
        break
    assert list(apart.read(io.BytesIO(DOCUMENTS[".pdf"]()), ".pdf", id="id", uri="a"))


@pytest.mark.parametrize(
    ("suffix", "before", "after", "good"),
    [
        (".txt", b"Otters ", b"\n", []),
        (".csv", b"id,text\na,Otters\nb,", b"\nc,Bridges\n", ["a", "c"]),
        (".csv", b'id,text\na,Otters\nb,"', b'"\nc,Bridges\n', ["a", "c"]),
        (".jsonl", b'{"id": "a", "text": "x"}\n', b'\n{"id": "c", "text": "x"}\n', ["a", "c"]),
    ],
)
def test_a_line_of_200_megabytes_takes_little_memory(
    suffix: str, before: bytes, after: bytes, good: list[str], tmp_path: Path
) -> None:
    path = long_line(tmp_path / f"a{suffix}", before, after)
    found: list[Article | ReadError] = []
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            for one in open_reader(suffix)(file, id="id", uri=path.name):
                found.append(one)  # noqa: PERF402 - what came before an error counts
    except ReadError as error:
        found.append(error)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert [one.id for one in found if isinstance(one, Article)] == good
    errors = [str(one) for one in found if isinstance(one, ReadError)]
    assert len(errors) == 1
    assert "more than the 20,000,000" in errors[0]
    assert peak < 150_000_000


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    data = slow_pdf(15_000)
    with ReaderProcess(seconds=3) as process:
        begun = monotonic()
        assert "takes more than 3 seconds" in told(process, data, ".pdf")
        assert monotonic() - begun < 60
        assert list(process.read(io.BytesIO(docx()), ".docx", id="id", uri="a"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory cannot be limited so")
def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    body = '<w:document xmlns:w="x"><w:body>' + "<w:p/>" * 12_000_000 + "</w:body></w:document>"
    data = replaced(docx(), {"word/document.xml": body})
    with ReaderProcess(seconds=60, memory=450_000_000) as process:
        line = told(process, data, ".docx")
        assert "needs more than 450,000,000 bytes of memory" in line
        assert list(process.read(io.BytesIO(docx()), ".docx", id="id", uri="a"))


def test_a_bomb_that_tells_its_size_is_not_even_unpacked(apart: ReaderProcess) -> None:
    line = told(apart, bomb("word/document.xml"), ".docx")
    assert "unpacks to more than" in line

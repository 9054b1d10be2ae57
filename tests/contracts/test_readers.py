"""What every reader promises, held against each format."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.readers import APART, READERS, SUFFIXES, open_reader
from index.readers.apart import ReaderProcess
from tests.contracts.documents import DOCUMENTS
from tests.contracts.reading import check, outcome, read, spelled

ROOT = Path(__file__).parents[2]
FORMATS = sorted(SUFFIXES - {".text", ".markdown", ".md", ".htm", ".xhtml", ".tsv", ".xml"})
"""One ending for each reader; the others are read by the same ones."""


@pytest.fixture(scope="module")
def apart() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def test_every_ending_has_a_reader_and_a_document() -> None:
    assert set(DOCUMENTS) == SUFFIXES
    assert not READERS.keys() & APART.keys()
    with pytest.raises(KeyError):
        open_reader(".exe")


def test_readers_load_their_libraries_when_they_are_used() -> None:
    heavy = "lxml pypdf py3langid trafilatura feedparser".split()
    code = (
        f"import sys, index.readers.apart\nprint([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_a_sound_document_gives_articles(suffix: str) -> None:
    found = read(DOCUMENTS[suffix](), suffix)
    check(found)
    articles, raised = found
    assert raised is None
    assert all(isinstance(article, Article) for article in articles)
    assert any("31 otters" in article.text for article in articles if isinstance(article, Article))


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".epub", ".html", ".eml"])
def test_a_document_says_what_is_known_of_it(suffix: str) -> None:
    ((article,), _) = read(DOCUMENTS[suffix](), suffix)
    assert isinstance(article, Article)
    assert article.title == "The otters of the Odra"
    assert (article.author or "").startswith("Eva Mal")
    assert (article.published_at or "").startswith("2024-03-05")
    assert article.language == "en"


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_the_same_bytes_are_the_same_articles_here_and_apart(
    suffix: str, apart: ReaderProcess
) -> None:
    data = DOCUMENTS[suffix]()
    first = read(data, suffix)
    again = read(data, suffix)
    there = outcome(apart.read(io.BytesIO(data), suffix, id="id", uri=f"news/a{suffix}"))
    assert spelled(first) == spelled(again) == spelled(there)


@pytest.mark.parametrize("suffix", FORMATS)
def test_nothing_and_noise_are_told_in_one_line(suffix: str, apart: ReaderProcess) -> None:
    noise = random.Random(7).randbytes(20_000)
    for data in (b"", b" \r\n\t", b"\0" * 5_000, noise, b"\xff\xfe\0", b"\xef\xbb\xbf\xe9"):
        found = read(data, suffix)
        check(found)
        there = outcome(apart.read(io.BytesIO(data), suffix, id="id", uri=f"news/a{suffix}"))
        assert spelled(found) == spelled(there)
    assert read(b"", suffix)[1] is not None


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_document_that_is_cut_off_is_read_as_far_as_it_goes_or_refused(suffix: str) -> None:
    data = DOCUMENTS[suffix]()
    for eighth in range(1, 8):
        check(read(data[: len(data) * eighth // 8], suffix))


@st.composite
def damages(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Draw a way to damage bytes: some are overwritten, some are cut out or said twice."""
    changes = draw(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=8))
    cut, length, twice = draw(st.tuples(st.floats(0, 1), st.integers(0, 300), st.booleans()))

    def damage(data: bytes) -> bytes:
        damaged = bytearray(data)
        for place, new in changes:
            at = int(place * len(damaged))
            damaged[at : at + len(new)] = new
        at = int(cut * len(damaged))
        piece = damaged[at : at + length]
        damaged[at : at + length] = piece * 2 if twice else b""
        return bytes(damaged)

    return damage


@pytest.mark.parametrize("suffix", FORMATS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(damage=damages())
def test_a_damaged_document_never_raises_anything_else(
    suffix: str, damage: Callable[[bytes], bytes]
) -> None:
    data = damage(DOCUMENTS[suffix]())
    found = read(data, suffix)
    check(found)
    assert spelled(found) == spelled(read(data, suffix))

"""What every source promises, held against each that is shipped."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.article import Article
from index.errors import SourceError
from index.protocols import Source
from index.readers.apart import ReaderProcess
from index.sources import open_source
from index.sources.document import Document
from index.sources.fetch import Client
from index.sources.folder import Folder
from index.sources.web import Web
from tests.index.sources.site import Clock, Page, Site, serving

SENTENCE = "The bridge at Ostrava was closed on Monday, {}."


@dataclass
class Place:
    """A place that a test changes: ``write`` and ``remove`` by name, ``open`` looks at it anew."""

    open: Callable[[], Source]
    write: Callable[[str, str], object]
    remove: Callable[[str], object]


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.fixture(params=["folder", "sitemap", "feed"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, readers: ReaderProcess
) -> Iterator[Place]:
    if request.param == "folder":
        yield Place(
            lambda: Folder(tmp_path, readers),
            lambda name, text: (tmp_path / name).write_text(text, "utf-8"),
            lambda name: (tmp_path / name).unlink(),
        )
    else:
        with serving() as site:
            yield _on_the_web(site, request.param, readers)


def _on_the_web(site: Site, kind: str, readers: ReaderProcess) -> Place:
    names: list[str] = []

    def listed() -> None:
        links = [f"{site.address}/{name}" for name in names]
        if kind == "sitemap":
            items = "".join(f"<url><loc>{link}</loc></url>" for link in links)
            text = f"<urlset>{items}</urlset>"
        else:
            entry = "<item><title>An entry</title><link>{}</link></item>"
            items = "".join(entry.format(link) for link in links)
            text = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
        site.pages["/"] = Page(text.encode(), "text/xml")

    def write(name: str, text: str) -> None:
        site.pages[f"/{name}"] = Page(text.encode(), "text/plain; charset=utf-8")
        if name not in names:
            names.append(name)
        listed()

    def remove(name: str) -> None:
        site.pages[f"/{name}"] = Page(status=410)
        names.remove(name)
        listed()

    def opened() -> Source:
        clock = Clock()
        client = Client(allow_private=True, clock=clock, sleep=clock.sleep)
        return Web(site.address, readers, client=client)

    return Place(opened, write, remove)


def look(place: Place, known: dict[str, str]) -> tuple[Source, list[Document]]:
    source = place.open()
    found = [one for one in source.documents(known) if isinstance(one, Document)]
    return source, found


def sync(place: Place, known: dict[str, str]) -> dict[str, list[Article] | None]:
    """Look and read as a sync does; return what was read by the name, None for the same."""
    source, found = look(place, known)
    read: dict[str, list[Article] | None] = {}
    for document in found:
        stamp = known.get(document.location, "")
        if stamp and document.stamp == stamp:
            continue
        reading = source.read(document, document.location, stamp)
        parts = None if reading.articles is None else list(reading.articles)
        known[document.location] = reading.stamp
        articles = [part for part in parts or [] if isinstance(part, Article)]
        assert len(articles) == len(parts or [])
        read[document.location.rpartition("/")[2]] = None if parts is None else articles
    return read


def test_what_is_there_is_listed_with_locations_that_stay(place: Place) -> None:
    place.write("a.txt", SENTENCE.format("for repairs"))
    place.write("b.md", f"# The bridge\n\n{SENTENCE.format('for good')}")
    source, found = look(place, {})
    assert source.origin
    assert source.origin == place.open().origin
    assert [one.location.rpartition("/")[2] for one in found] == ["a.txt", "b.md"]
    assert [one.location for one in look(place, {})[1]] == [one.location for one in found]
    assert all(one.uri for one in found)


def test_articles_are_read_with_the_ids_that_were_given(place: Place) -> None:
    place.write("a.txt", SENTENCE.format("for repairs"))
    known: dict[str, str] = {}
    articles = sync(place, known)["a.txt"]
    assert articles is not None
    (article,) = articles
    (location,) = known
    assert article.text == SENTENCE.format("for repairs")
    assert article.id == location
    assert article.uri
    assert article.title
    assert known[location]


def test_a_second_look_reads_nothing(place: Place) -> None:
    place.write("a.txt", SENTENCE.format("for repairs"))
    place.write("b.txt", SENTENCE.format("for good"))
    known: dict[str, str] = {}
    assert len(sync(place, known)) == 2
    remembered = dict(known)
    assert all(articles is None for articles in sync(place, known).values())
    assert known == remembered


def test_what_was_changed_is_read_again_and_nothing_else(place: Place) -> None:
    place.write("a.txt", SENTENCE.format("for repairs"))
    place.write("b.txt", SENTENCE.format("for good"))
    known: dict[str, str] = {}
    sync(place, known)
    before = dict(known)
    place.write("b.txt", SENTENCE.format("until the first of May"))
    read = {name: articles for name, articles in sync(place, known).items() if articles is not None}
    ((name, articles),) = read.items()
    assert name == "b.txt"
    assert [article.text for article in articles] == [SENTENCE.format("until the first of May")]
    assert [location for location in known if known[location] != before[location]] == [
        location for location in known if location.endswith("b.txt")
    ]


def test_what_was_removed_is_not_listed_or_gone(place: Place) -> None:
    place.write("a.txt", SENTENCE.format("for repairs"))
    place.write("b.txt", SENTENCE.format("for good"))
    known: dict[str, str] = {}
    sync(place, known)
    place.remove("b.txt")
    assert sync(place, known).get("b.txt", []) == []
    source, found = look(place, known)
    assert isinstance(source.whole, bool)
    assert [one.location.rpartition("/")[2] for one in found] == ["a.txt"]


def test_the_place_decides_what_opens_it(tmp_path: Path, readers: ReaderProcess) -> None:
    assert isinstance(open_source(tmp_path, readers), Folder)
    assert isinstance(open_source(str(tmp_path), readers), Folder)
    assert isinstance(open_source("HTTPS://Example.org/feed", readers), Web)
    for place in ("ftp://example.org/", "file:///etc", "s3://bucket", str(tmp_path / "nothing")):
        with pytest.raises(SourceError):
            open_source(place, readers)


def test_a_folder_is_opened_without_the_web() -> None:
    code = (
        "import sys\nfrom index.sources import open_source\n"
        "open_source('.', None)\nprint({'httpcore', 'protego'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr

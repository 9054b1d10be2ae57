"""A page as a source: read once, and again when it changes; known by its bytes."""

from __future__ import annotations

from typing import cast

import pytest

from index.errors import SourceError
from index.readers.apart import ReaderProcess
from index.sources.document import Document
from index.sources.web import Web
from tests.index.sources.site import Page, Site
from tests.index.sources.visit import Readers, Visit


def test_a_page_is_read_once_and_again_when_it_changes(site: Site) -> None:
    site.html("/a", "The bridge is closed.")
    visit = Visit(f"{site.address}/a")
    assert visit() == ["/a"]
    assert visit.whole
    assert visit() == []
    assert visit.readers.suffixes == [".html"]
    site.html("/a", "The bridge is open.")
    assert visit() == ["/a"]
    assert visit.article("/a").text == "The bridge is open."
    assert site.paths() == ["/a"] * 3


def test_a_page_with_an_etag_is_not_even_sent_again(site: Site) -> None:
    site.html("/a", "The bridge is closed.", ETag='"1"')
    visit = Visit(f"{site.address}/a")
    visit()
    assert visit() == []
    assert site.seen[-1][1]["if-none-match"] == '"1"'
    site.html("/a", "The bridge is closed.", ETag='"2"')
    assert visit() == []
    assert visit() == []
    assert site.seen[-1][1]["if-none-match"] == '"2"'
    site.html("/a", "The bridge is open.", ETag='"3"')
    assert visit() == ["/a"]


def test_the_address_of_an_article_is_where_it_was_found(site: Site) -> None:
    site.pages["/%C3%A4"] = Page(status=302, headers={"Location": "/b?x=1#part"})
    site.html("/b?x=1", "The bridge is closed.")
    visit = Visit(f"{site.address}/ä#top")
    visit()
    article = visit.article("/%C3%A4")
    assert article.id == "id"
    assert article.uri == f"{site.address}/ä"
    assert article.url == f"{site.address}/b?x=1"
    assert dict(article.origins)["url"] == "the address"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_gone_and_one_that_never_was_is_an_error(
    site: Site, status: int
) -> None:
    site.html("/a", "The bridge is closed.")
    visit = Visit(f"{site.address}/a")
    visit()
    site.pages["/a"] = Page(status=status)
    visit()
    assert visit.known == {}
    with pytest.raises(SourceError, match="there is no page"):
        visit()


@pytest.mark.parametrize("page", [Page(status=500), Page(status=302), Page(status=403)])
def test_a_page_that_cannot_be_had_changes_nothing(site: Site, page: Page) -> None:
    site.html("/a", "The bridge is closed.")
    visit = Visit(f"{site.address}/a")
    visit()
    site.pages["/a"] = page
    with pytest.raises(SourceError) as failed:
        visit()
    assert type(failed.value) is SourceError
    assert len(visit.known) == 1


@pytest.mark.parametrize("url", ["ftp://example.org/", "http://a:b@example.org/", "http://"])
def test_an_address_that_cannot_be_read_is_refused_at_once(url: str) -> None:
    with pytest.raises(SourceError):
        Web(url, cast(ReaderProcess, Readers()))


def test_the_origin_is_the_one_form_of_the_address() -> None:
    web = Web("HTTPS://Example.org:443/a/../b#c", cast(ReaderProcess, Readers()))
    assert web.origin == "https://example.org/b"
    assert web.holds("https://example.org/b")
    assert not web.holds("https://example.org/b/c")


@pytest.mark.parametrize(
    ("path", "kind", "body", "suffix"),
    [
        ("/a", "text/html; charset=utf-8", b"<p>Text", ".html"),
        ("/a", "application/xhtml+xml", b"<html><p>Text</p></html>", ".html"),
        ("/a", "text/html", b"%PDF-1.7 text", ".pdf"),
        ("/a.html", "application/pdf", b"%PDF-1.7 text", ".pdf"),
        ("/a", "text/plain", b"Text", ".txt"),
        ("/a.md", "text/plain", b"Text", ".md"),
        ("/a.md", "application/octet-stream", b"Text", ".md"),
        ("/a.pdf", "", b"Text", ".pdf"),
        ("/a", "", b"<!doctype HTML><p>Text", ".html"),
        ("/a.txt", "text/html", b"<p>Text", ".html"),
        ("/a", "application/xml", b"<p>Text", None),
        ("/a.html", "image/png", b"\x89PNG", None),
        ("/a", "application/octet-stream", b"Text", None),
    ],
)
def test_the_format_is_what_bytes_type_and_name_say(
    site: Site, path: str, kind: str, body: bytes, suffix: str | None
) -> None:
    site.pages[path] = Page(body, kind)
    visit = Visit(f"{site.address}{path}")
    visit()
    assert visit.readers.suffixes == ([suffix] if suffix else [])
    assert bool(visit.errors) is (suffix is None)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("ISO-8859-1", "cp1252"), ("utf-8", "utf-8"), ("Shift_JIS", "utf-8"), ("nonsense", "utf-8")],
)
def test_the_encoding_that_the_server_names_counts(site: Site, charset: str, encoding: str) -> None:
    site.pages["/"] = Page("Prague – “Malá”".encode(encoding), f"text/plain; charset={charset}")
    visit = Visit(site.address)
    visit()
    assert visit.article("/").text == "Prague – “Malá”"


def test_a_private_network_is_only_read_by_who_means_it(site: Site) -> None:
    site.html("/", "The bridge is closed.")
    readers = cast(ReaderProcess, Readers())
    with pytest.raises(SourceError, match=r"127\.0\.0\.1 is not public"):
        list(Web(site.address, readers).documents({}))
    assert site.seen == []
    web = Web(site.address, readers, allow_private=True, delay=0.0)
    (document,) = web.documents({})
    assert isinstance(document, Document)
    reading = web.read(document, "id", "")
    assert reading.articles is not None
    assert len(list(reading.articles)) == 1

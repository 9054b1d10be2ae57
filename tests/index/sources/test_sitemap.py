"""A sitemap as a source: which pages are listed, read, kept."""

from __future__ import annotations

import gzip

import pytest

from index.errors import SourceError
from index.sources.fetch import Limits
from tests.index.sources.site import Page, Site
from tests.index.sources.visit import Visit


def sitemap(*entries: str, root: str = "urlset", of: str = "url") -> Page:
    """Return a sitemap; an entry is an address, with a space and a date if it has one."""
    body = ""
    for address, _, day in (entry.partition(" ") for entry in entries):
        body += f"<{of}><loc>{address}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{of}>"
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0"?>\n<{root} xmlns="{namespace}">{body}</{root}>'
    return Page(text.encode(), "application/xml")


def index(*addresses: str) -> Page:
    return sitemap(*addresses, root="sitemapindex", of="sitemap")


def test_a_sitemap_lists_pages_and_lastmod_saves_asking(site: Site) -> None:
    for name in "abc":
        site.html(f"/{name}", f"Page {name} is here.")
    base = site.address
    site.pages["/map"] = sitemap(f"{base}/a 2024-03-05", f"{base}/b", "/c#x", f"{base}/a", "/map")
    visit = Visit(f"{base}/map")
    assert visit() == ["/a", "/b", "/c"]
    assert visit.whole
    site.seen.clear()
    assert visit() == []
    assert site.paths() == ["/map", "/b", "/c"]
    site.html("/a", "Page a is another.")
    site.pages["/map"] = sitemap(f"{base}/a 2024-03-06", f"{base}/c")
    assert visit() == ["/a"]
    assert set(visit.known) == {f"{base}/a", f"{base}/c"}
    site.pages["/map"] = sitemap(f"{base}/a 2024-03-07", f"{base}/c")
    assert visit() == []
    site.seen.clear()
    assert visit() == []
    assert site.paths() == ["/map", "/c"]


def test_a_page_of_a_sitemap_that_fails_is_kept_and_one_that_is_gone_goes(site: Site) -> None:
    for name in "abc":
        site.html(f"/{name}", f"Page {name} is here.")
    site.pages["/map"] = sitemap("/a", "/b", "/c")
    visit = Visit(f"{site.address}/map")
    visit()
    site.pages |= {"/a": Page(status=410), "/b": Page(status=500)}
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /c", "text/plain")
    visit()
    assert set(visit.known) == {f"{site.address}/b", f"{site.address}/c"}
    assert [error.count("500") for error in visit.errors] == [1, 0]
    assert "robots.txt forbids" in visit.errors[1]


def test_what_else_a_sitemap_names_is_left_out_with_a_reason(site: Site) -> None:
    site.html("/a", "Page a is here.")
    port = site.address.rpartition(":")[2]
    site.pages["/map"] = sitemap(
        f"http://localhost:{port}/b", "file:///etc/passwd", "http://x:y@127.0.0.1/", "/a"
    )
    visit = Visit(f"{site.address}/map")
    assert visit() == ["/a"]
    assert visit.whole
    reasons = " / ".join(visit.skipped)
    assert "another host" in reasons
    assert "only http and https" in reasons
    assert "name or password" in reasons


def test_an_index_of_gzipped_sitemaps_is_followed_so_far(site: Site) -> None:
    for name in "abcd":
        site.html(f"/{name}", f"Page {name} is here.")
    site.pages["/map"] = index("/one.xml.gz", "/two", "/map")
    packed = gzip.compress(sitemap("/a", "/b").body)
    site.pages["/one.xml.gz"] = Page(packed, "application/gzip")
    site.pages["/two"] = index("/three", "/two")
    site.pages["/three"] = sitemap("/c")
    visit = Visit(f"{site.address}/map")
    assert visit() == ["/a", "/b", "/c"]
    site.pages["/three"] = index("/four")
    site.pages["/four"] = sitemap("/d")
    assert visit() == []
    assert "nested too deep" in visit.skipped[0]
    assert not visit.whole
    assert len(visit.known) == 3


@pytest.mark.parametrize(
    "page",
    [
        Page(status=404),
        Page(status=500),
        Page(b"<urlset><url><loc>/a</loc></url>", "application/xml"),
        Page(b"\x1f\x8bnot gzip", "application/gzip"),
        Page(b'<!DOCTYPE x [<!ENTITY y "z">]><urlset>&y;</urlset>', "application/xml"),
        Page(b'<?xml version="1.0" encoding="nonsense"?><urlset/>', "application/xml"),
    ],
)
def test_of_a_sitemap_of_which_a_part_is_missing_nothing_is_gone(site: Site, page: Page) -> None:
    for name in "ab":
        site.html(f"/{name}", f"Page {name} is here.")
    site.pages["/map"] = index("/one", "/two")
    site.pages |= {"/one": sitemap("/a"), "/two": sitemap("/b")}
    visit = Visit(f"{site.address}/map")
    visit()
    site.pages["/two"] = page
    assert visit() == []
    assert not visit.whole
    assert len(visit.known) == 2
    assert len(visit.skipped) == 1


def test_a_sitemap_is_bounded(site: Site) -> None:
    for name in "abc":
        site.html(f"/{name}", f"Page {name} is here.")
    site.pages["/map"] = sitemap("/a", "/b", "/c")
    visit = Visit(f"{site.address}/map", at_most=2)
    assert visit() == ["/a", "/b"]
    assert "more than 2 pages" in visit.skipped[0]
    assert not visit.whole


def test_a_sitemap_that_unpacks_to_too_much_is_an_error(site: Site) -> None:
    site.pages["/map.gz"] = Page(gzip.compress(bytes(30_000_000)), "application/gzip")
    with pytest.raises(SourceError, match="unpacked"):
        Visit(f"{site.address}/map.gz")()
    assert Limits().size == 20_000_000

"""A feed as a source: it names pages, and stands in for those that cannot be had."""

from __future__ import annotations

import pytest

from tests.index.sources.site import Page, Site
from tests.index.sources.visit import Visit


def feed(*entries: str, title: str = "The Sample Post") -> Page:
    """Return a feed; an entry is an address, with ``|`` and its text if it has one."""
    body = ""
    for address, _, text in (entry.partition("|") for entry in entries):
        body += (
            f"<item><title>Entry {address[-1:]}</title><link>{address}</link>"
            f"<author>eva@example.org (Eva Malá)</author>"
            f"<pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>"
            f"<description>{text}</description></item>"
        )
    head = f"<title>{title}</title><link>http://example.org</link><description/>"
    text = f'<rss version="2.0"><channel>{head}{body}</channel></rss>'
    return Page(text.encode(), "application/rss+xml")


def test_a_feed_names_pages_and_what_it_stops_naming_is_kept(site: Site) -> None:
    for name in "abc":
        site.html(f"/{name}", f"Page {name} is here.")
    base = site.address
    site.pages["/feed"] = feed(f"{base}/a|Short a", f"{base}/b|Short b")
    visit = Visit(f"{base}/feed")
    assert visit() == ["/a", "/b"]
    assert not visit.whole
    article = visit.article("/a")
    assert article.text == "Page a is here."
    assert article.title == "Page a is here."
    assert (article.source, article.author) == ("The Sample Post", "Eva Malá")
    assert article.published_at is not None
    assert article.published_at.startswith("2024-03-05T10:00:00")
    assert dict(article.origins)["source"] == "feed title"
    assert visit() == []
    site.pages["/feed"] = feed(f"{base}/c|Short c")
    assert visit() == ["/c"]
    assert len(visit.known) == 3


@pytest.mark.parametrize("page", [Page(status=404), Page(status=500), Page(b"<html></html>")])
def test_the_text_of_the_feed_stands_in_for_a_page(site: Site, page: Page) -> None:
    url = f"{site.address}/a"
    site.pages["/feed"] = feed(f"{url}|The bridge was closed on Monday.")
    site.pages["/a"] = page
    visit = Visit(f"{site.address}/feed")
    assert visit() == ["/a"]
    article = visit.article("/a")
    assert article.text == "The bridge was closed on Monday."
    assert (article.title, article.url, article.id) == ("Entry a", url, "id")
    assert visit() == []
    site.html("/a", "The bridge is closed since Monday, for good.")
    assert visit() == ["/a"]
    assert visit.article("/a").text.endswith("for good.")


def test_a_page_that_robots_forbid_is_read_from_the_feed(site: Site) -> None:
    url = f"{site.address}/a"
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /a", "text/plain")
    site.pages["/feed"] = feed(f"{url}|The bridge was closed.")
    visit = Visit(f"{site.address}/feed")
    assert visit() == ["/a"]
    assert site.paths() == ["/feed"]
    site.pages["/feed"] = feed(f"{url}|The bridge was opened.")
    assert visit() == ["/a"]
    assert visit.article("/a").text == "The bridge was opened."


def test_a_page_that_was_read_is_not_replaced_by_the_feed_for_a_failure(site: Site) -> None:
    site.html("/a", "Page a is here, all of it.")
    site.pages["/feed"] = feed(f"{site.address}/a|Short a")
    visit = Visit(f"{site.address}/feed")
    visit()
    site.pages["/a"] = Page(status=500)
    assert visit() == []
    assert "500" in visit.errors[0]
    assert visit.article("/a").text == "Page a is here, all of it."


def test_an_entry_without_text_or_page_is_gone_or_an_error(site: Site) -> None:
    base = site.address
    site.pages["/feed"] = feed(
        f"{base}/a", f"{base}/b", f"{base}/feed|x", "ftp://example.org/c|x", "|"
    )
    site.pages["/b"] = Page(status=500)
    visit = Visit(f"{base}/feed")
    visit()
    assert visit.known == {}
    assert len(visit.errors) == 1
    assert len(visit.skipped) >= 1


def test_atom_is_a_feed_too(site: Site) -> None:
    site.html("/a", "Page a is here.")
    text = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
        f'<entry><title>A</title><link href="{site.address}/a"/><id>1</id>'
        "<updated>2024-03-05T10:00:00Z</updated></entry></feed>"
    )
    site.pages["/feed"] = Page(text.encode(), "text/xml")
    visit = Visit(f"{site.address}/feed")
    assert visit() == ["/a"]
    assert visit.article("/a").source == "News"

"""A saved page becomes its article: the text that a reader reads, and what the page says of it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from index.article import Article
from index.readers.html import html_article, read_html
from index.readers.metadata import Metadata

LINKED_DATA = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Organization", "@id": "#org", "name": "Sample Post"},
        {"@type": "WebPage", "headline": "The page, not the article"},
        {
            "@type": ["NewsArticle"],
            "headline": "Bridge at Ostrava closed &amp; fenced",
            "author": [{"@type": "Person", "name": "Eva Malá"}, {"@id": "#jan"}],
            "datePublished": "2024-03-05T08:15:00+01:00",
            "publisher": {"@id": "#org"},
            "url": "https://example.org/2024/bridge",
            "inLanguage": "en-GB",
        },
        {"@type": "Person", "@id": "#jan", "name": "Jan Dohnal"},
    ],
}
BODY = """
<header><a href="/">Sample Post</a><nav><ul><li><a href="/news">News</a></li>
<li><a href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li></ul></nav></header>
<div id="cookie-consent" class="cookie-banner"><p>We value your privacy. We and our partners
store cookies.</p><button>Accept all</button></div>
<main><article><h1>Bridge at Ostrava closed &amp; fenced</h1>
<p>The old bridge at Ostrava was <b>closed</b> on Monday after engineers found 14 cracks in its
piers, the city said. Trams are led across the new bridge until further notice.</p>
<h2>What is next</h2>
<p>The repair will cost 3.2&nbsp;million euros. Mayor Jan Dohnal said that it begins in May and
that the bridge will open again before win&shy;ter.</p>
<ul><li>Pedestrians may still cross on the north side.</li>
<li>Cyclists are asked to dismount.</li></ul>
<table><tr><th>Year</th><th>Cracks</th></tr><tr><td>2022</td><td>3</td></tr>
<tr><td>2024</td><td>14</td></tr></table>
<p>In the log of the engineers a pier is written as &amp;lt;P3&amp;gt; and its age in brackets.</p>
</article></main>
<section class="comments" id="comments"><p>First! I have said for years that it would fall down,
and nobody listened to me.</p></section>
<aside class="related"><h3>Related</h3><a href="/otters">Otters return to the Odra</a></aside>
<footer><p>© 2024 Sample Post. All rights reserved.</p></footer>
<script>track("Buy now")</script>
"""
TEXT = """Bridge at Ostrava closed & fenced

The old bridge at Ostrava was closed on Monday after engineers found 14 cracks in its piers, the \
city said. Trams are led across the new bridge until further notice.

What is next

The repair will cost 3.2 million euros. Mayor Jan Dohnal said that it begins in May and that the \
bridge will open again before winter.

- Pedestrians may still cross on the north side.
- Cyclists are asked to dismount.

Year | Cracks
2022 | 3
2024 | 14

In the log of the engineers a pier is written as &lt;P3&gt; and its age in brackets."""


def page(head: str = "", body: str = BODY, attributes: str = 'lang="en"') -> str:
    return f"<!doctype html>\n<html {attributes}><head>{head}</head><body>{body}</body></html>"


def article(html: bytes | str) -> Article:
    return html_article(html, id="id", uri="news/bridge.html")


def origins(found: Article) -> dict[str, str]:
    return dict(found.origins)


def test_a_news_page_is_its_article_and_nothing_else() -> None:
    linked = f'<script type="application/ld+json">{json.dumps(LINKED_DATA)}</script>'
    head = f"<title>Bridge | Sample Post</title><meta property='og:title' content='Og'>{linked}"
    (found,) = read_html(io.BytesIO(page(head).encode()), id="id", uri="news/bridge.html")
    assert isinstance(found, Article)
    assert found.text == TEXT
    assert found == Article(
        id="id",
        uri="news/bridge.html",
        title="Bridge at Ostrava closed & fenced",
        text=TEXT,
        source="Sample Post",
        author="Eva Malá, Jan Dohnal",
        published_at="2024-03-05T08:15:00+01:00",
        url="https://example.org/2024/bridge",
        language="en",
    )
    assert origins(found) == {
        "title": "JSON-LD headline",
        "author": "JSON-LD author",
        "published_at": "JSON-LD datePublished",
        "source": "JSON-LD publisher",
        "url": "JSON-LD url",
        "language": "JSON-LD inLanguage",
    }


def test_without_linked_data_the_meta_tags_count_and_then_the_page_itself() -> None:
    head = """<title>Bridge at Ostrava closed &amp; fenced - Sample Post</title>
    <meta name="dc.Creator" content="Eva Malá"><meta property="og:site_name" content="Post">
    <meta property="article:published_time" content="not a date">
    <meta name="citation_publication_date" content="2024/3/5">
    <meta property="og:url" content="/relative"><link rel="canonical" href="https://e.org/b">"""
    found = article(page(head))
    assert (found.title, found.author, found.source) == (
        *("Bridge at Ostrava closed & fenced", "Eva Malá"),
        "Post",
    )
    assert (found.published_at, found.url, found.language) == (
        "2024-03-05",
        "https://e.org/b",
        "en",
    )
    assert origins(found) == {
        "title": "h1",
        "author": "meta DC.creator",
        "source": "meta og:site_name",
        "published_at": "meta citation_publication_date",
        "url": "link canonical",
        "language": "html lang",
    }


def test_a_page_that_says_nothing_has_its_title_its_time_and_the_language_of_its_text() -> None:
    body = f"{BODY}<time datetime='2020-01-01'></time><time itemprop='datePublished' "
    body += "datetime='2024-03-05T08:15'></time>"
    found = article(page("<title>Sample Post: the bridge</title>", body, attributes=""))
    assert found.title == "Sample Post: the bridge"
    assert found.published_at == "2024-03-05T08:15:00"
    assert origins(found) == {
        "title": "title",
        "published_at": "time datetime",
        "language": "the text",
    }


@pytest.mark.parametrize(
    "linked",
    [
        *("{", "[" * 100_000, "[1, null, [[]]]", '{"@graph": 5, "@type": 7}', "1" * 5_000, "null"),
        '{"@type": "NewsArticle", "headline": {"a": 1}, "author": 3, "datePublished": [], '
        '"publisher": [null], "url": "javascript:x", "@id": ["x"], "inLanguage": {}}',
        json.dumps({"@type": "Recipe", "headline": "Soup", "author": "Cook"}),
    ],
)
def test_linked_data_that_is_broken_or_of_something_else_is_passed_over(linked: str) -> None:
    head = f'<title>T</title><script type="application/ld+json">{linked}</script>'
    found = article(page(head))
    assert origins(found) == {"title": "title", "language": "html lang"}


def test_what_is_known_already_counts_more() -> None:
    known = Metadata("https://example.org/b")
    known.offer("title", "From the feed", "entry title")
    found = html_article(page("<title>T</title>"), id="id", uri="x", metadata=known)
    assert (found.title, found.uri, found.language) == ("From the feed", "x", "en")


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8", '<meta charset="iso-8859-1">'),
        ("utf-8-sig", '<meta charset="windows-1250">'),
        ("utf-16", ""),
        ("windows-1252", ""),
        ("windows-1252", '<meta charset="utf-8">'),
        ("windows-1252", '<meta charset="no-such">'),
        ("windows-1252", '<meta http-equiv="Content-Type" content="text/html; charset=latin-1">'),
    ],
)
def test_an_encoding_is_found_even_if_the_page_lies(encoding: str, head: str) -> None:
    body = "<p>Das Café an der Brücke in Köln bleibt am Montag „geschlossen“, sagt die Stadt.</p>"
    found = article(page(head, body).encode(encoding))
    assert found.text == body[3:-4]


def test_a_declared_encoding_is_used_and_bytes_outside_of_it_do_no_harm() -> None:
    czech = "<p>Příliš žluťoučký kůň se procházel po starém mostě v Ostravě.</p>"
    found = article(page('<meta charset="windows-1250">', czech).encode("windows-1250"))
    assert found.text == czech[3:-4]
    broken = czech.encode().replace(b"</p>", b"\xff\xfe</p>")
    assert article(page().encode().replace(b"<h1>", broken + b"<h1>")).text.startswith(
        f"{czech[3:-4]}\ufffd\ufffd"
    )


def test_a_page_has_the_same_text_whatever_was_read_before_it() -> None:
    other = page("", BODY.replace("Ostrava", "Brno"))
    alone = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import sys; from index.readers.html import html_article as h; "
            "sys.stdout.buffer.write(h(sys.stdin.buffer.read(), id='', uri='').text.encode())",
        ],
        input=page().encode(),
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    ).stdout.decode()
    for before in (page(), other, page(), page()):
        article(before)
    assert article(page()).text == alone == TEXT

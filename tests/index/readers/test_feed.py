"""A feed's file becomes an article an entry; what a feed says is there for others to use."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.errors import ReadError
from index.readers.feed import feed_entries, read_feed

CLOSED = "The old bridge at Ostrava was closed on Monday, the city said."
RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Sample Post &amp;amp; Co</title><language>en-gb</language>
<link>https://example.org/</link>
<item><title>The bridge &amp;lt;P3&amp;gt; is closed</title><link>https://example.org/bridge</link>
<guid isPermaLink="false">post-1</guid><pubDate>Tue, 05 Mar 2024 08:15:00 +0100</pubDate>
<dc:creator>Eva Malá</dc:creator><description>In short.</description>
<content:encoded><![CDATA[<p>{CLOSED}</p><script>x()</script><p>More &amp; more.</p>]]>
</content:encoded></item>
<item><title>Otters return</title><link>https://example.org/otters</link>
<author>jan@example.org (Jan Dohnal)</author><pubDate>yesterday</pubDate>
<description>Biologists counted 31 otters.

They are 3 &lt; 4 metres long.</description></item>
<item><title>Only a picture</title><guid>post-3</guid><description>&lt;img src="x"&gt;</description>
</item>
<item><title>The bridge again</title><guid>post-1</guid><description>Twice.</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Post</title>
<entry xml:lang="cs"><title type="text">Most &lt;P3&gt;</title><id>tag:example.org,2024:1</id>
<link href="https://example.org/most"/><link rel="enclosure" href="https://example.org/a.mp3"/>
<updated>2024-03-06</updated><author><name>Eva</name></author><author><name>Jan</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Most je <b>zavřen</b>.</p>
<p>Opraven bude v květnu.</p></div></content></entry>
<entry><title>Text</title><id>2</id><published>2024-03-05T08:15:00Z</published>
<updated>2024-03-06T08:15:00Z</updated>
<summary type="text">1 &lt; 2 &amp; <!-- x -->{CLOSED}</summary>
</entry></feed>"""


def read(data: bytes | str, uri: str = "feeds/post.xml") -> list[Article | ReadError]:
    raw = data.encode() if isinstance(data, str) else data
    return list(read_feed(io.BytesIO(raw), id="id", uri=uri))


def articles(data: bytes | str) -> list[Article]:
    return [one for one in read(data) if isinstance(one, Article)]


def test_rss_gives_an_article_an_entry_and_a_reason_for_one_without() -> None:
    bridge, otters, picture, again = read(RSS)
    assert isinstance(bridge, Article)
    assert isinstance(otters, Article)
    assert bridge == Article(
        id=bridge.id,
        uri="feeds/post.xml#post-1",
        title="The bridge <P3> is closed",
        text=f"{CLOSED}\n\nMore & more.",
        source="Sample Post & Co",
        author="Eva Malá",
        published_at="2024-03-05T08:15:00+01:00",
        url="https://example.org/bridge",
        language="en",
    )
    assert dict(bridge.origins) == {
        "title": "entry title",
        "author": "entry author",
        "published_at": "entry published",
        "url": "entry link",
        "source": "feed title",
        "language": "feed language",
    }
    assert otters.text == "Biologists counted 31 otters.\n\nThey are 3 < 4 metres long."
    assert (otters.author, otters.published_at) == ("Jan Dohnal", None)
    assert "post-3' has no text" in str(picture)
    assert "post-1' is there twice" in str(again)


def test_atom_keeps_the_precision_and_the_language_of_each_entry() -> None:
    most, text = articles(ATOM)
    assert (most.title, most.author) == ("Most <P3>", "Eva, Jan")
    assert most.text == "Most je zavřen.\n\nOpraven bude v květnu."
    assert (most.published_at, most.language, most.url) == (
        *("2024-03-06", "cs"),
        "https://example.org/most",
    )
    assert dict(most.origins)["published_at"] == "entry updated"
    assert dict(most.origins)["language"] == "entry language"
    assert (text.text, text.language) == (f"1 < 2 & {CLOSED}", "de")
    assert text.published_at == "2024-03-05T08:15:00+00:00"


def test_an_entry_keeps_its_id_as_others_come_and_go() -> None:
    both = {article.title: article.id for article in articles(RSS)}
    start, end = RSS.index("<item><title>Otters"), RSS.index("<item><title>Only")
    (alone,) = articles(RSS[:start] + RSS[end:])
    assert alone.id == both[alone.title]
    assert len(set(both.values())) == 2
    (other,) = articles(RSS[: RSS.index("<item>")] + RSS[start:end])
    assert other.id == both["Otters return"]


def test_a_key_that_is_no_name_is_short_and_printable_in_the_uri() -> None:
    key = "a\nb&#9;" + "x" * 500
    item = f"<item><guid>{key}</guid><description>Text.</description></item>"
    (found,) = articles(f'<rss version="2.0"><channel>{item}</channel></rss>')
    assert found.uri.isprintable()
    assert len(found.uri) < 150


def test_entries_are_there_for_who_fetches_their_pages() -> None:
    feed = feed_entries(RSS.encode(), "https://example.org/feed")
    assert (feed.title, feed.language, len(feed.entries)) == ("Sample Post & Co", "en-gb", 4)
    bridge, otters, picture, _ = feed.entries
    assert (bridge.key, bridge.link) == ("post-1", "https://example.org/bridge")
    assert otters.key == "https://example.org/otters"
    assert picture.text() == ""
    assert picture.link is None
    known = feed.metadata(bridge, "https://example.org/bridge")
    assert known.uri == "https://example.org/bridge"
    assert known.values["title"] == "The bridge <P3> is closed"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        *(("utf-16", "utf-16"), ("windows-1250", "windows-1250"), ("utf-8", "windows-1250")),
        *(("utf-8-sig", "utf-8"), ("utf-8", "no-such")),
    ],
)
def test_an_encoding_is_found(encoding: str, declared: str) -> None:
    text = ATOM.replace("<feed", f'<?xml version="1.0" encoding="{declared}"?>\n<feed', 1)
    assert articles(text.encode(encoding)) == articles(ATOM)


def test_an_undefined_entity_does_not_lose_the_entries() -> None:
    (found,) = articles(
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd"><rss version="2.0"><channel><item>'
        "<title>T</title><description>One&nbsp;&amp; two</description></item></channel></rss>"
    )
    assert found.text.split() == ["One", "&", "two"]


def test_nothing_is_fetched_or_opened(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS, "utf-8")
    for data in (str(path), path.as_uri(), "http://127.0.0.1:1/feed"):
        with pytest.raises(ReadError, match="is not a feed"):
            read(data)


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{}]><rss version="2.0"><channel>&a9;</channel></rss>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        *((b"", "is not a feed"), (b"\0\1\2", "is binary"), (b"hello", "is not a feed")),
        ("<html><body><p>Text.</p></body></html>", "is not a feed"),
        ("<urlset><url><loc>https://example.org</loc></url></urlset>", "is not a feed"),
        ('<rss version="2.0"><channel><title>x</title></channel></rss>', "has no entries"),
        (BOMB.format("".join(f'<!ENTITY a{n} "&a;&a;">' for n in range(10))), "defines entities"),
        (BOMB.format("").encode("utf-16"), "defines entities"),
        (BOMB.format("").lower(), "defines entities"),
        ('<rss version="2.0"><channel>' + "<a/>" * 400_000, "more than 300,000 tags"),
        ('<rss version="2.0"></a>' + "<item>" * 400_000, "more than 300,000 tags"),
        (
            '<rss version="2.0"><channel ' + " ".join(f"a{n}='1'" for n in range(50_000)) + ">",
            "more than 200 attributes",
        ),
        (b"<rss>" + b"x" * 20_000_000, "more than the 20,000,000 bytes"),
    ],
)
def test_what_is_no_feed_is_refused_in_one_line_and_at_once(data: bytes | str, said: str) -> None:
    started = time.process_time()
    with pytest.raises(ReadError) as told:
        read(data)
    assert time.process_time() - started < 10
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "inside",
    [
        *("<a>" * 50_000, "<" * 100_000, "&" * 100_000, "<!--" * 20_000, "<![CDATA[" * 20_000),
        "&nbsp;<item " + " ".join(f"a{n}='1'" for n in range(20_000)) + ">",
        "<item><description>" + "&lt;b&gt;" * 20_000 + "</description></item>",
    ],
)
def test_a_hostile_feed_takes_seconds_at_most(inside: str) -> None:
    started = time.process_time()
    outcome(f'<rss version="2.0"><channel>{inside}'.encode())
    assert time.process_time() - started < 10


PIECES = st.sampled_from(
    [
        *('<rss version="2.0">', "<channel>", "<item>", "</item>", "<title>", "</title>", "<guid>"),
        *(
            '<feed xmlns="http://www.w3.org/2005/Atom">',
            "<entry>",
            "<content type='xhtml'>",
            "<id>",
        ),
        *("<description>", "</description>", "<link>", "<author>", "<name>", "<pubDate>", "</a>"),
        *("<![CDATA[", "]]>", "&nbsp;", "&#1;", "<!DOCTYPE x [", "<?xml", "Text.", "<updated>"),
        *(
            "<link href='http://[' rel='alternate'/>",
            "<enclosure/>",
            "<source>",
            "<image>",
            "<div>",
        ),
    ]
)


@given(
    st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join).map(str.encode)
    | st.binary(max_size=200)
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_articles_or_refused_and_the_same_twice(data: bytes) -> None:
    assert outcome(data) == outcome(data)


def outcome(data: bytes) -> object:
    try:
        found = read(data)
    except ReadError as error:
        return str(error)
    ids = [one.id for one in found if isinstance(one, Article)]
    assert len(ids) == len(set(ids))
    return [one if isinstance(one, Article) else str(one) for one in found]

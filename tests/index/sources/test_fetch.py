"""The client: what it asks, what it takes, where its patience ends."""

from __future__ import annotations

import gzip
import threading
import time
from typing import BinaryIO

import pytest

from index.sources.fetch import user_agent
from index.sources.stamp import Stamp
from tests.index.sources.asking import client, redirect, refusal, zeros
from tests.index.sources.site import Clock, Page, Site


def test_a_page_is_asked_for_plainly(site: Site, clock: Clock) -> None:
    site.html("/a", "Something", Set_Cookie="id=1; Path=/")
    asking = client(clock)
    answer = asking.get(f"{site.address}/a")
    asking.get(f"{site.address}/a")
    assert (answer.status, answer.url) == (200, f"{site.address}/a")
    assert b"Something" in answer.body
    assert [path for path, _ in site.seen] == ["/robots.txt", "/a", "/a"]
    for _, headers in site.seen:
        assert set(headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert headers["user-agent"] == user_agent()
    assert user_agent().startswith("footnoted")


def test_no_proxy_of_the_environment_is_used(
    site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.html("/a", "Something")
    assert client(clock).get(f"{site.address}/a").status == 200


def test_redirects_are_followed_to_the_end(site: Site, clock: Clock) -> None:
    site.pages["/a"] = redirect("/b", 301)
    site.pages["/b"] = redirect("c?x=1#part", 308)
    site.html("/c?x=1", "Something")
    assert client(clock).get(f"{site.address}/a").url == f"{site.address}/c?x=1"


def test_a_loop_of_redirects_ends(site: Site, clock: Clock) -> None:
    site.pages["/a"] = redirect("/b")
    site.pages["/b"] = redirect("/a")
    assert "more than 10 times" in refusal(client(clock), f"{site.address}/a")
    assert len(site.paths()) == 11
    site.pages["/robots.txt"] = redirect("/robots.txt")
    assert "more than 10 times" in refusal(client(clock), f"{site.address}/a")


def drops(file: BinaryIO, ended: threading.Event) -> None:
    while not ended.wait(0.02):
        file.write(b"x")
        file.flush()


def test_a_body_without_end_is_cut_off(site: Site, clock: Clock) -> None:
    site.pages["/"] = Page(raw=zeros)
    assert "more than the 100,000 bytes" in refusal(client(clock, size=100_000), site.address + "/")


def test_a_small_gzip_cannot_become_a_huge_page(site: Site, clock: Clock) -> None:
    bomb = gzip.compress(bytes(50_000_000)) * 20
    site.pages["/"] = Page(bomb, headers={"Content-Encoding": "gzip"})
    begun = time.process_time()
    assert "more than the 100,000 bytes" in refusal(client(clock, size=100_000), site.address + "/")
    assert time.process_time() - begun < 2  # unpacking all of it takes longer


@pytest.mark.parametrize("when", ["body", "headers"])
def test_a_server_that_drips_is_cut_off(site: Site, clock: Clock, when: str) -> None:
    site.pages["/"] = Page(raw=drops)
    if when == "headers":
        site.pages["/"] = Page(raw=drops, headers={"X": "a"}, status=102)
    assert "took too long" in refusal(client(clock, total=0.4), f"{site.address}/")


def test_a_server_that_says_nothing_is_cut_off(site: Site, clock: Clock) -> None:
    site.pages["/"] = Page(raw=lambda _file, ended: ended.wait(20))
    assert "took too long" in refusal(client(clock, read=0.2), f"{site.address}/")


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page(b"short", headers={"Content-Length": "99"}), "without sending complete message"),
        (Page(b"x", headers={"Content-Length": "many"}), "cannot read"),
        (Page(b"x" * 10, headers={"Content-Encoding": "br"}), "encoding 'br'"),
        (Page(b"x" * 10, headers={"Content-Encoding": "gzip"}), "gzip is damaged"),
        (Page(gzip.compress(b"x")[:-3], headers={"Content-Encoding": "gzip"}), "ends too early"),
        (Page(status=500), "500 Internal Server Error"),
        (Page(status=403), "403 Forbidden"),
        (Page(status=799), "799"),
        (Page(status=304), "304"),
        (Page(status=302), "302"),
    ],
)
def test_what_cannot_be_used_is_said(site: Site, clock: Clock, page: Page, why: str) -> None:
    site.pages["/"] = page
    assert why in refusal(client(clock), f"{site.address}/")


def test_gzip_is_unpacked_and_a_body_longer_than_it_said_is_cut(site: Site, clock: Clock) -> None:
    twice = gzip.compress(b"one ") + gzip.compress(b"two")
    site.pages["/a"] = Page(twice, headers={"Content-Encoding": "gzip"})
    site.pages["/b"] = Page(b"onetwo", headers={"Content-Length": "3"})
    asking = client(clock)
    assert asking.get(f"{site.address}/a").body == b"one two"
    assert asking.get(f"{site.address}/b").body == b"one"
    assert asking.get(f"{site.address}/a").body == b"one two"


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_a_page_that_is_the_same_is_not_sent_again(site: Site, clock: Clock, header: str) -> None:
    value = {"ETag": 'W/"é1"', "Last-Modified": "Tue, 05 Mar 2024 10:00:00 GMT"}[header]
    site.pages["/"] = Page(b"x", headers={header: value})
    asking = client(clock)
    headers = asking.get(f"{site.address}/").headers
    known = Stamp(etag=headers.get("etag", ""), modified=headers.get("last-modified", ""))
    again = asking.get(f"{site.address}/", known)
    assert (again.status, again.body) == (304, b"")
    assert asking.get(f"{site.address}/gone", known).status == 404

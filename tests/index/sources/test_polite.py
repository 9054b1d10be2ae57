"""How polite the client is: robots.txt, pauses, servers that are busy."""

from __future__ import annotations

import threading
from typing import BinaryIO

import pytest

from index.sources.robots import Robots
from tests.index.sources.asking import client, redirect, refusal, zeros
from tests.index.sources.site import Clock, Page, Site


def robots(text: str, status: int = 200) -> Page:
    return Page(text.encode(), "text/plain", status)


def test_robots_txt_is_obeyed_also_after_a_redirect(site: Site, clock: Clock) -> None:
    site.pages["/robots.txt"] = robots(
        "User-agent: *\nDisallow: /\n\nUser-agent: Footnoted\nDisallow: /private\nAllow: /"
    )
    site.html("/a", "Something")
    site.pages["/b"] = redirect("/private/c")
    asking = client(clock)
    assert asking.get(f"{site.address}/a").status == 200
    assert "robots.txt forbids it" in refusal(asking, f"{site.address}/private")
    assert "robots.txt forbids it" in refusal(asking, f"{site.address}/b")
    assert site.paths() == ["/a", "/b"]
    assert len(site.seen) == 3


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False)])
def test_a_robots_txt_that_is_not_there_allows_and_one_that_fails_does_not(
    site: Site, clock: Clock, status: int, allowed: bool
) -> None:
    site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /", status)
    site.html("/", "Something")
    if allowed:
        assert client(clock).get(f"{site.address}/").status == 200
    else:
        assert "robots.txt cannot be had" in refusal(client(clock), f"{site.address}/")


def test_a_robots_txt_without_end_is_read_as_far_as_it_must_be(site: Site, clock: Clock) -> None:
    def rules(file: BinaryIO, ended: threading.Event) -> None:
        file.write(b"User-agent: *\nDisallow: /a\n#")
        zeros(file, ended)

    site.pages["/robots.txt"] = Page(raw=rules)
    assert "forbids" in refusal(client(clock), f"{site.address}/a")


@pytest.mark.parametrize(
    ("agents", "allowed"),
    [
        ("User-agent: foot", True),
        ("User-agent: footnoted-news", True),
        ("User-agent: *\nUser-agent: x", False),
        ("USERAGENT : Footnoted/1.0  # us", False),
        ("user agent FOOTNOTED", False),
        ("User-agent: y\nUser-agent: footnoted\nUser-agent: x", False),
        ("\n".join(f"User-agent: x{number}" for number in range(15_000)), True),
    ],
)
def test_only_rules_for_this_program_count(agents: str, allowed: bool) -> None:
    rules = Robots(200, "\n".join((agents, *["Disallow: /"] * 9_000)).encode())
    assert (rules.forbids("http://pages.example/") is None) is allowed


def test_hosts_are_left_alone_between_requests(site: Site, clock: Clock) -> None:
    site.html("/", "Something")
    asking = client(clock)
    asking.get(f"{site.address}/")
    asking.get(f"{site.address}/")
    assert clock.slept == [1.0, 1.0]
    asking.get(f"http://localhost:{site.port}/")
    assert clock.slept == [1.0, 1.0, 1.0]


def test_a_crawl_delay_is_kept_and_one_without_reason_ends_it(site: Site, clock: Clock) -> None:
    site.html("/", "Something")
    site.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 7.5")
    asking = client(clock)
    asking.get(f"{site.address}/")
    asking.get(f"{site.address}/")
    assert clock.slept == [1.0, 7.5]
    site.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 86400")
    asking = client(clock)
    assert asking.get(f"{site.address}/").status == 200
    assert "left alone for 86,400 seconds" in refusal(asking, f"{site.address}/")


@pytest.mark.parametrize("delay", ["nan", "-5", "inf", "soon"])
def test_a_crawl_delay_that_is_no_time_is_passed_over(site: Site, clock: Clock, delay: str) -> None:
    site.html("/", "Something")
    site.pages["/robots.txt"] = robots(f"User-agent: *\nCrawl-delay: {delay}")
    asking = client(clock)
    asking.get(f"{site.address}/")
    asking.get(f"{site.address}/")
    assert clock.slept == [1.0, 1.0]


def busy(status: int, after: str | None, **headers: str) -> Page:
    return Page(status=status, headers={"Retry-After": after, **headers} if after else headers)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_once_more_when_it_wants(
    site: Site, clock: Clock, status: int
) -> None:
    good = Page(b"Something")
    site.pages["/"] = [busy(status, "30"), good]
    assert client(clock).get(f"{site.address}/").body == b"Something"
    assert clock.slept == [1.0, 30.0]


@pytest.mark.parametrize(
    ("page", "slept", "why"),
    [
        (busy(429, "30"), [1.0, 30.0], "429 Too Many Requests"),
        (busy(503, "3600"), [1.0], "503 Service Unavailable"),
        (busy(503, None), [1.0], "503 Service Unavailable"),
        (busy(429, "tomorrow"), [1.0], "429 Too Many Requests"),
        (busy(503, "9" * 500), [1.0], "503 Service Unavailable"),
    ],
)
def test_a_server_that_stays_busy_is_given_up(
    site: Site, clock: Clock, page: Page, slept: list[float], why: str
) -> None:
    site.pages["/"] = page
    assert why in refusal(client(clock), f"{site.address}/")
    assert clock.slept == slept


def test_a_time_of_day_counts_by_the_clock_of_the_server(site: Site, clock: Clock) -> None:
    late = "Tue, 05 Mar 2024 10:00:20 GMT"
    site.pages["/"] = busy(503, late, Date="Tue, 05 Mar 2024 10:00:00 GMT")
    refusal(client(clock), f"{site.address}/")
    assert clock.slept == [1.0, 20.0]


def test_a_server_that_is_busy_for_long_is_left_alone(site: Site, clock: Clock) -> None:
    site.pages["/"] = busy(429, "3600")
    site.html("/b", "Something")
    asking = client(clock)
    refusal(asking, f"{site.address}/")
    assert "left alone for 3,600 seconds" in refusal(asking, f"{site.address}/b")
    assert site.paths() == ["/"]


def test_a_server_that_is_busy_for_ever_holds_up_nobody(site: Site, clock: Clock) -> None:
    site.pages["/"] = busy(503, "10")
    asking = client(clock)
    for _ in range(20):
        refusal(asking, f"{site.address}/")
    assert len(site.paths()) == 25

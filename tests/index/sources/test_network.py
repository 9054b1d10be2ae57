"""Where the client may go, and that it goes to what was checked."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.sources import addresses
from index.sources.fetch import Client
from tests.index.sources.asking import client, redirect, refusal
from tests.index.sources.site import Clock, Site, serving

# As if 127.0.0.1 were public: then a test can lead a client from there to what is not.
OTHERS = tuple(network for network in addresses._NOT_PUBLIC_4 if not network.is_loopback)


class Names:
    """A name server: gives each question the next of its answers, the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"]])
def test_a_name_of_which_one_address_is_private_is_refused(
    site: Site, clock: Clock, found: list[str]
) -> None:
    asking = Client(resolve=Names(found), clock=clock, sleep=clock.sleep)
    assert "is not public" in refusal(asking, f"http://pages.example:{site.port}/")
    assert site.seen == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "localhost"])
def test_private_hosts_are_refused(host: str, clock: Clock) -> None:
    asking = Client(clock=clock, sleep=clock.sleep)
    assert "is not public" in refusal(asking, f"http://{host}:9/")


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("http://169.254.169.254/latest/meta-data/", "is not public"),
        ("http://inside.example/", "is not public"),
        ("http://[::ffff:127.0.0.1]/", "is not public"),
        ("http://2130706433/", "unusual spelling"),
        ("//user:word@pages.example/", "name or password"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://pages.example/", "only http and https"),
    ],
)
def test_a_redirect_leads_nowhere_that_an_address_may_not(
    site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch, where: str, why: str
) -> None:
    monkeypatch.setattr("index.sources.addresses._NOT_PUBLIC_4", OTHERS)

    def names(host: str, port: int) -> list[str]:
        return {"pages.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}.get(
            host, [host.strip("[]")]
        )

    site.pages["/"] = redirect(where)
    asking = Client(resolve=names, clock=clock, sleep=clock.sleep)
    assert why in refusal(asking, f"http://pages.example:{site.port}/")
    assert site.paths() == ["/"]


def test_a_name_that_changes_its_mind_is_resolved_once_a_connection(
    site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sources.addresses._NOT_PUBLIC_4", OTHERS)
    site.html("/", "Something")
    names = Names(["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"])
    asking = Client(resolve=names, clock=clock, sleep=clock.sleep)
    url = f"http://pages.example:{site.port}/"
    assert asking.get(url).status == 200
    assert names.asked == ["pages.example"] * 2  # for robots.txt and for the page
    assert site.seen[-1][1]["host"] == f"pages.example:{site.port}"
    assert "10.0.0.1 is not public" in refusal(asking, url)
    assert len(site.seen) == 2


def test_the_next_address_is_tried_if_the_first_does_not_answer(site: Site, clock: Clock) -> None:
    site.html("/", "Something")
    names = Names(["127.0.0.2", "127.0.0.1"])
    asking = Client(allow_private=True, resolve=names, clock=clock, sleep=clock.sleep)
    assert asking.get(f"http://pages.example:{site.port}/").status == 200


def test_tls_verifies_the_name_and_not_the_address(tmp_path: Path, clock: Clock) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {key} -out {certificate} -days 2 "
        "-subj /CN=pages.example -addext subjectAltName=DNS:pages.example".split(),
        check=True,
        capture_output=True,
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)
    ours = ssl.create_default_context(cafile=str(certificate))
    with serving(theirs) as site:
        site.html("/", "Something")
        asking = Client(
            allow_private=True,
            resolve=Names(["127.0.0.1"]),
            tls=ours,
            clock=clock,
            sleep=clock.sleep,
        )
        assert asking.get(f"https://pages.example:{site.port}/").status == 200
        assert "CERTIFICATE" in refusal(asking, f"https://other.example:{site.port}/")


def test_hosts_that_are_not_there(clock: Clock) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    nobody = Client(resolve=unknown, clock=clock, sleep=clock.sleep)
    assert "there is no host 'pages.example'" in refusal(nobody, "http://pages.example/")
    assert "robots.txt cannot be had" in refusal(nobody, "http://pages.example/b")
    assert "refused" in refusal(client(clock), "http://127.0.0.1:9/")
    nowhere = Client(resolve=Names([]), clock=clock, sleep=clock.sleep)
    assert "it has no address" in refusal(nowhere, "http://pages.example/")

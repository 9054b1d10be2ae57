"""Which addresses are public, and the one form of an address on the web."""

from __future__ import annotations

import string
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.errors import ReadError
from index.sources.addresses import is_public, public_only, resolve
from index.sources.urls import host_of, normalised, origin_of, readable, suffix_of

KINDS = "is_multicast is_private is_loopback is_link_local is_reserved is_unspecified".split()
ANYCAST = ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")  # global, and still refused


@given(st.ip_addresses(v=4))
@example(IPv4Address("100.64.0.1"))
@example(IPv4Address("255.255.255.255"))
def test_an_ipv4_address_is_public_as_python_has_it_and_no_multicast(address: IPv4Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not any(getattr(address, kind) for kind in KINDS)
    elif address.is_global and not address.is_multicast:
        assert any(address in IPv4Network(network) for network in ANYCAST)


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_is_public_only_if_python_says_so(address: IPv6Address) -> None:
    if is_public(address):
        assert address.is_global or address in IPv6Network("64:ff9b::/96")
        assert not any(getattr(address, kind) for kind in KINDS if kind != "is_reserved")
        assert not address.is_site_local
        assert address.ipv4_mapped is None
        assert address.sixtofour is None
        assert address.teredo is None


@given(st.ip_addresses(v=4))
def test_what_an_ipv6_address_carries_makes_no_private_host_public(inner: IPv4Address) -> None:
    bits = int(inner)
    assert is_public(IPv6Address(int(IPv6Address("64:ff9b::")) | bits)) is is_public(inner)
    for carrier in ("::ffff:0:0", "::", "2001::", "64:ff9b:1::"):
        assert not is_public(IPv6Address(int(IPv6Address(carrier)) | bits))
    assert not is_public(IPv6Address(int(IPv6Address("2002::")) | bits << 80))


@pytest.mark.parametrize(
    "address",
    "0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 "
    "169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.168.1.1 198.18.0.1 224.0.0.1 "
    "239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 "
    "fd20:ce::254 fec0::1 ff02::1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 "
    "::127.0.0.1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::7f00:1 64:ff9b::169.254.169.254 "
    "64:ff9b:1::1 2001:0:1::1 2001:db8::1 3fff::1 5f00::1 100::1".split(),
)
def test_these_are_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    assert public_only(["93.184.215.14", address]) == address


@pytest.mark.parametrize(
    "address",
    "1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 223.255.255.1 "
    "2606:4700:4700::1111 2a00:1450:4001::1 64:ff9b::808:808".split(),
)
def test_these_are_public(address: str) -> None:
    assert is_public(ip_address(address))
    assert public_only([address]) is None


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_the_system_takes_odd_spellings_and_what_it_makes_of_them_is_refused(host: str) -> None:
    assert public_only(resolve(host, 80)) is not None


def test_what_is_no_address_at_all_is_refused() -> None:
    assert public_only(["example.org"]) == "example.org"
    assert public_only([]) is None


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("http://example.org:80/a#part", "http://example.org/a"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("http://example.org./", "http://example.org/"),
        ("http://Bücher.example/ä?q=ö", "http://xn--bcher-kva.example/%C3%A4?q=%C3%B6"),
        ("http://example.org/a/./b/../c/..", "http://example.org/a/"),
        ("http://example.org/../../etc", "http://example.org/etc"),
        ("http://example.org/%7euser/%c3%a4%2f", "http://example.org/~user/%C3%A4%2F"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://example.org/a//b", "http://example.org/a//b"),
        ("http://example.org?q=1", "http://example.org/?q=1"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"),
        ("  https://example.org/a\n", "https://example.org/a"),
    ],
)
def test_an_address_has_one_form(given_: str, wanted: str) -> None:
    assert normalised(given_) == wanted
    assert normalised(wanted) == wanted


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://example.org",
        "data:text/html,x",
        "example.org",
        "",
        "http://",
        "http:///path",
        "http://user:secret@example.org/",
        "http://user@example.org/",
        "ftp://user:secret@example.org/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://²/",
        "http://１２７.1/",
        "http://exa mple.org/",
        "http://example.org\\@evil.example/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://example..org/",
        "http://.example.org/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://℀.example/",
        "http://" + "a" * 64 + ".org/",
        "http://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_page_is_refused_in_one_line(address: str) -> None:
    with pytest.raises(ReadError) as refused:
        normalised(address)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


@given(st.text(alphabet=string.printable + "äß漢%", max_size=40))
def test_the_form_of_a_form_is_itself(path: str) -> None:
    once = normalised(f"http://example.org/{path}")
    assert normalised(once) == once
    assert once.isascii()
    assert normalised(readable(once)) == once


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for address in (text, f"http://{text}", f"http://example.org/?{text}"):
        try:
            once = normalised(address)
        except ReadError:
            continue
        assert normalised(once) == once


def test_parts_of_an_address() -> None:
    address = normalised("../c/Paper.PDF?download", "https://Example.org:8443/a/b/")
    assert address == "https://example.org:8443/a/c/Paper.PDF?download"
    assert host_of(address) == "example.org"
    assert origin_of(address) == "https://example.org:8443"
    assert suffix_of(address) == ".pdf"
    assert suffix_of("https://example.org/v1.0/") == ""
    assert readable("https://example.org/%C3%A4%20b%E2%80%AE") == (
        "https://example.org/ä%20b%E2%80%AE"
    )

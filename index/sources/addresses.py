"""Which addresses are public: what a page may make this program connect to, and what not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

__all__ = ["Resolver", "is_public", "public_only", "resolve"]

Resolver = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host and port, none if there are none; raises ``OSError``."""

# By hand and not by ``is_global``, whose answers changed between patch releases of Python 3.11.
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; most systems connect 0.0.0.0 to themselves
            "10.0.0.0/8",
            "100.64.0.0/10",  # carriers' NAT, and the metadata of one cloud
            "127.0.0.0/8",
            "168.63.129.16/32",  # the metadata of another cloud, at an address that looks public
            "169.254.0.0/16",  # link-local, and the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")  # all that was ever handed out, NAT64 aside
_NAT64 = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which carries any IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is one of a host that everybody on the internet can reach.

    An IPv6 address that carries an IPv4 one is not, except NAT64's, which networks without IPv4
    give to public hosts: there the address inside decides.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def public_only(addresses: Sequence[str]) -> str | None:
    """Return the first of these addresses that is not public, or is none; None if all are."""
    for text in addresses:
        try:
            if not is_public(ip_address(text)):
                return text
        except ValueError:
            return text
    return None


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system knows them, each once, best first.

    Raises:
        OSError: The name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))

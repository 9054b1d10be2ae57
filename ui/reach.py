"""From where a server is reached, and by what those who come are known."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kb.access import ACCESS, access_of
from kb.errors import SettingsError
from kb.users import Users
from ui.gate import Keys
from ui.guard import LOOPBACK

__all__ = ["Reached", "known_keys"]


@dataclass(frozen=True, slots=True)
class Reached:
    """The names that a server goes by, and whether there is TLS in front of it."""

    hosts: frozenset[str]
    secure: bool

    @classmethod
    def of(cls, host: str, url: str | None) -> Reached:
        """Return how a server at this host, and behind a proxy at this address, is reached.

        Raises:
            SettingsError: The address is none.
        """
        names = {*LOOPBACK, host.lower()}
        if host not in LOOPBACK:
            names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
        if url is None:
            return cls(frozenset(names), False)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"{url!r} is no address", "give one like https://kb.example.org")
        return cls(frozenset({*names, parts.hostname.lower()}), parts.scheme == "https")


@contextmanager
def known_keys(home: Path, host: str, auth: Path | None) -> Iterator[Keys | None]:
    """Give what callers are known by, while the block runs; None where nobody is asked.

    Raises:
        SettingsError: Everybody in the network could come in, or nobody could.
    """
    if host in LOOPBACK and auth is None:
        yield None
        return
    users = Users(auth) if auth else None
    if users is None and not (home / ACCESS).exists():
        raise _open_to_all(host)
    access = access_of(home)
    try:
        if users is None and not access.tokens():
            raise _open_to_all(host)
        yield Keys(access, users)
    finally:
        access.close()


def _open_to_all(host: str) -> SettingsError:
    return SettingsError(
        f"the chat is not served at {host!r} to everybody in the network",
        "name who may sign in with --auth FILE, or make a token with: kb token create NAME",
    )

"""Connections that go to the very address that was checked, and end when their time is up."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from index.errors import ReadError
from index.sources.addresses import Resolver, public_only

__all__ = ["CheckedBackend", "Deadline"]


class Deadline:
    """The end of the request that is under way; every wait in it gets what time is left."""

    def __init__(self) -> None:
        self._end = 0.0

    def start(self, seconds: float) -> None:
        """Begin a request that may take this long in all."""
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """Return how long a wait may be, at most ``timeout``.

        Raises:
            httpcore.ReadTimeout: No time is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("it took too long in all")
        return left if timeout is None else min(left, timeout)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves each name once, refuses it unless all its addresses are public, connects to those.

    What is connected to is an address and no name, so no second answer of a name server can lead
    elsewhere; the name is still what TLS verifies, because httpcore asks for it after connecting.

    Args:
        allow_private: Whether every address will do.
    """

    def __init__(self, resolve: Resolver, deadline: Deadline, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._deadline = deadline
        self._allow_private = allow_private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            ReadError: The name is not known, or an address of it is not public.
            httpcore.ConnectError, httpcore.ConnectTimeout: None of the addresses answers.
        """
        failure: Exception | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError("it has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise ReadError(f"there is no host {host!r}", "check the address") from error
        if not self._allow_private and (wrong := public_only(found)) is not None:
            raise ReadError(
                f"{host!r} is refused: its address {wrong} is not public",
                "if it is yours, use --allow-private",
            )
        return found


class _TimedStream(httpcore.NetworkStream):
    """A stream whose waits end with the deadline, however many there are."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

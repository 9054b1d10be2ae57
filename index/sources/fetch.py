"""A client for pages: polite to hosts, safe from where a page may lead, bounded in all it takes."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version

import httpcore

from index.errors import ReadError
from index.sources.addresses import Resolver, resolve
from index.sources.body import joined, unpacked
from index.sources.network import CheckedBackend, Deadline
from index.sources.robots import NAME, Robots
from index.sources.stamp import Stamp
from index.sources.turns import Turns, retry_after
from index.sources.urls import host_of, normalised, origin_of

__all__ = ["GONE", "Client", "Fetched", "Limits", "user_agent"]

GONE = (404, 410)

_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_ROBOTS_BYTES = 500_000
_HEADERS = (
    (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (b"Accept-Encoding", b"gzip"),
)
_Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take at most; times in seconds.

    Attributes:
        size: Bytes of a body, after decompression.
        total: From connecting to the last byte, each redirect by itself.
        wait: The longest pause that a host may ask for.
    """

    size: int = 20_000_000
    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    redirects: int = 10
    wait: float = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer.

    Attributes:
        url: The address that gave it, after all redirects.
        status: 200, one of ``GONE``, or 304 if it is the same as was known.
        headers: By name in lower case; of headers that came twice, the last.
        body: Decompressed; empty unless the status is 200.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Reads pages with GET, as their hosts' robots.txt allows; keeps no cookies and no connections.

    Args:
        allow_private: Whether hosts that not everybody can reach may be asked, too.
        delay: Seconds between two requests to one host, if its robots.txt does not want more.
        resolve: Finds the addresses of a host.
        tls: Whom to trust; by default what the system and certifi do.
        clock: Times the pauses; never goes back.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        delay: float = 1.0,
        limits: Limits | None = None,
        resolve: Resolver = resolve,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._delay = delay
        self._tls = tls
        self._deadline = Deadline()
        self._backend = CheckedBackend(resolve, self._deadline, allow_private=allow_private)
        self._turns = Turns(self._limits.wait, clock, sleep)
        self._robots: dict[str, Robots] = {}

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        # No connection is kept: every request has its name resolved and checked anew, and with
        # pauses of a second there is little to gain.
        return httpcore.ConnectionPool(
            ssl_context=self._tls or httpcore.default_ssl_context(),
            max_keepalive_connections=0,
            network_backend=self._backend,
        )

    def get(self, url: str, known: Stamp | None = None) -> Fetched:
        """Return what a normalised address gives, following redirects.

        Args:
            known: What is remembered of it: if it is still the same, the status is 304.

        Raises:
            ReadError: It was not to be had, in one line why: robots.txt, an address that is not
                public, a limit, a status that is none of ``Fetched``'s.
        """
        asked = _conditions(known or Stamp())
        here = url
        for _ in range(self._limits.redirects + 1):
            robots = self._rules(origin_of(here))
            if why := robots.forbids(here):
                raise ReadError(f"cannot read {here!r}: {why}")
            answer = self._patiently(here, asked, max(self._delay, robots.delay))
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return _accepted(answer, asked)
            here = normalised(answer.headers["location"], here)
        raise _too_many(url, self._limits.redirects)

    def _rules(self, origin: str) -> Robots:
        if origin not in self._robots:
            # Until it could be read, and if it cannot, nothing there may be.
            self._robots[origin] = Robots(HTTPStatus.SERVICE_UNAVAILABLE, b"")
            self._robots[origin] = self._read_robots(f"{origin}/robots.txt")
        return self._robots[origin]

    def _read_robots(self, url: str) -> Robots:
        here = url
        for _ in range(self._limits.redirects + 1):
            answer = self._in_turn(here, [], self._delay, _ROBOTS_BYTES, cut=True)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return Robots(answer.status, answer.body)
            here = normalised(answer.headers["location"], here)
        raise _too_many(url, self._limits.redirects)

    def _patiently(self, url: str, asked: _Headers, delay: float) -> Fetched:
        """Send a request, and once more if the server is busy and says until when."""
        answer = self._in_turn(url, asked, delay, self._limits.size)
        if answer.status in _BUSY and (seconds := retry_after(answer.headers)) is not None:
            self._turns.hold(host_of(url), seconds)
            if self._turns.may_retry(host_of(url), seconds):
                return self._in_turn(url, asked, delay, self._limits.size)
        return answer

    def _in_turn(
        self, url: str, asked: _Headers, delay: float, limit: int, *, cut: bool = False
    ) -> Fetched:
        self._turns.wait(host_of(url))
        try:
            return self._send(url, asked, limit, cut)
        except httpcore.TimeoutException as error:
            raise ReadError(f"cannot read {url!r}: {_reason(error)}", "sync again later") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise ReadError(f"cannot read {url!r}: {_reason(error)}") from error
        except ReadError as error:
            raise ReadError(f"cannot read {url!r}: {error.problem}", error.remedy) from error
        finally:
            self._turns.hold(host_of(url), delay)

    def _send(self, url: str, asked: _Headers, limit: int, cut: bool) -> Fetched:
        self._deadline.start(self._limits.total)
        times = {"connect": self._limits.connect, "read": self._limits.read}
        extensions = {"timeout": {**times, "write": times["read"], "pool": times["connect"]}}
        headers = [(b"User-Agent", user_agent().encode("ascii")), *_HEADERS, *asked]
        with self._pool.stream("GET", url, headers=headers, extensions=extensions) as response:
            said = {
                name.decode("latin-1").lower(): value.decode("latin-1").strip()
                for name, value in response.headers
            }
            body = b""
            if response.status == HTTPStatus.OK:
                encoding = said.get("content-encoding", "").lower()
                body = joined(unpacked(response.iter_stream(), encoding), limit)
                if len(body) > limit and not cut:
                    raise ReadError(f"it has more than the {limit:,} bytes of one page")
        return Fetched(url, response.status, said, body)


def user_agent() -> str:
    """Return the name and version under which pages are asked for."""
    try:
        return f"{NAME}/{version('footnoted')}"
    except PackageNotFoundError:
        return NAME


def _conditions(known: Stamp) -> _Headers:
    asked = ((b"If-None-Match", known.etag), (b"If-Modified-Since", known.modified))
    return [(name, value.encode("latin-1")) for name, value in asked if value]


def _accepted(answer: Fetched, asked: _Headers) -> Fetched:
    if answer.status in (HTTPStatus.OK, *GONE):
        return answer
    if answer.status == HTTPStatus.NOT_MODIFIED and asked:
        return answer
    try:
        status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    except ValueError:
        status = str(answer.status)
    raise ReadError(f"cannot read {answer.url!r}: the server answers {status}")


def _too_many(url: str, limit: int) -> ReadError:
    return ReadError(f"cannot read {url!r}: it redirects more than {limit} times")


def _reason(error: Exception) -> str:
    """Return what went wrong with a connection, without the names of a library."""
    if isinstance(error, httpcore.TimeoutException):
        return "it took too long"
    return str(error) or "the connection broke"
